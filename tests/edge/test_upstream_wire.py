"""`waf.edge.httpwire`: every case whole, split at every byte and, where the answer has an end, with bytes behind it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf.edge.httpwire import MAX_HEAD, MAX_INTERIM, SMALL, ResponseReader
from waf.errors import UpstreamProtocol

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


@dataclass(frozen=True)
class Good:
    """An answer that can be read."""

    name: str
    wire: bytes
    status: int = 200
    body: bytes = b""
    keep_alive: bool = True
    length: int | None = None
    trailers: list[tuple[bytes, bytes]] = field(default_factory=list)
    until_close: bool = False
    head: bool = False


GOOD = [
    Good("content-length", OK + b"Content-Length: 5\r\n\r\nhello", body=b"hello", length=5),
    Good("empty body", OK + b"Content-Length: 0\r\n\r\n", length=0),
    Good("length of any case", OK + b"cOnTeNt-LeNgTh: 2\r\n\r\nab", body=b"ab", length=2),
    Good("chunked", CHUNKED + b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", body=b"abcde"),
    Good("chunk extension", CHUNKED + b"3;x=y\r\nabc\r\n0\r\n\r\n", body=b"abc"),
    Good("chunked in capitals", OK + b"Transfer-Encoding: Chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", body=b"a"),
    Good(
        "trailers",
        CHUNKED + b"1\r\na\r\n0\r\nX-Tokens: 3\r\nServer-Timing: t;dur=1\r\n\r\n",
        body=b"a",
        trailers=[(b"X-Tokens", b"3"), (b"Server-Timing", b"t;dur=1")],
    ),
    Good("until close", OK + b"\r\nabc", body=b"abc", until_close=True, keep_alive=False),
    Good("HTTP/1.0 until close", b"HTTP/1.0 200 OK\r\n\r\nabc", body=b"abc", until_close=True, keep_alive=False),
    Good("HTTP/1.0 closes", b"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na", body=b"a", length=1, keep_alive=False),
    Good(
        "HTTP/1.0 keep-alive",
        b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\na",
        body=b"a",
        length=1,
    ),
    Good(
        "connection: close",
        OK + b"Connection: close\r\nContent-Length: 1\r\n\r\na",
        body=b"a",
        length=1,
        keep_alive=False,
    ),
    Good("204", b"HTTP/1.1 204 No Content\r\n\r\n", status=204),
    Good("204 with a length", b"HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n", status=204),
    Good("304 with a length", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n", status=304, length=99),
    Good("304 without", b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n", status=304),
    Good("HEAD with a length", OK + b"Content-Length: 99\r\n\r\n", length=99, head=True),
    Good("HEAD chunked", CHUNKED, head=True),
    Good("HEAD without framing", OK + b"\r\n", head=True, keep_alive=False),
    Good("no reason", b"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", length=0),
    Good("100 first", b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"Content-Length: 1\r\n\r\na", body=b"a", length=1),
    Good(
        "103 with its own headers",
        b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK + b"Content-Length: 1\r\n\r\na",
        body=b"a",
        length=1,
    ),
    Good(
        "as many interim answers as are allowed",
        b"HTTP/1.1 102 Processing\r\n\r\n" * MAX_INTERIM + OK + b"Content-Length: 0\r\n\r\n",
        length=0,
    ),
]

BAD = [
    ("length and coding", OK + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    ("coding and length", OK + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n"),
    ("two lengths that differ", OK + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"),
    ("two lengths alike", OK + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc"),
    ("list of lengths", OK + b"Content-Length: 3, 3\r\n\r\nabc"),
    ("negative length", OK + b"Content-Length: -3\r\n\r\nabc"),
    ("signed length", OK + b"Content-Length: +3\r\n\r\nabc"),
    ("length too large", OK + b"Content-Length: 99999999999999999999999\r\n\r\n"),
    ("gzip coding", OK + b"Transfer-Encoding: gzip\r\n\r\nabc"),
    ("gzip, chunked", OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
    ("chunked twice", OK + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    ("not quite chunked", OK + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
    ("chunked on HTTP/1.0", b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    ("bare LF", b"HTTP/1.1 200 OK\nContent-Length: 3\n\nabc"),
    ("obs-fold", OK + b"X-A: a\r\n b\r\nContent-Length: 0\r\n\r\n"),
    ("blank before the colon", OK + b"Content-Length : 3\r\n\r\nabc"),
    ("NUL in a value", OK + b"X: a\0b\r\n\r\n"),
    ("CR in a value", OK + b"X: a\rb\r\n\r\n"),
    ("empty name", OK + b": x\r\n\r\n"),
    ("chunk size not hex", CHUNKED + b"xx\r\nabc\r\n0\r\n\r\n"),
    ("chunk size too large", CHUNKED + b"fffffffffffffffff\r\nabc"),
    ("chunk longer than it says", CHUNKED + b"3\r\nabcd\r\n0\r\n\r\n"),
    ("length in a trailer", CHUNKED + b"0\r\nContent-Length: 3\r\n\r\n"),
    ("status below 100", b"HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n"),
    ("status above 599", b"HTTP/1.1 600 Odd\r\nContent-Length: 0\r\n\r\n"),
    ("status of four digits", b"HTTP/1.1 2000 Odd\r\nContent-Length: 0\r\n\r\n"),
    ("HTTP/2.0", b"HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n"),
    ("HTTP/0.9", b"HTTP/0.9 200 OK\r\nContent-Length: 0\r\n\r\n"),
    ("a request", b"GET / HTTP/1.1\r\n\r\n"),
    ("another protocol", b"SSH-2.0-OpenSSH_9.2\r\n"),
    ("TLS alert", b"\x15\x03\x01\x00\x02\x02\x50"),
    ("101 that nobody asked for", b"HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"),
    ("101 without Upgrade", b"HTTP/1.1 101 Switching\r\n\r\n"),
    ("endless interim answers", b"HTTP/1.1 100 Continue\r\n\r\n" * (MAX_INTERIM + 1)),
]


def read(wire: bytes, *cuts: int, head: bool = False) -> ResponseReader:
    reader = ResponseReader(head=head)
    edges = [0, *cuts, len(wire)]
    for start, end in itertools.pairwise(edges):
        reader.feed(wire[start:end])
    return reader


def check(case: Good, reader: ResponseReader) -> None:
    if case.until_close:
        assert not reader.complete
        reader.eof()
    assert reader.complete
    assert reader.ready
    assert (reader.status, reader.keep_alive, reader.content_length) == (case.status, case.keep_alive, case.length)
    assert reader.trailers == case.trailers
    assert reader.take() == case.body


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case.name)
def test_good_answers_however_they_arrive(case: Good) -> None:
    check(case, read(case.wire, head=case.head))
    check(case, read(case.wire, *range(1, len(case.wire)), head=case.head))
    for cut in range(1, len(case.wire)):
        check(case, read(case.wire, cut, head=case.head))


@pytest.mark.parametrize("tail", [b"x", OK + b"Content-Length: 1\r\n\r\nb"], ids=["garbage", "another answer"])
@pytest.mark.parametrize("case", [c for c in GOOD if not c.until_close], ids=lambda case: case.name)
def test_bytes_behind_an_answer_forbid_reuse_and_change_nothing(case: Good, tail: bytes) -> None:
    wire = case.wire + tail
    for cuts in ((), range(1, len(wire))):
        reader = read(wire, *cuts, head=case.head)
        assert reader.complete
        assert not reader.keep_alive
        assert reader.status == case.status
        assert reader.take() == case.body
        assert b"Content-Length" not in [name for name, _ in reader.trailers]


@pytest.mark.parametrize(("name", "wire"), BAD, ids=[name for name, _ in BAD])
def test_bad_answers_however_they_arrive(name: str, wire: bytes) -> None:
    with pytest.raises(UpstreamProtocol) as caught:
        read(wire)
    assert caught.value.code == "upstream_invalid"
    with pytest.raises(UpstreamProtocol):
        read(wire, *range(1, len(wire)))


@pytest.mark.parametrize(
    "wire",
    [b"H", OK, OK + b"Content-Length: 5\r\n\r\nhell", CHUNKED, CHUNKED + b"3\r\nabc\r\n", CHUNKED + b"0\r\nX: y\r\n"],
    ids=["status line", "no headers", "short body", "no chunk", "no last chunk", "trailers cut"],
)
def test_an_answer_that_ends_early_is_never_complete(wire: bytes) -> None:
    reader = read(wire)
    with pytest.raises(UpstreamProtocol) as caught:
        reader.eof()
    assert caught.value.code == "upstream_truncated"
    assert not reader.complete


def test_headers_keep_spelling_order_and_repeats() -> None:
    reader = read(OK + b"Set-Cookie: a=1\r\nX-Y:  z\r\nset-cookie: b=2\r\nContent-Length: 0\r\n\r\n")
    assert reader.headers[:3] == [(b"Set-Cookie", b"a=1"), (b"X-Y", b"z"), (b"set-cookie", b"b=2")]
    assert reader.reason == b"OK"
    assert reader.version == "1.1"


def test_a_204_loses_its_framing_headers() -> None:
    reader = read(b"HTTP/1.1 204 No Content\r\nContent-Length: 3\r\nX-A: b\r\n\r\n")
    assert reader.headers == [(b"X-A", b"b")]


def test_interim_headers_are_not_the_answers() -> None:
    reader = read(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK + b"Content-Length: 0\r\n\r\n")
    assert reader.headers == [(b"Content-Length", b"0")]
    assert reader.reason == b"OK"


def test_upgrade_hands_over_what_follows() -> None:
    wire = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    reader = ResponseReader(upgrade=True)
    reader.feed(wire + b"\x81\x01a")
    assert (reader.status, reader.upgraded, reader.complete, reader.leftover) == (101, True, True, b"\x81\x01a")


@pytest.mark.parametrize(
    "wire",
    [
        OK + b"X: " + b"a" * MAX_HEAD + b"\r\n\r\n",
        OK + b"X: y\r\n" * (MAX_HEAD // 6 + 1) + b"\r\n",
        CHUNKED + b"0\r\n" + b"X: y\r\n" * (MAX_HEAD // 6 + 1),
        CHUNKED + b"1;" + b"x" * MAX_HEAD,
    ],
    ids=["one long line", "many lines", "many trailers", "long chunk extension"],
)
def test_header_sections_are_capped(wire: bytes) -> None:
    with pytest.raises(UpstreamProtocol):
        read(wire + b"x" * 8)
    with pytest.raises(UpstreamProtocol):
        read(wire + b"x" * 8, *range(1000, len(wire), 1000))


def test_a_small_answer_is_ready_when_it_is_whole_and_a_large_one_with_its_head() -> None:
    small = read(OK + b"Content-Length: %d\r\n\r\n" % SMALL)
    assert not small.ready
    small.feed(b"x" * SMALL)
    assert small.ready
    assert read(OK + b"Content-Length: %d\r\n\r\n" % (SMALL + 1)).ready
    assert read(CHUNKED).ready
    assert not read(OK).ready


def test_take_empties_the_buffer() -> None:
    reader = read(CHUNKED + b"3\r\nabc\r\n2\r\nde\r\n")
    assert reader.buffered == 5
    assert reader.take() == b"abcde"
    assert (reader.buffered, reader.take()) == (0, b"")


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A good answer with a few bytes replaced, put in or taken out."""
    wire = bytearray(draw(st.sampled_from(GOOD)).wire)
    for _ in range(draw(st.integers(0, 4))):
        position = draw(st.integers(0, len(wire)))
        width = draw(st.integers(0, 2))
        wire[position : position + width] = draw(
            st.sampled_from(
                [b"", b"\r\n", b"\n", b" ", b"\0", b":", b"0", b"9", b"Transfer-Encoding: chunked\r\n", b"\xff"]
            )
        )
    return bytes(wire)


@given(damaged(), st.lists(st.integers(0, 120), max_size=5), st.booleans())
def test_damaged_answers_read_the_same_however_they_arrive(wire: bytes, cuts: list[int], head: bool) -> None:
    def outcome(*edges: int) -> object:
        try:
            reader = read(wire, *edges, head=head)
        except UpstreamProtocol:
            return "refused"
        return reader.complete, reader.status, reader.headers, reader.take(), reader.trailers

    assert outcome() == outcome(*sorted(min(cut, len(wire)) for cut in cuts))
