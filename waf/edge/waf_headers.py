"""What the firewall tells the upstream about a request, and the id that names it everywhere."""

from __future__ import annotations

import hmac
import itertools
import secrets
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from waf.model import Decision

_PREFIX_BYTES: Final = 8

Header = tuple[bytes, bytes]


def request_ids() -> Callable[[], str]:
    """A source of ids: 16 random hexadecimal digits of this process and a count, 26 characters. Two processes share an
    id with a chance of 2^-64; nothing about an id is secret."""
    prefix = secrets.token_hex(_PREFIX_BYTES)
    count = itertools.count(1)
    return lambda: f"{prefix}{next(count):010x}"


def waf_headers(request_id: str, decision: Decision | None, secret: bytes) -> list[Header]:
    """The X-WAF-* headers of a forwarded request. No decision: the firewall failed and the route is `fail: open`.

    With a secret, X-WAF-Signature is `t=SECONDS,v1=HEX`: HMAC-SHA256 over the time and the four values, one a line, so
    that an upstream that can be reached by others knows who wrote them and when.
    """
    verdict = ("allow", 0, ("uninspected",)) if decision is None else (decision.action, decision.score, decision.tags)
    said = _said(*verdict)
    headers = [(b"X-WAF-Request-Id", request_id.encode()), *said]
    if secret:
        now = str(int(time.time())).encode()
        digest = hmac.digest(secret, b"\n".join((now, *(value for _, value in headers))), "sha256").hex()
        headers.append((b"X-WAF-Signature", b"t=%b,v1=%b" % (now, digest.encode())))
    return headers


@lru_cache(256)
def _said(action: str, score: int, tags: tuple[str, ...]) -> tuple[Header, Header, Header]:
    """What was decided, as headers. Nearly every request shares one of a few decisions."""
    return (
        (b"X-WAF-Action", action.encode()),
        (b"X-WAF-Score", str(score).encode()),
        (b"X-WAF-Tags", ",".join(tags).encode("ascii", "replace")),
    )
