"""WebSockets through the whole firewall: the handshake is inspected as a request, then each text message."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import re
from typing import Any

import pytest

KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
MASK = b"\1\2\3\4"
TEXT, CLOSE = 1, 8


def handshake(target: bytes = b"/realtime", *lines: bytes) -> bytes:
    extra = b"".join(line + b"\r\n" for line in lines)
    return (
        b"GET %b HTTP/1.1\r\nHost: api\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: %b\r\n%b\r\n" % (target, KEY, extra)
    )


def frame(data: bytes, opcode: int = TEXT) -> bytes:
    """A client's frame, masked; RFC 6455 section 5.2."""
    size = bytes([128 | len(data)]) if len(data) < 126 else b"\xff" + len(data).to_bytes(8, "big")
    return bytes([128 | opcode]) + size + MASK + bytes(b ^ MASK[i % 4] for i, b in enumerate(data))


async def read_frame(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """A frame from either side, short ones only."""
    first, second = await reader.readexactly(2)
    size = second & 127
    if size == 127:
        size = int.from_bytes(await reader.readexactly(8), "big")
    mask = await reader.readexactly(4) if second & 128 else b""
    data = await reader.readexactly(size)
    return first & 15, bytes(b ^ mask[i % 4] for i, b in enumerate(data)) if mask else data


class Echo:
    """A WebSocket server that sends every text back, in capitals."""

    def __init__(self) -> None:
        self.heads: list[bytes] = []
        self.texts: list[bytes] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.heads.append(head)
        key = re.search(rb"(?i)\r\nSec-WebSocket-Key: (\S+)", head)
        assert key
        accept = base64.b64encode(hashlib.sha1(key[1] + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
        writer.write(
            b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Accept: %b\r\n\r\n" % accept
        )
        while True:
            opcode, data = await read_frame(reader)
            if opcode == CLOSE:
                writer.write(bytes([128 | CLOSE, len(data)]) + data)
                return
            self.texts.append(data)
            if len(data) < 126:
                writer.write(bytes([128 | TEXT, len(data)]) + data.upper())


def test_messages_pass_and_are_counted(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        echo = Echo()
        async with scripted(echo) as server, front(server.port) as waf:
            wire = await waf.wire(handshake(b"/realtime", b"X-WAF-Score: 9") + frame(b"early"))
            head = await wire.head()
            assert head.startswith(b"HTTP/1.1 101 ")
            assert b"\r\nX-WAF-Request-Id: " in head
            assert await read_frame(wire.reader) == (TEXT, b"EARLY")
            for text in (b"one", "grün".encode(), b'{"type": "response.create"}'):
                wire.send(frame(text))
                assert await read_frame(wire.reader) == (TEXT, text.upper())
            wire.send(frame(b"\x03\xe8", CLOSE))
            assert await read_frame(wire.reader) == (CLOSE, b"\x03\xe8")
            assert await wire.rest() == b""
            assert b"\r\nX-WAF-Action: allow\r\n" in echo.heads[0]
            assert b"X-WAF-Score: 9" not in echo.heads[0]
            [event] = await waf.events(1)
            assert (event["status"], event["outcome"], event["action"]) == (101, "ok", "allow")
            assert event["bytes_in"] > 30

    run(main())


@pytest.mark.parametrize("length", [0, 70_000], ids=["short", "on a thread"])
def test_a_message_is_blocked(run: Any, scripted: Any, front: Any, length: int) -> None:
    async def main() -> None:
        echo = Echo()
        async with scripted(echo) as server, front(server.port) as waf:
            wire = await waf.wire(handshake())
            await wire.head()
            wire.send(frame(b"fine"))
            assert await read_frame(wire.reader) == (TEXT, b"FINE")
            wire.send(frame(b"a" * length + b" evil"))
            opcode, data = await read_frame(wire.reader)
            assert (opcode, int.from_bytes(data[:2], "big")) == (CLOSE, 1008)
            wire.send(frame(data[:2], CLOSE))
            assert await wire.rest() == b""
            assert echo.texts == [b"fine"]
            [event] = await waf.events(1)
            assert (event["outcome"], event["action"]) == ("websocket_blocked", "block")
            assert [rule["id"] for rule in event["rules"]] == [9000001]

    run(main())


def test_monitored_messages_pass_and_are_told_about(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        async with scripted(Echo()) as server, front(server.port, mode="monitor") as waf:
            wire = await waf.wire(handshake())
            await wire.head()
            wire.send(frame(b"evil"))
            assert await read_frame(wire.reader) == (TEXT, b"EVIL")
            wire.send(frame(b"", CLOSE))
            await wire.rest()
            [event] = await waf.events(1)
            assert (event["outcome"], event["action"], event["would_block"]) == ("ok", "tag", True)

    run(main())


def test_a_handshake_is_a_request(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        echo = Echo()
        async with scripted(echo) as server, front(server.port) as waf:
            wire = await waf.wire(handshake(b"/realtime?q=evil") + frame(b"hello"))
            answer = await wire.answer()
            assert (answer.status, answer.headers["connection"]) == (403, "close")
            assert await wire.rest() == b""
            assert echo.heads == []

    run(main())


def test_an_upstream_that_declines(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await scripted.request(reader)
            writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone")

        async with scripted(script) as server, front(server.port) as waf:
            wire = await waf.wire(handshake() + frame(b"hello"))
            answer = await wire.answer()
            assert (answer.status, answer.body, answer.headers["connection"]) == (404, b"none", "close")
            assert await wire.rest() == b""

    run(main())


def test_an_upstream_that_switches_to_something_else(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await scripted.request(reader)
            writer.write(b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n")
            await reader.read()

        async with scripted(script) as server, front(server.port) as waf:
            answer = await waf.ask(handshake())
            assert answer.status == 502
            assert json.loads(answer.body)["error"]["code"] == "upstream_invalid"

    run(main())


def test_what_is_not_a_handshake_is_a_plain_request(run: Any, scripted: Any, front: Any) -> None:
    """Upgrade: websocket without a key: the upstream sees no upgrade, the client no tunnel."""

    async def main() -> None:
        heads: list[bytes] = []

        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            heads.append((await scripted.request(reader))[0])
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

        async with scripted(script) as server, front(server.port) as waf:
            wire = await waf.wire(
                b"GET / HTTP/1.1\r\nHost: api\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
                b"GET /smuggled HTTP/1.1\r\nHost: api\r\n\r\n"
            )
            answer = await wire.answer()
            assert (answer.body, answer.headers["connection"]) == (b"ok", "close")
            assert await wire.rest() == b""
            assert len(heads) == 1
            assert b"pgrade" not in heads[0]

    run(main())
