"""Request ids and what the upstream is told."""

from __future__ import annotations

import hashlib
import hmac
import re

from waf.edge.identity import request_ids, waf_headers
from waf.model import Decision

TAGGED = Decision("tag", 0, "tagged", score=3, tags=("attack.sqli", "owasp.llm01"))


def test_ids() -> None:
    one, other = request_ids(), request_ids()
    ids = [one() for _ in range(1000)] + [other() for _ in range(1000)]
    assert len(set(ids)) == 2000
    assert all(re.fullmatch(r"[0-9a-f]{26}", ident) for ident in ids)


def test_headers() -> None:
    assert waf_headers("id", TAGGED, b"") == [
        (b"X-WAF-Request-Id", b"id"),
        (b"X-WAF-Action", b"tag"),
        (b"X-WAF-Score", b"3"),
        (b"X-WAF-Tags", b"attack.sqli,owasp.llm01"),
    ]


def test_headers_without_a_decision() -> None:
    assert dict(waf_headers("id", None, b""))[b"X-WAF-Tags"] == b"uninspected"


def test_the_signature_can_be_checked() -> None:
    headers = dict(waf_headers("id", TAGGED, b"0123456789abcdef"))
    found = re.fullmatch(rb"t=(\d+),v1=([0-9a-f]{64})", headers[b"X-WAF-Signature"])
    assert found
    names = (b"X-WAF-Request-Id", b"X-WAF-Action", b"X-WAF-Score", b"X-WAF-Tags")
    signed = b"\n".join([found[1], *(headers[name] for name in names)])
    assert hmac.new(b"0123456789abcdef", signed, hashlib.sha256).hexdigest().encode() == found[2]


def test_a_tag_outside_ascii_stays_a_header() -> None:
    assert dict(waf_headers("id", Decision("tag", 0, "tagged", tags=("ä",)), b""))[b"X-WAF-Tags"] == b"?"
