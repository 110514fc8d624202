"""`parse` as a whole: which protocol reads a request, forced, strict or by path; operators' JSON paths."""

from __future__ import annotations

import json
from typing import Any

import pytest

from waf.errors import BadRequest
from waf.model import Parsed, Request
from waf.parse import ParseOptions, parse
from waf.parse.paths import steps
from waf.settings import Json, Paths

JSON = (("Content-Type", "application/json"),)


def post(
    document: Any, target: str = "/ask", options: ParseOptions | None = None, protocol: str | None = None
) -> Parsed:
    body = json.dumps(document).encode()
    return parse(
        Request(method="POST", target=target, headers=JSON, body=body, protocol=protocol), options or ParseOptions()
    )


def origins(parsed: Parsed, bucket: str) -> list[str]:
    return [f.origin.removeprefix("json:") for f in parsed.fields.get(bucket, [])]


@pytest.mark.parametrize(
    ("target", "protocol", "operation", "model"),
    [
        ("/v1/chat/completions?x=/v1/messages", "openai", "chat", "m"),
        ("http://host/v1/chat/completions", "openai", "chat", "m"),
        ("/v1/messages", "anthropic", "messages", "m"),
        ("/v1/models/iris:predict", "kserve", "predict", "iris"),
        ("/v2/models/iris/infer", "oip", "infer", "iris"),
        ("/v1/files", "openai", "files", ""),
        ("/ask", "generic", "", ""),
    ],
)
def test_the_protocol_follows_from_the_path(target: str, protocol: str, operation: str, model: str) -> None:
    parsed = post({"model": "m", "stream": True}, target)
    assert (parsed.protocol, parsed.operation, parsed.model) == (protocol, operation, model)
    assert [f.value for f in parsed.fields.get("model.operation", [])] == ([operation] if operation else [])
    assert parsed.stream is (model == "m")


def test_an_api_s_listing_and_uploads_are_read_by_content_type() -> None:
    parsed = post({"purpose": "x"}, "/v1/batches")
    assert origins(parsed, "json") == origins(parsed, "llm.prompt") == ["$.purpose"]


@pytest.mark.parametrize("by_route", [True, False])
def test_a_forced_protocol_holds_whatever_the_path_says(by_route: bool) -> None:
    options = ParseOptions(protocol="openai") if by_route else ParseOptions()
    protocol = None if by_route else "openai"
    parsed = post({"messages": [{"role": "user", "content": "x"}]}, "/my/gateway", options, protocol)
    assert (parsed.protocol, parsed.operation) == ("openai", "any")
    assert origins(parsed, "llm.user") == ["$.messages[0].content"]
    assert post({}, "/v1/embeddings", options, protocol).operation == "embeddings"
    assert post({}, "/v1/messages", options, protocol).operation == "any"


def test_the_request_s_protocol_goes_before_the_route_s() -> None:
    parsed = post({"a": "x"}, "/v1/chat/completions", ParseOptions(protocol="anthropic"), "generic")
    assert parsed.protocol == "generic"
    assert origins(parsed, "json") == ["$.a"]


def test_an_unknown_protocol() -> None:
    with pytest.raises(ValueError, match="unknown protocol 'opnai'; known are anthropic, generic,"):
        ParseOptions(protocol="opnai")
    with pytest.raises(BadRequest, match="protocol-unknown"):
        post({}, protocol="opnai")


@pytest.mark.parametrize(
    ("target", "protocol", "refused"),
    [
        ("/v1/chat/completions", "", False),
        ("/ask", "", True),
        ("/v1/chat/completions", "openai", False),
        ("/v1/chat/completions", "anthropic", True),
        ("/ask", "openai", True),
    ],
)
def test_strict_paths(target: str, protocol: str, refused: bool) -> None:
    options = ParseOptions(protocol=protocol, strict_paths=True)
    if refused:
        with pytest.raises(BadRequest, match="path-unknown"):
            post({}, target, options)
    else:
        assert post({}, target, options).operation == "chat"


def test_nan_is_as_the_protocol_s_servers_have_it() -> None:
    body = b'{"instances":[[NaN,1]],"temperature":NaN}'
    assert (
        parse(Request(method="POST", target="/v1/models/m:predict", body=body)).fields["tensor.nan_count"][0].value == 1
    )
    with pytest.raises(BadRequest, match="json-nan"):
        parse(Request(method="POST", target="/v1/chat/completions", body=body))


# --------------------------------------------------------------------------- operators' paths


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("$", ()),
        ("$.a.b", ("a", "b")),
        ("$.a-b_c1", ("a-b_c1",)),
        ("$.é", ("é",)),
        ("$[0][*].*", (0, None, None)),
        ('$["a b"]["\\"]["]', ("a b", '"][')),
        ('$.a[*]["b"].c', ("a", None, "b", "c")),
    ],
)
def test_steps(path: str, expected: tuple[object, ...]) -> None:
    assert steps(path) == expected


@pytest.mark.parametrize(
    "path",
    ["", "a", ".a", "$a", "$.", "$..a", "$.a[", "$.a[-1]", "$.a[x]", "$.a['b']", '$["a]', "$.1", "$ .a", '$["\\x"]'],
)
def test_paths_that_cannot_be_read(path: str) -> None:
    with pytest.raises(ValueError, match=r"JSON path|malformed"):
        ParseOptions(paths=Paths(web=(path,)))


DOCUMENT = {
    "question": "q",
    "history": [{"text": "h0", "id": "i0"}, {"text": "h1", "id": "i1", "' or 1": "odd"}],
    "user": {"name": "n", "secret": "s"},
    "rows": [[1, 2], [3, 4]],
    "count": 3,
}


@pytest.mark.parametrize(
    ("paths", "web", "prompt", "skipped"),
    [
        (Paths(prompt=("$.question",)), ["i0"], ["q", "i0"], []),
        (Paths(prompt=("$",)), [], ["q", "i0"], []),
        (Paths(web=("$",), prompt=("$.history[*].text", "$.question")), ["i0"], ["q"], []),
        (Paths(prompt=("$.history",), web=("$.history[*].id",)), ["q", "i0"], ["q"], []),
        (Paths(prompt=("$.history[0].*",)), ["q"], ["q", "i0"], []),
        (Paths(ignore=("$.history", "$.rows")), ["q"], ["q"], [("$.history", 64), ("$.rows", 13)]),
        (Paths(ignore=("$",), web=("$.question",)), ["q"], [], [("$.history", 64)]),
        (Paths(ignore=("$.question",), prompt=("$.question",)), ["i0"], ["i0"], [("$.question", 3)]),
        (Paths(web=("$.nothing[*]", "$.question.deeper", "$.rows[0][0]")), ["q", "i0"], ["q", "i0"], []),
    ],
)
def test_paths_tell_prompts_and_web_input_apart(
    paths: Paths, web: list[str], prompt: list[str], skipped: list[tuple[str, int]]
) -> None:
    parsed = post(DOCUMENT, options=ParseOptions(paths=paths))
    watched = {"q", "i0"}
    assert [f.value for f in parsed.fields.get("json", []) if f.value in watched] == web
    assert [f.value for f in parsed.fields.get("llm.prompt", []) if f.value in watched] == prompt
    receipt = [(s.origin.removeprefix("json:"), s.size) for s in parsed.skipped]
    assert set(skipped) <= set(receipt)
    assert parsed.inspected_bytes == len(json.dumps(DOCUMENT)) - sum(size for _, size in receipt)


def test_unusual_names_stay_visible_under_paths() -> None:
    parsed = post(DOCUMENT, options=ParseOptions(paths=Paths(prompt=("$.history[*].text",))))
    assert "' or 1" in [f.value for f in parsed.fields["json"]]
    assert origins(parsed, "tensor.shape") == ["$.rows"]
    assert origins(parsed, "json.scalars") == ["$.count"]


def test_paths_leave_a_protocol_s_table_alone() -> None:
    options = ParseOptions(paths=Paths(ignore=("$.messages",)))
    parsed = post({"messages": [{"role": "user", "content": "x"}]}, "/v1/chat/completions", options)
    assert origins(parsed, "llm.user") == ["$.messages[0].content"]


def test_paths_and_duplicates_that_are_inspected() -> None:
    options = ParseOptions(paths=Paths(prompt=("$.a",)), json=Json(duplicate_keys="inspect"))
    parsed = parse(Request(method="POST", target="/ask", body=b'{"a":"x","a":{"b":"y"}}'), options)
    assert [f.value for f in parsed.fields["llm.prompt"]] == ["x", "y"]
    assert "json" not in parsed.fields


@pytest.mark.parametrize("target", ["/v1/audio/transcriptions", "/v1/audio/translations", "/v1/images/edits"])
def test_an_upload_names_its_model_and_its_prompt_is_no_web_input(target: str) -> None:
    parts = [("model", "whisper-1, other"), ("prompt", "DROP TABLE"), ("language", "en"), ("model", "third")]
    body = "".join(f'--B\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in parts)
    headers = (("Content-Type", "multipart/form-data; boundary=B"),)
    parsed = parse(
        Request(method="POST", target=target, headers=headers, body=(body + "--B--\r\n").encode()), ParseOptions()
    )
    assert parsed.model == "whisper-1"
    assert [f.value for f in parsed.fields["model.name"]] == ["whisper-1", "other", "third"]
    assert [f.name for f in parsed.fields["args.form"]] == ["model", "language", "model"]
    assert "DROP TABLE" in [f.value for f in parsed.fields["llm.prompt"]]


def test_an_upload_of_a_prompt_alone_has_no_form() -> None:
    parsed = parse(
        Request(
            method="POST",
            target="/v1/images/edits",
            headers=(("Content-Type", "application/x-www-form-urlencoded"),),
            body=b"prompt=a+cat",
        ),
        ParseOptions(),
    )
    assert "args.form" not in parsed.fields
    assert [f.value for f in parsed.fields["llm.prompt"]] == ["a cat"]
