"""Values inside values: parts of paths, arguments of a Referer, base64, escapes and strings of GraphQL."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf.model import Request
from waf.parse import parse
from waf.parse.derived import from_base64

JSON = ("Content-Type", "application/json")


def texts(request: Request, bucket: str) -> list[tuple[str, object, str]]:
    return [(f.name, f.value, f.origin) for f in parse(request).fields.get(bucket, [])]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/a/b-c/~d.txt/@scope/a:b,c", []),
        ("/items/1%27--", ["1'--"]),
        ("/a/%3Cb%3E/c", ["<b>", "<b>/c"]),
        ("/a/'x'/y/(z)", ["'x'", "(z)", "'x'/y/(z)"]),
        ("/a/%2e%2e%2fx", ["../x"]),
        ("*", ["*"]),
        ("/" + "a/" * 40 + "'", ["a/" * 25 + "'"]),
    ],
)
def test_a_part_of_the_path_that_is_more_than_plain_stands_by_itself(path: str, expected: list[str]) -> None:
    found = texts(Request(method="GET", target=path), "path.parts")
    assert [value for _, value, _ in found] == expected
    assert {origin for *_, origin in found} <= {"request.path"}


@pytest.mark.parametrize(
    ("referer", "expected"),
    [
        ("https://a.example/b", []),
        ("https://a.example/?page=4&lang=en", []),
        ("https://a.example/?q=%3Cb%3E&n=1", [("q", "<b>", "header:referer")]),
        ("https://a.example/?q=a#f='x", [("f", "'x", "header:referer")]),
        ("https://a.example/#'x'", [("'x'", "'x'", "header:referer")]),
    ],
)
def test_arguments_of_the_referer(referer: str, expected: list[tuple[str, str, str]]) -> None:
    assert texts(Request(method="GET", target="/", headers=(("Referer", referer),)), "headers.args") == expected


def encoded(text: str, alphabet: str = "standard") -> str:
    raw = text.encode()
    return (base64.b64encode(raw) if alphabet == "standard" else base64.urlsafe_b64encode(raw).rstrip(b"=")).decode()


PAYLOAD = "' or '1'='1' -- ÿÿ?>"


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (Request(method="GET", target="/?q=" + encoded(PAYLOAD, "url")), ("q", PAYLOAD, "query:q")),
        (
            Request(method="GET", target="/", headers=(("Cookie", f"s={encoded(PAYLOAD).replace('=', '%3D')}"),)),
            ("s", PAYLOAD, "cookie:s"),
        ),
        (
            Request(method="GET", target="/", headers=(("X-Tenant", encoded(PAYLOAD)),)),
            ("x-tenant", PAYLOAD, "header:x-tenant"),
        ),
        (
            Request(method="POST", target="/", headers=(JSON,), body=json.dumps({"a": {"b": encoded(PAYLOAD)}}).encode()),
            ("$.a.b", PAYLOAD, "json:$.a.b"),
        ),
        (
            Request(method="GET", target="/?q=%26%2360%3B%26%23x62%3B%26%2362%3B%26%2333%3B"),
            ("q", "<b>!", "query:q"),
        ),
        (Request(method="GET", target=r"/?q=\u0027\u0020or\u0020\u0031"), ("q", "' or 1", "query:q")),
        (
            Request(method="POST", target="/", headers=(JSON,), body=json.dumps({"query": '{a(b:"x\' or 1")}'}).encode()),
            ("$.query", "x' or 1", "json:$.query"),
        ),
    ],
)  # fmt: skip
def test_what_is_encoded_in_a_value_stands_by_itself(request_: Request, expected: tuple[str, str, str]) -> None:
    assert texts(request_, "decoded") == [expected]


@pytest.mark.parametrize(
    "value",
    [
        "9d81c4a70be24f3e9d81c4a70be24f3e",
        "internationalisation",
        encoded("plain words only"),
        encoded("ab\0cd'; --ef"),
        "QUFBQUFBQUFBQUFBQUFB'",
        encoded("' or 1=1--")[:-3] + "=====",
        "A" * 13,
    ],
)
def test_what_is_no_base64_of_text_stays_what_it_is(value: str) -> None:
    assert from_base64(value) is None


@pytest.mark.parametrize(
    "request_",
    [
        Request(method="GET", target="/", headers=(("Authorization", encoded(PAYLOAD)),)),
        Request(method="GET", target="/", headers=(("Authorization", "Bearer " + encoded(PAYLOAD)),)),
        Request(method="GET", target="/", headers=(("Authorization", "Basic " + encoded("anna:s3cret")),)),
        Request(method="GET", target="/", headers=(("Authorization", "Basic " + encoded("anna:z'$$d(%9,[ou;--<U")),)),
        Request(method="GET", target="/", headers=(("Authorization", "Basic !"),)),
        Request(method="GET", target="/", headers=(("Authorization", "Basic A"),)),
        Request(method="GET", target="/", headers=(("Authorization", "Basic " + "QScn" * 2049),)),
        Request(method="GET", target="/?q=a%20long%20text%20with%20one%20%26%2360%3B%20in%20it%20and%20more%20words"),
        Request(method="POST", target="/", headers=(JSON,), body=b'{"query":"{a(b:\\"x\\")}"}'),
    ],
)
def test_nothing_is_decoded_of_tokens_of_prose_and_of_plain_strings(request_: Request) -> None:
    assert texts(request_, "decoded") == []


@pytest.mark.parametrize(
    ("header", "said", "expected"),
    [
        ("Authorization", "Basic " + encoded("a'b:plain"), ["a'b", "a'b:plain"]),
        ("authorization", "bAsIc  " + encoded("anna:' or 1"), ["' or 1"]),
        ("Proxy-Authorization", "Basic " + encoded("${a:b}").rstrip("="), ["${a", "${a:b}"]),
        ("Authorization", "Basic " + encoded("<b>"), ["<b>"]),
    ],
)
def test_basic_credentials_are_read_as_user_and_password(header: str, said: str, expected: list[str]) -> None:
    found = texts(Request(method="GET", target="/", headers=((header, said),)), "decoded")
    assert found == [(header.lower(), text, "header:" + header.lower()) for text in expected]


@given(st.text(min_size=9))
def test_any_text_comes_back_or_is_plain(text: str) -> None:
    raw = text.encode("utf-8", "surrogatepass")
    found = from_base64(base64.b64encode(raw).decode())
    assert found is None or found == text


@given(st.text())
def test_never_raises(text: str) -> None:
    from_base64(text)
    target = "/" + text.encode("utf-8", "replace").decode("latin-1").replace("?", "")
    parse(Request(method="GET", target=target, headers=(("Referer", text), ("X-A", text))))
