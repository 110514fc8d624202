"""Listening sockets, and the registry of the connections they brought."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterable
from typing import Final

from aiohttp import web

from waf.edge.connection import Connection
from waf.edge.exchange import Exchange
from waf.identity.proxies import TrustedProxies
from waf.limits.meter import place_of
from waf.settings import Limits, Timeouts

BACKLOG: Final = 1024
RETRY: Final = 0.5
"""Seconds until accepting is tried again when it could not be resumed."""


class EdgeServer(web.Server):
    """aiohttp's low-level server with connections of our own. `limits.connections` is kept by pausing the listeners."""

    def __init__(self, exchange: Exchange, limits: Limits, timeouts: Timeouts, proxy_protocol: str = "off") -> None:
        super().__init__(exchange.handle, handler_cancellation=True)  # type: ignore[arg-type]  # Connection.start calls it
        self.exchange = exchange
        self.limits = limits
        """Read when a connection is made; a reload changes it for new ones."""
        self.timeouts = timeouts
        self.proxy_protocol = proxy_protocol
        """Version of the PROXY protocol that every connection begins with, or `off`."""
        self.trusted = TrustedProxies(())
        """Who may write such a header; nobody here: whoever can connect. A reload changes it, too."""
        self.listener: Listener | None = None
        self.turned_away: Callable[[str], None] = lambda _: None
        """Told why a connection was not wanted."""
        self._places: dict[str, int] = {}
        self.open = 0
        self._empty = asyncio.Event()
        self._empty.set()

    def __call__(self) -> Connection:
        return Connection(self, self._loop)

    def connection_made(self, handler: web.RequestHandler, transport: asyncio.Transport) -> None:
        super().connection_made(handler, transport)
        self.open += 1
        self._empty.clear()
        if self.listener is not None and self.open >= self.limits.connections:
            self.listener.pause()

    def connection_lost(self, handler: web.RequestHandler, exc: BaseException | None = None) -> None:
        super().connection_lost(handler, exc)
        if isinstance(handler, Connection) and handler.place:
            left = self._places[handler.place] - 1
            if left:
                self._places[handler.place] = left
            else:
                del self._places[handler.place]
        self.open -= 1
        if not self.open:
            self._empty.set()
        if self.listener is not None and self.open < self.limits.connections:
            self.listener.resume()

    def welcome(self, connection: Connection) -> bool:
        """Whether its client may have one more; asked once it is known who that is. One that is not wanted ends at once and
        without a word: answering would be work that somebody with too many connections can ask for."""
        most = self.limits.connections_per_address
        if not most or connection.peer in self.trusted:
            return True
        place = place_of(connection.peer)
        here = self._places.get(place, 0)
        if here >= most:
            self.turned_away("connections_per_address")
            if connection.transport is not None:
                connection.transport.abort()
            return False
        self._places[place] = here + 1
        connection.place = place
        return True

    def _ours(self) -> list[Connection]:
        return [connection for connection in self.connections if isinstance(connection, Connection)]

    async def drain(self, seconds: float) -> bool:
        """Let every connection finish what it is doing, at most so long; cut the others. True when none had to be cut."""
        for connection in self._ours():
            connection.retire()
        try:
            async with asyncio.timeout(seconds):
                await self._empty.wait()
        except TimeoutError:
            self.cut()
            await self._empty.wait()
            return False
        return True

    def cut(self) -> None:
        """End every connection at once, whatever it is doing."""
        for connection in self._ours():
            connection.abort()


class Listener:
    """Bound sockets whose accepting can be paused: meanwhile new connections wait in the kernel's backlog.

    The event loop closes a socket when it stops accepting on it, so it is only ever given duplicates.
    """

    def __init__(self, sockets: Iterable[socket.socket], server: EdgeServer, tls: ssl.SSLContext | None = None) -> None:
        self._sockets = list(sockets)
        self._server = server
        self._tls = tls
        self._accepting: list[asyncio.Server] = []
        self._paused = False
        self._starting: asyncio.Task[None] | None = None
        server.listener = self

    @property
    def addresses(self) -> list[tuple[str, int]]:
        return [sock.getsockname()[:2] for sock in self._sockets]

    async def start(self) -> None:
        for sock in self._sockets:
            server = await asyncio.get_running_loop().create_server(
                self._server,
                sock=sock.dup(),
                backlog=BACKLOG,
                ssl=self._tls,
                ssl_handshake_timeout=self._server.timeouts.header if self._tls else None,
            )
            self._accepting.append(server)

    async def replace_tls(self, context: ssl.SSLContext) -> None:
        """Connections from now on are met with another context: one cannot be told to forget a CA or a revocation list. What
        arrives meanwhile waits in the kernel's backlog."""
        self._tls = context
        if self._starting is not None:
            await self._starting
        if self._accepting:
            self._stop()
            await self._resume()

    def pause(self) -> None:
        """Takes effect at once."""
        self._paused = True
        self._stop()

    def resume(self) -> None:
        self._paused = False
        if not self._accepting and self._starting is None and self._sockets:
            self._starting = asyncio.get_running_loop().create_task(self._resume())

    async def _resume(self) -> None:
        while not self._accepting and not self._paused:
            try:
                await self.start()
            except OSError:  # out of file descriptors, most likely; some connection will give one back
                self._stop()
                await asyncio.sleep(RETRY)
        self._starting = None
        if self._paused:
            self._stop()

    def _stop(self) -> None:
        for server in self._accepting:
            server.close()
        self._accepting.clear()

    def close(self) -> None:
        """Nothing is accepted any more; what waits in the backlog is refused by the kernel."""
        self.pause()
        for sock in self._sockets:
            sock.close()
        self._sockets.clear()


def bind(host: str, port: int, *, reuse_port: bool = False) -> list[socket.socket]:
    """A socket for every address of `host`, all with the same port. Raises OSError."""
    infos = socket.getaddrinfo(host, port, socket.AF_UNSPEC, socket.SOCK_STREAM, 0, socket.AI_PASSIVE)
    sockets: list[socket.socket] = []
    try:
        for kind, _, proto, _, address in dict.fromkeys(infos):
            sock = socket.socket(kind, socket.SOCK_STREAM, proto)
            sockets.append(sock)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if reuse_port:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            if kind == socket.AF_INET6:
                sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            if not address[1] and len(sockets) > 1:  # port 0: every family gets the number that the first one got
                address = (address[0], sockets[0].getsockname()[1], *address[2:])
            sock.bind(address)
            sock.listen(BACKLOG)
            sock.setblocking(False)
    except OSError:
        for sock in sockets:
            sock.close()
        raise
    return sockets
