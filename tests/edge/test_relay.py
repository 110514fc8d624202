"""Answers on their way back: piece by piece as they come, framed right, and never complete when the upstream's was not."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

GET = b"GET / HTTP/1.1\r\nHost: api\r\n\r\n"
OLD = b"GET / HTTP/1.0\r\nHost: api\r\n\r\n"
STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def saying(scripted: Any, answer: bytes, *, close: bool = False) -> Any:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await scripted.request(reader)
        writer.write(answer)
        if not close:
            await script(reader, writer)

    return script


def test_each_event_arrives_before_the_next_is_made(run: Any, scripted: Any, front: Any) -> None:
    """The upstream sends an event only when the client has read the one before."""

    async def main() -> None:
        said: asyncio.Queue[bytes] = asyncio.Queue()

        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await scripted.request(reader)
            writer.write(STREAM)
            while data := await said.get():
                writer.write(chunk(data))
            writer.write(b"0\r\n\r\n")
            await script(reader, writer)

        async with scripted(script) as server, front(server.port) as waf:
            wire = await waf.wire(GET)
            head = await wire.head()
            assert b"\r\nTransfer-Encoding: chunked\r\n" in head
            assert b"\r\nContent-Type: text/event-stream\r\n" in head
            for i in range(20):
                said.put_nowait(b"data: %d\n\n" % i)
                assert await wire.chunk() == b"data: %d\n\n" % i
            said.put_nowait(b"")
            assert await wire.chunk() == b""
            assert await wire.reader.readline() == b"\r\n"
            wire.send(GET)
            await wire.head()
            [event] = await waf.events(1)
            assert event["bytes_out"] == sum(len(b"data: %d\n\n" % i) for i in range(20))

    run(main())


FRAMINGS = {
    "counted": (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", False),
    "counted, large": (b"HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + b"hello" * 60_000, False),
    "empty": (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", False),
    "chunked": (STREAM + chunk(b"hel") + chunk(b"lo") + b"0\r\n\r\n", False),
    "chunked, large": (STREAM + chunk(b"hello" * 60_000) + b"0\r\n\r\n", False),
    "until the close": (b"HTTP/1.1 200 OK\r\n\r\nhello", True),
    "HTTP/1.0 until the close": (b"HTTP/1.0 200 OK\r\n\r\nhello", True),
}


@pytest.mark.parametrize(("answer", "close"), FRAMINGS.values(), ids=list(FRAMINGS))
@pytest.mark.parametrize("old", [False, True], ids=["1.1", "1.0"])
def test_framing(run: Any, scripted: Any, front: Any, answer: bytes, close: bool, old: bool) -> None:
    body = b"" if b"Content-Length: 0" in answer else b"hello" * (60_000 if len(answer) > 1000 else 1)

    async def main() -> None:
        async with scripted(saying(scripted, answer, close=close)) as server, front(server.port) as waf:
            wire = await waf.wire(OLD if old else GET)
            got = await wire.answer()
            assert (got.status, got.body) == (200, body)
            assert not (old and "transfer-encoding" in got.headers)
            if old:
                assert await wire.rest() == b""
            else:
                assert (await wire.ask(GET)).body == body

    run(main())


@pytest.mark.parametrize(
    ("request_", "answer", "length"),
    [
        (b"HEAD / HTTP/1.1\r\nHost: api\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", "5000"),
        (b"HEAD / HTTP/1.1\r\nHost: api\r\n\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", None),
        (GET, b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n", None),
        (GET, b"HTTP/1.1 304 Not Modified\r\nContent-Length: 77\r\n\r\n", "77"),
        (GET, b"HTTP/1.1 204 No Content\r\n\r\n", None),
    ],
)
def test_answers_without_a_body(
    run: Any, scripted: Any, front: Any, request_: bytes, answer: bytes, length: str | None
) -> None:
    async def main() -> None:
        async with scripted(saying(scripted, answer)) as server, front(server.port) as waf:
            wire = await waf.wire(request_)
            got = await wire.answer(bodiless=True)
            assert got.headers.get("content-length") == length
            assert "transfer-encoding" not in got.headers
            wire.send(request_)  # had there been bytes of a body, this answer would not parse
            assert (await wire.answer(bodiless=True)).status == got.status

    run(main())


def test_interim_answers_are_not_the_answer(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        early = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        async with scripted(saying(scripted, early)) as server, front(server.port) as waf:
            assert (await waf.ask(GET)).body == b"ok"

    run(main())


@pytest.mark.parametrize("small", [True, False])
def test_trailers(run: Any, scripted: Any, front: Any, small: bool) -> None:
    async def main() -> None:
        trailers = b"X-Checksum: 1\r\nX-WAF-Score: 0\r\nSet-Cookie: a=b\r\n\r\n"
        body = b"hello" * (1 if small else 60_000)
        answer = STREAM.replace(b"\r\n\r\n", b"\r\nTrailer: X-Checksum\r\n\r\n") + chunk(body) + b"0\r\n" + trailers
        async with scripted(saying(scripted, answer)) as server, front(server.port) as waf:
            wire = await waf.wire(GET)
            got = await wire.answer()
            assert (got.body, got.trailers) == (body, b"X-Checksum: 1\r\n")
            old = await waf.ask(OLD)
            assert (old.body, old.trailers) == (body, b"")

    run(main())


def test_hop_by_hop_headers_stay_behind(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        answer = (
            b"HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\n"
            b"X-WAF-Request-Id: forged\r\nX-End: 2\r\nContent-Length: 2\r\n\r\nok"
        )
        async with scripted(saying(scripted, answer)) as server, front(server.port) as waf:
            got = await waf.ask(GET)
            assert {"keep-alive", "x-hop", "connection"} & got.headers.keys() == set()
            assert got.headers["x-end"] == "2"
            assert got.headers["x-waf-request-id"] != "forged"

    run(main())


CUTS = {
    "counted": (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nhalf", b""),
    "chunked": (STREAM + chunk(b"half"), b""),
    "in a chunk": (STREAM + b"a\r\nhalf", b""),
    "garbage for a chunk": (STREAM + chunk(b"half"), b"nonsense\r\n"),
}
"""What the upstream sends, and what more once the client has seen the head; then it closes."""


@pytest.mark.parametrize(("answer", "more"), CUTS.values(), ids=list(CUTS))
@pytest.mark.parametrize("request_", [GET, OLD], ids=["1.1", "1.0"])
def test_half_an_answer_does_not_look_whole(
    run: Any, scripted: Any, front: Any, answer: bytes, more: bytes, request_: bytes
) -> None:
    async def main() -> None:
        begun = asyncio.Event()

        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await scripted.request(reader)
            writer.write(answer)
            await begun.wait()
            writer.write(more)

        async with scripted(script) as server, front(server.port) as waf:
            wire = await waf.wire(request_)
            head = await wire.head()
            begun.set()
            assert head.startswith(b"HTTP/1.1 200")
            if request_ is OLD and b"Content-Length" not in head:
                with pytest.raises(ConnectionResetError):  # the close would mean the end, so it is a reset
                    await wire.reader.read()
            else:
                assert not (await wire.rest()).endswith(b"0\r\n\r\n")
            [event] = await waf.events(1)
            assert event["status"] == 200
            assert event["outcome"].startswith("upstream_")

    run(main())


def test_a_client_that_leaves_ends_the_upstreams_work(run: Any, scripted: Any, front: Any, until: Any) -> None:
    async def main() -> None:
        told = asyncio.Event()

        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await scripted.request(reader)
            writer.write(STREAM + chunk(b"data: 1\n\n"))
            assert await reader.read() == b""
            told.set()

        async with scripted(script) as server, front(server.port) as waf:
            wire = await waf.wire(GET)
            await wire.head()
            assert await wire.chunk() == b"data: 1\n\n"
            wire.close()
            await told.wait()
            [event] = await waf.events(1)
            assert (event["outcome"], event["status"]) == ("client_closed", 200)

    run(main())


def test_a_slow_client_slows_the_upstream(run: Any, scripted: Any, front: Any, until: Any) -> None:
    """100 MB are offered; what is in flight stays within a few buffers until the client reads on."""

    async def main() -> None:
        written = 0

        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal written
            await scripted.request(reader)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n")
            for _ in range(1000):
                writer.write(b"x" * 100_000)
                await writer.drain()
                written += 100_000

        async with scripted(script) as server, front(server.port) as waf:
            wire = await waf.wire(GET, limit=65_536)
            await wire.head()
            stalled = -1
            while stalled != written:
                stalled = written
                await asyncio.sleep(0.2)
            assert 0 < written < 50_000_000
            left = 100_000_000
            while left:
                left -= len(await wire.reader.read(1_000_000))
            assert written == 100_000_000

    run(main())


def test_a_client_that_stops_reading_is_cut_off(run: Any, scripted: Any, front: Any, until: Any) -> None:
    async def main() -> None:
        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await scripted.request(reader)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n")
            for _ in range(1000):
                writer.write(b"x" * 100_000)
                await writer.drain()

        async with scripted(script) as server, front(server.port, timeouts__client_write=0.2) as waf:
            wire = await waf.wire(GET, limit=65_536)
            await wire.head()
            await until(lambda: waf.service.open == 0)
            await until(lambda: server.ended == 1)

    run(main())


def test_a_client_that_asks_on_and_on_without_reading_is_cut_off(
    run: Any, scripted: Any, front: Any, until: Any
) -> None:
    """Each answer is small enough to be written at once; together they are not. No more are fetched than fit."""

    async def main() -> None:
        answered = 0
        body = b"x" * 60_000

        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal answered
            while True:
                await scripted.request(reader)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n" + body)
                answered += 1

        async with scripted(script) as server, front(server.port, timeouts__client_write=0.2) as waf:
            wire = await waf.wire(GET * 5000, limit=65_536)
            await wire.head()
            await until(lambda: waf.service.open == 0)
            assert answered < 5000

    run(main())


ERRORS = {
    "nobody listens": (None, 502, "upstream_unreachable"),
    "closes at once": (b"", 502, "upstream_closed"),
    "no HTTP": (b"SSH-2.0-OpenSSH\r\n\r\n", 502, "upstream_invalid"),
    "half a head": (b"HTTP/1.1 200 OK\r\n", 502, "upstream_truncated"),
    "half a small body": (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", 502, "upstream_truncated"),
}


@pytest.mark.parametrize(("answer", "status", "code"), ERRORS.values(), ids=list(ERRORS))
def test_upstream_errors_have_the_shape_of_the_api(
    run: Any, scripted: Any, front: Any, answer: bytes | None, status: int, code: str
) -> None:
    async def main() -> None:
        async with scripted(saying(scripted, answer or b"", close=True)) as server:
            port = server.port
            if answer is None:
                await server.__aexit__()
            async with front(port) as waf:
                wire = await waf.wire()
                body = b'{"messages":[]}'
                ask = b"POST /v1/chat/completions HTTP/1.1\r\nHost: api\r\nContent-Length: %d\r\n\r\n%b" % (
                    len(body),
                    body,
                )
                got = await wire.ask(ask)
                assert got.status == status
                assert got.json()["error"]["type"] == "server_error"
                assert "x-should-retry" not in got.headers
                assert (await wire.ask(ask)).status == status  # the client's connection outlives the upstream's
                for event in await waf.events(2):
                    assert (event["outcome"], event["status"]) == (code, status)

    run(main())


def test_an_upstream_that_does_not_answer(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()

        async with scripted(script) as server, front(server.port, timeouts__upstream_first_byte=0.1) as waf:
            assert (await waf.ask(GET)).status == 504

    run(main())
