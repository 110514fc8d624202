"""One connection to the model server: an asyncio protocol that carries one exchange at a time."""

from __future__ import annotations

import asyncio
import select
from math import inf
from typing import TYPE_CHECKING, Final, Protocol, cast

from waf.edge.httpwire import ResponseReader
from waf.errors import UpstreamError, UpstreamProtocol, UpstreamTimeout, UpstreamUnreachable

if TYPE_CHECKING:
    from waf.edge.upstream import UpstreamPool

HIGH_WATER: Final = 262_144
"""Buffered bytes of an answer past which reading pauses until the consumer has taken them."""


class Sink(Protocol):
    """Who gets the bytes of a connection that was upgraded."""

    def data_received(self, data: bytes, /) -> None: ...
    def connection_lost(self, exc: Exception | None, /) -> None: ...
    def pause_writing(self) -> None: ...
    def resume_writing(self) -> None: ...


class Connection(asyncio.Protocol):
    """States: idle (`reader` None, in the pool), busy (`reader` set), upgraded (`sink` set), lost.

    No timers of its own: `deadline` is read by the pool's ticker, which calls `expired`.
    """

    __slots__ = (
        "_poll", "_pool", "_reading_paused", "_waiter", "deadline", "generation", "loop", "lost", "reader", "reused",
        "sink", "transport",
    )  # fmt: skip

    def __init__(self, pool: UpstreamPool, generation: int) -> None:
        self._pool = pool
        self.loop = asyncio.get_running_loop()
        self._waiter: asyncio.Future[None] | None = None
        self._reading_paused = False
        self._poll: select.poll | None = None
        self.transport: asyncio.Transport
        self.generation = generation
        """Which TLS context it was opened with; an older one than the pool's is not used again."""
        self.reader: ResponseReader | None = None
        self.sink: Sink | None = None
        self.deadline = inf
        self.reused = False
        """It has carried an exchange before, so the upstream may be closing it just now."""
        self.lost = False

    # ------------------------------------------------------------------ used by the pool and by answers

    def silent(self) -> bool:
        """Nothing waits in the socket: the peer has not closed it (nor sent bytes) since the loop last looked."""
        if self._poll is None:
            self._poll = select.poll()
            self._poll.register(self.transport.get_extra_info("socket").fileno(), select.POLLIN)
        return not self._poll.poll(0)

    def send(self, head: bytes, body: bytes, reader: ResponseReader) -> None:
        """Send a request, to be answered into `reader` within the time for the first byte."""
        self.reader = reader
        self.deadline = self.loop.time() + self._pool.timeouts.upstream_first_byte
        if body:
            self.transport.writelines((head, body))
        else:
            self.transport.write(head)

    async def wait(self, reader: ResponseReader) -> None:
        """Until this answer is ready, has more to read, or has failed (`reader.error`).

        Cancelling it cuts the connection, if it still is this answer's.
        """
        waiter = self._waiter = self.loop.create_future()
        try:
            await waiter
        except asyncio.CancelledError:
            # An answer that is whole has given its connection up, perhaps to another request already.
            if self.reader is reader or reader.upgraded:
                self.abort()
            raise

    def consumed(self) -> None:
        """The answer's buffer was emptied."""
        if self._reading_paused:
            self._reading_paused = False
            self.transport.resume_reading()
            self.deadline = self.loop.time() + self._pool.timeouts.upstream_idle

    def abort(self) -> None:
        """Cut at once; nothing more is sent or read."""
        if not self.lost:
            self.transport.abort()

    def expired(self) -> None:
        """The deadline passed: an idle connection goes away, a busy one fails with UpstreamTimeout."""
        self.deadline = inf
        reader = self.reader
        if reader is None:
            self._pool.discard(self)
            self.transport.close()
        elif reader.head_done:
            self.fail(UpstreamTimeout("upstream_stalled", "the upstream stopped in the middle of its answer"))
        else:
            self.fail(UpstreamTimeout("upstream_timeout", "the upstream did not answer in time"))

    def fail(self, error: UpstreamError) -> None:
        """End the exchange with this error and cut the connection."""
        reader, self.reader = self.reader, None
        if reader is not None:
            reader.fail(error)
        self.abort()
        self._wake()

    # ------------------------------------------------------------------ asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        reader = self.reader
        if reader is None:
            if self.sink is not None:
                self.sink.data_received(data)
            else:
                # An answer to nothing: whatever it is, it must not become the next request's.
                self._pool.discard(self)
                self.abort()
            return
        try:
            reader.feed(data)
        except UpstreamProtocol as error:
            self.fail(error)
            return
        if reader.complete:
            self._finish(reader)
            self._wake()
        elif reader.head_done:
            self._go_on(reader)

    def eof_received(self) -> bool:
        reader = self.reader
        if reader is not None:
            self._end(reader, None)
        elif self.sink is None:
            self._pool.discard(self)
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = True
        reader = self.reader
        if reader is not None:
            self._end(reader, exc)
        self._pool.gone(self)
        if self.sink is not None:
            self.sink.connection_lost(exc)

    def pause_writing(self) -> None:
        # A request is written whole from memory, so only a tunnel can wait.
        if self.sink is not None:
            self.sink.pause_writing()

    def resume_writing(self) -> None:
        if self.sink is not None:
            self.sink.resume_writing()

    # ------------------------------------------------------------------ endings

    def _go_on(self, reader: ResponseReader) -> None:
        """A part of the answer is here."""
        if reader.buffered > HIGH_WATER:
            self._reading_paused = True
            self.transport.pause_reading()
            self.deadline = inf
        else:
            self.deadline = self.loop.time() + self._pool.timeouts.upstream_idle
        if reader.ready:
            self._wake()

    def _finish(self, reader: ResponseReader) -> None:
        """The answer is whole: back to the pool, if nothing speaks against it."""
        self.reader = None
        self.reused = True
        if reader.upgraded:
            self.deadline = inf
            self.transport.pause_reading()
        elif not reader.keep_alive or self.transport.get_write_buffer_size():
            # With bytes of the request still unsent the upstream answered early: closing in order could wait for ever.
            self.abort()
        else:
            self._pool.release(self)

    def _end(self, reader: ResponseReader, exc: Exception | None) -> None:
        """The peer closed during an exchange."""
        if not reader.started:
            self.fail(UpstreamUnreachable("upstream_closed", "the upstream closed the connection without an answer"))
            return
        if exc is None:
            try:
                reader.eof()
            except UpstreamProtocol as error:
                self.fail(error)
                return
            self.reader = None
            self.abort()
            self._wake()
        else:
            self.fail(UpstreamProtocol("upstream_truncated", "the upstream broke off in the middle of its answer"))

    def _wake(self) -> None:
        # Cleared here and not by who waits: before that one runs, the connection may carry the next exchange.
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_result(None)
