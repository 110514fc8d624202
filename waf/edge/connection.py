"""One client connection: aiohttp's parser, queue and flow control, with a loop of our own around them.

`web.RequestHandler.start` makes a task, a request object and a response writer for every request. The loop here hands
the parsed head and the body stream straight to the handler, one request after the other, and keeps one deadline for
whatever the client is slow at: sending a head, sending a body, reading an answer, or nothing at all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, cast

from aiohttp import web
from aiohttp.http import HttpProcessingError, RawRequestMessage
from aiohttp.streams import EMPTY_PAYLOAD, StreamReader

from waf.edge.deadline import Deadline
from waf.edge.fairness import Slice
from waf.edge.malformed import refusal_of
from waf.edge.preface import PrefaceReader
from waf.edge.sockets import hung_up, reset
from waf.errors import HeadersTooLarge, Refusal, RequestTimeout
from waf.identity.certificates import subject

if TYPE_CHECKING:
    from waf.edge.exchange import Exchange
    from waf.edge.listener import EdgeServer
    from waf.edge.websocket import Parser

LINGER: Final = 2.0
"""Seconds that a refused client is listened to and ignored, so that a reset does not overtake the answer."""

HANGUP_CHECK: Final = 0.5
"""Seconds between two looks at a client that is not read from at the moment."""

READ_AHEAD: Final = 65_536
"""Reading pauses when twice this much of a body waits to be read."""

_CHUNKED_END: Final = b"\r\n0\r\n\r\n"

Message = tuple[RawRequestMessage, StreamReader]
"""What the queue holds; aiohttp would also put parse errors there, ours go to `_refusal`."""


class Connection(web.RequestHandler):
    """Made by `EdgeServer` for every accepted socket."""

    __slots__ = (
        "_body_since",
        "_chunked",
        "_chunked_tail",
        "_deadline",
        "_deaf",
        "_exchange",
        "_final",
        "_hangup_timer",
        "_head_bytes",
        "_head_since",
        "_limits",
        "_payload",
        "_preface",
        "_refusal",
        "_retiring",
        "_server",
        "_timeouts",
        "certificate",
        "peer",
        "place",
        "scheme",
    )

    def __init__(self, server: EdgeServer, loop: asyncio.AbstractEventLoop) -> None:
        self._server = server
        self._exchange: Exchange = server.exchange
        self._limits = limits = server.limits
        self._timeouts = server.timeouts
        super().__init__(
            server,
            loop=loop,
            keepalive_timeout=0,
            access_log=None,  # type: ignore[arg-type]  # aiohttp means it, only its annotation does not
            max_line_size=limits.target + (limits.target == limits.header),  # see refusal_of
            max_field_size=limits.header,
            max_headers=limits.headers,
            read_bufsize=READ_AHEAD,
            auto_decompress=False,
        )
        self.peer = ""
        """Address of the other end of the socket."""
        self.place = ""
        """By what the connections of one client are counted; empty: this one is not."""
        self.scheme = "http"
        self.certificate = ""
        """Name in the client's certificate; empty without one."""
        self._preface = PrefaceReader(server.proxy_protocol, server.trusted)
        self._hangup_timer: asyncio.TimerHandle | None = None
        self._deadline = Deadline(loop)
        self._payload: StreamReader = EMPTY_PAYLOAD
        self._refusal: Refusal | None = None
        self._head_since = self._body_since = 0.0
        self._head_bytes = 0
        self._chunked = self._final = self._retiring = self._deaf = False
        self._chunked_tail = b""

    # ------------------------------------------------------------------ for the handler

    def keeps(self, message: RawRequestMessage) -> bool:
        """Whether another request may follow this one. `upgrade`: the parser drops what was pipelined behind it."""
        if message.should_close or message.upgrade or self._retiring or not self._timeouts.keepalive:
            return False
        return bool(self._messages) or not (self._final or self._refusal)

    def write(self, data: bytes) -> None:
        """Send, unless the connection is about to be lost: then whoever writes is about to be cancelled."""
        transport = self.transport
        if transport is not None and not transport.is_closing():
            transport.write(data)

    @property
    def full(self) -> bool:
        """The client's socket takes no more at the moment; see `drained`."""
        return self._paused

    async def drained(self) -> None:
        """Wait while the client's socket is full. A client that reads nothing for `client_write` seconds is cut off,
        which cancels the caller."""
        if self._paused:
            self._deadline.set(self._timeouts.client_write, self.abort)
            await self._drain_helper()
            self._deadline.clear()

    def await_body(self, size: int) -> None:
        """Start the clock, again, on the rest of a body of which `size` bytes are here: without long pauses, and not too slow."""
        now, idle, rate = self._loop.time(), self._timeouts.body_idle, self._timeouts.body_rate
        if not size:
            self._body_since = now
        self._deadline.set_at(idle + (min(now, self._body_since + size / rate) if rate else now), self._body_late)

    def body_complete(self) -> None:
        """Stop that clock."""
        self._deadline.clear()

    def abort(self) -> None:
        """Reset the connection: whatever was being sent must not look finished, not even to a client that takes the close
        for the end."""
        transport = self.transport
        if transport is not None and not transport.is_closing():
            reset(transport)

    def set_parser(self, parser: Parser, data_received_cb: Callable[[], None] | None = None) -> None:
        """Everything that arrives from now on goes to `parser`, beginning with what came behind the upgrade's head."""
        super().set_parser(parser, data_received_cb)  # type: ignore[arg-type]  # its annotation names one class of parser

    # ------------------------------------------------------------------ for the server

    def retire(self) -> None:
        """Answer what is being handled, then close; close now if nothing is."""
        self._retiring = True
        self._wake()

    # ------------------------------------------------------------------ the loop

    async def start(self) -> None:
        """Runs in a task of its own; a client that goes away cancels it wherever it waits."""
        try:
            heard = await self._serve()
        except Exception:  # noqa: BLE001 - the handler answers its own faults; this one was in the answer
            self.log_exception("connection of %s ended by a fault", self.peer)
            self.abort()
            return
        self._task_handler = None
        self._end(linger=not heard)

    async def _serve(self) -> bool:
        """Answer requests in order until the connection has to end. Returns whether all that was sent has been read."""
        work = Slice()
        while await self._arrived():
            message, payload = cast("Message", self._messages.popleft())
            if self._parser is not None:
                self._parser.message_consumed()
            if self._buffer_paused and len(self._messages) <= self._msg_queue_resume_size:
                self._resume_reading_if_drained()
            if not await self._exchange.handle(self, message, payload):
                return payload.is_eof()
            if self._messages:
                await work.over()
        if self._refusal is not None:
            self._exchange.refuse(self, self._refusal)
            return False
        return True

    async def _arrived(self) -> bool:
        """Wait for a request. False when none will be served any more."""
        while not self._messages:
            if self._refusal is not None or self._final or self._retiring:
                return False
            if self._head_since:
                self._deadline.set_at(self._head_since + self._timeouts.header, self._head_late)
            else:
                self._deadline.set(self._timeouts.keepalive or self._timeouts.header, self._unused)
            self._waiter = self._loop.create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
                self._deadline.clear()
        return True

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _end(self, *, linger: bool) -> None:
        """Close after what was written has been sent. Lingering reads on for a while: closing a socket with unread bytes
        in it resets the connection, and the reset destroys an answer that is still on its way. TLS cannot be half-closed;
        there the client closes because the answer told it to."""
        self._deaf = True
        transport = self.transport
        if transport is None:
            return
        if linger:
            if transport.can_write_eof():
                transport.write_eof()
            self._resume_transport_reading()
            self._deadline.set(LINGER, transport.abort)
        else:
            transport.close()
            self._deadline.set(self._timeouts.client_write, transport.abort)

    # ------------------------------------------------------------------ what the socket says

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        peer = transport.get_extra_info("peername")
        self.peer = peer[0].partition("%")[0].removeprefix("::ffff:") if peer else ""
        if transport.get_extra_info("sslcontext"):
            self.scheme = "https"
            self.certificate = subject(transport.get_extra_info("peercert") or {})
        super().connection_made(transport)
        if self._preface.done:
            self._server.welcome(self)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._deadline.close()
        if self._hangup_timer is not None:
            self._hangup_timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._upgraded or self._payload_parser is not None:
            super().data_received(data)
            return
        if self._deaf or self._parser is None:
            return
        try:
            if not self._preface.done and not (data := self._after_preface(data)):
                return
            messages, upgraded, tail = self._parser.feed_data(data)
        except (HttpProcessingError, Refusal) as error:
            self._malformed(error if isinstance(error, Refusal) else refusal_of(error, self._limits))
            return
        if messages or self._chunked:
            self._take(messages, data)
        elif data and self._payload.is_eof():
            self._partial_head(len(data))
        self._upgraded = upgraded
        self._message_tail = tail
        if not self._buffer_paused and len(self._messages) >= self._max_msg_queue_size:
            self._pause_reading_for_buffer()

    def _after_preface(self, data: bytes) -> bytes:
        """What follows the PROXY protocol's header; nothing while there is more of it to come. Raises BadRequest."""
        rest = self._preface.feed(data, self.peer)
        if not self._preface.done:
            self._partial_head(len(data))
            return b""
        self._head_since, self._head_bytes = 0.0, 0
        self.peer = self._preface.peer or self.peer
        return rest if self._server.welcome(self) else b""

    def _pause_transport_reading(self) -> None:
        """aiohttp calls this when enough is waiting to be handled. A socket that is not read does not tell that its client
        has left, so that is looked at from now on: nobody should be able to leave work behind."""
        super()._pause_transport_reading()
        if self._hangup_timer is None:
            self._hangup_timer = self._loop.call_later(HANGUP_CHECK, self._look_for_hangup)

    def _look_for_hangup(self) -> None:
        self._hangup_timer = None
        transport = self.transport
        if transport is None or transport.is_closing() or not (self._reading_paused or self._buffer_paused):
            return
        if hung_up(transport):
            self.abort()
        else:
            self._hangup_timer = self._loop.call_later(HANGUP_CHECK, self._look_for_hangup)

    def _take(self, messages: Sequence[Message], data: bytes) -> None:
        """Queue what was parsed.

        aiohttp's parser (3.14.5) leaves the last trailer of a chunked body behind and reports it as a header of the
        connection's next request, which may be another user's when a proxy shares the connection. So nothing is served
        after a chunked body unless its last bytes prove that it had no trailers and that nothing is parsed behind it.
        """
        for message, payload in messages:
            if self._chunked or self._final:
                self._final = True
                break
            self._messages.append((message, payload))
            self._payload = payload
            self._chunked = bool(message.chunked)
        if self._chunked:
            self._chunked_tail = (self._chunked_tail + data)[-len(_CHUNKED_END) :]
            if self._payload.is_eof():
                self._final = self._final or self._chunked_tail != _CHUNKED_END
                self._chunked = False
                self._chunked_tail = b""
        self._head_since, self._head_bytes = 0.0, 0
        if self._messages:
            self._wake()

    def _partial_head(self, size: int) -> None:
        self._head_bytes += size
        if self._head_bytes > self._limits.header_total + self._limits.target:
            self._malformed(HeadersTooLarge("header_total", "The headers are too large."))
        elif not self._head_since:
            self._head_since = self._loop.time()
            if self._waiter is not None:
                self._deadline.set(self._timeouts.header, self._head_late)

    def _malformed(self, refusal: Refusal) -> None:
        """Nothing more is read. Whoever waits for the rest of a body learns it there, else it is answered in its turn."""
        self._deaf = True
        if self._payload.is_eof():
            self._refusal = refusal
            self._wake()
        else:
            self._payload.set_exception(refusal)

    # ------------------------------------------------------------------ when time is up

    def _unused(self) -> None:
        self._retiring = True
        self._wake()

    def _head_late(self) -> None:
        self._malformed(RequestTimeout("header_timeout", "The request did not arrive in time."))

    def _body_late(self) -> None:
        self._malformed(RequestTimeout("body_timeout", "The request body did not arrive in time."))
