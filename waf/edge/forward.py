"""Which headers go on to the model server, and which of its own go back."""

from __future__ import annotations

from collections.abc import Iterable

Header = tuple[bytes, bytes]


def forward_headers(
    request_headers: Iterable[Header],
    peer_ip: str,
    scheme: str,
    waf_headers: Iterable[Header] = (),
    *,
    trusted: bool = False,
    host: bytes | None = None,
    upgrade: bool = False,
) -> list[Header]:
    """End-to-end headers of a request for the upstream, ours added. Content-Length is left to `UpstreamPool.request`.

    `trusted`: the peer is a proxy whose X-Forwarded-* are believed (extended, not replaced). `host`: replaces the
    client's Host when given (`preserve_host: false`, or the client sent none). `upgrade`: a WebSocket handshake.
    """
    raise NotImplementedError


def response_headers(headers: Iterable[Header], *, trailer: bool = False) -> list[Header]:
    """End-to-end headers of an answer. Content-Length stays (it is right for HEAD and 304 as well), X-WAF-* goes.

    `trailer`: keep the Trailer header because the trailers will be sent on.
    """
    raise NotImplementedError


def head_bytes(method: str, target: str, headers: Iterable[Header], length: int | None) -> bytes:
    """A request head ready to be written; `length` adds Content-Length. Raises BadRequest on CR, LF, NUL or bad names."""
    raise NotImplementedError
