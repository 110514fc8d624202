"""XML."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf.errors import BadRequest, Refusal
from waf.model import Parsed, Request
from waf.parse import ParseOptions, parse
from waf.settings import Limits


def read(body: bytes, content_type: str = "application/xml", **limits: int) -> Parsed:
    request = Request(method="POST", target="/soap", headers=(("Content-Type", content_type),), body=body)
    return parse(request, ParseOptions(limits=replace(Limits(), **limits)))


def texts(parsed: Parsed) -> list[tuple[str, object]]:
    return [(f.name, f.value) for f in parsed.fields.get("xml", [])]


@pytest.mark.parametrize(
    "content_type", ["application/xml", "text/xml; charset=utf-8", "image/svg+xml", "application/soap+xml"]
)
def test_text_and_attributes_by_path(content_type: str) -> None:
    body = '<?xml version="1.0"?>\n<a x="1"><b href="j&amp;k">scr<!-- c -->ipt<c/>é<![CDATA[<z>]]></b> \n<?php echo 1?></a>'.encode()
    parsed = read(body, content_type)
    assert texts(parsed) == [
        ("/a/@x", "1"),
        ("/a/b/@href", "j&k"),
        ("/a/b", "scripté<z>"),
        ("/a/processing-instruction()", "php echo 1"),
    ]
    assert [f.origin for f in parsed.fields["xml"]][:2] == ["xml:/a/@x", "xml:/a/b/@href"]
    assert [f.value for f in parsed.fields["llm.prompt"]] == [value for _, value in texts(parsed)]
    assert parsed.inspected_bytes == len(body)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "xml-entities"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "xml-entities"),
        (b'<!DOCTYPE a SYSTEM "http://x.example/a.dtd"><a/>', "xml-entities"),
        (b"<!DOCTYPE a><a/>", "xml-entities"),
        (b'<a xmlns:xi="http://www.w3.org/2001/XInclude">&undefined;</a>', "xml-malformed"),
        (b"<a>", "xml-malformed"),
        (b"<a/><b/>", "xml-malformed"),
        (b"<a/>x", "xml-malformed"),
        (b"no xml", "xml-malformed"),
        (b'<a x="1" x="2"/>', "xml-malformed"),
        (b"<a>\xff</a>", "xml-malformed"),
        (b"<a>&#0;</a>", "xml-malformed"),
        (b'<?xml version="1.0" encoding="utf-7"?><a/>', "charset"),
        (b'<?xml version="1.0" encoding="ibm037"?><a/>', "charset"),
        (b"<?xml version='1.0' encoding='UTF-16'?><a/>", "charset"),
        ('<?xml version="1.0"?><a/>'.encode("utf-16"), "charset"),
        ("<a/>".encode("utf-16-be"), "charset"),
        (b"<a>" * 11, "xml-nodes"),
        (b"<a>" + b"<b/>" * 10 + b"</a>", "xml-nodes"),
        (b"<a " + b" ".join(b"x%d=''" % i for i in range(10)) + b"/>", "xml-nodes"),
    ],
)
def test_refused(body: bytes, code: str) -> None:
    with pytest.raises(BadRequest, match=code):
        read(body, xml_nodes=10)


def test_deep_and_long_names_make_no_long_paths() -> None:
    depth = 3000
    body = b"".join(b"<e%d_%s>" % (i, b"n" * 50) for i in range(depth)) + b"text"
    body += b"".join(b"</e%d_%s>" % (i, b"n" * 50) for i in reversed(range(depth)))
    found = texts(read(body))
    assert len(found[0][0]) < 300
    assert found[0][1] == "text"


def test_latin_1_is_read_as_declared() -> None:
    assert texts(read(b'<?xml version="1.0" encoding="ISO-8859-1"?><a>\xe9</a>')) == [("/a", "é")]


@given(st.binary() | st.text(st.sampled_from("<>/a b='&;!?[]-x\"")).map(lambda text: f"<a>{text}</a>".encode()))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with suppress(Refusal):
        assert read(body).inspected_bytes == len(body)
