"""`waf.edge.forward`: what goes on, what does not, and what could never be said twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf.edge import forward
from waf.edge.forward import forward_headers, head_bytes, response_headers
from waf.errors import BadRequest

PEER = "192.0.2.7"
OURS = [(b"X-WAF-Request-Id", b"r1"), (b"X-WAF-Action", b"allow")]
ADDED = [(b"X-Forwarded-For", b"192.0.2.7"), (b"X-Forwarded-Proto", b"https")]


def sent(*headers: tuple[bytes, bytes], **options: bool) -> list[tuple[bytes, bytes]]:
    """What is left of the client's own headers."""
    out = forward_headers(headers, PEER, "https", **options)  # type: ignore[arg-type]
    assert out[-2:] == ADDED
    return out[:-2]


@pytest.mark.parametrize(
    "name",
    [
        b"Connection",
        b"Keep-Alive",
        b"Proxy-Connection",
        b"Proxy-Authorization",
        b"TE",
        b"Trailer",
        b"Transfer-Encoding",
        b"Upgrade",
        b"HTTP2-Settings",
        b"Content-Length",
        b"Expect",
        b"X-WAF-Action",
        b"x-waf-action",
        b"X_WAF_Action",
        b"X-Waf_Request-Id",
        b"X-WAF",
        b"Forwarded",
        b"X-Real-IP",
        b"X-Forwarded-Port",
        b"X-Forwarded-For",
        b"X_Forwarded_For",
        b"Content_Length",
        b"Transfer_Encoding",
        b"X_Real_IP",
        b"True-Client-IP",
    ],
)
def test_what_a_client_cannot_send_on(name: bytes) -> None:
    assert sent((b"A", b"b"), (name, b"x"), (name.lower(), b"y")) == [(b"A", b"b")]


def test_everything_else_goes_on_as_it_came() -> None:
    headers = [
        (b"User-Agent", b"x"),
        (b"authorization", b"Bearer k"),
        (b"Accept-Encoding", b"gzip"),
        (b"X-Custom_Name", b"\xff"),
        (b"Cookie", b"a=1"),
        (b"Cookie", b"b=2"),
    ]
    assert sent(*headers) == headers


@pytest.mark.parametrize("value", [b"X-Secret", b"close, x-secret", b"keep-alive ,\tX-SECRET ", b",x-secret,"])
def test_connection_removes_what_it_names(value: bytes) -> None:
    assert sent((b"X-Secret", b"1"), (b"Connection", value), (b"A", b"b")) == [(b"A", b"b")]


@pytest.mark.parametrize(
    "name",
    [b"Authorization", b"Content-Type", b"Content-Encoding", b"Cookie", b"X-Api-Key"],
)
def test_connection_cannot_remove_what_gives_a_request_its_meaning(name: bytes) -> None:
    assert sent((name, b"v"), (b"Connection", b"close, " + name)) == [(name, b"v")]


def test_connection_cannot_remove_ours_nor_host() -> None:
    names = b"host, x-waf-action, x_waf_action, x-forwarded-for, x-forwarded-proto, x-forwarded-host, content-length"
    out = forward_headers([(b"Host", b"h"), (b"Connection", names)], PEER, "http", OURS)
    assert out == [
        (b"Host", b"h"),
        (b"X-Forwarded-For", b"192.0.2.7"),
        (b"X-Forwarded-Proto", b"http"),
        (b"X-Forwarded-Host", b"h"),
        *OURS,
    ]


def test_an_untrusted_peer_says_nothing_about_the_client() -> None:
    headers = [(b"X-Forwarded-For", b"10.0.0.1"), (b"X-Forwarded-Proto", b"ftp"), (b"X-Forwarded-Host", b"evil")]
    assert forward_headers([(b"Host", b"h"), *headers], PEER, "http") == [
        (b"Host", b"h"),
        (b"X-Forwarded-For", b"192.0.2.7"),
        (b"X-Forwarded-Proto", b"http"),
        (b"X-Forwarded-Host", b"h"),
    ]


def test_a_trusted_peer_is_extended() -> None:
    headers = [
        (b"Host", b"inner"),
        (b"x-forwarded-for", b"10.0.0.1"),
        (b"X-Forwarded-For", b"10.0.0.2, 10.0.0.3"),
        (b"X-Forwarded-Proto", b"https"),
        (b"X-Forwarded-Host", b"outer"),
        (b"X-Forwarded-Port", b"443"),
        (b"Forwarded", b"for=10.0.0.1"),
        (b"X_Forwarded_For", b"6.6.6.6"),
    ]
    assert forward_headers(headers, PEER, "http", trusted=True) == [
        (b"Host", b"inner"),
        (b"X-Forwarded-Port", b"443"),
        (b"Forwarded", b"for=10.0.0.1"),
        (b"X-Forwarded-For", b"10.0.0.1, 10.0.0.2, 10.0.0.3, 192.0.2.7"),
        (b"X-Forwarded-Proto", b"https"),
        (b"X-Forwarded-Host", b"outer"),
    ]


def test_host_can_be_replaced_and_the_old_one_is_still_told() -> None:
    out = forward_headers([(b"Host", b"public")], PEER, "http", host=b"model:8000")
    assert out[0] == (b"Host", b"model:8000")
    assert out[-1] == (b"X-Forwarded-Host", b"public")


def test_no_host_at_all() -> None:
    assert forward_headers([], PEER, "http") == [(b"X-Forwarded-For", b"192.0.2.7"), (b"X-Forwarded-Proto", b"http")]


def test_an_ipv6_peer() -> None:
    assert forward_headers([], "2001:db8::1", "http")[0] == (b"X-Forwarded-For", b"2001:db8::1")


@pytest.mark.parametrize("name", [b"", b"a b", b"a:b", b"a\r\nb", b"\xff", b"a\0"])
def test_bad_names_are_refused(name: bytes) -> None:
    with pytest.raises(BadRequest):
        forward_headers([(name, b"v")], PEER, "http")


def test_two_hosts_are_refused() -> None:
    with pytest.raises(BadRequest):
        forward_headers([(b"Host", b"a"), (b"host", b"a")], PEER, "http")


def test_answers_that_are_inspected_are_asked_for_in_plain() -> None:
    headers = [(b"Accept", b"*/*"), (b"ACCEPT-encoding", b"gzip"), (b"Accept_Encoding", b"br")]
    assert sent(*headers) == headers
    assert sent(*headers, plain=True) == [headers[0], headers[2]]
    assert response_headers(headers) == headers


def test_a_websocket_handshake_goes_on_without_extensions() -> None:
    headers = [
        (b"Connection", b"keep-alive, Upgrade"),
        (b"Upgrade", b"websocket"),
        (b"Sec-WebSocket-Key", b"k"),
        (b"Sec-WebSocket-Version", b"13"),
        (b"Sec-WebSocket-Protocol", b"realtime"),
        (b"Sec-WebSocket-Extensions", b"permessage-deflate"),
        (b"sec-websocket-extensions", b"x-other"),
    ]
    assert sent(*headers, upgrade=True) == [
        *headers[2:5],
        (b"Connection", b"Upgrade"),
        (b"Upgrade", b"websocket"),
    ]


def test_junk_names_do_not_grow_the_cache_without_end() -> None:
    for number in range(5000):
        forward_headers([(b"X-Junk-%d" % number, b"v")], PEER, "http")
    long = b"x" * 4000
    forward_headers([(long, b"v")], PEER, "http")
    assert len(forward._KINDS) <= forward._CACHE_NAMES
    assert long not in forward._KINDS


def test_answers_keep_what_is_end_to_end() -> None:
    headers = [
        (b"Content-Length", b"3"),
        (b"Content-Type", b"text/plain"),
        (b"Set-Cookie", b"a"),
        (b"Set-Cookie", b"b"),
        (b"Connection", b"close, X-Hop, Set-Cookie"),
        (b"X-Hop", b"1"),
        (b"Keep-Alive", b"timeout=5"),
        (b"Transfer-Encoding", b"chunked"),
        (b"Trailer", b"X-T"),
        (b"Upgrade", b"h2c"),
        (b"X-WAF-Request-Id", b"forged"),
        (b"Proxy-Authenticate", b"x"),
    ]
    assert response_headers(headers) == headers[:4]
    assert response_headers(headers, trailer=True) == [*headers[:4], (b"Trailer", b"X-T")]


# --------------------------------------------------------------------------- head_bytes


def test_a_head() -> None:
    assert head_bytes("POST", "/v1?q=%20", [(b"Host", b"h"), (b"A", b"")], 7) == (
        b"POST /v1?q=%20 HTTP/1.1\r\nHost: h\r\nA: \r\nContent-Length: 7\r\n\r\n"
    )
    assert head_bytes("OPTIONS", "*", [], None) == b"OPTIONS * HTTP/1.1\r\n\r\n"


def test_bytes_of_a_target_that_are_not_ascii_survive() -> None:
    target = b"/caf\xc3\xa9/\xff".decode("utf-8", "surrogateescape")
    assert head_bytes("GET", target, [], None) == b"GET /caf\xc3\xa9/\xff HTTP/1.1\r\n\r\n"


@pytest.mark.parametrize(
    ("method", "target", "header"),
    [
        ("GET", "/a b", (b"A", b"b")),
        ("GET", "/a\r\nX: y", (b"A", b"b")),
        ("GET", "/a\n", (b"A", b"b")),
        ("GET", "/a\x7f", (b"A", b"b")),
        ("GET", "", (b"A", b"b")),
        ("GET", "http://other/", (b"A", b"b")),
        ("GET", "host:80", (b"A", b"b")),
        ("GET", "*x", (b"A", b"b")),
        ("GET ", "/", (b"A", b"b")),
        ("", "/", (b"A", b"b")),
        ("GET\r\n", "/", (b"A", b"b")),
        ("GET", "/", (b"A", b"b\r\nX: y")),
        ("GET", "/", (b"A", b"b\nX: y")),
        ("GET", "/", (b"A", b"b\rX: y")),
        ("GET", "/", (b"A", b"b\0")),
        ("GET", "/", (b"A\r\nB", b"b")),
    ],
)
def test_what_would_not_read_back_is_refused(method: str, target: str, header: tuple[bytes, bytes]) -> None:
    with pytest.raises(BadRequest):
        head_bytes(method, target, [header], None)


@given(
    st.lists(
        st.tuples(st.sampled_from([b"A", b"Connection", b"X-WAF-Tags", b"Host", b"x_waf_score", b"TE"]), st.binary())
    )
)
def test_no_header_can_make_a_second_line(headers: list[tuple[bytes, bytes]]) -> None:
    try:
        out = forward_headers(headers, PEER, "http", OURS)
        head = head_bytes("GET", "/", out, 0)
    except BadRequest:
        return
    lines = head.split(b"\r\n")
    assert lines[-2:] == [b"", b""]
    assert len(lines) == len(out) + 4
    assert [line for line in lines if line.lower().startswith((b"x-waf", b"x_waf"))] == [
        b"X-WAF-Request-Id: r1",
        b"X-WAF-Action: allow",
    ]
