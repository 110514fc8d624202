"""Request ids and what the upstream is told."""

from __future__ import annotations

import hmac
import re
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from waf.edge.waf_headers import request_ids, waf_headers
from waf.model import Decision

DOCS = Path(__file__).parents[2] / "docs" / "http.md"
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


def test_the_signature_can_be_checked_as_documented() -> None:
    """With the very code that docs/http.md gives."""
    code = re.search(r"```python\n(def genuine.*?)```", DOCS.read_text(), re.DOTALL)
    assert code
    names: dict[str, Any] = {"hmac": hmac, "time": time}
    exec(code[1], names)
    headers = {n.decode(): v.decode() for n, v in waf_headers("id", TAGGED, b"0123456789abcdef")}
    assert names["genuine"](headers, b"0123456789abcdef")
    assert not names["genuine"](headers, b"another secret!!")
    assert not names["genuine"]({**headers, "X-WAF-Action": "allow"}, b"0123456789abcdef")
    names["time"] = SimpleNamespace(time=lambda: time.time() + 61)
    assert not names["genuine"](headers, b"0123456789abcdef")


def test_a_tag_outside_ascii_stays_a_header() -> None:
    assert dict(waf_headers("id", Decision("tag", 0, "tagged", tags=("ä",)), b""))[b"X-WAF-Tags"] == b"?"
