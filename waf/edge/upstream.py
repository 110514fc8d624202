"""A pool of raw HTTP/1.1 connections to the model server.

`UpstreamPool.request` sends one request and returns its answer as soon as the head is there (or, for an answer with a
small Content-Length, as soon as all of it is: then the handler can write it out in one go).
"""

from __future__ import annotations

import asyncio
import ssl as ssl_module
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from waf.settings import Timeouts, Upstream

Headers = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class UpgradedUpstream:
    """A connection that answered 101. It no longer belongs to HTTP; its slot in the pool is free once it closes."""

    transport: asyncio.Transport
    leftover: bytes
    """What arrived after the 101's head."""


class UpstreamResponse:
    """One answer. Read it by `read_small` or by `chunks`, and always `close` it (in a `finally`)."""

    status: int
    reason: bytes
    version: str
    """`1.0` or `1.1`."""
    headers: Headers
    """As received, hop-by-hop included; see `forward.response_headers`."""
    content_length: int | None
    """Declared length; None when chunked or read until close. On HEAD and 304 it is about a body that does not come."""
    trailers: Headers
    """Trailer section of a chunked answer, there once `complete`."""
    complete: bool
    """The whole answer has arrived (it may still wait in the buffer)."""
    upgraded: UpgradedUpstream | None
    """Set on a 101 that was asked for."""

    def read_small(self) -> bytes | None:
        """The whole body if all of it is here already, else None. Never waits. Empty for HEAD, 204, 304."""
        raise NotImplementedError

    def chunks(self) -> AsyncIterator[bytes]:
        """Pieces as they arrive; reading pauses while nobody consumes.

        Raises UpstreamProtocol when the answer ends before it is whole, UpstreamTimeout when it stalls.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Done with this answer. Unless it had arrived whole, the connection is cut at once and not used again."""
        raise NotImplementedError


class UpstreamPool:
    """Connections to one upstream: LIFO, bounded, each with deadlines."""

    def __init__(self, settings: Upstream, timeouts: Timeouts, *, ssl: ssl_module.SSLContext | None = None) -> None:
        raise NotImplementedError

    @property
    def open(self) -> int:
        """Connections that exist, idle ones included."""
        raise NotImplementedError

    @property
    def idle(self) -> int:
        raise NotImplementedError

    async def request(
        self, method: str, target: str, headers: Sequence[tuple[bytes, bytes]], body: bytes = b"", *, upgrade: bool = False
    ) -> UpstreamResponse:
        """Send and wait for the answer's head. Content-Length is computed here; `headers` come from `forward_headers`.

        Raises UpstreamUnreachable, UpstreamTimeout, UpstreamProtocol; BadRequest when the head cannot be written safely.
        """
        raise NotImplementedError

    def replace_tls(self, context: ssl_module.SSLContext | None) -> None:
        """New connections use this context; idle ones close, busy ones close after their answer."""
        raise NotImplementedError

    async def close(self) -> None:
        """Cut every connection and wait until they are gone. Drain requests first."""
        raise NotImplementedError
