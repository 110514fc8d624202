"""What callers are up to over time: copying the model by its answers, probing it, trying keys and paths. Sans-IO.

`observer` looks at each request once it has been read, `evidence` says what is odd about it, `calibrate` how odd that is
beside other callers, `clusters` finds keys that behave as one, `response` what follows, `challenge` is the proof of work.
`gossip` and `latest` are what firewalls tell each other, `peers` takes in what others tell.
"""
