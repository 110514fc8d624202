"""One exchange with a scripted upstream: what is sent, what comes back, and every way for it to go wrong."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from waf.edge.upstream import UpstreamPool
from waf.edge.upstream_connection import HIGH_WATER
from waf.errors import BadRequest, UpstreamProtocol, UpstreamTimeout, UpstreamUnreachable
from waf.settings import Timeouts, Upstream

OK = b"HTTP/1.1 200 OK\r\n"
HOST = [(b"Host", b"model")]
TIMES = Timeouts(upstream_connect=5, upstream_first_byte=10, upstream_idle=10, upstream_keepalive=10)

Run = Callable[[Any], Any]


def pool_for(server: Any, times: Timeouts = TIMES, path: str = "", **settings: Any) -> UpstreamPool:
    return UpstreamPool(Upstream(url=f"http://127.0.0.1:{server.port}{path}", **settings), times)


def answering(server: Any, answer: bytes, then: str = "keep") -> Any:
    """A script that gives the same answer to every request, then keeps the connection, or closes it."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.request(reader)
        writer.write(answer)
        if then == "close":
            return
        await script(reader, writer)

    return script


async def body_of(answer: Any) -> bytes:
    return b"".join([chunk async for chunk in answer.chunks()])


def test_what_is_sent(run: Run, scripted: Any) -> None:
    seen: list[tuple[bytes, bytes]] = []

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            seen.append(await scripted.request(reader))
            writer.write(OK + b"Content-Length: 0\r\n\r\n")

    async def main() -> None:
        async with scripted(script) as server:
            pool = pool_for(server, path="/base/")
            await pool.request("POST", "/a?b", HOST, b"body")
            await pool.request("POST", "/", HOST)
            await pool.request("GET", "/", HOST)
            await pool.request("OPTIONS", "*", HOST)
            await pool.request("DELETE", "/x", HOST, b"why")
            with pytest.raises(BadRequest):
                await pool.request("GET", "no", HOST)
            assert (server.connections, pool.open, pool.idle) == (1, 1, 1)
            await pool.close()

    run(main())
    assert seen == [
        (b"POST /base/a?b HTTP/1.1\r\nHost: model\r\nContent-Length: 4\r\n\r\n", b"body"),
        (b"POST /base/ HTTP/1.1\r\nHost: model\r\nContent-Length: 0\r\n\r\n", b""),
        (b"GET /base/ HTTP/1.1\r\nHost: model\r\n\r\n", b""),
        (b"OPTIONS * HTTP/1.1\r\nHost: model\r\n\r\n", b""),
        (b"DELETE /base/x HTTP/1.1\r\nHost: model\r\nContent-Length: 3\r\n\r\n", b"why"),
    ]


@pytest.mark.parametrize(
    ("url", "authority", "port"),
    [
        ("http://model", b"model", 80),
        ("https://model", b"model", 443),
        ("http://[::1]:8000/v1", b"[::1]:8000", 8000),
        ("http://user@model:81", b"model:81", 81),
    ],
)
def test_addresses(url: str, authority: bytes, port: int) -> None:
    pool = UpstreamPool(Upstream(url=url), TIMES)
    assert (pool.authority, pool.port) == (authority, port)


@pytest.mark.parametrize(
    ("method", "wire", "body", "reused"),
    [
        ("GET", OK + b"Content-Length: 5\r\n\r\nhello", b"hello", True),
        ("GET", OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", b"hello", True),
        ("HEAD", OK + b"Content-Length: 5\r\n\r\n", b"", True),
        ("GET", b"HTTP/1.1 204 No Content\r\n\r\n", b"", True),
        ("GET", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", b"", True),
        ("GET", b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"Content-Length: 1\r\n\r\na", b"a", True),
        ("GET", OK + b"Connection: close\r\nContent-Length: 1\r\n\r\na", b"a", False),
        ("GET", b"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na", b"a", False),
        ("HEAD", OK + b"Content-Length: 5\r\n\r\nhello", b"", False),
        ("GET", OK + b"Content-Length: 1\r\n\r\nab", b"a", False),
    ],
)
def test_whole_answers_and_what_becomes_of_the_connection(
    run: Run, scripted: Any, until: Any, method: str, wire: bytes, body: bytes, reused: bool
) -> None:
    async def main() -> None:
        server = scripted(answering(scripted, wire))
        async with server:
            pool = pool_for(server)
            for _ in range(2):
                answer = await pool.request(method, "/", HOST)
                small = answer.read_small()
                assert (small if small is not None else await body_of(answer)) == body
                assert answer.complete
                answer.close()
                if not reused:
                    await until(lambda: pool.open == 0)
            assert server.connections == (1 if reused else 2)
            await pool.close()
            assert pool.open == 0

    run(main())


def test_an_answer_that_ends_with_the_connection(run: Run, scripted: Any, until: Any) -> None:
    async def main() -> None:
        async with scripted(answering(scripted, OK + b"X: y\r\n\r\nto the end", then="close")) as server:
            pool = pool_for(server)
            answer = await pool.request("GET", "/", HOST)
            assert answer.content_length is None
            assert await body_of(answer) == b"to the end"
            assert answer.complete
            await until(lambda: pool.open == 0)

    run(main())


def test_pieces_arrive_one_by_one_at_once(run: Run, scripted: Any) -> None:
    """The upstream writes the next piece only after the last one was read, so any buffering would hang."""

    async def main() -> None:
        taken = asyncio.Semaphore(0)

        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await scripted.request(reader)
            writer.write(OK + b"Transfer-Encoding: chunked\r\n\r\n")
            for number in range(20):
                await taken.acquire()
                writer.write(b"9\r\ndata: %02d\n\r\n" % number)
            writer.write(b"0\r\nX-Count: 20\r\n\r\n")
            await reader.read()

        async with scripted(script) as server:
            pool = pool_for(server)
            answer = await pool.request("GET", "/", HOST)
            assert answer.read_small() is None
            pieces = []
            taken.release()
            async for piece in answer.chunks():
                pieces.append(piece)
                taken.release()
            assert pieces == [b"data: %02d\n" % number for number in range(20)]
            assert answer.trailers == [(b"X-Count", b"20")]
            assert await answer.read() == b""
            assert pool.idle == 1
            await pool.close()

    run(main())


LARGE = OK + b"Content-Length: 100000\r\n\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


def reset(writer: asyncio.StreamWriter) -> None:
    """Close with RST instead of FIN."""
    raw = writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@pytest.mark.parametrize("ending", ["fin", "rst"])
@pytest.mark.parametrize(
    ("wire", "body"),
    [(LARGE + b"ab", b"ab"), (CHUNKED + b"3\r\nabc\r\n", b"abc"), (CHUNKED + b"9\r\nabc", b"abc"), (CHUNKED, b"")],
    ids=["length", "between chunks", "in a chunk", "no chunk"],
)
def test_a_cut_answer_gives_what_came_and_then_fails(
    run: Run, scripted: Any, until: Any, wire: bytes, body: bytes, ending: str
) -> None:
    async def main() -> None:
        got = asyncio.Event()

        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await scripted.request(reader)
            writer.write(wire)
            await got.wait()
            if ending == "rst":
                reset(writer)

        async with scripted(script) as server:
            pool = pool_for(server)
            answer = await pool.request("GET", "/", HOST)
            if body:
                assert await answer.read() == body
            got.set()
            with pytest.raises(UpstreamProtocol) as caught:
                await answer.read()
            assert caught.value.code == "upstream_truncated"
            assert not answer.complete
            assert answer.read_small() is None
            answer.close()
            await until(lambda: pool.open == 0)

    run(main())


def test_reset_while_reading_until_close_is_not_an_end(run: Run, scripted: Any) -> None:
    async def main() -> None:
        got = asyncio.Event()

        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await scripted.request(reader)
            writer.write(OK + b"\r\nabc")
            await got.wait()
            reset(writer)

        async with scripted(script) as server:
            answer = await pool_for(server).request("GET", "/", HOST)
            assert await answer.read() == b"abc"
            got.set()
            with pytest.raises(UpstreamProtocol):
                await answer.read()

    run(main())


@pytest.mark.parametrize(
    ("wire", "error", "code"),
    [
        (OK + b"Content-Length: 10\r\n\r\nshort", UpstreamProtocol, "upstream_truncated"),
        (OK, UpstreamProtocol, "upstream_truncated"),
        (b"H", UpstreamProtocol, "upstream_truncated"),
        (b"SSH-2.0-OpenSSH\r\n", UpstreamProtocol, "upstream_invalid"),
        (
            OK + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            UpstreamProtocol,
            "upstream_invalid",
        ),
        (b"", UpstreamUnreachable, "upstream_closed"),
    ],
)
def test_no_answer_worth_the_name(
    run: Run, scripted: Any, until: Any, wire: bytes, error: type[Exception], code: str
) -> None:
    async def main() -> None:
        server = scripted(answering(scripted, wire, then="close"))
        async with server:
            pool = pool_for(server)
            with pytest.raises(error) as caught:
                await pool.request("GET", "/", HOST)
            assert getattr(caught.value, "code", "") == code
            await until(lambda: pool.open == 0)
            assert server.connections == 1

    run(main())


def test_an_answer_before_the_request_was_read(run: Run, scripted: Any, until: Any) -> None:
    async def main() -> None:
        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.transport.pause_reading()  # type: ignore[attr-defined]
            writer.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 4\r\n\r\nlong")
            await asyncio.Event().wait()

        async with scripted(script) as server:
            pool = pool_for(server)
            answer = await pool.request("POST", "/", HOST, bytes(32 << 20))
            assert (answer.status, answer.read_small()) == (413, b"long")
            await until(lambda: pool.open == 0)

    run(main())


# --------------------------------------------------------------------------- time


def test_nobody_listens(run: Run) -> None:
    async def main() -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        pool = UpstreamPool(Upstream(url=f"http://127.0.0.1:{port}"), TIMES)
        with pytest.raises(UpstreamUnreachable) as caught:
            await pool.request("GET", "/", HOST)
        assert caught.value.code == "upstream_unreachable"
        assert pool.open == 0

    run(main())


def test_no_first_byte(run: Run, scripted: Any, until: Any) -> None:
    async def main() -> None:
        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            await reader.read()

        server = scripted(script)
        async with server:
            pool = pool_for(server, replace(TIMES, upstream_first_byte=0.05))
            with pytest.raises(UpstreamTimeout) as caught:
                await pool.request("GET", "/", HOST)
            assert caught.value.code == "upstream_timeout"
            await until(lambda: pool.open == 0 and server.ended == 1)

    run(main())


@pytest.mark.parametrize("wire", [CHUNKED + b"1\r\na\r\n", LARGE + b"a"])
def test_an_answer_that_stalls(run: Run, scripted: Any, until: Any, wire: bytes) -> None:
    async def main() -> None:
        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await scripted.request(reader)
            writer.write(wire)
            await reader.read()

        server = scripted(script)
        async with server:
            pool = pool_for(server, replace(TIMES, upstream_idle=0.05))
            answer = await pool.request("GET", "/", HOST)
            assert await answer.read() == b"a"
            with pytest.raises(UpstreamTimeout) as caught:
                await answer.read()
            assert caught.value.code == "upstream_stalled"
            await until(lambda: pool.open == 0 and server.ended == 1)

    run(main())


def test_a_small_answer_that_stalls_fails_as_a_whole(run: Run, scripted: Any) -> None:
    async def main() -> None:
        async with scripted(answering(scripted, OK + b"Content-Length: 5\r\n\r\nhel")) as server:
            pool = pool_for(server, replace(TIMES, upstream_idle=0.05))
            with pytest.raises(UpstreamTimeout) as caught:
                await pool.request("GET", "/", HOST)
            assert caught.value.code == "upstream_stalled"
            await pool.close()

    run(main())


def test_a_slow_consumer_stops_the_upstream_and_is_not_blamed_on_it(run: Run, scripted: Any, until: Any) -> None:
    total = 64 << 20

    async def main() -> None:
        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await scripted.request(reader)
            writer.write(OK + b"Content-Length: %d\r\n\r\n" % total)
            for _ in range(total >> 20):
                writer.write(bytes(1 << 20))
                await writer.drain()
            await reader.read()

        async with scripted(script) as server:
            pool = pool_for(server, replace(TIMES, upstream_idle=0.05))
            answer = await pool.request("GET", "/", HOST)
            connection = answer._connection
            await until(lambda: not connection.transport.is_reading())
            await asyncio.sleep(0.2)  # several times the idle limit
            assert not connection.transport.is_reading()
            first = await answer.read()
            assert HIGH_WATER < len(first) < 4 * HIGH_WATER
            assert connection.transport.is_reading()
            size = len(first)
            async for piece in answer.chunks():
                size += len(piece)
            assert size == total
            assert pool.idle == 1
            await pool.close()

    run(main())


# --------------------------------------------------------------------------- who gives up


def test_cancelling_a_request_cuts_the_connection(run: Run, scripted: Any, until: Any) -> None:
    async def main() -> None:
        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()

        server = scripted(script)
        async with server:
            pool = pool_for(server)
            task = asyncio.ensure_future(pool.request("POST", "/", HOST, b"x"))
            await until(lambda: server.connections == 1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await until(lambda: pool.open == 0 and server.ended == 1)

    run(main())


@pytest.mark.parametrize("how", ["close", "cancel"])
def test_leaving_an_answer_in_the_middle_cuts_the_connection(run: Run, scripted: Any, until: Any, how: str) -> None:
    async def main() -> None:
        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await scripted.request(reader)
            writer.write(CHUNKED + b"1\r\na\r\n")
            await reader.read()

        server = scripted(script)
        async with server:
            pool = pool_for(server)
            answer = await pool.request("GET", "/", HOST)
            assert await answer.read() == b"a"
            if how == "close":
                answer.close()
                answer.close()
                with pytest.raises(UpstreamUnreachable):
                    await answer.read()
            else:
                task = asyncio.ensure_future(body_of(answer))
                await asyncio.sleep(0)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
            await until(lambda: pool.open == 0 and server.ended == 1)
            assert pool.idle == 0

    run(main())


def test_closing_a_whole_answer_leaves_its_connection_to_the_next(run: Run, scripted: Any) -> None:
    """Also when the next request has it already."""

    async def main() -> None:
        release = asyncio.Event()

        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await scripted.request(reader)
            writer.write(OK + b"Content-Length: 1\r\n\r\na")
            await scripted.request(reader)
            await release.wait()
            writer.write(OK + b"Content-Length: 1\r\n\r\nb")
            await reader.read()

        server = scripted(script)
        async with server:
            pool = pool_for(server)
            first = await pool.request("GET", "/", HOST)
            second = asyncio.ensure_future(pool.request("GET", "/", HOST))
            await asyncio.sleep(0.01)
            first.close()
            assert first.read_small() == b"a"
            release.set()
            assert (await second).read_small() == b"b"
            assert server.connections == 1
            await pool.close()

    run(main())


# --------------------------------------------------------------------------- upgrade


class Collector:
    def __init__(self) -> None:
        self.data = b""
        self.lost = False
        self.paused = 0

    def data_received(self, data: bytes) -> None:
        self.data += data

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = True

    def pause_writing(self) -> None:
        self.paused += 1

    def resume_writing(self) -> None:
        self.paused -= 1


SWITCH = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"


def test_an_upgraded_connection_belongs_to_its_sink(run: Run, scripted: Any, until: Any) -> None:
    async def main() -> None:
        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await scripted.request(reader)
            writer.write(SWITCH + b"first")
            assert await reader.readexactly(4) == b"ping"
            writer.write(b"second")
            await reader.readexactly(4 << 20)

        server = scripted(script)
        async with server:
            pool = pool_for(server, replace(TIMES, upstream_idle=0.05, upstream_keepalive=0.05))
            answer = await pool.request("GET", "/", HOST, upgrade=True)
            upgraded = answer.upgraded
            assert (answer.status, upgraded.leftover[:5]) == (101, b"first")
            sink = Collector()
            await asyncio.sleep(0.1)  # neither the idle nor the keep-alive limit is about a tunnel
            upgraded.attach(sink)
            answer.close()
            upgraded.transport.write(b"ping")
            await until(lambda: sink.data == b"second")
            assert (pool.open, pool.idle) == (1, 0)
            upgraded.transport.write(bytes(4 << 20))
            assert sink.paused == 1
            await until(lambda: sink.lost)
            assert (pool.open, sink.paused) == (0, 0)

    run(main())


def test_an_upgrade_that_nobody_takes_is_cut(run: Run, scripted: Any, until: Any) -> None:
    async def main() -> None:
        async with scripted(answering(scripted, SWITCH)) as server:
            pool = pool_for(server)
            answer = await pool.request("GET", "/", HOST, upgrade=True)
            answer.close()
            await until(lambda: pool.open == 0)
            sink = Collector()
            assert answer.upgraded is not None
            answer.upgraded.attach(sink)
            assert sink.lost

    run(main())


def test_an_upgrade_that_is_declined_is_an_answer(run: Run, scripted: Any) -> None:
    async def main() -> None:
        wire = b"HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\n\r\n"
        async with scripted(answering(scripted, wire)) as server:
            pool = pool_for(server)
            answer = await pool.request("GET", "/", HOST, upgrade=True)
            assert (answer.status, answer.upgraded, answer.read_small()) == (426, None, b"")
            assert pool.idle == 1
            await pool.close()

    run(main())
