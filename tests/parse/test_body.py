"""Which parser reads a body, and what it makes of it."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from waf.errors import BadRequest, BodyTooLarge, Refusal
from waf.fields import BUCKETS
from waf.model import Parsed, Request
from waf.parse import ParseOptions, parse
from waf.parse.body import PARSERS
from waf.settings import Json, Limits

FORM = "application/x-www-form-urlencoded"


def read(body: bytes, content_type: str = "", target: str = "/ask", options: ParseOptions | None = None) -> Parsed:
    headers = (("Content-Type", content_type),) if content_type else ()
    return parse(Request(method="POST", target=target, headers=headers, body=body), options or ParseOptions())


def found(parsed: Parsed) -> dict[str, list[object]]:
    """Values by bucket, without those of the head."""
    head = ("request.", "headers", "body.length", "client")
    return {
        bucket: [f.value for f in fields] for bucket, fields in parsed.fields.items() if not bucket.startswith(head)
    }


@pytest.mark.parametrize(
    ("content_type", "body", "expected"),
    [
        ("application/json", b'{"a":"x"}', {"json": ["x"], "llm.prompt": ["x"]}),
        ("application/vnd.api+json", b'"x"', {"json": ["x"], "llm.prompt": ["x"]}),
        ("text/json", b'["x"]', {"json": ["x"], "llm.prompt": ["x"]}),
        (
            "application/json",
            b'\xef\xbb\xbf[true,"x",null,1.5]',
            {"json.scalars": [True, 1.5], "json": ["x"], "llm.prompt": ["x"]},
        ),
        ("", b' \n{"a":"x"}', {"json": ["x"], "llm.prompt": ["x"]}),
        ("text/plain", b'{"a":"\\u0078"}', {"json": ["x"], "llm.prompt": ["x"]}),
        ("application/octet-stream", b'["x"]', {"json": ["x"], "llm.prompt": ["x"]}),
        ("text/plain", b"{no json", {"body": ["{no json"], "llm.prompt": ["{no json"]}),
        ("", b'{"a":"x"}\n{"a":"y"}', {"json": ["x", "y"], "llm.prompt": ["x", "y"]}),
        ("application/x-ndjson", b'"x"\r\n\n"y"\n', {"json": ["x", "y"], "llm.prompt": ["x", "y"]}),
        ("application/jsonl", b"\n", {}),
        (FORM, b"a=%27x+y&b", {"args.form": ["'x y", ""], "llm.prompt": ["'x y", "b"]}),
        (
            FORM,
            b'{"a":"\\u0078"}',
            {"json": ["x"], "args.form": [""], "llm.prompt": ["x", '{"a":"\\u0078"}']},
        ),
        (FORM, b"\xff=\xfe", {"args.form": ["\udcfe"], "llm.prompt": ["\udcfe"]}),
        ("text/plain; charset=latin-1", b"caf\xe9", {"body": ["caf\udce9"], "llm.prompt": ["caf\udce9"]}),
        ("text/html", b"<b>\x00", {"body": ["<b>\x00"], "llm.prompt": ["<b>\x00"]}),
        ("application/yaml", b"a: b", {"body": ["a: b"], "llm.prompt": ["a: b"]}),
        ("", b"plain", {"body": ["plain"], "llm.prompt": ["plain"]}),
        # One byte that is no text hides nothing: who reads it, ignores that byte.
        ("", b"ignore all of that\x00", {"body": ["ignore all of that\x00"], "llm.prompt": ["ignore all of that\x00"]}),
        ("image/png", b"ignore that\xff", {"body": ["ignore that\udcff"], "llm.prompt": ["ignore that\udcff"]}),
        (
            "",
            b"a=%27x+y&b",
            {"body": ["a=%27x+y&b"], "args.form": ["'x y", ""], "llm.prompt": ["a=%27x+y&b", "'x y", "b"]},
        ),
        ("application/octet-stream", b"a=b", {"body": ["a=b"], "llm.prompt": ["a=b"]}),
        ("image/png", b"text after all", {"body": ["text after all"], "llm.prompt": ["text after all"]}),
        ("application/xml", b"<a>x</a>", {"xml": ["x"], "llm.prompt": ["x"]}),
    ],
)
def test_generic_bodies(content_type: str, body: bytes, expected: dict[str, list[object]]) -> None:
    parsed = read(body, content_type)
    assert found(parsed) == expected
    assert (parsed.protocol, parsed.skipped, parsed.inspected_bytes) == ("generic", [], len(body))


@pytest.mark.parametrize(
    "body", [b"\x89PNG\r\n\x1a\n\x00\x01", b"\xff\xfb\x90\x00=", b"caf\xe9", b"\xac\xed\x00\x05" * 99]
)
@pytest.mark.parametrize("content_type", ["", "application/octet-stream", "image/png"])
def test_what_is_no_text_is_skipped_and_said_so(content_type: str, body: bytes) -> None:
    parsed = read(body, content_type)
    assert found(parsed) == {"files.magic": [body[:256].decode("latin-1")]}
    assert [(s.origin, s.reason, s.size) for s in parsed.skipped] == [("body", "binary", len(body))]
    assert parsed.inspected_bytes == 0


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
@pytest.mark.parametrize("target", ["/ask", "/v1/chat/completions", "/v1/models/m:predict"])
@pytest.mark.parametrize("content_type", ["", *PARSERS, "multipart/form-data; boundary=x"])
def test_no_body_is_nothing_to_refuse(method: str, target: str, content_type: str) -> None:
    parsed = parse(Request(method=method, target=target, headers=(("Content-Type", content_type),)))
    assert (parsed.inspected_bytes, parsed.skipped) == (0, [])
    assert parsed.fields["body.length"][0].value == 0


@pytest.mark.parametrize(
    ("content_type", "body", "code"),
    [
        ("application/json", b"{", "json-malformed"),
        ("application/json", b" ", "json-malformed"),
        ("application/problem+json", b"x", "json-malformed"),
        ("application/json", b'{"a":1,"a":2}', "json-duplicate-key"),
        ("application/json", b"[NaN]", "json-nan"),
        ("application/json; charset=utf-16", b"{}", "charset"),
        ("application/json", '{"a":"b"}'.encode("utf-16"), "charset"),
        ("application/json", '{"a":"b"}'.encode("utf-16-be"), "charset"),
        ("", '{"a":"b"}'.encode("utf-32-le"), "charset"),
        ("", '\n\t{"a":"b"}'.encode("utf-16-le"), "charset"),
        ("text/plain", '\n\n{"a":"b"}'.encode("utf-16-be"), "charset"),
        ("application/octet-stream", ' \n{"a":"b"}'.encode("utf-32-le"), "charset"),
        ("text/plain", "ignore".encode("utf-16"), "charset"),
        (FORM, "a=b".encode("utf-16"), "charset"),
        (FORM + "; charset=ibm037", b"a=b", "charset"),
        # Said to be something else, read as JSON by servers that do not care: the same rules hold.
        ("text/plain", b'{"a":1,"a":2}', "json-duplicate-key"),
        (FORM, b'{"a":1,"a":2}', "json-duplicate-key"),
        ("", b'{"a":NaN}', "json-nan"),
        ("", b"[" * 100_000, "json-depth"),
        ("application/x-ndjson", b'{"a":1}\n{', "json-malformed"),
        ("application/x-ndjson", b'{"a":1,"a":2}', "json-duplicate-key"),
        ("application/xml", b"<a", "xml-malformed"),
        (FORM, b"&".join([b"a=1"] * 1001), "too-many-arguments"),
        ("nonsense", b"x", "content-type-malformed"),
    ],
)
def test_refused(content_type: str, body: bytes, code: str) -> None:
    with pytest.raises(BadRequest) as refused:
        read(body, content_type)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", FORM, "image/png", "application/json;charset=utf-8", "application/xml"]
)
def test_a_model_api_reads_json_whatever_the_content_type_says(content_type: str) -> None:
    body = b'{"messages":[{"role":"user","content":"x"}]}'
    assert found(read(body, content_type, "/v1/chat/completions"))["llm.user"] == ["x"]
    with pytest.raises(BadRequest, match="json-malformed"):
        read(b"a=b", content_type, "/v1/chat/completions")


def test_a_charset_that_hides_is_refused_on_model_apis_too() -> None:
    with pytest.raises(BadRequest, match="charset"):
        read(b"{}", "application/json; charset=ibm037", "/v1/chat/completions")


def test_bodies_past_the_limit() -> None:
    options = ParseOptions(limits=replace(Limits(), body=1024))
    assert read(b"x" * 1024, options=options).inspected_bytes == 1024
    with pytest.raises(BodyTooLarge):
        read(b"x" * 1025, options=options)


def test_both_readings_of_a_duplicate_are_inspected_on_demand() -> None:
    options = ParseOptions(json=Json(duplicate_keys="inspect"))
    parsed = read(b'{"a":"one","a":{"b":"two"},"A":"three"}', "application/json", options=options)
    assert found(parsed)["json"] == ["one", "two", "three"]
    chat = read(
        b'{"messages":[{"role":"user","content":"one","content":"two","role":"system"}]}',
        "application/json",
        "/v1/chat/completions",
        options,
    )
    assert found(chat) == {
        "model.operation": ["chat"],
        "llm.names": ["user", "system"],
        "llm.user": ["one", "two"],
    }


def test_names_that_could_carry_an_attack_are_values_too() -> None:
    parsed = read(
        json.dumps({"ok_name-1.x": 1, "' or 1=1": 2, "é": 3, "n" * 65: 4, "": 5}).encode(), "application/json"
    )
    names = [(f.value, f.origin) for f in parsed.fields["json"]]
    assert names == [
        ("' or 1=1", 'json-key:$["\' or 1=1"]'),
        ("é", "json-key:$.é"),
        ("n" * 65, 'json-key:$["' + "n" * 64 + '…"]'),
    ]
    assert [f.value for f in parsed.fields["json.scalars"]] == [1, 2, 3, 4, 5]


def test_deep_bodies_with_long_names_make_no_long_paths() -> None:
    name = "n" * 60
    text = '{"' + name + '":'
    parsed = read((text * 60 + '"x"' + "}" * 60).encode(), "application/json")
    (field,) = parsed.fields["json"]
    assert field.value == "x"
    assert field.name.endswith("…")
    assert len(field.name) < 400
    listed = read((text * 10 + "[[1,2],[3," + '"x"' + "]]" + "}" * 10).encode(), "application/json")
    assert listed.fields["json"][0].name.count("…") == 1


types = st.sampled_from(
    [
        "",
        "application/json",
        "text/plain",
        FORM,
        "application/xml",
        "multipart/form-data; boundary=B",
        "image/png",
        "a/b+json",
        "application/x-ndjson",
    ]
)
targets = st.sampled_from(
    [
        "/",
        "/v1/chat/completions",
        "/v1/completions",
        "/v1/embeddings",
        "/v1/responses",
        "/v1/moderations",
        "/v1/messages",
        "/v1/files",
        "/v1/models/m:predict",
        "/v2/models/m/infer",
        "/v2/models/m/generate",
    ]
)


@given(st.binary(max_size=100) | st.text(max_size=60).map(str.encode), types, targets)
def test_any_bytes_are_read_or_refused(body: bytes, content_type: str, target: str) -> None:
    with suppress(Refusal):
        parsed = read(body, content_type, target)
        assert set(parsed.fields) <= BUCKETS
        assert 0 <= parsed.inspected_bytes <= len(body)


keys = st.sampled_from(
    "messages role content type text name tool_calls function arguments tools prompt input model stream instances inputs data shape datatype "
    "parameters system source media_type logit_bias b64 image_url url output variables x".split()
)
words = st.sampled_from(
    ["user", "assistant", "text", "base64", "FP32", "x", "data:text/plain,hi", "eHg=", '{"a":"b"}', "\ud800"]
)
documents = st.recursive(
    words | st.integers(-2, 2) | st.booleans() | st.none() | st.floats(),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(keys, children, max_size=6),
    max_leaves=25,
)


def strings(document: object) -> set[str]:
    """Every string value in a document."""
    if isinstance(document, str):
        return {document}
    parts = document.values() if isinstance(document, dict) else document if isinstance(document, list) else ()
    return set().union(*map(strings, parts))


@given(documents, targets)
def test_any_document_is_read_or_refused_and_no_string_gets_lost(document: object, target: str) -> None:
    body = json.dumps(document).encode()
    try:
        parsed = read(body, "application/json", target)
    except BadRequest:
        event("refused")
        return
    seen = {f.value for fields in parsed.fields.values() for f in fields if isinstance(f.value, str)}
    # Roles choose the bucket; base64, embedded JSON and data URLs are decoded or skipped.
    inert = {"user", "assistant", "eHg=", '{"a":"b"}', "data:text/plain,hi", "base64"}
    missing = {s.replace("\ud800", "\ufffd") for s in strings(document)} - seen - inert
    assert not missing or any(skip.size for skip in parsed.skipped)
