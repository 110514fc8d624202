"""What an event log says about an incident: who, from where, with what, and what to do about it.

Logs are hostile, so nothing is believed about their size or their content: memory is bounded whatever comes, and what does
not fit is said. Pure; clocks are handed in.
"""
