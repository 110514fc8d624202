"""The Content-Type header."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf.errors import BadRequest
from waf.parse.media import media


@pytest.mark.parametrize(
    ("header", "kind", "parameters"),
    [
        ("", "", {}),
        ("application/json", "application/json", {}),
        ("Application/JSON ; Charset=UTF-8", "application/json", {"charset": "UTF-8"}),
        ("text/plain;;", "text/plain", {}),
        ("text/plain; charset=utf-8; charset=utf-8", "text/plain", {"charset": "utf-8"}),
        ('multipart/form-data; boundary="a\\"b"', "multipart/form-data", {"boundary": 'a"b'}),
        (
            "multipart/form-data; boundary=x; charset=latin-1",
            "multipart/form-data",
            {"boundary": "x", "charset": "latin-1"},
        ),
        ("text/html; charset=us-ascii", "text/html", {"charset": "us-ascii"}),
        ("text/plain; charset=", None, {}),
        ("application/json; charset=utf-8, text/html", None, {}),
    ],
)
def test_read(header: str, kind: str | None, parameters: dict[str, str]) -> None:
    if kind is None:
        with pytest.raises(BadRequest):
            media(header)
    else:
        assert media(header) == (kind, parameters)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("application/json; charset=utf-16", "charset"),
        ("application/json; charset=ibm037", "charset"),
        ("text/plain; CHARSET=UTF-7", "charset"),
        ('text/plain; charset="utf-7"', "charset"),
        ("text/plain; charset*=utf-8''utf-16", "charset"),
        ("application/x-www-form-urlencoded; charset=cp875", "charset"),
        ("text/plain; charset=utf-8; charset=utf-7", "content-type-malformed"),
        ("text/plain, application/json", "content-type-malformed"),
        ("json", "content-type-malformed"),
        ("; charset=utf-8", "content-type-malformed"),
        ("/json", "content-type-malformed"),
        ('text/plain; charset="utf-8', "content-type-malformed"),
        ("text/plain; charset", "content-type-malformed"),
        ("text/plain; a=b c", "content-type-malformed"),
        ("*/*\x00", "content-type-malformed"),
    ],
)
def test_refused(header: str, code: str) -> None:
    with pytest.raises(BadRequest, match=code):
        media(header)


@given(st.text(st.sampled_from("text/plain;charset=utf-8\"\\ \t,*'") | st.characters()))
def test_anything_is_read_or_refused(header: str) -> None:
    try:
        kind, _ = media(header)
    except BadRequest:
        return
    assert kind == "" or kind.count("/") == 1
