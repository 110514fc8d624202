"""The pool: reuse, the queue, stale connections, and its end."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from waf.edge.upstream import UpstreamPool
from waf.edge.upstream_connection import Connection
from waf.errors import UpstreamTimeout, UpstreamUnreachable
from waf.settings import Timeouts, Upstream

OK = b"HTTP/1.1 200 OK\r\n"
EMPTY = OK + b"Content-Length: 0\r\n\r\n"
HOST = [(b"Host", b"model")]
TIMES = Timeouts(upstream_connect=5, upstream_first_byte=10, upstream_idle=10, upstream_keepalive=10)

Run = Callable[[Any], Any]
Reader, Writer = asyncio.StreamReader, asyncio.StreamWriter


def pool_for(port: int, connections: int = 8, times: Timeouts = TIMES, **options: Any) -> UpstreamPool:
    return UpstreamPool(Upstream(url=f"http://127.0.0.1:{port}", connections=connections), times, **options)


class Gate:
    """A script that answers with the request's own body, each time the test lets one through."""

    def __init__(self, request: Any) -> None:
        self._request = request
        self.open = asyncio.Semaphore(0)
        self.seen: list[bytes] = []

    async def __call__(self, reader: Reader, writer: Writer) -> None:
        while True:
            _, body = await self._request(reader)
            self.seen.append(body)
            await self.open.acquire()
            writer.write(OK + b"Content-Length: %d\r\n\r\n%b" % (len(body), body))


async def post(pool: UpstreamPool, body: bytes) -> bytes | None:
    return (await pool.request("POST", "/", HOST, body)).read_small()


def test_the_connection_used_last_is_used_next(run: Run, scripted: Any, until: Any) -> None:
    async def main() -> None:
        gate = Gate(scripted.request)
        server = scripted(gate)
        async with server:
            pool = pool_for(server.port)
            three = [asyncio.ensure_future(post(pool, b"%d" % n)) for n in range(3)]
            await until(lambda: len(gate.seen) == 3)
            for _ in range(10):
                gate.open.release()
            await asyncio.gather(*three)
            assert (pool.open, pool.idle) == (3, 3)
            newest = next(reversed(pool._idle))
            for _ in range(5):
                await post(pool, b"x")
                assert next(reversed(pool._idle)) is newest
            assert server.connections == 3
            await pool.close()

    run(main())


def test_no_answer_reaches_the_wrong_request(run: Run, scripted: Any) -> None:
    async def main() -> None:
        gate = Gate(scripted.request)
        server = scripted(gate)
        async with server:
            pool = pool_for(server.port, connections=7)
            for _ in range(300):
                gate.open.release()
            bodies = [b"request %d" % n for n in range(300)]
            assert await asyncio.gather(*(post(pool, body) for body in bodies)) == bodies
            assert server.connections == 7
            assert (pool.open, pool.idle, pool.waiting) == (7, 7, 0)
            await pool.close()

    run(main())


def test_idle_connections_go_away_and_the_ticker_with_them(run: Run, scripted: Any, until: Any) -> None:
    async def main() -> None:
        gate = Gate(scripted.request)
        server = scripted(gate)
        async with server:
            pool = pool_for(server.port, times=replace(TIMES, upstream_keepalive=0.05))
            gate.open.release()
            await post(pool, b"x")
            assert pool.idle == 1
            await until(lambda: pool.open == 0 and server.ended == 1)
            await until(lambda: pool._ticker is None)

    run(main())


def test_keepalive_zero_keeps_nothing(run: Run, scripted: Any, until: Any) -> None:
    async def main() -> None:
        gate = Gate(scripted.request)
        server = scripted(gate)
        async with server:
            pool = pool_for(server.port, times=replace(TIMES, upstream_keepalive=0))
            for _ in range(2):
                gate.open.release()
                assert await post(pool, b"x") == b"x"
                await until(lambda: pool.open == 0)
            assert server.connections == 2

    run(main())


@pytest.mark.parametrize("what", [b"", b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"])
def test_what_happens_on_an_idle_connection_ends_it(run: Run, scripted: Any, until: Any, what: bytes) -> None:
    """A close, or an answer to nothing: the next request must not find it."""

    async def main() -> None:
        over = asyncio.Event()

        async def script(reader: Reader, writer: Writer) -> None:
            await scripted.request(reader)
            writer.write(EMPTY)
            await over.wait()
            writer.write(what)
            if what:
                await reader.read()

        server = scripted(script)
        async with server:
            pool = pool_for(server.port)
            await post(pool, b"x")
            assert pool.idle == 1
            over.set()
            await until(lambda: pool.open == 0)
            assert pool.idle == 0

    run(main())


# --------------------------------------------------------------------------- stale connections


def closing_on_second(server: Any, seen: list[bytes], late: bytes = b"", always: bool = False) -> Any:
    """A script: answers the first request of a connection; on the second one it sends `late` and closes.

    Only on the first connection, or `always`.
    """

    async def script(reader: Reader, writer: Writer) -> None:
        first = not seen
        while True:
            head, _ = await server.request(reader)
            seen.append(head.split(b" ")[0])
            if (first or always) and len(seen) > 1:
                writer.write(late)
                return
            writer.write(EMPTY)

    return script


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"])
def test_an_idempotent_request_goes_out_again_once(run: Run, scripted: Any, method: str) -> None:
    async def main() -> None:
        seen: list[bytes] = []
        server = scripted(closing_on_second(scripted, seen))
        async with server:
            pool = pool_for(server.port)
            await pool.request("GET", "/", HOST)
            answer = await pool.request(method, "/", HOST, b"x" if method == "PUT" else b"")
            assert answer.status == 200
            assert seen == [b"GET", method.encode(), method.encode()]
            assert server.connections == 2
            await pool.close()

    run(main())


@pytest.mark.parametrize("method", ["POST", "PATCH", "FOO"])
def test_other_requests_are_never_sent_twice(run: Run, scripted: Any, method: str) -> None:
    async def main() -> None:
        seen: list[bytes] = []
        server = scripted(closing_on_second(scripted, seen))
        async with server:
            pool = pool_for(server.port)
            await pool.request("GET", "/", HOST)
            with pytest.raises(UpstreamUnreachable) as caught:
                await pool.request(method, "/", HOST, b"x")
            assert caught.value.code == "upstream_closed"
            assert seen == [b"GET", method.encode()]
            assert server.connections == 1

    run(main())


def test_a_request_goes_out_no_third_time(run: Run, scripted: Any) -> None:
    async def main() -> None:
        seen: list[bytes] = []
        server = scripted(closing_on_second(scripted, seen, always=True))
        async with server:
            pool = pool_for(server.port)
            await pool.request("GET", "/", HOST)
            with pytest.raises(UpstreamUnreachable):
                await pool.request("GET", "/", HOST)
            assert len(seen) == 3
            assert server.connections == 2

    run(main())


@pytest.mark.parametrize("late", [b"H", b"HTTP/1.1 100 Continue\r\n\r\n"])
def test_a_byte_of_an_answer_forbids_a_second_try(run: Run, scripted: Any, late: bytes) -> None:
    async def main() -> None:
        seen: list[bytes] = []
        server = scripted(closing_on_second(scripted, seen, late))
        async with server:
            pool = pool_for(server.port)
            await pool.request("GET", "/", HOST)
            with pytest.raises(Exception, match="upstream_truncated"):
                await pool.request("GET", "/", HOST)
            assert server.connections == 1

    run(main())


def test_the_second_try_opens_a_connection_even_when_others_are_idle(run: Run, scripted: Any, until: Any) -> None:
    async def main() -> None:
        count = 0
        held = asyncio.Event()

        async def script(reader: Reader, writer: Writer) -> None:
            nonlocal count
            count += 1
            if count > 2:
                await scripted.request(reader)
                writer.write(EMPTY)
                await reader.read()
                return
            await scripted.request(reader)
            await held.wait()
            writer.write(EMPTY)
            await scripted.request(reader)

        server = scripted(script)
        async with server:
            pool = pool_for(server.port, connections=2)
            two = [asyncio.ensure_future(pool.request("GET", "/", HOST)) for _ in range(2)]
            await until(lambda: count == 2)
            held.set()
            await asyncio.gather(*two)
            assert pool.idle == 2
            assert (await pool.request("GET", "/", HOST)).status == 200
            assert count == 3
            assert pool.open <= 2
            await pool.close()

    run(main())


def test_a_fresh_connection_takes_the_place_of_an_idle_one(run: Run, scripted: Any) -> None:
    async def main() -> None:
        gate = Gate(scripted.request)
        server = scripted(gate)
        async with server:
            pool = pool_for(server.port, connections=1)
            gate.open.release()
            await post(pool, b"x")
            idle = next(iter(pool._idle))
            fresh = await pool._acquire(fresh=True)
            assert fresh is not idle
            assert (idle.lost, fresh.lost, pool.open) == (True, False, 1)
            await pool.close()

    run(main())


def test_a_connection_that_closes_while_it_is_handed_over_is_replaced(run: Run, scripted: Any, until: Any) -> None:
    async def main() -> None:
        gate = Gate(scripted.request)
        server = scripted(gate)
        async with server:
            pool = pool_for(server.port, connections=1)
            first = asyncio.ensure_future(post(pool, b"1"))
            await until(lambda: len(gate.seen) == 1)
            second = asyncio.ensure_future(post(pool, b"2"))
            await until(lambda: pool.waiting == 1)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(Connection, "silent", lambda _: False)
                gate.open.release()
                gate.open.release()
                assert await asyncio.gather(first, second) == [b"1", b"2"]
            assert server.connections == 2
            await pool.close()

    run(main())


def test_a_close_that_the_loop_has_not_seen_yet_is_noticed_before_a_post(run: Run) -> None:
    """The upstream closes while our loop is busy; the POST must go to a new connection, not be lost on the old one."""
    closed = threading.Event()
    posts: list[bytes] = []

    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        connection.recv(65_536)
        connection.sendall(EMPTY)
        connection.close()
        closed.set()
        connection, _ = listener.accept()
        posts.append(connection.recv(65_536))
        connection.sendall(EMPTY)
        connection.recv(1)
        connection.close()

    async def main(port: int) -> None:
        pool = pool_for(port)
        await pool.request("GET", "/", HOST)
        assert pool.idle == 1
        closed.wait()  # blocks the loop on purpose
        assert (await pool.request("POST", "/", HOST)).status == 200
        await pool.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        run(main(listener.getsockname()[1]))
        thread.join()
    assert len(posts) == 1


# --------------------------------------------------------------------------- the queue


def test_the_queue_is_fair(run: Run, scripted: Any, until: Any) -> None:
    async def main() -> None:
        gate = Gate(scripted.request)
        server = scripted(gate)
        async with server:
            pool = pool_for(server.port, connections=1)
            tasks = [asyncio.ensure_future(post(pool, b"%d" % n)) for n in range(6)]
            await until(lambda: pool.waiting == 5)
            for _ in range(6):
                gate.open.release()
            await asyncio.gather(*tasks)
            assert gate.seen == [b"%d" % n for n in range(6)]
            assert server.connections == 1
            await pool.close()

    run(main())


def test_who_gives_up_leaves_the_queue(run: Run, scripted: Any, until: Any) -> None:
    async def main() -> None:
        gate = Gate(scripted.request)
        server = scripted(gate)
        async with server:
            pool = pool_for(server.port, connections=1)
            tasks = [asyncio.ensure_future(post(pool, b"%d" % n)) for n in range(4)]
            await until(lambda: pool.waiting == 3)
            tasks[1].cancel()
            await until(lambda: pool.waiting == 2)
            for _ in range(3):
                gate.open.release()
            done = await asyncio.gather(*tasks, return_exceptions=True)
            assert isinstance(done.pop(1), asyncio.CancelledError)
            assert done == gate.seen == [b"0", b"2", b"3"]
            await pool.close()

    run(main())


def test_who_gives_up_at_the_very_moment_passes_it_on(run: Run, scripted: Any, until: Any) -> None:
    """Both what can be granted: a kept connection, and the room to open one."""

    async def main() -> None:
        gate = Gate(scripted.request)
        server = scripted(gate)
        async with server:
            pool = pool_for(server.port, connections=1)
            tasks = [asyncio.ensure_future(post(pool, b"%d" % n)) for n in range(4)]
            await until(lambda: len(gate.seen) == 1 and pool.waiting == 3)
            connection = next(iter(pool._all))

            def release(which: Any) -> None:
                del pool.release  # type: ignore[method-assign]
                pool.release(which)
                tasks[1].cancel()  # it has the connection but has not run yet

            pool.release = release  # type: ignore[method-assign]
            gate.open.release()
            await until(lambda: gate.seen == [b"0", b"2"])
            assert next(iter(pool._all)) is connection

            def gone(which: Any) -> None:
                del pool.gone  # type: ignore[method-assign]
                pool.gone(which)
                tasks[3].cancel()  # it may open a connection but has not run yet

            pool.gone = gone  # type: ignore[method-assign]
            tasks[2].cancel()
            done = await asyncio.gather(*tasks, return_exceptions=True)
            assert [type(result) for result in done] == [bytes, *[asyncio.CancelledError] * 3]
            assert (pool.open, pool.waiting) == (0, 0)
            gate.open.release()  # for the script of request 2, which does not know yet that it was cut off
            gate.open.release()
            assert await post(pool, b"last") == b"last"
            await pool.close()

    run(main())


def test_a_lost_connection_makes_room_for_the_next_in_line(run: Run, scripted: Any, until: Any) -> None:
    async def main() -> None:
        async def script(reader: Reader, writer: Writer) -> None:
            _, body = await scripted.request(reader)
            writer.write(OK + b"Connection: close\r\nContent-Length: 1\r\n\r\n%b" % body)

        server = scripted(script)
        async with server:
            pool = pool_for(server.port, connections=1)
            assert await asyncio.gather(*(post(pool, b"%d" % n) for n in range(5))) == [b"%d" % n for n in range(5)]
            assert server.connections == 5
            await until(lambda: pool.open == 0)

    run(main())


def test_a_failed_connection_attempt_makes_room_too(run: Run) -> None:
    async def main() -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        pool = pool_for(port, connections=1)
        done = await asyncio.gather(*(post(pool, b"x") for _ in range(5)), return_exceptions=True)
        assert [type(error) for error in done] == [UpstreamUnreachable] * 5
        assert (pool.open, pool.waiting) == (0, 0)

    run(main())


def test_the_queue_has_an_end_in_length_and_in_time(run: Run, scripted: Any, until: Any) -> None:
    async def main() -> None:
        gate = Gate(scripted.request)
        server = scripted(gate)
        async with server:
            pool = pool_for(server.port, connections=1, times=replace(TIMES, upstream_first_byte=0.1), waiting=1)
            first = asyncio.ensure_future(pool.request("GET", "/", HOST))
            await until(lambda: len(gate.seen) == 1)
            second = asyncio.ensure_future(post(pool, b"2"))
            await until(lambda: pool.waiting == 1)
            with pytest.raises(UpstreamUnreachable) as refused:
                await post(pool, b"3")
            assert refused.value.code == "upstream_busy"
            pool._all.copy().pop().deadline = float("inf")  # so that the first one keeps its place
            with pytest.raises(UpstreamTimeout) as late:
                await second
            assert late.value.code == "upstream_busy"
            assert pool.waiting == 0
            gate.open.release()
            assert (await first).status == 200
            await pool.close()

    run(main())


def test_a_cancellation_that_comes_with_the_answer_spares_the_next_request(run: Run, scripted: Any, until: Any) -> None:
    async def main() -> None:
        gate = Gate(scripted.request)
        server = scripted(gate)
        async with server:
            pool = pool_for(server.port, connections=1)
            first = asyncio.ensure_future(post(pool, b"1"))
            await until(lambda: len(gate.seen) == 1)
            second = asyncio.ensure_future(post(pool, b"2"))
            await until(lambda: pool.waiting == 1)

            def release(which: Any) -> None:
                del pool.release  # type: ignore[method-assign]
                pool.release(which)
                asyncio.get_running_loop().call_soon(first.cancel)  # the first was woken and has not run yet

            pool.release = release  # type: ignore[method-assign]
            gate.open.release()
            gate.open.release()
            assert await second == b"2"
            with pytest.raises(asyncio.CancelledError):
                await first
            assert server.connections == 1
            await pool.close()

    run(main())


@pytest.mark.parametrize(
    "wire",
    [
        OK + b"Transfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 101 OK\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
    ],
    ids=["stream", "upgrade"],
)
def test_a_cancellation_that_comes_with_the_head_leaves_no_orphan(
    run: Run, scripted: Any, until: Any, wire: bytes
) -> None:
    async def main() -> None:
        async def script(reader: Reader, writer: Writer) -> None:
            await scripted.request(reader)
            writer.write(wire)
            await reader.read()

        server = scripted(script)
        async with server:
            pool = pool_for(server.port)
            wake = Connection._wake

            def cancel_too(connection: Connection) -> None:
                wake(connection)
                task.cancel()

            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(Connection, "_wake", cancel_too)
                task = asyncio.ensure_future(pool.request("GET", "/", HOST, upgrade=True))
                with pytest.raises(asyncio.CancelledError):
                    await task
            await until(lambda: pool.open == 0 and server.ended == 1)

    run(main())


# --------------------------------------------------------------------------- the end


def test_close_fails_everything_and_leaves_nothing(run: Run, scripted: Any, until: Any) -> None:
    async def main() -> None:
        gate = Gate(scripted.request)
        server = scripted(gate)
        async with server:
            pool = pool_for(server.port, connections=2)
            tasks = [asyncio.ensure_future(post(pool, b"x")) for _ in range(4)]
            await until(lambda: len(gate.seen) == 2 and pool.waiting == 2)
            await pool.close()
            done = await asyncio.gather(*tasks, return_exceptions=True)
            assert [getattr(error, "code", "") for error in done] == ["closed"] * 4
            assert (pool.open, pool.idle, pool.waiting) == (0, 0, 0)
            with pytest.raises(UpstreamUnreachable):
                await post(pool, b"x")
            gate.open.release()
            gate.open.release()
            await until(lambda: server.ended == 2)
            await pool.close()

    run(main())


def test_close_waits_for_connections_that_are_being_made(run: Run, scripted: Any, until: Any) -> None:
    async def main() -> None:
        gate = Gate(scripted.request)
        server = scripted(gate)
        async with server:
            pool = pool_for(server.port)
            task = asyncio.ensure_future(post(pool, b"x"))
            await asyncio.sleep(0)
            assert (pool.open, len(pool._all)) == (1, 0)
            await pool.close()
            assert pool.open == 0
            with pytest.raises(UpstreamUnreachable):
                await task

    run(main())
