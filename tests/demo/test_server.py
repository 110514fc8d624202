from __future__ import annotations

import asyncio

import pytest
from aiohttp import ClientSession

from waf.edge.demo_backend import Answer, DemoBackend


def respond(method: str, path: str, body: bytes) -> Answer:
    if path == "/stream":
        return Answer(200, "text/event-stream", (b"one", b"two", body), stream=True)
    return Answer(201, "text/plain", (method.encode(), b" ", path.encode()))


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Holds each streamed answer after every piece until it is set."""
    gate = asyncio.Event()

    async def wait(_seconds: float) -> None:
        await gate.wait()

    monkeypatch.setattr("waf.edge.demo_backend.asyncio.sleep", wait)
    return gate


async def test_a_whole_answer() -> None:
    backend = DemoBackend(respond)
    async with ClientSession() as session, session.put(await backend.start() + "/x?q=1") as answer:
        assert (answer.status, answer.content_type, await answer.text()) == (201, "text/plain", "PUT /x")
    await backend.close()


async def test_pieces_are_sent_one_by_one(gate: asyncio.Event) -> None:
    backend = DemoBackend(respond)
    async with ClientSession() as session, session.post(await backend.start() + "/stream", data=b"three") as answer:
        assert answer.content_length is None
        assert await answer.content.readany() == b"one"
        gate.set()
        assert await answer.read() == b"twothree"
    await backend.close()


async def test_closing_what_never_started() -> None:
    await DemoBackend(respond).close()
