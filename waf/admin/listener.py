"""/healthz, /readyz and /metrics on an address of their own, which no client of the model should reach.

Nothing in a request but its method and path is looked at: no Host header, no body, no query.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from waf.errors import ConfigError, Problem
from waf.record.metrics import CONTENT_TYPE, Metrics
from waf.record.watchdog import Watchdog

TEXT: Final = "text/plain; charset=utf-8"


@dataclass(slots=True)
class State:
    """Whether the firewall should get traffic; the server writes it, /readyz reads it."""

    ready: bool = False
    reason: str = "starting"
    """Shown by /readyz while not ready: `starting`, `draining`, …"""


class AdminListener:
    """Serves `listen` (HOST:PORT, [::1]:PORT; port 0 takes a free one) and runs the loop's watchdog meanwhile."""

    def __init__(self, listen: str, metrics: Metrics, state: State) -> None:
        self._host, self._port = split_address(listen)
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
        """HOST:PORT actually bound; RuntimeError before `start`."""
        if self._runner is None or not self._runner.addresses:
            raise RuntimeError("the admin listener has not been started")
        host, port = self._runner.addresses[0][:2]
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    async def start(self) -> None:
        """Bind and answer. Raises ConfigError when the address cannot be had."""
        runner = web.ServerRunner(
            web.Server(self._answer, access_log=None, keepalive_timeout=15.0), shutdown_timeout=1.0
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, self._host, self._port).start()
        except OSError as error:
            await runner.cleanup()
            message = f"cannot listen on {self._host}:{self._port}: {error.strerror or error}"
            raise ConfigError([Problem("admin.listen", 0, 0, message)]) from error
        self._runner = runner
        self._watchdog.start()

    async def close(self) -> None:
        self._watchdog.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        page = self._routes.get(request.path)
        if page is None:
            response = web.Response(status=404, text="not found\n")
        elif request.method not in ("GET", "HEAD"):
            response = web.Response(status=405, text="method not allowed\n", headers={"Allow": "GET, HEAD"})
        else:
            response = page()
        response.headers["Server"] = "waf"  # aiohttp would name itself and Python with their versions
        return response

    def _healthz(self) -> web.Response:
        """Answering at all is the proof: a loop that hangs cannot."""
        return _text(200, "ok\n")

    def _readyz(self) -> web.Response:
        return _text(200, "ready\n") if self._state.ready else _text(503, f"not ready: {self._state.reason}\n")

    def _exposition(self) -> web.Response:
        return web.Response(
            body=self._metrics.render(), headers={"Content-Type": CONTENT_TYPE, "Cache-Control": "no-store"}
        )


def _text(status: int, text: str) -> web.Response:
    return web.Response(status=status, text=text, headers={"Content-Type": TEXT, "Cache-Control": "no-store"})


def split_address(listen: str) -> tuple[str, int]:
    """`HOST:PORT` or `[IPv6]:PORT` as a pair. Raises ConfigError."""
    host, colon, port = listen.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not colon or not host or not (port.isascii() and port.isdigit()) or int(port) > 65_535:
        raise ConfigError(
            [Problem("admin.listen", 0, 0, f"{listen!r} is not HOST:PORT", hint="for example 127.0.0.1:9091")]
        )
    return host, int(port)
