"""A pool of raw HTTP/1.1 connections to the model server.

`UpstreamPool.request` sends one request and returns its answer as soon as the head is there (or, for an answer with a
small Content-Length, as soon as all of it is: then the handler can write it out in one go).

When a request is sent twice. A kept connection may be closed by the upstream at the very moment it is used again. If it
closes before a single byte of an answer, the request goes out once more, on a new connection, only when its method is
idempotent (RFC 9110 §9.2.2). A POST is never repeated once a byte of it was handed to the system: nobody can know
whether the model already ran. Instead its connection is looked at just before (`Connection.silent`), which catches a
close that has reached this machine but not yet the event loop; what is left is the flight time of one packet, and
keeping connections for less time than servers do (`timeouts.upstream_keepalive`) makes even that rare.
"""

from __future__ import annotations

import asyncio
import os
import ssl as ssl_module
from collections.abc import Iterable
from errno import errorcode
from typing import Final
from urllib.parse import urlsplit

from waf.edge.forward import head_bytes
from waf.edge.httpwire import ResponseReader
from waf.edge.upstream_connection import Connection
from waf.edge.upstream_response import UpgradedUpstream, UpstreamResponse
from waf.errors import UpstreamTimeout, UpstreamUnreachable
from waf.settings import Timeouts, Upstream

__all__ = ["UpgradedUpstream", "UpstreamPool", "UpstreamResponse"]

IDEMPOTENT: Final = frozenset(("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"))
"""RFC 9110 §9.2.2. Anything else may do its work twice when it is sent twice."""
_WITH_BODY: Final = frozenset(("POST", "PUT", "PATCH"))
"""Methods that say Content-Length: 0 when they have none (RFC 9110 §8.6)."""


class UpstreamPool:
    """Connections to one upstream. The one used last is used next, so that surplus ones grow idle and go away.

    At most `settings.connections` exist; further requests queue in order of arrival, for as long as the answer's first
    byte may take, and at most `waiting` of them. One ticker looks after every deadline; it runs while there are
    connections. All methods belong to one event loop.
    """

    def __init__(
        self, settings: Upstream, timeouts: Timeouts, *, ssl: ssl_module.SSLContext | None = None, waiting: int = 4096
    ) -> None:
        url = urlsplit(settings.url)
        secure = url.scheme == "https"
        self.timeouts = timeouts
        self.host = url.hostname or ""
        self.port = url.port or (443 if secure else 80)
        self.authority = url.netloc.rpartition("@")[2].encode("ascii")
        """What to send as Host when the client's own is not preserved."""
        self._prefix = url.path.rstrip("/")
        self._limit = settings.connections
        self._most_waiting = waiting
        self._ssl = (ssl or ssl_module.create_default_context()) if secure else None
        self._server_name = (settings.tls.server_name or self.host) if secure else None
        self._generation = 0
        self._all: set[Connection] = set()
        self._idle: dict[Connection, None] = {}
        self._opening = 0
        self._waiters: dict[asyncio.Future[Connection | None], None] = {}
        self._closed = False
        self._emptied: asyncio.Future[None] | None = None
        self._ticker: asyncio.TimerHandle | None = None
        shortest = min(timeouts.upstream_first_byte, timeouts.upstream_idle, timeouts.upstream_keepalive or 1.0)
        self._tick = min(1.0, max(0.01, shortest / 4))

    @property
    def open(self) -> int:
        """Connections that exist or are being made, idle ones included."""
        return len(self._all) + self._opening

    @property
    def idle(self) -> int:
        return len(self._idle)

    @property
    def waiting(self) -> int:
        """Requests in the queue for a connection."""
        return len(self._waiters)

    async def request(
        self,
        method: str,
        target: str,
        headers: Iterable[tuple[bytes, bytes]],
        body: bytes = b"",
        *,
        upgrade: bool = False,
    ) -> UpstreamResponse:
        """Send a request and wait for the answer's head. `headers` come from `forward_headers`; the length is added.

        `upgrade`: a 101 is welcome. Cancelling cuts the connection. Raises UpstreamUnreachable (also when the queue is
        full), UpstreamTimeout, UpstreamProtocol; BadRequest when the head cannot be written safely.
        """
        length = len(body) if body or method in _WITH_BODY else None
        head = head_bytes(method, self._prefix + target if target[:1] == "/" else target, headers, length)
        again = method in IDEMPOTENT
        connection = self._take(wary=not again) or await self._acquire(wary=not again)
        reader = ResponseReader(head=method == "HEAD", upgrade=upgrade)
        retry = connection.reused and again
        connection.send(head, body, reader)
        await connection.wait(reader)
        if reader.error is not None and retry and not reader.started and not isinstance(reader.error, UpstreamTimeout):
            connection = await self._acquire(fresh=True)
            reader = ResponseReader(head=method == "HEAD", upgrade=upgrade)
            connection.send(head, body, reader)
            await connection.wait(reader)
        if reader.error is not None:
            raise reader.error.copy()
        return UpstreamResponse(connection, reader)

    def replace_tls(self, context: ssl_module.SSLContext) -> None:
        """New connections use this context; idle ones close, busy ones close after their answer."""
        self._ssl = context
        self._generation += 1
        for connection in list(self._idle):
            self.discard(connection)
            connection.transport.close()

    async def close(self) -> None:
        """Cut every connection, fail whoever waits for one, and return when they are gone. Drain requests first."""
        self._closed = True
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_exception(UpstreamUnreachable("closed", "the firewall is shutting down"))
        for connection in list(self._all):
            connection.fail(UpstreamUnreachable("closed", "the firewall is shutting down"))
        if self.open:
            self._emptied = asyncio.get_running_loop().create_future()
            await self._emptied
        if self._ticker is not None:
            self._ticker.cancel()
            self._ticker = None

    # ------------------------------------------------------------------ getting a connection

    def _take(self, *, wary: bool) -> Connection | None:
        """The idle connection used last, if there is one. `wary`: make sure that the peer has not closed it."""
        while self._idle:
            connection = self._idle.popitem()[0]
            if not wary or connection.silent():
                return connection
            connection.abort()
        return None

    async def _acquire(self, *, fresh: bool = False, wary: bool = False) -> Connection:
        """A connection that nobody uses. `fresh`: never used before; `wary`: as in `_take`."""
        while True:
            if self._closed:
                raise UpstreamUnreachable("closed", "the firewall is shutting down")
            connection = None if fresh else self._take(wary=wary)
            if connection is not None:
                return connection
            if self.open < self._limit:
                self._opening += 1
                return await self._open()
            if fresh and self._idle:
                oldest = next(iter(self._idle))
                self.discard(oldest)
                oldest.abort()
            granted = await self._queue()
            if granted is None:
                return await self._open()
            if not (granted.lost or fresh or (wary and not granted.silent())):
                return granted
            granted.abort()

    async def _queue(self) -> Connection | None:
        """Wait in line. Returns a connection, or None for the right to open one (`_opening` counts it already)."""
        if len(self._waiters) >= self._most_waiting:
            raise UpstreamUnreachable("upstream_busy", "too many requests wait for the upstream")
        waiter: asyncio.Future[Connection | None] = asyncio.get_running_loop().create_future()
        self._waiters[waiter] = None
        try:
            async with asyncio.timeout(self.timeouts.upstream_first_byte):
                return await waiter
        except BaseException as error:
            self._waiters.pop(waiter, None)
            if waiter.done() and not waiter.cancelled() and waiter.exception() is None:
                self._give_back(waiter.result())
            if isinstance(error, TimeoutError):
                raise UpstreamTimeout("upstream_busy", "no connection to the upstream became free in time") from None
            raise

    def _give_back(self, granted: Connection | None) -> None:
        """What a waiter got just as it gave up."""
        if granted is None:
            self._opening -= 1
            self._freed()
        else:
            self.release(granted)

    async def _open(self) -> Connection:
        """Connect; the caller has counted it in `_opening`."""
        loop = asyncio.get_running_loop()
        generation = self._generation
        connection: Connection | None = None
        try:
            async with asyncio.timeout(self.timeouts.upstream_connect):
                _, connection = await loop.create_connection(
                    lambda: Connection(self, generation),
                    self.host,
                    self.port,
                    ssl=self._ssl,
                    server_hostname=self._server_name,
                )
        except TimeoutError:
            raise UpstreamTimeout(
                "upstream_connect_timeout",
                f"{self.authority.decode()} did not accept a connection{', TLS included,' if self._ssl else ''} in time",
            ) from None
        except OSError as error:
            raise UpstreamUnreachable(
                "upstream_unreachable", f"cannot connect to {self.authority.decode()}: {_short(error)}"
            ) from error
        finally:
            self._opening -= 1
            if connection is None or connection.lost:
                self._freed()
            else:
                self._all.add(connection)
        if connection.lost or self._closed:
            connection.abort()
            raise UpstreamUnreachable("upstream_closed", "the upstream closed the connection at once")
        self._start_ticker()
        return connection

    # ------------------------------------------------------------------ called by connections

    def release(self, connection: Connection) -> None:
        """Its exchange is over and it can carry another one: to whoever waits longest, else to the idle ones."""
        outdated = connection.generation != self._generation
        if self._closed or connection.lost or outdated or not self.timeouts.upstream_keepalive:
            connection.abort()
            return
        connection.deadline = connection.loop.time() + self.timeouts.upstream_keepalive
        if not self._grant(connection):
            self._idle[connection] = None

    def discard(self, connection: Connection) -> None:
        """It must not be handed out again."""
        self._idle.pop(connection, None)

    def gone(self, connection: Connection) -> None:
        """Its socket is closed."""
        self._idle.pop(connection, None)
        if connection in self._all:
            self._all.remove(connection)
            self._freed()

    def _freed(self) -> None:
        """There is room for one more connection: let the first in line open it."""
        if self._emptied is not None and not self.open and not self._emptied.done():
            self._emptied.set_result(None)
        if self._waiters and self.open < self._limit and self._grant(None):
            self._opening += 1

    def _grant(self, what: Connection | None) -> bool:
        while self._waiters:
            waiter = next(iter(self._waiters))
            del self._waiters[waiter]
            if not waiter.done():
                waiter.set_result(what)
                return True
        return False

    # ------------------------------------------------------------------ deadlines

    def _start_ticker(self) -> None:
        if self._ticker is None:
            self._ticker = asyncio.get_running_loop().call_later(self._tick, self._on_tick)

    def _on_tick(self) -> None:
        self._ticker = None
        now = asyncio.get_running_loop().time()
        for connection in [c for c in self._all if c.deadline <= now]:
            connection.expired()
        if self._all:
            self._start_ticker()


_NOT_TLS: Final = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE")
"""What OpenSSL's releases call an answer in plain HTTP."""


def _short(error: OSError) -> str:
    """What the system calls it: asyncio puts other words into `strerror`, with the address. OpenSSL's say more, however."""
    if isinstance(error, ssl_module.SSLError):
        if error.reason in _NOT_TLS:
            return "what it says is no TLS; perhaps `upstream.url` should begin with http://"
    elif error.errno and error.errno in errorcode:
        return os.strerror(error.errno)
    return error.strerror or type(error).__name__
