"""/healthz, /readyz and /metrics on an address of their own, which no client of the model should reach, and on a Unix socket.

Nothing in a request but its method and path, and the token for what is behind /admin, is looked at: no Host header, no query,
and no body but that of an order for /admin/overrides.
"""

from __future__ import annotations

import errno
import os
import socket as sockets
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from waf.admin.api import AdminApi
from waf.admin.overrides import OverrideEditor
from waf.errors import ConfigError, Problem
from waf.observability import Admin
from waf.record.metrics import CONTENT_TYPE, Metrics
from waf.record.recent import Recent
from waf.record.watchdog import Watchdog

TEXT: Final = "text/plain; charset=utf-8"


@dataclass(slots=True)
class State:
    """Whether the firewall should get traffic; the server writes it, /readyz reads it."""

    ready: bool = False
    reason: str = "starting"
    """Shown by /readyz while not ready: `starting`, `draining`, …"""


class AdminListener:
    """Serves `listen` (HOST:PORT, [::1]:PORT; port 0 takes a free one; empty: none) and the Unix socket at `socket`, and runs
    the loop's watchdog meanwhile. `api`: what is behind /admin."""

    def __init__(
        self, listen: str, metrics: Metrics, state: State, *, socket: str = "", api: AdminApi | None = None
    ) -> None:
        self._host, self._port = split_address(listen) if listen else ("", 0)
        self._socket = socket
        self._api = api
        self._metrics = metrics
        self._state = state
        self._watchdog = Watchdog(metrics.loop_stall)
        self._runner: web.ServerRunner | None = None
        self._routes: dict[str, Callable[[], web.Response]] = {
            "/healthz": self._healthz,
            "/readyz": self._readyz,
            "/metrics": self._exposition,
        }

    @property
    def address(self) -> str:
        """HOST:PORT actually bound, empty for none; RuntimeError before `start`."""
        if self._runner is None or not self._runner.addresses:
            raise RuntimeError("the admin listener has not been started")
        if not self._host:
            return ""
        host, port = self._runner.addresses[0][:2]
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    async def start(self) -> None:
        """Bind and answer. Raises ConfigError when the address cannot be had."""
        runner = web.ServerRunner(
            web.Server(self._answer, access_log=None, keepalive_timeout=15.0), shutdown_timeout=1.0
        )
        await runner.setup()
        where = "admin.listen", f"{self._host}:{self._port}"
        try:
            if self._host:
                await web.TCPSite(runner, self._host, self._port).start()
            if self._socket:
                where = "admin.socket", self._socket
                await web.SockSite(runner, bind_unix(self._socket)).start()
        except OSError as error:
            await runner.cleanup()
            reason = error.strerror or str(error)
            if error.errno and reason.startswith(
                "error while attempting to bind"
            ):  # asyncio's, with the address once more
                reason = os.strerror(error.errno)
            message = f"cannot listen on {where[1]}: {reason}"
            raise ConfigError([Problem(where[0], 0, 0, message)]) from error
        self._runner = runner
        self._watchdog.start()

    async def close(self) -> None:
        self._watchdog.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
            if self._socket:
                with suppress(OSError):
                    os.unlink(self._socket)

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        page = self._routes.get(request.path)
        response: web.StreamResponse
        if page is None:
            response = await self._behind(request) or web.Response(status=404, text="not found\n")
        elif request.method not in ("GET", "HEAD"):
            response = web.Response(status=405, text="method not allowed\n", headers={"Allow": "GET, HEAD"})
        else:
            response = page()
        response.headers["Server"] = "waf"  # aiohttp would name itself and Python with their versions
        return response

    async def _behind(self, request: web.BaseRequest) -> web.StreamResponse | None:
        if self._api is None or not request.path.startswith("/admin/"):
            return None
        family = request.transport.get_extra_info("socket").family if request.transport is not None else None
        return await self._api.answer(request, local=family == sockets.AF_UNIX)

    def _healthz(self) -> web.Response:
        """Answering at all is the proof: a loop that hangs cannot."""
        return _text(200, "ok\n")

    def _readyz(self) -> web.Response:
        return _text(200, "ready\n") if self._state.ready else _text(503, f"not ready: {self._state.reason}\n")

    def _exposition(self) -> web.Response:
        return web.Response(
            body=self._metrics.render(), headers={"Content-Type": CONTENT_TYPE, "Cache-Control": "no-store"}
        )


def admin_of(
    settings: Admin, metrics: Metrics, state: State, recent: Recent | None, editor: OverrideEditor | None = None
) -> AdminListener | None:
    """None where it would listen nowhere."""
    if not settings.listen and not settings.socket:
        return None
    api = AdminApi(settings.token, recent, editor) if recent is not None else None
    return AdminListener(settings.listen, metrics, state, socket=settings.socket, api=api)


def _text(status: int, text: str) -> web.Response:
    return web.Response(status=status, text=text, headers={"Content-Type": TEXT, "Cache-Control": "no-store"})


def bind_unix(path: str) -> sockets.socket:
    """A listening socket that only its owner can open. One that a process which is gone left behind is replaced. OSError."""
    with suppress(FileNotFoundError):
        if not stat.S_ISSOCK(os.lstat(path).st_mode):
            raise OSError(errno.EEXIST, "there is a file of that name")
        with sockets.socket(sockets.AF_UNIX) as probe:
            if probe.connect_ex(path) == 0:
                raise OSError(errno.EADDRINUSE, "another process listens there")
        os.unlink(path)
    made = sockets.socket(sockets.AF_UNIX)
    before = os.umask(0o177)
    try:
        made.bind(path)
    except OSError:
        made.close()
        raise
    finally:
        os.umask(before)
    return made


def split_address(listen: str) -> tuple[str, int]:
    """`HOST:PORT` or `[IPv6]:PORT` as a pair. Raises ConfigError."""
    host, colon, port = listen.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not colon or not host or not (port.isascii() and port.isdigit()) or int(port) > 65_535:
        raise ConfigError(
            [Problem("admin.listen", 0, 0, f"{listen!r} is not HOST:PORT", hint="for example 127.0.0.1:9091")]
        )
    return host, int(port)
