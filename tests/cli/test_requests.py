"""Raw HTTP as it is pasted, and which of the three ways to write a request was meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf.cli.requests import RequestError, from_http, read_request
from waf.model import Request


def test_a_whole_request() -> None:
    raw = b"POST /a?b=c HTTP/1.0\r\nHost: h\r\nX:  two words \r\nContent-Length: 4\r\n\r\nbody\r\n"
    assert from_http(raw) == Request(
        method="POST",
        target="/a?b=c",
        version="HTTP/1.0",
        headers=(("Host", "h"), ("X", "two words"), ("Content-Length", "4")),
        body=b"body",
    )


@pytest.mark.parametrize(
    ("raw", "headers", "body"),
    [
        (b"GET / HTTP/1.1\n\n", (), b""),
        (b"GET / HTTP/1.1\r\n", (), b""),
        (b"GET / HTTP/1.1\nHost: h\n", (("Host", "h"),), b""),
        (b"GET / HTTP/1.1\nA:\n\n", (("A", ""),), b""),
        (b"POST / HTTP/1.1\n\nx\n", (("Content-Length", "2"),), b"x\n"),
        (b"POST / HTTP/1.1\r\n\r\nx", (("Content-Length", "1"),), b"x"),
        (b"POST / HTTP/1.1\nContent-Length: 1\n\nx\r\n", (("Content-Length", "1"),), b"x"),
        (b"POST / HTTP/1.1\nContent-Length: x\n\nab", (("Content-Length", "x"),), b"ab"),
        (
            b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;e=1\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n",
            (("Transfer-Encoding", "chunked"),),
            b"abc0123456789",
        ),
        (b"GET / HTTP/1.1\nA: \xff\n\n", (("A", "\udcff"),), b""),
    ],
)
def test_framing(raw: bytes, headers: tuple[tuple[str, str], ...], body: bytes) -> None:
    request = from_http(raw)
    assert (request.headers, request.body) == (headers, body)


def test_a_target_with_a_blank_is_taken_as_it_stands() -> None:
    assert from_http(b"GET /a b HTTP/1.1\n\n").target == "/a b"


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "neither a JSON record"),
        (b"hello", "neither a JSON record"),
        (b"GET /", "neither a JSON record"),
        (b"GET / HTTP/2\n\n", "neither a JSON record"),
        (b"GET / HTTP/1.1\nnothing\n\n", "line 2 is not a header"),
        (b"GET / HTTP/1.1\nA: b\n: c\n\n", "line 3 is not a header"),
        (b"GET / HTTP/1.1\nHost: h", "cut off"),
        (b"POST / HTTP/1.1\nContent-Length: 1\n\nabc", "Content-Length says 1, and 3 bytes follow"),
        (b"POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n3\nabc", "chunked body is cut off"),
        (b"POST / HTTP/1.1\nTransfer-Encoding: chunked\n\nzz\nabc", "chunked body is cut off"),
        (b"POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n3\nabcd\n0\n", "chunked body is cut off"),
        (b"{", "not JSON"),
        (b"{}", "path"),
        (b"curl", "neither a JSON record"),
        (b"curl -X", "curl: -X needs a value"),
        (b"curl '", "curl: No closing quotation"),
        (b"curl \xff", "curl: "),
    ],
)
def test_what_is_no_request(raw: bytes, message: str) -> None:
    with pytest.raises(RequestError, match=message.replace("(", r"\(")):
        read_request(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b'  {"path": "/x", "method": "GET"}',
        b"\n GET /x HTTP/1.1\n\n",
        b"curl http://h/x",
        b"$ curl http://h/x",
        b"curl\t-s\nhttp://h/x",
    ],
)
def test_what_was_meant(raw: bytes) -> None:
    request = read_request(raw)
    assert (request.method, request.target) == ("GET", "/x")


@given(
    st.binary(max_size=60)
    | st.builds(lambda tail: b"GET / HTTP/1.1\r\n" + tail, st.binary(max_size=60))
    | st.builds(lambda tail: b"curl h " + tail, st.binary(max_size=60))
    | st.builds(lambda tail: b'{"path": "/"' + tail, st.binary(max_size=20))
)
def test_anything_is_a_request_or_an_error(raw: bytes) -> None:
    try:
        request = read_request(raw)
    except RequestError as error:
        message = str(error)
    else:
        assert isinstance(request, Request)
        return
    assert message
