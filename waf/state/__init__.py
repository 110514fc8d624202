"""What several firewalls share: limits that hold for all of them together.

`protocol` says what is asked of a place where they meet, `script` how Redis or Valkey is asked it, `redis` asks. A firewall that
is alone needs none of this: the tables of `waf.limits` are its memory.
"""
