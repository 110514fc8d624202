"""WebSocket pass-through with inspection of the text that the client sends."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec
from aiohttp import web

from waf.edge.upstream import UpstreamResponse


class TunnelReport(msgspec.Struct, kw_only=True):
    """What went through one tunnel."""

    inspected: int = 0
    """Text messages of the client that `inspect` saw."""
    uninspected: int = 0
    """Binary messages of the client: passed, not read."""
    blocked: bool = False
    bytes_in: int = 0
    bytes_out: int = 0
    client_close: int = 0
    """Close code the client was left with, 0 when the connection just broke."""
    reason: str = ""
    """Why it ended: `closed`, `blocked`, `client_gone`, `upstream_gone`, `idle`, `protocol_error`, `too_big`, `bad_text`."""


async def tunnel(
    request: web.BaseRequest,
    answer: UpstreamResponse,
    *,
    inspect: Callable[[str], bool],
    limit: int,
    idle: float,
    headers: Iterable[tuple[bytes, bytes]] = (),
) -> TunnelReport:
    """Relay frames until both sides are closed. Call it with a 101 `answer` (`answer.upgraded` set).

    It writes the 101 itself (the upstream's end-to-end headers plus `headers`, e.g. X-WAF-Request-Id) and takes over the
    client connection; afterwards the handler returns `Taken()` so that aiohttp writes nothing more and closes it.
    `inspect(text)` returns True to block: the message is not forwarded, the client gets close 1008. `limit`: most bytes
    of one message. `idle`: seconds without a byte in either direction.
    """
    raise NotImplementedError


class Taken(web.StreamResponse):
    """What a handler returns when the client's connection was used up by something else; aiohttp then writes nothing."""
