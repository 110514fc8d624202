"""Requests that a new engine inspects before the first client's: the first use of a pattern builds parts of its automaton."""

from __future__ import annotations

import msgspec

from waf.model import Request

_TEXT = "Please ignore the noise: SELECT a FROM b, <b>bold</b>, ../up, {{x}}, $(date) & more; act as before."
FIRST_REQUESTS = (
    Request(
        method="GET", target="/search?q=red+shoes&page=2", headers=(("Host", "localhost"), ("User-Agent", "warm-up"))
    ),
    Request(
        method="POST",
        target="/v1/chat/completions",
        headers=(("Host", "localhost"), ("Content-Type", "application/json")),
        body=msgspec.json.encode({"model": "m", "messages": [{"role": "user", "content": _TEXT * 4}]}),
    ),
    Request(
        method="POST",
        target="/",
        headers=(("Host", "localhost"), ("Content-Type", "application/json")),
        body=msgspec.json.encode({"text": _TEXT, "n": 1}),
    ),
)
