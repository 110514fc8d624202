"""Exceptions of an incident: who is let in, kept out or slowed down for a while, by whom, why and until when.

One file, written by `waf deny|allow|limit|challenge` and `waf triage --apply`, read by a firewall that runs and read again
when it changes. Pure but for that file; clocks are handed in.
"""
