"""Answers as bytes: heads are put together here, once, and go out with the body in a single write."""

from __future__ import annotations

from collections.abc import Iterable
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import Final

Header = tuple[bytes, bytes]

CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"

_REASONS: Final = {status.value: status.phrase.encode() for status in HTTPStatus}
_CLOSE: Final = b"Connection: close"
_KEEP: Final = b"Connection: keep-alive"
_BODILESS: Final = frozenset({204, 304})


def has_body(method: str, status: int) -> bool:
    """RFC 9112 section 6.3: whether anything may follow the head."""
    return method != "HEAD" and status not in _BODILESS and status >= 200


def relayed_head(
    status: int,
    reason: bytes,
    headers: Iterable[Header],
    request_id: bytes,
    *,
    keep: bool,
    old: bool,
    length: int | None = None,
    chunked: bool = False,
    rules: str = "",
) -> bytes:
    """Head of the upstream's answer. `headers` are its end-to-end ones and keep their Content-Length, unless `length` or
    `chunked` say otherwise. `old`: the client speaks HTTP/1.0 and has to be told that the connection is kept. `rules`: ids
    for X-WAF-Rules."""
    if chunked or length is not None:
        headers = [pair for pair in headers if pair[0].lower() != b"content-length"]
    lines = [_status_line(status, reason), *map(b": ".join, headers), b"X-WAF-Request-Id: " + request_id]
    if chunked:
        lines.append(b"Transfer-Encoding: chunked")
    elif length is not None:
        lines.append(b"Content-Length: %d" % length)
    if rules:
        lines.append(b"X-WAF-Rules: " + rules.encode())
    if not keep:
        lines.append(_CLOSE)
    elif old:
        lines.append(_KEEP)
    lines.append(b"\r\n")
    return b"\r\n".join(lines)


@lru_cache(256)
def _status_line(status: int, reason: bytes) -> bytes:
    return b"HTTP/1.1 %d %b" % (status, reason)


def own_answer(
    status: int,
    headers: Iterable[tuple[str, str]],
    body: bytes,
    request_id: str,
    *,
    keep: bool,
    old: bool = False,
    head_only: bool = False,
    server: str = "",
) -> bytes:
    """A whole answer of the firewall's own. `head_only`: the request was a HEAD."""
    lines = [
        f"HTTP/1.1 {status} ".encode() + _REASONS.get(status, b""),
        b"Content-Length: %d" % len(body),
        b"Date: " + formatdate(usegmt=True).encode(),
        b"X-WAF-Request-Id: " + request_id.encode(),
        b"Cache-Control: no-store",
    ]
    lines += [f"{name}: {value}".encode("latin-1", "replace") for name, value in headers]
    if server:
        lines.append(b"Server: " + server.encode("latin-1", "replace"))
    if not keep:
        lines.append(b"Connection: close")
    elif old:
        lines.append(b"Connection: keep-alive")
    return b"\r\n".join(lines) + b"\r\n\r\n" + (b"" if head_only else body)


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def last_chunk(trailers: Iterable[Header]) -> bytes:
    return b"0\r\n%b\r\n" % b"".join([b"%b: %b\r\n" % pair for pair in trailers])
