"""Servers that follow a script, and both event loops."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest
import uvloop

from tests.edge.front import Front
from waf.classify.load import Models, load_scorer

T = TypeVar("T")
Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Scripted:
    """A server each of whose connections follows `script(reader, writer)`; the peer going away ends it quietly."""

    def __init__(self, script: Script, **options: Any) -> None:
        self._script = script
        self._options = {"host": "127.0.0.1", **options}
        self._tasks: set[asyncio.Task[None]] = set()
        self.connections = 0
        """Accepted so far."""
        self.ended = 0
        """Scripts that came to their end."""

    @property
    def port(self) -> int:
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def __aenter__(self) -> Scripted:
        self._server = await asyncio.start_server(self._serve, port=0, **self._options)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            await self._script(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            self.ended += 1
            writer.close()

    @staticmethod
    async def request(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
        """The next request on a connection: head and body."""
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"\r\nContent-Length: (\d+)\r\n", head)
        return head, await reader.readexactly(int(length[1])) if length else b""


@pytest.fixture
def scripted() -> type[Scripted]:
    return Scripted


@pytest.fixture
def until() -> Callable[[Callable[[], bool]], Awaitable[None]]:
    """Wait until something is so. The test's own limit ends it when it never is."""

    async def wait(condition: Callable[[], bool]) -> None:
        while not condition():  # noqa: ASYNC110 - what changes it knows nothing of us
            await asyncio.sleep(0.002)

    return wait


@pytest.fixture(params=[asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Callable[[Coroutine[Any, Any, T]], T]:
    """Run a coroutine to its end on one of the loops, within 20 seconds."""

    def call(main: Coroutine[Any, Any, T]) -> T:
        with asyncio.Runner(loop_factory=request.param) as runner:
            return runner.run(asyncio.wait_for(main, 20))

    return call


@pytest.fixture
def front(tmp_path: Path) -> Callable[..., Front]:
    """`front(port, **settings)`: settings are dotted paths with `__` for the dot; `models` loads the classifier."""

    def make(port: int, models: Models = load_scorer, **settings: Any) -> Front:
        named = {name.replace("__", "."): value for name, value in settings.items()}
        return Front(tmp_path, port, named, models)

    return make
