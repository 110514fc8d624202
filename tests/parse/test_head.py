"""Request line, headers, cookies and query."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote_from_bytes, unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf.errors import BadRequest
from waf.model import Request
from waf.parse import ParseOptions, parse
from waf.parse.cookies import cookies
from waf.parse.head import split_target
from waf.parse.query import decode, pairs, unquote
from waf.settings import Limits


def values(request: Request, bucket: str) -> list[tuple[str, object, str]]:
    return [(f.name, f.value, f.origin) for f in parse(request).fields.get(bucket, [])]


REQUEST = Request(
    method="GET",
    target="/Search/%7Ex?q=a%20b&q=c+d&flag&=v&e=",
    headers=(
        ("Host", "h.example"),
        ("USER-AGENT", "curl\x07"),
        ("x-odd", ""),
        ("X-Odd", "2"),
        ("Cookie", 'a=1; b="two=2" ;c;; d=\x01\udcff'),
        ("cookie", "a=3"),
    ),
    client_ip="192.0.2.1",
)


@pytest.mark.parametrize(
    ("bucket", "expected"),
    [
        ("request.method", [("", "GET", "request.method")]),
        ("request.target", [("", REQUEST.target, "request.target")]),
        ("request.path", [("", "/Search/%7Ex", "request.path")]),
        ("request.query", [("", "q=a%20b&q=c+d&flag&=v&e=", "request.query")]),
        ("request.protocol", [("", "HTTP/1.1", "request.protocol")]),
        ("request.line", [("", f"GET {REQUEST.target} HTTP/1.1", "request.line")]),
        ("client.ip", [("", "192.0.2.1", "client.ip")]),
        ("body.length", [("", 0, "body.length")]),
        (
            "headers",
            [
                ("host", "h.example", "header:host"),
                ("user-agent", "curl\x07", "header:user-agent"),
                ("x-odd", "", "header:x-odd"),
                ("x-odd", "2", "header:x-odd"),
                ("cookie", 'a=1; b="two=2" ;c;; d=\x01\udcff', "header:cookie"),
                ("cookie", "a=3", "header:cookie"),
            ],
        ),
        (
            "cookies",
            [
                ("a", "1", "cookie:a"),
                ("b", '"two=2"', "cookie:b"),
                ("", "c", "cookie:"),
                ("d", "\x01\udcff", "cookie:d"),
                ("a", "3", "cookie:a"),
            ],
        ),
        (
            "args.get",
            [
                ("q", "a b", "query:q"),
                ("q", "c d", "query:q"),
                ("flag", "", "query:flag"),
                ("", "v", "query:"),
                ("e", "", "query:e"),
            ],
        ),
        # A name without a value is text, too, and an empty value is none.
        (
            "llm.prompt",
            [("q", "a b", "query:q"), ("q", "c d", "query:q"), ("flag", "flag", "query:flag"), ("", "v", "query:")],
        ),
    ],
)
def test_the_head_as_fields(bucket: str, expected: list[tuple[str, object, str]]) -> None:
    assert values(REQUEST, bucket) == expected


def test_arguments_and_prompts_are_the_same_object() -> None:
    fields = parse(REQUEST).fields
    assert fields["args.get"][0].value is fields["llm.prompt"][0].value


def test_what_is_absent_has_no_field() -> None:
    fields = parse(Request(method="GET", target="/")).fields
    assert not {"request.query", "client.ip", "headers", "cookies", "args.get", "model.name"} & set(fields)
    assert all(fields.values())
    assert parse(Request(method="GET", target="/?")).fields["request.query"][0].value == ""


def test_the_query_of_a_model_api_is_no_prompt() -> None:
    fields = parse(Request(method="POST", target="/v1/chat/completions?api-version=1")).fields
    assert fields["args.get"][0].value == "1"
    assert "llm.prompt" not in fields


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/a?b?c", ("/a", "b?c", True)),
        ("/a", ("/a", "", False)),
        ("/a?", ("/a", "", True)),
        ("*", ("*", "", False)),
        ("http://h:1/a/b?x", ("/a/b", "x", True)),
        ("HTTP://h", ("/", "", False)),
        ("h.example:443", ("h.example:443", "", False)),
        ("/x://y/z", ("/x://y/z", "", False)),
        ("?q", ("", "q", True)),
        ("", ("", "", False)),
    ],
)
def test_targets(target: str, expected: tuple[str, str, bool]) -> None:
    assert split_target(target) == expected


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        ("", ""),
        ("plain", "plain"),
        ("a+b", "a b"),
        ("%2B+", "+ "),
        ("%2541", "%41"),
        ("%4", "%4"),
        ("%zz%", "%zz%"),
        ("%u0041", "%u0041"),
        ("%C3%A9", "é"),
        ("%ff", "\udcff"),
        ("\udcc3%A9", "é"),
        ("%00%0d%0A", "\x00\r\n"),
        ("é%C3%A9", "éé"),
    ],
)
def test_percent_decoding_once(text: str, decoded: str) -> None:
    assert decode(text) == decoded


@given(st.binary() | st.lists(st.sampled_from([b"%41", b"%", b"%4", b"%zz", b"%Ff", b"x", b"\xff"])).map(b"".join))
def test_percent_decoding_is_that_of_the_standard_library(raw: bytes) -> None:
    assert unquote(raw) == unquote_to_bytes(raw)


@pytest.mark.parametrize("length", [4095, 4096, 4097, 10_000])
def test_a_run_of_escapes_may_be_long(length: int) -> None:
    assert unquote(b"%c3" * length + b"%") == b"\xc3" * length + b"%"


def test_a_value_without_escapes_keeps_its_identity() -> None:
    text = "no escapes here"
    assert decode(text) is text


@given(st.lists(st.tuples(st.binary(max_size=8), st.binary(max_size=8)), max_size=8))
def test_encoded_arguments_come_back(arguments: list[tuple[bytes, bytes]]) -> None:
    query = "&".join(f"{quote_from_bytes(name)}={quote_from_bytes(value)}" for name, value in arguments)
    found = [
        (n.encode("utf-8", "surrogateescape"), v.encode("utf-8", "surrogateescape")) for n, v, _ in pairs(query, 99)
    ]
    assert found == arguments


@given(st.text(st.characters(max_codepoint=0x2FF)), st.integers(1, 5))
def test_any_query_is_read_or_refused(text: str, most: int) -> None:
    if text.count("&") >= most:
        with pytest.raises(BadRequest, match="too-many-arguments"):
            pairs(text, most)
    else:
        assert len(pairs(text, most)) <= most


def test_arguments_past_the_limit_are_refused_not_dropped() -> None:
    options = ParseOptions(limits=replace(Limits(), args=3))
    assert len(parse(Request(method="GET", target="/?a&b&c"), options).fields["args.get"]) == 3
    with pytest.raises(BadRequest, match="too-many-arguments"):
        parse(Request(method="GET", target="/?a&b&c&d"), options)


def test_too_many_cookies() -> None:
    """8 KB of them hold two thousand, a head eight times as many, and each is a value to look at."""
    lines = [("Cookie", "; ".join(f"c{n}={n}" for n in range(500)))] * 2
    assert len(parse(Request(method="GET", target="/", headers=tuple(lines))).fields["cookies"]) == 1000
    with pytest.raises(BadRequest, match="too-many-cookies"):
        parse(Request(method="GET", target="/", headers=(*lines, ("Cookie", "one=more"))))


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", []),
        (";; ;", []),
        ("a", [("", "a")]),
        ("=v", [("", "v")]),
        ("a=", [("a", "")]),
        ("a = b ", [("a", "b")]),
        ("a=b;c=d", [("a", "b"), ("c", "d")]),
        ("a=b=c", [("a", "b=c")]),
        ("$Version=1; x='<script>'", [("$Version", "1"), ("x", "'<script>'")]),
        ("a=\x00b\t; \tc=\x0b", [("a", "\x00b"), ("c", "\x0b")]),
    ],
)
def test_cookies(header: str, expected: list[tuple[str, str]]) -> None:
    assert cookies(header) == expected


@given(st.text())
def test_cookies_lose_no_character_but_blanks_and_separators(header: str) -> None:
    kept = "".join(name + value for name, value in cookies(header))
    assert sorted(c for c in kept if c not in " \t=;") == sorted(c for c in header if c not in " \t=;")


@pytest.mark.parametrize(("second", "refused"), [("text/plain", True), ("application/json", False)])
def test_two_content_types_must_agree(second: str, refused: bool) -> None:
    request = Request(
        method="POST", target="/", headers=(("Content-Type", "application/json"), ("content-type", second)), body=b"{}"
    )
    if refused:
        with pytest.raises(BadRequest, match="content-type-repeated"):
            parse(request)
    else:
        assert parse(request).inspected_bytes == 2
