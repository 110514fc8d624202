"""However a stream of requests is cut into pieces, and whatever is damaged in it, the same requests are made out."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

from aiohttp.http import RawRequestMessage
from aiohttp.streams import StreamReader
from hypothesis import given
from hypothesis import strategies as st

from waf.edge.accept import check_head
from waf.edge.accept_body import read_body
from waf.edge.connection import Connection
from waf.edge.listener import EdgeServer
from waf.errors import Refusal
from waf.settings import Limits, Timeouts

LIMITS = Limits(body=2000)
Seen = tuple[str, str, tuple[tuple[bytes, bytes], ...], bytes]


class Socket(asyncio.Transport):
    """A connection whose client only sends."""

    def __init__(self) -> None:
        super().__init__({"peername": ("192.0.2.1", 1), "socket": None})
        self.closed = False

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.closed = True

    def write(self, data: Any) -> None:
        pass

    def can_write_eof(self) -> bool:
        return False

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


class Keeper:
    """Keeps what is made out of a stream instead of answering it."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.refusals: list[Refusal] = []

    async def handle(self, client: Connection, message: RawRequestMessage, payload: StreamReader) -> bool:
        try:
            head = check_head(message, LIMITS)
            body = await read_body(client, payload, LIMITS.body, lambda _: None)
        except Refusal as refusal:
            self.refusals.append(refusal)
            return False
        self.seen.append((message.method, head.target, message.raw_headers, body))
        return client.keeps(message)

    def refuse(self, client: Connection, refusal: Refusal) -> None:
        self.refusals.append(refusal)


async def made_out(pieces: list[bytes]) -> Keeper:
    keeper = Keeper()
    server = EdgeServer(keeper, LIMITS, Timeouts())
    connection, socket = server(), Socket()
    connection.connection_made(socket)
    for piece in pieces:
        await settle()
        if not socket.closed:
            connection.data_received(piece)
    await settle()
    connection.connection_lost(None)
    await settle()
    return keeper


async def settle() -> None:
    for _ in range(12):
        await asyncio.sleep(0)


def cut(data: bytes, at: list[int]) -> list[bytes]:
    edges = [0, *sorted({i % (len(data) + 1) for i in at}), len(data)]
    return [data[a:b] for a, b in itertools.pairwise(edges) if a != b]


WORDS = st.sampled_from([b"a", b"hello", b"0\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"x" * 300, b"\0\xff", b"", b"\r\n"])
TRAILERS = st.sampled_from([b"", b"", b"", b"X-Trailer: 1\r\n", b"X-One: 1\r\nContent-Type: a\r\n"])


@st.composite
def requests(draw: st.DrawFn) -> bytes:
    number = draw(st.integers(0, 9))
    kind = draw(st.sampled_from(["none", "counted", "chunked", "close"]))
    line = b"%b /%d HTTP/1.1\r\nHost: api\r\nX-Number: %d\r\n" % (b"GET" if kind == "none" else b"POST", number, number)
    if kind == "none":
        return line + b"\r\n"
    body = b"".join(draw(st.lists(WORDS, max_size=3)))
    if kind == "chunked":
        chunks = b"".join(b"%x\r\n%b\r\n" % (len(c), c) for c in (body[:7], body[7:]) if c)
        return line + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n" + draw(TRAILERS) + b"\r\n"
    close = b"Connection: close\r\n" if kind == "close" else b""
    return line + close + b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


STREAMS = st.lists(requests(), min_size=1, max_size=4)
CUTS = st.lists(st.integers(0, 2000), max_size=8)


def prefix(one: list[Seen], other: list[Seen]) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


@given(stream=STREAMS, at=CUTS)
def test_valid_streams(stream: list[bytes], at: list[int]) -> None:
    """Each request as it is alone, in order; fewer of them where a connection has to end."""

    async def main() -> None:
        alone = [(await made_out([request])).seen[0] for request in stream]
        keeper = await made_out(cut(b"".join(stream), at))
        assert keeper.seen == alone[: len(keeper.seen)]
        assert all(name != b"X-Trailer" for _, _, headers, _ in keeper.seen for name, _ in headers)
        plain = b"chunked" not in b"".join(stream) and b"close" not in b"".join(stream)
        assert len(keeper.seen) == len(stream) or not plain

    asyncio.run(main())


@given(
    stream=STREAMS,
    damage=st.lists(
        st.tuples(st.integers(0, 2000), st.sampled_from(list(b"\r\n \t:;0,x\0\x80")), st.booleans()), max_size=3
    ),
    one=CUTS,
    other=CUTS,
)
def test_damaged_streams(
    stream: list[bytes], damage: list[tuple[int, int, bool]], one: list[int], other: list[int]
) -> None:
    data = bytearray(b"".join(stream))
    for place, byte, insert in damage:
        at = place % len(data)
        data[at : at if insert else at + 1] = bytes([byte])

    async def main() -> None:
        first, second = await made_out(cut(bytes(data), one)), await made_out(cut(bytes(data), other))
        assert prefix(first.seen, second.seen)
        assert len(first.refusals) <= 1
        assert len(second.refusals) <= 1

    asyncio.run(main())
