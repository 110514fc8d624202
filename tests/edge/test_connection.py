"""One client connection: order, reuse, deadlines, limits, and clients that leave at any moment."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from waf.edge import fairness
from waf.edge.connection import HANGUP_CHECK
from waf.engine import Engine
from waf.model import Request
from waf.verdict import Verdict

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
GET = b"GET /%b HTTP/1.1\r\nHost: api\r\n%b\r\n"


def get(path: bytes = b"", *lines: bytes) -> bytes:
    return GET % (path, b"".join(line + b"\r\n" for line in lines))


def post(length: int, body: bytes, *lines: bytes) -> bytes:
    extra = b"".join(line + b"\r\n" for line in lines)
    return b"POST / HTTP/1.1\r\nHost: api\r\nContent-Length: %d\r\n%b\r\n%b" % (length, extra, body)


class Echo:
    """Answers each request with its target; remembers heads and bodies."""

    def __init__(self, scripted: Any) -> None:
        self.seen: list[bytes] = []
        self.bodies: list[bytes] = []
        self._scripted = scripted

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head, body = await self._scripted.request(reader)
            self.seen.append(head)
            self.bodies.append(body)
            target = head.split(b" ")[1]
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(target), target))


def test_requests_are_answered_in_order(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        async with scripted(Echo(scripted)) as server, front(server.port) as waf:
            wire = await waf.wire(b"".join(get(b"%d" % i) for i in range(100)))
            assert [(await wire.answer()).body for _ in range(100)] == [b"/%d" % i for i in range(100)]
            assert server.connections == 1
            assert (await wire.ask(get(b"last"))).body == b"/last"

    run(main())


@pytest.mark.parametrize(
    ("request_", "kept"),
    [
        (get(), True),
        (get(b"", b"Connection: close"), False),
        (b"GET / HTTP/1.0\r\nHost: api\r\n\r\n", False),
        (b"GET / HTTP/1.0\r\nHost: api\r\nConnection: keep-alive\r\n\r\n", True),
        (get(b"", b"Connection: Upgrade", b"Upgrade: h2c"), False),
    ],
)
def test_what_keeps_a_connection(run: Any, scripted: Any, front: Any, request_: bytes, kept: bool) -> None:
    async def main() -> None:
        async with scripted(Echo(scripted)) as server, front(server.port) as waf:
            wire = await waf.wire()
            answer = await wire.ask(request_)
            if kept:
                assert answer.headers.get("connection", "keep-alive") == "keep-alive"
                assert (await wire.ask(get(b"again"))).body == b"/again"
            else:
                assert answer.headers["connection"] == "close"
                assert await wire.rest() == b""

    run(main())


CHUNKED = b"POST /one HTTP/1.1\r\nHost: api\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"


@pytest.mark.parametrize("end", [b"0\r\nX-Admin: yes\r\n\r\n", b"0;x\r\n\r\n", b"00\r\n\r\n"])
@pytest.mark.parametrize("together", [True, False])
def test_nothing_is_served_behind_trailers(
    run: Any, scripted: Any, front: Any, until: Any, end: bytes, together: bool
) -> None:
    """aiohttp's parser reports the last trailer as a header of the next request."""

    async def main() -> None:
        echo = Echo(scripted)
        async with scripted(echo) as server, front(server.port) as waf:
            if together:
                wire = await waf.wire(CHUNKED + end + get(b"two"))
            else:
                wire = await waf.wire(CHUNKED)
                wire.send(end)
            answer = await wire.answer()
            assert (answer.body, answer.headers["connection"]) == (b"/one", "close")
            wire.send(get(b"three"))
            assert await wire.rest() == b""
            assert len(echo.seen) == 1
            assert b"X-Admin" not in echo.seen[0]

    run(main())


def test_a_plain_chunked_body_keeps_the_connection(run: Any, scripted: Any, front: Any) -> None:
    """However it is cut into pieces."""
    whole = CHUNKED + b"0\r\n\r\n"

    async def main() -> None:
        echo = Echo(scripted)
        async with scripted(echo) as server, front(server.port) as waf:
            wire = await waf.wire()
            for cut in range(len(whole)):
                wire.send(whole[:cut])
                await asyncio.sleep(0.001)
                assert (await wire.ask(whole[cut:])).body == b"/one"
            assert echo.bodies == [b"hello"] * len(whole)
            assert b"\r\nContent-Length: 5\r\n" in echo.seen[0]

    run(main())


def test_continue_is_said_when_the_head_is_fine(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        echo = Echo(scripted)
        async with scripted(echo) as server, front(server.port) as waf:
            wire = await waf.wire(post(5, b"", b"Expect: 100-continue"))
            assert await wire.head() == b"HTTP/1.1 100 Continue\r\n\r\n"
            wire.send(b"hello")
            assert (await wire.answer()).status == 200
            assert echo.bodies == [b"hello"]
            assert b"Expect" not in echo.seen[0]
            unasked = await wire.ask(post(5, b"hello", b"Expect: 100-continue"))
            assert unasked.status == 200

    run(main())


def test_continue_is_not_said_when_the_body_is_not_wanted(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        async with scripted(Echo(scripted)) as server, front(server.port, limits__body=1024) as waf:
            answer = await waf.ask(post(1025, b"", b"Expect: 100-continue"))
            assert (answer.status, answer.headers["connection"]) == (413, "close")
            [event] = await waf.events(1)
            assert (event["status"], event["outcome"], event["action"]) == (413, "body_length", "block")
            assert 'waf_limited_total{kind="body_length"} 1.0' in waf.service.metrics.render().decode()

    run(main())


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (
            b"POST / HTTP/1.1\r\nHost: api\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"400\r\n" + b"a" * 1024 + b"\r\n1\r\nb\r\n",
            413,
        ),
        (
            b"POST / HTTP/1.1\r\nHost: api\r\nTransfer-Encoding: chunked\r\n\r\n401\r\n"
            + b"a" * 1025
            + b"\r\n0\r\n\r\n",
            413,
        ),
        (post(5, b"hello", b"Content-Encoding: br"), 400),
        (post(2, b"hi", b"Content-Encoding: gzip"), 400),
    ],
    ids=["chunks past the limit", "a whole body past the limit", "not brotli", "not gzip"],
)
def test_bodies_that_are_refused(run: Any, scripted: Any, front: Any, data: bytes, status: int) -> None:
    async def main() -> None:
        echo = Echo(scripted)
        async with scripted(echo) as server, front(server.port, limits__body=1024) as waf:
            answer = await waf.ask(data)
            assert (answer.status, answer.headers["connection"]) == (status, "close")
            assert echo.seen == []

    run(main())


def test_a_refused_body_is_swallowed_so_that_the_answer_arrives(run: Any, scripted: Any, front: Any) -> None:
    """10 MB at once, refused by its head; a reset would have destroyed the answer."""

    async def main() -> None:
        async with scripted(Echo(scripted)) as server, front(server.port) as waf:
            wire = await waf.wire(post(10_000_000, b"a" * 10_000_000))
            assert (await wire.answer()).status == 413
            assert await wire.rest() == b""

    run(main())


def test_a_head_has_to_arrive_in_time(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        async with scripted(Echo(scripted)) as server, front(server.port, timeouts__header=0.1) as waf:
            wire = await waf.wire(get()[:-2])
            answer = await wire.answer()
            assert (answer.status, answer.headers["connection"]) == (408, "close")
            assert await wire.rest() == b""
            [event] = await waf.events(1)
            assert event["outcome"] == "header_timeout"
            assert 'waf_limited_total{kind="header_timeout"} 1.0' in waf.service.metrics.render().decode()

    run(main())


def test_drops_of_a_head_do_not_buy_time(run: Any, scripted: Any, front: Any) -> None:
    """The clock runs from the first byte: one that comes now and then does not set it back."""

    async def main() -> None:
        async with scripted(Echo(scripted)) as server, front(server.port, timeouts__header=0.3) as waf:
            wire = await waf.wire(b"GET / HTTP/1.1\r\nHost: api\r\n")
            answer = asyncio.ensure_future(wire.answer())
            while not answer.done():
                wire.send(b"X: y\r\n")
                await asyncio.wait([answer], timeout=0.02)
            assert (await answer).status == 408

    run(main())


def test_the_second_head_has_its_own_clock(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        async with scripted(Echo(scripted)) as server, front(server.port, timeouts__header=0.1) as waf:
            wire = await waf.wire()
            assert (await wire.ask(get())).status == 200
            assert (await wire.ask(get()[:-2])).status == 408

    run(main())


def test_a_body_has_to_go_on(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        echo = Echo(scripted)
        async with scripted(echo) as server, front(server.port, timeouts__body_idle=0.1) as waf:
            answer = await waf.ask(post(5, b"hell"))
            assert (answer.status, answer.headers["connection"]) == (408, "close")
            assert echo.seen == []

    run(main())


def test_a_body_may_not_trickle(run: Any, scripted: Any, front: Any) -> None:
    """A byte before each pause is over is no body; one that comes fast enough is, pauses and all."""

    async def main() -> None:
        settings = {"timeouts__body_idle": 0.5, "timeouts__body_rate": 100}
        async with scripted(Echo(scripted)) as server, front(server.port, **settings) as waf:
            wire = await waf.wire(post(50_000, b"h"))

            async def trickle() -> None:
                while True:
                    await asyncio.sleep(0.05)
                    wire.send(b"h")

            task = asyncio.create_task(trickle())
            assert (await wire.answer()).status == 408
            task.cancel()
            wire = await waf.wire(post(10_000, b"h"))
            for _ in range(3):
                await asyncio.sleep(0.2)
                wire.send(b"h" * 3_000)
            wire.send(b"h" * 999)
            assert (await wire.answer()).status == 200

    run(main())


def test_malformed_chunks_in_the_middle_of_a_body(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        async with scripted(Echo(scripted)) as server, front(server.port) as waf:
            wire = await waf.wire(CHUNKED)
            await asyncio.sleep(0.01)
            wire.send(b"nonsense\r\n")
            assert (await wire.answer()).status == 400

    run(main())


def test_an_idle_connection_is_closed(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        async with scripted(Echo(scripted)) as server, front(server.port, timeouts__keepalive=0.1) as waf:
            unused = await waf.wire()
            used = await waf.wire()
            assert (await used.ask(get())).status == 200
            assert await used.rest() == b""
            assert await unused.rest() == b""

    run(main())


def test_no_keepalive(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        async with scripted(Echo(scripted)) as server, front(server.port, timeouts__keepalive=0) as waf:
            wire = await waf.wire(get())
            assert (await wire.answer()).headers["connection"] == "close"
            assert await wire.rest() == b""

    run(main())


def test_connections_past_the_limit_wait(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        async with scripted(Echo(scripted)) as server, front(server.port, limits__connections=2) as waf:
            first, second = await waf.wire(), await waf.wire()
            assert (await first.ask(get(b"1"))).body == b"/1"
            assert (await second.ask(get(b"2"))).body == b"/2"
            third = await waf.wire(get(b"3"))
            waiting = asyncio.ensure_future(third.answer())
            assert (await first.ask(get(b"1"))).body == b"/1"
            assert not waiting.done()
            first.close()
            assert (await waiting).body == b"/3"
            fourth = await waf.wire(get(b"4"))
            second.close()
            assert (await fourth.answer()).body == b"/4"

    run(main())


def test_connections_of_one_address(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        limits = {"limits__connections_per_address": 2}
        async with scripted(Echo(scripted)) as server, front(server.port, **limits) as waf:
            first, second = await waf.wire(get(b"1")), await waf.wire(get(b"2"))
            assert ((await first.answer()).body, (await second.answer()).body) == (b"/1", b"/2")
            assert await (await waf.wire()).rest() == b"", "one too many"
            assert ("waf_limited_total", 1.0) in [
                (sample.name, sample.value)
                for family in waf.service.metrics.collect()
                for sample in family.samples
                if sample.labels == {"kind": "connections_per_address"}
            ]
            first.close()
            await asyncio.sleep(0.05)
            assert (await waf.ask(get(b"3"))).body == b"/3"
        # Behind a trusted proxy every connection is the proxy's.
        settings = {**limits, "trusted_proxies": ["127.0.0.1"]}
        async with scripted(Echo(scripted)) as server, front(server.port, **settings) as waf:
            wires = [await waf.wire(get()) for _ in range(3)]
            assert [(await wire.answer()).status for wire in wires] == [200] * 3
        # Where a load balancer says who is there, its clients are counted.
        settings["proxy_protocol"] = "v1"
        async with scripted(Echo(scripted)) as server, front(server.port, **settings) as waf:
            hello = b"PROXY TCP6 2001:db8::%d ::1 1 2\r\n" + get()
            wires = [await waf.wire(hello % number) for number in range(2)]
            assert [(await wire.answer()).status for wire in wires] == [200] * 2
            assert await (await waf.wire(hello % 3)).rest() == b"", "all of one /64"
            assert (await waf.ask(hello.replace(b"db8", b"db9") % 1)).status == 200

    run(main())


def test_a_long_pipeline_waits_for_its_turn(run: Any, scripted: Any, front: Any) -> None:
    """More requests than are queued, and an upstream that takes its time: the socket is looked at and found alive."""

    async def main() -> None:
        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await scripted.request(reader)
            await asyncio.sleep(1.5 * HANGUP_CHECK)
            writer.write(OK)
            await Echo(scripted)(reader, writer)

        async with scripted(script) as server, front(server.port) as waf:
            wire = await waf.wire(get() * 100)
            assert [(await wire.answer()).status for _ in range(100)] == [200] * 100

    run(main())


def test_a_pipeline_of_refused_requests_lets_others_be_served(
    run: Any, scripted: Any, front: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing about them has to be waited for, so that the loop would not see anything else until the last of them."""
    monkeypatch.setattr(fairness, "LONGEST", 0.0)
    seen: list[int] = []
    examine = Engine.examine

    async def main() -> None:
        turns = 0

        async def count() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        def examined(engine: Engine, request: Request) -> Verdict:
            seen.append(turns)
            return examine(engine, request)

        async with scripted(Echo(scripted)) as server, front(server.port) as waf:
            monkeypatch.setattr(Engine, "examine", examined)
            counting = asyncio.ensure_future(count())
            wire = await waf.wire(get(b"?q=evil") * 20)
            assert [(await wire.answer()).status for _ in range(20)] == [403] * 20
            counting.cancel()
        assert len(set(seen)) == 20

    run(main())


STAGES = {
    "nothing": b"",
    "part of a request line": b"GET /",
    "part of a head": get()[:-2],
    "part of a body": post(5, b"he"),
    "part of a chunked body": CHUNKED,
    "a whole request": get(),
    "pipelined requests": get() * 40,
}


@pytest.mark.parametrize("reset", [True, False], ids=["reset", "closed"])
@pytest.mark.parametrize("data", STAGES.values(), ids=list(STAGES))
def test_clients_may_leave_at_any_stage(
    run: Any, scripted: Any, front: Any, until: Any, data: bytes, reset: bool
) -> None:
    async def main() -> None:
        async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await scripted.request(reader)
            await reader.read()  # nothing comes but the end

        async with scripted(silent) as server, front(server.port) as waf:
            wire = await waf.wire(data)
            await wire.writer.drain()
            if data in (get(), get() * 40):
                await until(lambda: server.connections == 1)
            if reset:
                sock = wire.writer.get_extra_info("socket")
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            wire.close()
            await until(lambda: waf.service.open == 0)
            await until(lambda: server.ended == server.connections)  # the upstream was told, too
            if data == get():
                [event] = await waf.events(1)
                assert (event["outcome"], event["status"]) == ("client_closed", 0)

    run(main())
