"""The upstream's answer, as the handler reads it."""

from __future__ import annotations

from waf.edge.httpwire import Headers, ResponseReader
from waf.edge.upstream_connection import Connection, Sink
from waf.errors import UpstreamUnreachable


class UpgradedUpstream:
    """A connection that answered 101 and no longer speaks HTTP. Its place in the pool is free once it is closed."""

    __slots__ = ("_connection", "leftover", "transport")

    def __init__(self, connection: Connection, leftover: bytes) -> None:
        self._connection = connection
        self.transport = connection.transport
        self.leftover = leftover
        """What arrived right behind the 101."""

    def attach(self, sink: Sink) -> None:
        """Give everything that arrives from now on to `sink`; the leftover is for the caller to read first."""
        self._connection.sink = sink
        if self._connection.lost:
            sink.connection_lost(None)
        else:
            self.transport.resume_reading()


class UpstreamResponse:
    """One answer. Read it by `read_small` or by `chunks`, and always `close` it (in a `finally`)."""

    __slots__ = ("_connection", "_reader", "content_length", "headers", "reason", "status", "upgraded", "version")

    def __init__(self, connection: Connection, reader: ResponseReader) -> None:
        self._connection = connection
        self._reader = reader
        self.status = reader.status
        self.reason = reader.reason
        self.version = reader.version
        """`1.0` or `1.1`."""
        self.headers: Headers = reader.headers
        """As received, hop-by-hop included; see `forward.response_headers`. A 204 has lost its Content-Length."""
        self.content_length = reader.content_length
        """Declared length; None when chunked or read until close. On HEAD and 304 no such body is sent."""
        self.upgraded = UpgradedUpstream(connection, reader.leftover) if reader.upgraded else None
        """Set on a 101 that was asked for."""

    @property
    def trailers(self) -> Headers:
        """Trailer section of a chunked answer, there once `complete`."""
        return self._reader.trailers

    @property
    def complete(self) -> bool:
        """The whole answer has arrived (it may still wait in the buffer)."""
        return self._reader.complete

    def read_small(self) -> bytes | None:
        """The whole body if all of it is here already, else None. Never waits. Empty for HEAD, 204, 304."""
        return self._reader.take() if self._reader.complete else None

    async def read(self) -> bytes:
        """What has arrived since the last call, at least one byte; empty at the end.

        Raises UpstreamProtocol when the answer ends before it is whole, UpstreamTimeout when it stalls. What came
        before the fault is returned first.
        """
        reader = self._reader
        while not reader.pieces:
            if reader.complete:
                return b""
            if reader.error is not None:
                raise reader.error.copy()
            await self._connection.wait(reader)
        data = reader.take()
        if self._connection.reader is reader:
            self._connection.consumed()
        return data

    def chunks(self) -> UpstreamResponse:
        """Iterate over `read`: pieces as they arrive; reading pauses while nobody consumes."""
        return self

    def __aiter__(self) -> UpstreamResponse:
        return self

    async def __anext__(self) -> bytes:
        data = await self.read()
        if not data:
            raise StopAsyncIteration
        return data

    def close(self) -> None:
        """Done with this answer. Unless it had arrived whole, the connection is cut at once and not used again."""
        connection = self._connection
        if connection.reader is self._reader:
            connection.fail(UpstreamUnreachable("closed", "the answer was closed before its end"))
        elif self.upgraded is not None and connection.sink is None:
            connection.abort()
