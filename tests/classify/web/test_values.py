"""Which values the web-attack head sees, and in which readings."""

from __future__ import annotations

import msgspec
import pytest

from waf.classify.web.values import Value, readings, select, suspect
from waf.model import Field, Request
from waf.parse import parse


@pytest.mark.parametrize(
    "text",
    [
        "",
        "shoes",
        "gpt-4o-mini",
        "550e8400-e29b-41d4-a716-446655440000",
        "a.b.c",
        "12345",
        "Hello there, how nice",
        "img/logo/top",
        "x" * 64,
    ],
)
def test_what_cannot_be_a_payload_is_not_scored(text: str) -> None:
    assert not suspect(text)


@pytest.mark.parametrize(
    "text",
    ["O'Brien", "1 or 1", "<b>", "../x", "a--b c", "1 UNION SELECT 2", "a;b", "$x", "x\ny", "a=b", "%41", "admin#"],
)
def test_what_could_be_one_is(text: str) -> None:
    assert suspect(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("plain text", ["plain text"]),
        ("100%", ["100%"]),
        ("%27", ["%27", "'"]),
        ("%2527", ["%2527", "'"]),
        ("&lt;b&gt;", ["&lt;b&gt;", "<b>"]),
        ("\\x3cb", ["\\x3cb", "<b"]),
        ("un/**/ion", ["un/**/ion", "un  ion"]),
        ("/*!50000union*/", ["/*!50000union*/", " union "]),
    ],
)
def test_readings(text: str, found: list[str]) -> None:
    assert readings(text) == found


def selected(request: Request) -> list[tuple[str, str, str]]:
    return [(value.surface, value.text, value.origin) for value in select(parse(request).fields)]


def test_every_surface() -> None:
    headers = (
        ("Host", "x'y"),
        ("Cookie", "a=b'c; plain=1"),
        ("User-Agent", "x'; y"),
        ("Authorization", "Basic 'x'"),
        ("Accept", "text/html,*/*;q=0.8"),
        ("Accept-Language", "' or 1"),
        ("Content-Type", "application/x-www-form-urlencoded"),
    )
    request = Request(method="POST", target="/p'q?k=<a>&n';=1", headers=headers, body=b"f=%3Cb%3E&g=plain")
    assert set(selected(request)) == {
        ("query", "<a>", "query:k"),
        ("query", "n';", "query:n';"),
        ("form", "<b>", "form:f"),
        ("cookie", "b'c", "cookie:a"),
        ("header", "x'; y", "header:user-agent"),
        ("header", "' or 1", "header:accept-language"),
        ("path", "p'q", "request.path"),
    }


def test_values_inside_values() -> None:
    headers = (
        ("Host", "x"),
        ("Referer", "https://a.example/?q=1%27+or+1"),
        ("Cookie", "a=PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=="),
    )
    found = set(selected(Request(method="GET", target="/a/..;/b%20c/1%27--", headers=headers)))
    assert found >= {
        ("query", "1' or 1", "header:referer"),
        ("query", "<script>alert(1)</script>", "cookie:a"),
        ("path", "1'--", "request.path"),
        ("path", "..;/b c/1'--", "request.path"),
    }
    assert ("path", "/a/../b", "request.path") in selected(Request(method="GET", target="/a/../b"))


def test_model_text_is_not_among_them() -> None:
    body = b'{"model": "m", "messages": [{"role": "user", "content": "\' or 1=1--"}], "user": "a\'b"}'
    request = Request(
        method="POST", target="/v1/chat/completions", headers=(("Content-Type", "application/json"),), body=body
    )
    assert [text for _, text, _ in selected(request)] == ["a'b"]


def test_a_text_counts_once_on_a_surface() -> None:
    fields = {"json": [Field("json", f"$.a[{i}]", "<x>", f"json:$.a[{i}]") for i in range(3)]}
    assert select(fields) == [Value("<x>", "json", "json:$.a[0]")]


def test_what_is_no_text_is_passed_over() -> None:
    assert select({"json": [Field("json", "$.a", 5, "json:$.a")]}) == []


def test_what_is_all_escapes_is_read_as_what_it_says() -> None:
    found = selected(Request(method="GET", target="/?q=%26%2360%3B%26%2398%3B%26%2362%3B%26%2333%3B%26%2344%3B"))
    assert found == [("query", "<b>!,", "query:q")]
    escaped = "%26%2360%3B%26%2398%3B%26%2362%3B%26%2333%3B"
    twice = selected(Request(method="GET", target=f"/?q={escaped}&q=1%27"))
    assert {text for _, text, _ in twice} == {"&#60;&#98;&#62;&#33;", "1'", "<b>!"}


def test_of_a_page_that_a_client_says_it_came_from_the_arguments_are_read() -> None:
    def referer(value: str) -> list[tuple[str, str, str]]:
        return selected(Request(method="GET", target="/", headers=(("Referer", value),)))

    assert set(referer("https://a.example/b?c=1%27&d=e")) == {
        ("header", "https://a.example/b", "header:referer"),
        ("query", "1'", "header:referer"),
    }
    assert referer("https://a.example/'b") == [("header", "https://a.example/'b", "header:referer")]


def test_of_graphql_the_strings_are_read() -> None:
    def query(text: str) -> list[str]:
        body = msgspec.json.encode({"query": text})
        headers = (("Content-Type", "application/json"),)
        return [
            value.text
            for value in select(parse(Request(method="POST", target="/g", headers=headers, body=body)).fields)
        ]

    assert query('query ($n: Int!) {items(q: "plain", first: $n) {id ...F}}') == []
    assert query('{items(q: "1\' or 1=1"){id}}') == ["1' or 1=1"]
    assert query("{items} ' or 1=1--") == ["{items} ' or 1=1--"]
    assert query('1\' {or} "a"') == ['1\' {or} "a"']
