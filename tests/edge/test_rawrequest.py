"""What reads bytes without a socket agrees with the edge: the same requests get through, and the same are refused."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.edge.test_accept_wire import REFUSED
from waf.edge.rawrequest import RawReader
from waf.errors import Refusal
from waf.settings import Limits


@pytest.fixture
def reader() -> Iterator[RawReader]:
    with RawReader(Limits()) as reader:
        yield reader


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_edge_refuses_is_refused_with_the_same_status(reader: RawReader, name: str) -> None:
    data, status = REFUSED[name]
    with pytest.raises(Refusal) as refusal:
        reader.read(data)
    assert refusal.value.status == status


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n", ("GET", "/a?b=c", b"", "HTTP/1.1")),
        (b"GET http://x/a HTTP/1.0\r\nHost: x\r\n\r\n", ("GET", "/a", b"", "HTTP/1.0")),
        (b"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", ("PUT", "/", b"abc", "HTTP/1.1")),
        (
            b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
            ("POST", "/", b"abc", "HTTP/1.1"),
        ),
        (
            b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n" + b"a" * 200_000,
            ("POST", "/", b"a" * 200_000, "HTTP/1.1"),
        ),
    ],
)
def test_what_gets_through_is_what_was_sent(
    reader: RawReader, data: bytes, expected: tuple[str, str, bytes, str]
) -> None:
    request = reader.read(data)
    assert (request.method, request.target, request.body, request.version) == expected
    assert request.wire_length == len(expected[2])


def test_headers_are_as_they_were_written(reader: RawReader) -> None:
    request = reader.read(b"GET / HTTP/1.1\r\nhOST: x\r\nA:  b\xff \r\nA: c\r\n\r\n", "192.0.2.7")
    assert request.headers == (("hOST", "x"), ("A", "b\udcff"), ("A", "c"))
    assert request.client_ip == "192.0.2.7"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "header_timeout"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n", "header_timeout"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nabc", "body_timeout"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab", "body_timeout"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nz\r\nab", "malformed"),
        (b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", "target_length"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 2_000 + b"\r\n", "header_count"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + (b"A: " + b"b" * 4_000 + b"\r\n") * 30, "header_total"),
    ],
)
def test_what_never_ends_or_is_too_large(reader: RawReader, data: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        reader.read(data)
    assert refusal.value.code == code


def test_a_coding_is_undone_and_the_bound_on_a_body_holds() -> None:
    packed = gzip.compress(b"hello")
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    chunked = (
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n401\r\n" + b"a" * 1025 + b"\r\n0\r\n\r\n"
    )
    with RawReader(replace(Limits(), body=1024)) as reader:
        request = reader.read(head + packed)
        assert (request.body, request.wire_length) == (b"hello", len(packed))
        with pytest.raises(Refusal) as refusal:
            reader.read(chunked)
    assert refusal.value.code == "body_length"
