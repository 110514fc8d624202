"""A loopback HTTP server around a pure function: what stands in for the model server in `waf demo`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from aiohttp import web

PAUSE: Final = 0.03
"""Seconds between two pieces of a streamed answer, about what a model takes for a token."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`pieces`: one is sent with its length; several are streamed, each as soon as it is due."""

    status: int
    content_type: str
    pieces: tuple[bytes, ...]
    stream: bool = False


Respond = Callable[[str, str, bytes], Answer]
"""Method, path and body in, answer out."""


class DemoBackend:
    """Serves `respond` on 127.0.0.1 and a free port between `start` and `close`; bodies over 1 MiB get a 413."""

    def __init__(self, respond: Respond) -> None:
        self._respond = respond
        self._runner: web.ServerRunner | None = None

    async def start(self) -> str:
        """Begins to listen; returns the URL, `http://127.0.0.1:PORT`."""
        server = web.Server(self._answer, access_log=None)
        self._runner = web.ServerRunner(server, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0]
        return f"http://{host}:{port}"

    async def close(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        answer = self._respond(request.method, request.path, await request.read())
        headers = {"Content-Type": answer.content_type}
        if not answer.stream:
            return web.Response(status=answer.status, body=b"".join(answer.pieces), headers=headers)
        response = web.StreamResponse(status=answer.status, headers=headers | {"Cache-Control": "no-store"})
        await response.prepare(request)
        for piece in answer.pieces:
            await response.write(piece)
            await asyncio.sleep(PAUSE)
        await response.write_eof()
        return response
