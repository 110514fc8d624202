"""Start, drain and stop, in this process."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from waf.edge.listener import bind
from waf.errors import ConfigError, InputError

GET = b"GET / HTTP/1.1\r\nHost: api\r\n\r\n"


async def ok(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


class Held:
    """An upstream that answers when it is told to."""

    def __init__(self, scripted: Any) -> None:
        self._scripted = scripted
        self.asked = asyncio.Event()
        self.go = asyncio.Event()

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await self._scripted.request(reader)
            self.asked.set()
            await self.go.wait()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


async def page(address: str, path: str) -> bytes:
    host, _, port = address.rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    try:
        return await reader.read()
    finally:
        writer.close()


def test_a_drain_lets_requests_end_and_idle_connections_go(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        held = Held(scripted)
        async with scripted(held) as server, front(server.port, admin__listen="127.0.0.1:0") as waf:
            port, admin = waf.port, waf.service.admin_address
            assert b" 200 " in await page(admin, "/readyz")
            idle, busy = await waf.wire(), await waf.wire(GET)
            half = await waf.wire(b"POST / HTTP/1.1\r\nHost: api\r\nContent-Length: 5\r\n\r\nhe")
            await held.asked.wait()
            stopping = asyncio.ensure_future(waf.stop())
            assert await idle.rest() == b""
            assert b"draining" in await page(admin, "/readyz")
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection("127.0.0.1", port)
            half.send(b"llo")
            held.go.set()
            for wire in (busy, half):
                answer = await wire.answer()
                assert (answer.status, answer.headers["connection"]) == (200, "close")
                assert await wire.rest() == b""
            await stopping
            assert server.ended == server.connections

    run(main())


def test_a_drain_has_an_end(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        held = Held(scripted)
        async with scripted(held) as server, front(server.port, timeouts__drain=0.1) as waf:
            wire = await waf.wire(GET)
            await held.asked.wait()
            await waf.stop()
            assert await wire.rest() == b""
            [event] = await waf.events(1)
            assert (event["outcome"], event["status"]) == ("client_closed", 0)

    run(main())


def test_the_second_signal_ends_the_drain(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        held = Held(scripted)
        async with scripted(held) as server, front(server.port) as waf:
            wire = await waf.wire(GET)
            await held.asked.wait()
            waf.service.stop()
            assert waf.service.stopping.is_set()
            stopping = asyncio.ensure_future(waf.stop())
            await asyncio.sleep(0)
            waf.service.stop()
            assert await wire.rest() == b""
            await stopping

    run(main())


def test_large_bodies_leave_the_loop_free(run: Any, scripted: Any, front: Any) -> None:
    """A body that is inspected on a thread goes through whole."""

    async def main() -> None:
        bodies: list[bytes] = []

        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while True:
                bodies.append((await scripted.request(reader))[1])
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

        async with scripted(script) as server, front(server.port) as waf:
            body = b"%b" % (b"q=" + b"word+" * 200_000)
            head = b"POST / HTTP/1.1\r\nHost: api\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n"
            assert (await waf.ask(head % len(body) + body)).status == 200
            assert bodies == [body]
            evil = body + b" evil"
            assert (await waf.ask(head % len(evil) + evil)).status == 403

    run(main())


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"rules__packs": ["/nowhere"]}, "does not exist"),
        ({"listen": "192.0.2.1:0"}, "cannot listen on"),
        ({"admin__listen": "192.0.2.1:0"}, "cannot listen on 192.0.2.1:0: Cannot assign requested address"),
    ],
)
def test_what_keeps_it_from_starting(run: Any, front: Any, settings: dict[str, Any], says: str) -> None:
    async def main() -> None:
        before = len(asyncio.all_tasks())
        with pytest.raises(InputError, match=says):
            await front(1, **settings).__aenter__()
        assert len(asyncio.all_tasks()) == before

    run(main())


def test_a_taken_port(run: Any, front: Any) -> None:
    async def main() -> None:
        with (
            socket.create_server(("127.0.0.1", 0)) as taken,
            pytest.raises(ConfigError, match="Address already in use"),
        ):
            await front(1, listen=f"127.0.0.1:{taken.getsockname()[1]}").__aenter__()

    run(main())


def test_two_processes_may_share_a_port(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        async with scripted(ok) as server, front(server.port, reuse_port=True) as one:
            async with front(server.port, reuse_port=True, listen=f"127.0.0.1:{one.port}") as other:
                assert one.port == other.port
            assert (await one.ask(GET)).status == 200

    run(main())


def test_ipv6(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        async with scripted(ok) as server, front(server.port, listen="[::1]:0") as waf:
            assert waf.service.url.startswith("http://[::1]:")
            reader, writer = await asyncio.open_connection("::1", waf.port)
            writer.write(GET)
            assert (await reader.readline()).startswith(b"HTTP/1.1 200")
            writer.close()
            [event] = await waf.events(1)
            assert event["client"] == "::1"

    run(main())


def test_every_address_of_a_name_gets_the_same_port(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0)),
        (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", 0, 0, 0)),
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: both)
    sockets = bind("localhost", 0)
    try:
        assert len({sock.getsockname()[1] for sock in sockets}) == 1
        assert [sock.family for sock in sockets] == [socket.AF_INET, socket.AF_INET6]
    finally:
        for sock in sockets:
            sock.close()


def test_sockets_are_given_back_when_one_cannot_be_bound() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        bind("localhost", taken.getsockname()[1])
