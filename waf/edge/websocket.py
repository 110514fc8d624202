"""WebSocket pass-through with inspection of the text that the client sends (RFC 6455)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol

import msgspec

from waf.edge.upstream import UpstreamResponse


class Parser(Protocol):
    """Takes a client's bytes instead of the HTTP parser."""

    def feed_data(self, data: bytes, /) -> tuple[bool, bytes]: ...
    def feed_eof(self) -> None: ...


class Client(Protocol):
    """What a tunnel needs of the client's connection. `waf.edge.connection.Connection` has it all."""

    @property
    def transport(self) -> asyncio.Transport | None: ...
    def set_parser(self, parser: Parser, /) -> None:
        """aiohttp's RequestHandler.set_parser: everything that arrives, and what was left over, goes to the parser."""

    async def drained(self) -> None:
        """Wait while the client does not read."""


class TunnelReport(msgspec.Struct, kw_only=True):
    """What went through one tunnel so far."""

    inspected: int = 0
    """Text messages of the client that `inspect` saw."""
    uninspected: int = 0
    """Binary messages of the client: passed, not read."""
    blocked: bool = False
    bytes_in: int = 0
    """From the client."""
    bytes_out: int = 0
    """To the client."""
    client_close: int = 0
    """Close code sent to the client, by the upstream or by us; 0 when the connection just broke."""
    reason: str = ""
    """Why it ended: closed, blocked, client_gone, upstream_gone, idle, protocol_error, too_big, bad_text; empty when
    it was cancelled."""


def is_handshake(method: str, headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether a request asks for a WebSocket in the way of RFC 6455 §4.2.1; any other Upgrade is not honoured."""
    raise NotImplementedError


class Tunnel:
    """One WebSocket, from the upstream's 101 to the end of both connections.

    Create it with the answer to `pool.request(…, forward_headers(…, upgrade=True), upgrade=True)` once
    `answer.upgraded` is set; raises UpstreamProtocol when the 101 is not one (answer 502 then, nothing was written).
    """

    def __init__(
        self,
        client: Client,
        answer: UpstreamResponse,
        *,
        inspect: Callable[[str], Awaitable[bool]],
        limit: int,
        idle: float,
        headers: Iterable[tuple[bytes, bytes]] = (),
    ) -> None:
        """`inspect(text)` says True to block: that message is not sent on and the client gets close 1008.

        `limit`: most bytes of one message of the client. `idle`: seconds without a byte in either direction.
        `headers`: added to the 101, e.g. X-WAF-Request-Id.
        """
        raise NotImplementedError

    @property
    def report(self) -> TunnelReport:
        """Complete after `run`, and right up to that point when `run` was cancelled."""
        raise NotImplementedError

    async def run(self) -> TunnelReport:
        """Write the 101, relay until it is over, close both sides. Never raises but for cancellation."""
        raise NotImplementedError
