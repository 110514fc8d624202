"""Requests as bytes: what go-ftw completes, and that what goes in comes out of the edge's parser."""

from __future__ import annotations

import urllib.parse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf.edge.rawrequest import RawReader
from waf.ftw.request import build, encode_form
from waf.ftw.template import TemplateError
from waf.ftw.values import Input
from waf.settings import Limits

CLOSE = "Connection: close\r\n"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (Input(), f"GET / HTTP/1.1\r\n{CLOSE}\r\n"),
        (Input(autocomplete=False), "GET / HTTP/1.1\r\n\r\n"),
        (Input(method="", version="HTTP/9"), f" / HTTP/9\r\n{CLOSE}\r\n"),
        (Input(headers=(("B", "1"), ("b", "2"))), f"GET / HTTP/1.1\r\nB: 1\r\nb: 2\r\n{CLOSE}\r\n"),
        (Input(headers=(("connection", "x"),)), "GET / HTTP/1.1\r\nconnection: x\r\n\r\n"),
        (Input(method="POST"), f"POST / HTTP/1.1\r\n{CLOSE}Content-Length: 0\r\n\r\n"),
        (Input(method="XPATCHX"), f"XPATCHX / HTTP/1.1\r\n{CLOSE}Content-Length: 0\r\n\r\n"),
        (Input(method="HEAD"), f"HEAD / HTTP/1.1\r\n{CLOSE}\r\n"),
        (
            Input(data="a=b c&d"),
            "GET / HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"{CLOSE}Content-Length: 7\r\n\r\na=b+c&d",
        ),
        (
            Input(data="a", headers=(("content-length", "9"), ("content-type", "text/plain"))),
            f"GET / HTTP/1.1\r\ncontent-length: 9\r\ncontent-type: text/plain\r\n{CLOSE}\r\na",
        ),
        (Input(data="a b", autocomplete=False), "GET / HTTP/1.1\r\n\r\na b"),
        (
            Input(data="a\nb", autocomplete=False, headers=(("Content-Type", "Multipart/Form-Data; boundary=x"),)),
            "GET / HTTP/1.1\r\nContent-Type: Multipart/Form-Data; boundary=x\r\n\r\na\r\nb",
        ),
        (Input(data='{{ "ab" | repeat 2 }}', autocomplete=False), "GET / HTTP/1.1\r\n\r\nabab"),
        (Input(encoded_data=b"{{x", autocomplete=False), "GET / HTTP/1.1\r\n\r\n{{x"),
        (Input(encoded_request=b"anything", method="POST"), "anything"),
        (Input(data="\ud800", autocomplete=False), "GET / HTTP/1.1\r\n\r\n?"),
    ],
)
def test_what_is_sent(given: Input, expected: str) -> None:
    assert build(given, "/") == expected.encode()


def test_cookies_of_earlier_stages_are_added() -> None:
    given = Input(headers=(("cookie", "a=1"), ("Host", "x")), autocomplete=False)
    assert build(given, "/", {"b": "2", "c": "3"}).endswith(b"\r\nHost: x\r\nCookie: a=1; b=2; c=3\r\n\r\n")
    assert build(Input(autocomplete=False), "/", {"b": "2"}).endswith(b"\r\nCookie: b=2\r\n\r\n")


def test_an_action_that_is_not_supported() -> None:
    with pytest.raises(TemplateError):
        build(Input(data="{{ 7*7 }}"), "/")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("a=b", "a=b"),
        ("a=b=c&d", "a=b%3Dc&d"),
        ("a=<b>&c=/", "a=%3Cb%3E&c=%2F"),
        ("a=é", "a=%C3%A9"),
        ("a=1&", "a=1"),
        ("a=1&&b", "a=1&&b"),
        ("a=%41", "a=%41"),  # encoded already
        ("a=b+c", "a=b+c"),
        ("a=100%", "a=100%"),  # Go cannot decode this, and then leaves it alone
        ("a=%zz<", "a=%zz<"),
    ],
)
def test_form_bodies_are_encoded_unless_they_are(data: str, expected: str) -> None:
    assert encode_form(data.encode()).decode() == expected


@given(st.lists(st.tuples(st.text(min_size=1), st.text()), min_size=1))
def test_an_encoded_form_reads_as_it_was_meant(pairs: list[tuple[str, str]]) -> None:
    pairs = [
        (name.translate(dict.fromkeys(b"&=%+", "x")), value.translate(dict.fromkeys(b"&=%+", "x")))
        for name, value in pairs
    ]
    made = encode_form("&".join(f"{name}={value}" for name, value in pairs).encode("utf-8", "replace"))
    read = urllib.parse.parse_qsl(made.decode(), keep_blank_values=True, strict_parsing=True)
    assert read == [(n.encode("utf-8", "replace").decode(), v.encode("utf-8", "replace").decode()) for n, v in pairs]


TOKEN = st.text("abcxyzABC012-_.!#", min_size=1, max_size=20)
VALUE = st.text(st.characters(min_codepoint=33, max_codepoint=0x2FFF, exclude_categories=["Cs", "Cc"]), max_size=40)
OWN = {
    "host",
    "connection",
    "content-length",
    "content-type",
    "transfer-encoding",
    "content-encoding",
    "te",
    "expect",
    "upgrade",
}


@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND"]),
    target=st.text("abc/?&=%25.;~", max_size=60).map(lambda text: "/" + text),
    headers=st.lists(st.tuples(TOKEN, VALUE), max_size=8),
    data=st.binary(max_size=300),
    version=st.sampled_from(["HTTP/1.1", "HTTP/1.0"]),
)
def test_what_goes_in_comes_out_of_the_parser(
    method: str, target: str, headers: list[tuple[str, str]], data: bytes, version: str
) -> None:
    kept = [pair for pair in headers if pair[0].lower().replace("_", "-") not in OWN]
    own = (("Host", "localhost"), ("Content-Type", "application/octet-stream"))
    request = build(Input(method=method, headers=(*own, *kept), encoded_data=data, version=version), target)
    with RawReader(Limits()) as reader:
        read = reader.read(request)
    assert (read.method, read.target, read.version, read.body) == (method, target, version, data)
    assert read.headers[: 2 + len(kept)] == (*own, *kept)
    assert {name for name, _ in read.headers[2 + len(kept) :]} <= {"Connection", "Content-Length"}
