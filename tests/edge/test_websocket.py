"""The tunnel between a real aiohttp low-level server and a scripted upstream, frame by frame."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from waf.edge import fairness, websocket
from waf.edge.forward import forward_headers
from waf.edge.upstream import UpstreamPool
from waf.edge.websocket import Client, Parser, Tunnel, TunnelReport, is_handshake
from waf.edge.websocket_frames import (
    BINARY,
    CLOSE,
    CONTINUATION,
    NO_CODE,
    PING,
    PONG,
    TEXT,
    Message,
    MessageReader,
    encode,
    encode_close,
    read_header,
)
from waf.errors import UpstreamProtocol
from waf.settings import Timeouts, Upstream

KEY = b"\x12\x34\x56\x78"
HANDSHAKE = (
    b"GET /live HTTP/1.1\r\nHost: front\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    b"Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
)
SWITCH = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
)

Run = Callable[[Any], Any]
Reader, Writer = asyncio.StreamReader, asyncio.StreamWriter


class Adapter:
    """aiohttp's own server connection as a tunnel's client."""

    def __init__(self, protocol: web.RequestHandler[Any]) -> None:
        self._protocol = protocol

    @property
    def transport(self) -> asyncio.Transport | None:
        return self._protocol.transport

    def set_parser(self, parser: Parser) -> None:
        self._protocol.set_parser(parser)  # type: ignore[arg-type]

    async def drained(self) -> None:
        await self._protocol._drain_helper()


class Taken(web.StreamResponse):
    """The connection was used up; aiohttp writes nothing more and closes it."""

    async def prepare(self, request: web.BaseRequest) -> None:
        self._keep_alive = False

    async def write_eof(self, data: bytes = b"") -> None:
        pass


@dataclass
class Front:
    """A firewall that does nothing but tunnel."""

    port: int
    reports: list[TunnelReport] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    made: list[Tunnel] = field(default_factory=list)
    tunnels: list[asyncio.Task[Any]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    pool: UpstreamPool | None = None


async def nothing_wrong(_: str) -> bool:
    return False


@asynccontextmanager
async def front_of(
    port: int,
    inspect: Callable[[str], Awaitable[bool]] = nothing_wrong,
    limit: int = 1_000_000,
    idle: float = 15,
) -> AsyncIterator[Front]:
    front = Front(0)
    pool = front.pool = UpstreamPool(Upstream(url=f"http://127.0.0.1:{port}"), Timeouts())

    async def inspected(text: str) -> bool:
        front.texts.append(text)
        return await inspect(text)

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        headers = forward_headers(request.raw_headers, "127.0.0.1", "http", upgrade=True)
        answer = await pool.request("GET", request.path, headers, upgrade=True)
        try:
            client: Client = Adapter(request.protocol)
            extra = [(b"X-WAF-Request-Id", b"r1")]
            tunnel = Tunnel(client, answer, inspect=inspected, limit=limit, idle=idle, headers=extra)
        except UpstreamProtocol as error:
            front.errors.append(error.code)
            return web.Response(status=502)
        front.reports.append(tunnel.report)
        front.made.append(tunnel)
        task = asyncio.ensure_future(tunnel.run())
        front.tunnels.append(task)
        await asyncio.wait((task,))
        return Taken()

    runner = web.ServerRunner(web.Server(handle), shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    front.port = runner.addresses[0][1]
    try:
        yield front
    finally:
        await pool.close()
        await runner.cleanup()


class Browser:
    """A client that speaks frames."""

    def __init__(self, reader: Reader, writer: Writer) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def connect(cls, port: int, early: bytes = b"") -> Browser:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(HANDSHAKE + early)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101 ")
        return cls(reader, writer)

    def send(self, opcode: int, payload: bytes = b"", *, fin: bool = True) -> None:
        self.writer.write(encode(opcode, payload, mask=KEY, fin=fin))

    def close(self, code: int = 1000) -> None:
        self.writer.write(encode_close(code, mask=KEY))

    async def frame(self) -> tuple[int, bytes]:
        """The next frame: opcode and payload."""
        data = b""
        while (header := read_header(data, 0, masked=False)) is None:
            data += await self.reader.readexactly(1)
        return header.opcode, await self.reader.readexactly(header.length)

    async def closed(self) -> int:
        """The code of the Close that must come next, with the end of the connection after our answer to it."""
        opcode, payload = await self.frame()
        assert opcode == CLOSE
        self.close()
        assert await self.reader.read() == b""
        return int.from_bytes(payload[:2], "big")


class Model:
    """The upstream's side of a tunnel."""

    def __init__(self, reader: Reader, writer: Writer) -> None:
        self._messages = MessageReader(1 << 30)
        self.reader = reader
        self.writer = writer

    async def message(self) -> Message:
        while (message := self._messages.next()) is None:
            data = await self.reader.read(65_536)
            if not data:
                raise asyncio.IncompleteReadError(b"", None)
            self._messages.feed(data)
        return message

    def send(self, opcode: int, payload: bytes = b"") -> None:
        self.writer.write(encode(opcode, payload))


def model_script(server: Any, behave: Callable[[Model], Awaitable[None]], switch: bytes = SWITCH) -> Any:
    async def script(reader: Reader, writer: Writer) -> None:
        head, _ = await server.request(reader)
        assert b"extensions" not in head.lower()
        assert b"Upgrade: websocket\r\n" in head
        writer.write(switch)
        await behave(Model(reader, writer))

    return script


async def echo(model: Model) -> None:
    """Sends everything back; answers a Close with its own code and ends."""
    while True:
        message = await model.message()
        if message.opcode == CLOSE:
            model.writer.write(encode_close(message.code) if message.code != NO_CODE else encode(CLOSE, b""))
            return
        if message.opcode == TEXT:
            model.send(TEXT, message.text.encode())
        elif message.opcode == PING:
            model.send(PONG, b"model")
        else:
            model.send(message.opcode, b"binary")


@asynccontextmanager
async def tunnelled(
    scripted: Any, behave: Callable[[Model], Awaitable[None]], early: bytes = b"", **options: Any
) -> AsyncIterator[tuple[Front, Browser]]:
    switch = options.pop("switch", SWITCH)
    async with scripted(model_script(scripted, behave, switch)) as server, front_of(server.port, **options) as front:
        browser = await Browser.connect(front.port, early)
        try:
            yield front, browser
        finally:
            browser.writer.close()


async def report_of(front: Front) -> TunnelReport:
    """Of the only tunnel, once it is over and its upstream connection gone."""
    await asyncio.wait(front.tunnels)
    assert front.pool is not None
    assert front.pool.open == 0
    return front.reports[0]


# --------------------------------------------------------------------------- passing through


def test_many_short_messages_let_others_be_served(run: Run, scripted: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fairness, "LONGEST", 0.0)
    seen: list[int] = []

    async def main() -> None:
        turns = 0

        async def count() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        async def inspect(_: str) -> bool:
            seen.append(turns)
            return False

        burst = b"".join(encode(TEXT, b"short", mask=KEY) for _ in range(20))
        counting = asyncio.ensure_future(count())
        async with tunnelled(scripted, echo, burst, inspect=inspect) as (_, browser):
            for _ in range(20):
                assert await browser.frame() == (TEXT, b"short")
        counting.cancel()
        assert len(set(seen)) == 20

    run(main())


def test_everything_passes_and_text_is_read(run: Run, scripted: Any) -> None:
    async def main() -> None:
        async with tunnelled(scripted, echo) as (front, browser):
            browser.send(TEXT, "grüß Gott".encode())
            assert await browser.frame() == (TEXT, "grüß Gott".encode())
            browser.send(PING, b"?")
            assert await browser.frame() == (PONG, b"model")
            browser.send(BINARY, b"\0\1")
            assert await browser.frame() == (BINARY, b"binary")
            browser.send(TEXT, b"in ", fin=False)
            browser.send(PING)
            browser.send(CONTINUATION, b"two ", fin=False)
            browser.send(CONTINUATION, b"or three")
            assert await browser.frame() == (PONG, b"model")
            assert await browser.frame() == (TEXT, b"in two or three")
            browser.close(3001)
            assert await browser.frame() == (CLOSE, (3001).to_bytes(2, "big"))
            assert await browser.reader.read() == b""
            report = await report_of(front)
            assert front.texts == ["grüß Gott", "in two or three"]
            assert (report.inspected, report.uninspected, report.blocked) == (2, 1, False)
            assert (report.reason, report.client_close) == ("closed", 3001)
            assert (report.bytes_in, report.bytes_out) == (79, 56)

    run(main())


def test_the_101_carries_our_headers_and_those_of_the_upstream(run: Run, scripted: Any) -> None:
    async def main() -> None:
        script = model_script(
            scripted, echo, SWITCH[:-2] + b"Sec-WebSocket-Protocol: realtime\r\nX-WAF-Score: 0\r\n\r\n"
        )
        async with scripted(script) as server, front_of(server.port) as front:
            reader, writer = await asyncio.open_connection("127.0.0.1", front.port)
            writer.write(HANDSHAKE)
            assert await reader.readuntil(b"\r\n\r\n") == (
                b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: realtime\r\n"
                b"X-WAF-Request-Id: r1\r\n\r\n"
            )
            writer.close()

    run(main())


def test_frames_that_came_with_either_handshake_are_not_lost(run: Run, scripted: Any) -> None:
    async def main() -> None:
        early = encode(TEXT, b"early bird", mask=KEY)
        options = {"switch": SWITCH + encode(TEXT, b"welcome")}
        async with tunnelled(scripted, echo, early, **options) as (front, browser):
            assert sorted([await browser.frame(), await browser.frame()]) == [(TEXT, b"early bird"), (TEXT, b"welcome")]
            browser.close()
            assert (await browser.frame())[0] == CLOSE
            assert (await report_of(front)).inspected == 1

    run(main())


def test_the_upstream_may_close_first(run: Run, scripted: Any) -> None:
    async def main() -> None:
        answers: list[int] = []

        async def behave(model: Model) -> None:
            model.writer.write(encode_close(1012, "restart") + b"never seen")
            answers.append((await model.message()).code)

        async with tunnelled(scripted, behave) as (front, browser):
            assert await browser.frame() == (CLOSE, (1012).to_bytes(2, "big") + b"restart")
            browser.close(1012)
            assert await browser.reader.read() == b""
            report = await report_of(front)
            assert (report.reason, report.client_close, answers) == ("closed", 1012, [1012])

    run(main())


def test_a_close_without_a_code_passes(run: Run, scripted: Any) -> None:
    async def main() -> None:
        async with tunnelled(scripted, echo) as (front, browser):
            browser.send(CLOSE)
            assert await browser.frame() == (CLOSE, b"")
            assert (await report_of(front)).client_close == NO_CODE

    run(main())


@pytest.mark.parametrize("who", ["client", "upstream"])
def test_a_close_that_is_never_answered(run: Run, scripted: Any, monkeypatch: pytest.MonkeyPatch, who: str) -> None:
    monkeypatch.setattr(websocket, "CLOSE_WAIT", 0.05)

    async def main() -> None:
        async def behave(model: Model) -> None:
            if who == "upstream":
                model.writer.write(encode_close(1000))
            while await model.reader.read(100):
                pass

        async with tunnelled(scripted, behave) as (front, browser):
            if who == "client":
                browser.close()
            report = await report_of(front)
            assert report.reason == "closed"
            assert report.client_close == (1000 if who == "upstream" else 0)

    run(main())


def test_real_clients_and_servers_agree(run: Run) -> None:
    """aiohttp's client asks for compression and aiohttp's server would give it; both get plain frames."""

    async def main() -> None:
        async def serve(request: web.BaseRequest) -> web.StreamResponse:
            socket = web.WebSocketResponse(compress=True)
            await socket.prepare(request)
            async for message in socket:
                await socket.send_str(f"{bool(socket.compress)} {message.data}")
            return socket

        runner = web.ServerRunner(web.Server(serve))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with front_of(runner.addresses[0][1]) as front, aiohttp.ClientSession() as session:
            async with session.ws_connect(f"http://127.0.0.1:{front.port}/x", compress=15) as socket:
                assert socket.compress == 0
                for text in ("hello", "x" * 70_000, ""):
                    await socket.send_str(text)
                    assert await socket.receive_str() == f"False {text}"
            report = await report_of(front)
            assert (report.inspected, report.reason, report.client_close) == (3, "closed", 1000)
        await runner.cleanup()

    run(main())


# --------------------------------------------------------------------------- what is stopped


async def record(model: Model, seen: list[Message]) -> None:
    while True:
        seen.append(await model.message())


@pytest.mark.parametrize("kind", [TEXT, BINARY])
def test_a_blocked_message_is_never_sent_on(run: Run, scripted: Any, kind: int) -> None:
    async def attack(text: str) -> bool:
        await asyncio.sleep(0)
        return "attack" in text

    async def main() -> None:
        seen: list[Message] = []

        async def behave(model: Model) -> None:
            await record(model, seen)

        async with tunnelled(scripted, behave, inspect=attack) as (front, browser):
            browser.send(TEXT, b"good")
            browser.send(kind, b"att", fin=False)
            browser.send(PING, b"p")
            browser.send(CONTINUATION, b"ack")
            browser.send(TEXT, b"good again")
            assert await browser.closed() == 1008
            report = await report_of(front)
            assert (report.reason, report.blocked, report.inspected) == ("blocked", True, 2)
            assert report.client_close == 1008
        assert [(m.opcode, m.text, m.code) for m in seen] == [(TEXT, "good", 0), (PING, "", 0), (CLOSE, "", 1001)]

    run(main())


def test_a_block_waits_for_the_end_of_the_frame_that_is_on_its_way(run: Run, scripted: Any) -> None:
    async def main() -> None:
        frame = encode(TEXT, b"a long answer")

        async def behave(model: Model) -> None:
            model.writer.write(frame[:5])
            assert (await model.message()).code == 1001
            model.writer.write(frame[5:] + encode(TEXT, b"never seen"))
            while await model.reader.read(100):
                pass

        async def block(_: str) -> bool:
            return True

        async with tunnelled(scripted, behave, inspect=block) as (front, browser):
            assert await browser.reader.readexactly(5) == frame[:5]
            browser.send(TEXT, b"attack")
            assert await browser.reader.readexactly(len(frame) - 5) == frame[5:]
            assert await browser.closed() == 1008
            assert (await report_of(front)).reason == "blocked"

    run(main())


@pytest.mark.parametrize(
    ("wire", "code", "reason"),
    [
        (encode(TEXT, b"not masked"), 1002, "protocol_error"),
        (b"\xc1\x81" + KEY + b"a", 1002, "protocol_error"),
        (encode(CONTINUATION, b"a", mask=KEY), 1002, "protocol_error"),
        (encode(TEXT, b"\xff", mask=KEY), 1007, "bad_text"),
        (encode(TEXT, b"x" * 1001, mask=KEY), 1009, "too_big"),
    ],
)
def test_invalid_frames_end_the_tunnel(
    run: Run, scripted: Any, monkeypatch: pytest.MonkeyPatch, wire: bytes, code: int, reason: str
) -> None:
    monkeypatch.setattr(websocket, "LINGER", 0.05)

    async def main() -> None:
        seen: list[Message] = []

        async def behave(model: Model) -> None:
            await record(model, seen)

        async with tunnelled(scripted, behave, limit=1000) as (front, browser):
            browser.send(BINARY, b"\0\1")
            browser.writer.write(wire)
            assert await browser.closed() == code
            report = await report_of(front)
            assert (report.reason, report.client_close, report.inspected) == (reason, code, 0)
        assert [message.opcode for message in seen] == [BINARY, CLOSE]

    run(main())


@pytest.mark.parametrize("wire", [b"\xf1\x00", encode(TEXT, b"masked", mask=KEY)])
def test_invalid_frames_of_the_upstream_do_not_reach_the_client(run: Run, scripted: Any, wire: bytes) -> None:
    async def main() -> None:
        async def behave(model: Model) -> None:
            model.writer.write(wire)
            await model.message()

        async with tunnelled(scripted, behave) as (front, browser):
            assert await browser.closed() == 1014
            assert (await report_of(front)).reason == "upstream_error"

    run(main())


def test_silence_ends_the_tunnel(run: Run, scripted: Any) -> None:
    async def main() -> None:
        seen: list[Message] = []

        async def behave(model: Model) -> None:
            await record(model, seen)

        async with tunnelled(scripted, behave, idle=0.1) as (front, browser):
            assert await browser.closed() == 1001
            assert (await report_of(front)).reason == "idle"
        assert [(message.opcode, message.code) for message in seen] == [(CLOSE, 1001)]

    run(main())


@pytest.mark.parametrize(
    "switch",
    [
        SWITCH[:-2] + b"Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
    ],
    ids=["extension", "another protocol"],
)
def test_an_upstream_that_switches_to_what_cannot_be_read(run: Run, scripted: Any, until: Any, switch: bytes) -> None:
    async def main() -> None:
        async with scripted(model_script(scripted, echo, switch)) as server, front_of(server.port) as front:
            reader, writer = await asyncio.open_connection("127.0.0.1", front.port)
            writer.write(HANDSHAKE)
            assert (await reader.readline()).startswith(b"HTTP/1.1 502 ")
            assert front.errors == ["upstream_invalid"]
            assert front.pool is not None
            pool = front.pool
            await until(lambda: pool.open == 0)
            writer.close()

    run(main())


# --------------------------------------------------------------------------- broken connections


def test_a_client_that_vanishes_takes_the_upstream_with_it(run: Run, scripted: Any) -> None:
    async def main() -> None:
        gone = asyncio.Event()

        async def behave(model: Model) -> None:
            try:
                while True:
                    await model.message()
            finally:
                gone.set()

        async with tunnelled(scripted, behave) as (front, browser):
            browser.send(TEXT, b"last words")
            browser.writer.close()
            await gone.wait()
            report = await report_of(front)
            assert (report.reason, report.client_close, report.inspected) == ("client_gone", 0, 1)

    run(main())


@pytest.mark.parametrize(("sent", "code"), [(b"", 1014), (encode(TEXT, b"cut off")[:4], 0)], ids=["between", "within"])
def test_an_upstream_that_vanishes(run: Run, scripted: Any, sent: bytes, code: int) -> None:
    """Between frames the client is told; within one nothing can be said without lying, so the connection just ends."""

    async def main() -> None:
        async def behave(model: Model) -> None:
            model.writer.write(sent)

        async with tunnelled(scripted, behave) as (front, browser):
            if code:
                assert await browser.closed() == code
            else:
                assert await browser.reader.read() == sent
            report = await report_of(front)
            assert (report.reason, report.client_close) == ("upstream_gone", code)

    run(main())


@pytest.mark.parametrize("verdict", [False, True], ids=["passed", "blocked"])
def test_an_upstream_that_vanishes_while_a_message_is_inspected(run: Run, scripted: Any, verdict: bool) -> None:
    """The verdict and the end arrive in the same turn of the loop; nothing may be written to the closed transport."""

    async def main() -> None:
        async def behave(model: Model) -> None:
            await model.message()

        async def wait_for_the_end(text: str) -> bool:
            if text == "first":
                return False
            await front.made[0]._from_upstream.ended.wait()
            return verdict

        async with tunnelled(scripted, behave, inspect=wait_for_the_end) as (front, browser):
            browser.send(TEXT, b"first")
            browser.send(TEXT, b"second")
            assert await browser.closed() == (1008 if verdict else 1014)
            assert (await report_of(front)).reason == ("blocked" if verdict else "upstream_gone")

    run(main())


def test_cancelling_a_tunnel_cuts_the_upstream_and_keeps_the_report(run: Run, scripted: Any, until: Any) -> None:
    async def main() -> None:
        async with tunnelled(scripted, echo) as (front, browser):
            browser.send(TEXT, b"hello")
            assert await browser.frame() == (TEXT, b"hello")
            front.tunnels[0].cancel()
            assert await browser.reader.read() == b""
            assert front.pool is not None
            pool = front.pool
            await until(lambda: pool.open == 0)
            report = front.reports[0]
            assert (report.inspected, report.reason) == (1, "")

    run(main())


def test_a_failing_inspection_lets_nothing_through(run: Run, scripted: Any, until: Any) -> None:
    async def broken(_: str) -> bool:
        raise RuntimeError("broken")

    async def main() -> None:
        seen: list[Message] = []

        async def behave(model: Model) -> None:
            await record(model, seen)

        async with tunnelled(scripted, behave, inspect=broken) as (front, browser):
            browser.send(TEXT, b"hello")
            assert await browser.reader.read() == b""
            with pytest.raises(RuntimeError):
                await front.tunnels[0]
        assert seen == []

    run(main())


class Gone:
    """A client that left during the handshake."""

    transport = None

    def set_parser(self, parser: Parser) -> None:
        raise AssertionError

    async def drained(self) -> None:
        raise AssertionError


def test_a_client_that_left_during_the_handshake(run: Run, scripted: Any, until: Any) -> None:
    async def main() -> None:
        async with scripted(model_script(scripted, echo)) as server:
            pool = UpstreamPool(Upstream(url=f"http://127.0.0.1:{server.port}"), Timeouts())
            headers = forward_headers([(b"Host", b"h")], "127.0.0.1", "http", upgrade=True)
            answer = await pool.request("GET", "/", headers, upgrade=True)
            tunnel = Tunnel(Gone(), answer, inspect=nothing_wrong, limit=1, idle=1)
            assert (await tunnel.run()).reason == "client_gone"
            await until(lambda: pool.open == 0)

    run(main())


# --------------------------------------------------------------------------- back-pressure


def test_a_client_that_does_not_read_stops_the_upstream(run: Run, scripted: Any, until: Any) -> None:
    count, size = 64, 1 << 20

    async def main() -> None:
        written = 0

        async def behave(model: Model) -> None:
            nonlocal written
            for _ in range(count):
                model.send(BINARY, bytes(size))
                await model.writer.drain()
                written += 1
            model.writer.write(encode_close(1000))
            await model.message()

        async with tunnelled(scripted, behave) as (front, browser):
            assert front.pool is not None
            connection = next(iter(front.pool._all))
            await until(lambda: not connection.transport.is_reading())
            assert written < count
            for _ in range(count):
                assert await browser.frame() == (BINARY, bytes(size))
            assert await browser.closed() == 1000
            assert (await report_of(front)).bytes_out == count * (size + 10) + 4

    run(main())


def test_an_upstream_that_does_not_read_stops_the_client(run: Run, scripted: Any, until: Any) -> None:
    count, size = 16, 1 << 20

    async def main() -> None:
        go = asyncio.Event()
        seen = 0

        async def behave(model: Model) -> None:
            nonlocal seen
            model.writer.transport.pause_reading()  # type: ignore[attr-defined]
            await go.wait()
            model.writer.transport.resume_reading()  # type: ignore[attr-defined]
            for _ in range(count):
                seen += len((await model.message()).raw)
            await echo(model)

        async with tunnelled(scripted, behave, limit=size) as (front, browser):
            frame = encode(BINARY, bytes(size), mask=KEY)

            async def flood() -> None:
                for _ in range(count):
                    browser.writer.write(frame)
                    await browser.writer.drain()

            flooding = asyncio.ensure_future(flood())
            await until(lambda: front.made[0]._from_client._paused)
            assert not flooding.done()
            go.set()
            await flooding
            browser.close()
            assert await browser.frame() == (CLOSE, (1000).to_bytes(2, "big"))
            assert seen == count * len(frame)
            assert (await report_of(front)).uninspected == count

    run(main())


# --------------------------------------------------------------------------- the handshake

GOOD = {
    b"Connection": b"keep-alive, upgrade",
    b"upgrade": b"WebSocket",
    b"Sec-WebSocket-Version": b"13",
    b"Sec-WebSocket-Key": b"dGhlIHNhbXBsZSBub25jZQ==",
}


def test_a_handshake_is_known() -> None:
    assert is_handshake("GET", GOOD.items())
    assert not is_handshake("POST", GOOD.items())
    assert not is_handshake("GET", [*GOOD.items(), (b"sec-websocket-key", b"dGhlIHNhbXBsZSBub25jZQ==")])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (b"Connection", b"keep-alive"),
        (b"upgrade", b"h2c"),
        (b"upgrade", b"websocket, h2c"),
        (b"Sec-WebSocket-Version", b"8"),
        (b"Sec-WebSocket-Key", b"short"),
    ],
)
def test_what_is_no_handshake(name: bytes, value: bytes) -> None:
    assert not is_handshake("GET", {**GOOD, name: value}.items())
    without = {key: kept for key, kept in GOOD.items() if key != name}
    assert not is_handshake("GET", without.items())
