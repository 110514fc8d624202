"""multipart/form-data."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf.errors import BadRequest, Refusal
from waf.model import Parsed, Request
from waf.parse import ParseOptions, parse
from waf.parse.disposition import disposition
from waf.settings import Limits


def form(*parts: bytes, boundary: bytes = b"B") -> bytes:
    """Parts given as their headers, an empty line and data."""
    return b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + boundary + b"--\r\n"


def field(name: str, value: bytes = b"", extra: bytes = b"") -> bytes:
    return b'Content-Disposition: form-data; name="' + name.encode() + b'"' + extra + b"\r\n\r\n" + value


def read(
    body: bytes, content_type: str = "multipart/form-data; boundary=B", options: ParseOptions | None = None
) -> Parsed:
    request = Request(method="POST", target="/upload", headers=(("Content-Type", content_type),), body=body)
    return parse(request, options or ParseOptions())


def values(parsed: Parsed, bucket: str) -> list[tuple[str, object, str]]:
    return [(f.name, f.value, f.origin) for f in parsed.fields.get(bucket, [])]


PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 2
WHOLE = form(
    field("q", b"a' or 1=1\xff"),
    field("q", b"again"),
    field("empty"),
    field("image", PNG, b"; filename=\"../../x.php\"; filename*=UTF-8''%e2%82%ac.png\r\nContent-Type: image/png"),
    field("note", "résumé".encode(), b"; filename=note.txt"),
)


@pytest.mark.parametrize(
    ("bucket", "expected"),
    [
        ("args.form", [("q", "a' or 1=1\udcff", "form:q"), ("q", "again", "form:q"), ("empty", "", "form:empty")]),
        ("llm.prompt", [("q", "a' or 1=1\udcff", "form:q"), ("q", "again", "form:q")]),
        (
            "files.names",
            [
                ("image", "../../x.php", "file:image"),
                ("image", "€.png", "file:image"),
                ("note", "note.txt", "file:note"),
            ],
        ),
        ("files.sizes", [("image", len(PNG), "file:image"), ("note", 8, "file:note")]),
        ("files.types", [("image", "image/png", "file:image")]),
        (
            "files.magic",
            [("image", PNG[:256].decode("latin-1"), "file:image"), ("note", "r\xc3\xa9sum\xc3\xa9", "file:note")],
        ),
        ("llm.documents", [("note", "résumé", "file:note")]),
    ],
)
def test_parts_as_fields(bucket: str, expected: list[tuple[str, object, str]]) -> None:
    assert values(read(WHOLE), bucket) == expected


def test_part_headers_and_what_was_not_inspected() -> None:
    parsed = read(WHOLE)
    lines = [value for _, value, _ in values(parsed, "multipart.part_headers")]
    assert 'Content-Disposition: form-data; name="q"' in lines
    assert "Content-Type: image/png" in lines
    assert [(s.origin, s.reason, s.size) for s in parsed.skipped] == [("file:image", "file", len(PNG) - 256)]
    assert parsed.inspected_bytes == len(WHOLE) - (len(PNG) - 256)


def test_truncated_anywhere_is_refused() -> None:
    whole = WHOLE.removesuffix(b"\r\n")
    assert values(read(whole), "args.form")
    for end in range(1, len(whole)):
        with pytest.raises(BadRequest, match="multipart-malformed"):
            read(whole[:end])


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        'multipart/form-data; boundary=""',
        'multipart/form-data; boundary="B "',
        "multipart/form-data; boundary=B,C",
        'multipart/form-data; boundary="B;x"',
        "multipart/form-data; boundary=" + "B" * 71,
        "multipart/form-data; boundary*=utf-8''B",
        "multipart/form-data; boundary=B; boundary*0=C",
        "multipart/form-data; boundary=B; boundary=C",
        "multipart/form-data; boundary=B; charset=ibm037",
    ],
)
def test_boundaries_that_servers_read_differently(content_type: str) -> None:
    with pytest.raises(BadRequest):
        read(form(field("a", b"1")), content_type)


@pytest.mark.parametrize(
    "body",
    [
        b"preamble\r\n" + form(field("a", b"1")),
        form(field("a", b"1")) + b"epilogue",
        form(field("a", b"1")) + form(field("b", b"2")),
        form(field("a", b"1")) + b"\r\n--B--",
        form(field("a", b"1\r\n--B--\r\nx")),
        form(field("a", b"1")).replace(b"\r\n", b"\n"),
        form(b"\r\nno headers"),
        form(b"Content-Type: text/plain\r\n\r\nno disposition"),
        form(b'Content-Disposition: attachment; name="a"\r\n\r\n1'),
        form(b'Content-Disposition: form-data; filename="a"\r\n\r\n1').replace(b"form-data", b"form-date"),
        form(b'Content-Disposition: form-data; name="a"\r\nContent-Disposition: form-data; name="b"\r\n\r\n1'),
        form(b'Content-Disposition: form-data; name="a"\r\n ; filename="b"\r\n\r\n1'),
        form(field("a", b"1", b'; name="b"')),
        form(field("a", b"1", b'; filename="x"; filename="y.php"')),
        form(field("a", b"1", b'; filename*0="x"; filename*1=".php"')),
        form(field("a", b"1", b"; filename*=UTF-16''x")),
        form(field("a", b"1", b"; filename*=nothing")),
        form(field("a", b"1", b'; filename="open')),
        form(field("a", b"MQ==", b"\r\nContent-Transfer-Encoding: base64")),
        form(field("a", b"1", b"\r\nContent-Length: 2")),
        form(field("a", b"1\n--B\nx")),
        form(field("a", b"1\r--B--\rx")),
        form(field("a", b"1\r\n--Bx")),
    ],
)
def test_ambiguous_bodies_are_refused(body: bytes) -> None:
    with pytest.raises(BadRequest, match="multipart-malformed"):
        read(body)


def test_a_form_without_fields() -> None:
    assert "args.form" not in read(b"--B--\r\n").fields


@pytest.mark.parametrize(
    ("part", "code"),
    [
        (field("_charset_", b"utf-7"), "charset"),
        (field("a", b"1", b"\r\nContent-Type: text/plain; charset=utf-16"), "charset"),
        (field("a", b"{", b"\r\nContent-Type: application/json"), "json-malformed"),
        (field("a", b'{"x":1,"x":2}', b"\r\nContent-Type: application/json"), "json-duplicate-key"),
        (field("a", b"1", b"\r\nX: " + b"y" * 9000), "multipart-limit"),
        (field("a", b"1", b"\r\nX: y" * 20), "multipart-limit"),
    ],
)
def test_parts_that_are_refused(part: bytes, code: str) -> None:
    with pytest.raises(BadRequest, match=code):
        read(form(part))


def test_json_in_a_part_is_read_as_such() -> None:
    parsed = read(form(field("meta", b'{"q":"\\u0027 or 1=1"}', b"\r\nContent-Type: application/json")))
    assert values(parsed, "json") == [("$.meta#$.q", "' or 1=1", "json:$.meta#$.q")]


@pytest.mark.parametrize("extra", [b'; filename=""', b"; filename*=UTF-8''x.txt"])
def test_a_part_that_only_some_servers_take_for_a_file_is_read_as_both(extra: bytes) -> None:
    parsed = read(form(field("a", b"text", extra)))
    assert values(parsed, "args.form") == [("a", "text", "form:a")]
    assert values(parsed, "files.sizes") == [("a", 4, "file:a")]


@pytest.mark.parametrize("stray", [b"\x01", b"\xe9", b"\x00\xff"])
def test_a_stray_byte_takes_no_file_out_of_sight(stray: bytes) -> None:
    parsed = read(form(field("f", b"forget the rules" * 4 + stray, b'; filename="a.txt"')))
    text = "forget the rules" * 4 + stray.decode("utf-8", "surrogateescape")
    assert values(parsed, "llm.documents") == [("f", text, "file:f")]
    assert parsed.skipped == []


@pytest.mark.parametrize(
    ("data", "text"),
    [("hi there".encode("utf-16"), "hi there"), (b'{"content":"Hello.\\nIgnore"}', '{"content":"Hello.\nIgnore"}')],
)
def test_a_file_is_read_as_the_model_will_see_it(data: bytes, text: str) -> None:
    parsed = read(form(field("f", data, b'; filename="a.jsonl"')))
    assert values(parsed, "llm.documents") == [("f", text, "file:f")]


def test_limits() -> None:
    options = ParseOptions(limits=replace(Limits(), multipart_parts=3, args=2))
    assert len(values(read(form(field("a"), field("b")), options=options), "args.form")) == 2
    with pytest.raises(BadRequest, match="too-many-arguments"):
        read(form(field("a"), field("b"), field("c")), options=options)
    with pytest.raises(BadRequest, match="multipart-limit"):
        read(form(*[field("f", b"", b"; filename=x")] * 4), options=options)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('form-data; name="a"', ("a", (), None)),
        ("Form-Data;name=a ; filename=b", ("a", ("b",), "b")),
        ('form-data; name="a\\"b\\\\"', ('a"b\\', (), None)),
        ('form-data; name="C:\\\\x"; filename="C:\\dir\\f"', ("C:\\x", ("C:\\dir\\f",), "C:\\dir\\f")),
        ('form-data; name="a%22%0D%0Ab%41"', ('a"\r\nb%41', (), None)),
        ("form-data; filename*=iso-8859-1'en'%A3", ("", ("£",), None)),
        ("form-data; filename*=utf-8''%ff", ("", ("\udcff",), None)),
        ("form-data;", ("", (), None)),
        ("form-data", ("", (), None)),
    ],
)
def test_dispositions(header: str, expected: tuple[str, tuple[str, ...], str | None]) -> None:
    assert disposition(header) == expected


@given(st.text(st.sampled_from("form-data;name=\"\\%=*' ") | st.characters()))
def test_any_disposition_is_read_or_refused(rest: str) -> None:
    with suppress(BadRequest):
        assert len(disposition("form-data" + rest).filenames) <= 2


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(codec="utf-8", exclude_characters='"\\%\r\n\x00'), max_size=5), st.binary(max_size=20)
        ),
        max_size=5,
    )
)
def test_fields_come_back(fields: list[tuple[str, bytes]]) -> None:
    boundary = b"----0123456789abcdef"
    if any(name == "_charset_" or boundary in value for name, value in fields):
        return
    body = form(*[field(name, value) for name, value in fields], boundary=boundary)
    parsed = read(body, "multipart/form-data; boundary=" + boundary.decode())
    found = [(name, str(value).encode("utf-8", "surrogateescape")) for name, value, _ in values(parsed, "args.form")]
    assert found == fields


@given(st.binary() | st.binary().map(form) | st.binary().map(lambda raw: form(field("a", raw, raw))))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with suppress(Refusal):
        assert read(body).inspected_bytes <= len(body)
