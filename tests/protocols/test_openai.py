"""OpenAI's API: which member goes to which bucket."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest

from waf.model import Request
from waf.parse import ParseOptions, parse

Read = Callable[..., tuple[dict[str, list[tuple[str, Any]]], list[tuple[str, str]]]]
CHAT, COMPLETIONS, EMBEDDINGS = "/v1/chat/completions", "/v1/completions", "/v1/embeddings"
MODERATIONS, RESPONSES = "/v1/moderations", "/v1/responses"


@pytest.mark.parametrize(
    ("role", "bucket"),
    [
        ("system", "llm.system"),
        ("developer", "llm.system"),
        ("user", "llm.user"),
        ("assistant", "llm.assistant"),
        ("tool", "llm.tool_results"),
        ("function", "llm.tool_results"),
    ],
)
def test_roles_choose_the_bucket(read: Read, role: str, bucket: str) -> None:
    fields, skipped = read(CHAT, {"messages": [{"role": role, "content": "x"}]})
    assert fields == {bucket: [("$.messages[0].content", "x")]}
    assert skipped == []
    parts = {"messages": [{"role": role, "content": ["a", {"text": "b"}, {"type": "text", "text": "c"}]}]}
    assert [value for _, value in read(CHAT, parts)[0][bucket]] == ["a", "b", "c"]


@pytest.mark.parametrize("message", [{"role": "System", "content": "x"}, {"role": "ipython", "content": "x"}])
def test_roles_that_nobody_knows_count_as_the_user_s_and_show(read: Read, message: dict[str, str]) -> None:
    assert read(CHAT, {"messages": [message]})[0] == {
        "llm.names": [("$.messages[0].role", message["role"])],
        "llm.user": [("$.messages[0].content", "x")],
    }


@pytest.mark.parametrize("message", [{"content": "x"}, {"role": ["user"], "content": "x"}, {"role": 1, "content": "x"}])
def test_messages_without_a_usable_role(read: Read, message: dict[str, Any]) -> None:
    assert read(CHAT, {"messages": [message]})[0]["llm.user"] == [("$.messages[0].content", "x")]


@pytest.mark.parametrize(
    ("path", "document", "expected"),
    [
        ("/tokenize", {"prompt": "a", "add_special_tokens": False}, {"llm.prompt": [("$.prompt", "a")]}),
        (
            "/tokenize",
            {"messages": [{"role": "system", "content": "a"}]},
            {"llm.system": [("$.messages[0].content", "a")]},
        ),
        (
            "/v1/rerank",
            {"model": "m", "query": "a", "documents": ["b", {"text": "c"}], "top_n": 2},
            {
                "model.name": [("$.model", "m")],
                "llm.prompt": [("$.query", "a")],
                "llm.documents": [("$.documents[0]", "b"), ("$.documents[1].text", "c")],
            },
        ),
        (
            "/rerank",
            {"documents": {"content": [{"type": "text", "text": "a"}]}},
            {
                "json": [("$.documents.content[0].type", "text")],
                "llm.documents": [("$.documents.content[0].text", "a")],
            },
        ),
        (
            "/v1/score",
            {"text_1": ["a"], "text_2": "b"},
            {"llm.prompt": [("$.text_1[0]", "a")], "llm.documents": [("$.text_2", "b")]},
        ),
        (
            "/v1/score",
            {"queries": "a", "documents": "b"},
            {"llm.prompt": [("$.queries", "a")], "llm.documents": [("$.documents", "b")]},
        ),
        ("/v1/classify", {"input": ["a"]}, {"llm.prompt": [("$.input[0]", "a")]}),
        ("/v1/classify", {"inputs": "a"}, {"json": [("$.inputs", "a")], "llm.prompt": [("$.inputs", "a")]}),
    ],
)
def test_texts_that_are_compared_or_counted(
    read: Read, path: str, document: dict[str, Any], expected: dict[str, Any]
) -> None:
    fields, _ = read(path, document)
    assert {name: found for name, found in fields.items() if name != "llm.params"} == expected


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"model": "gpt"}, {"model.name": [("$.model", "gpt")]}),
        ({"model": {"x": "y"}}, {"json": [("$.model.x", "y")], "llm.prompt": [("$.model.x", "y")]}),
        ({"stream": True}, {"llm.params": [("stream", 1)]}),
        (
            {"temperature": 0.5, "n": 2, "logprobs": True, "top_logprobs": 20, "best_of": 9, "vllm_extra": False},
            {
                "llm.params": [
                    ("temperature", 0.5),
                    ("n", 2),
                    ("logprobs", 1),
                    ("top_logprobs", 20),
                    ("best_of", 9),
                    ("vllm_extra", 0),
                ]
            },
        ),
        ({"temperature": "hot"}, {"json": [("$.temperature", "hot")], "llm.prompt": [("$.temperature", "hot")]}),
        ({"logit_bias": {"1": 5, "2": -5.0}}, {"llm.params": [("logit_bias", 2)]}),
        (
            {"logit_bias": {"' or 1": 5, "2": "x"}},
            {
                "llm.params": [("logit_bias", 2)],
                "json": [('$.logit_bias["\' or 1"]', "' or 1"), ('$.logit_bias["2"]', "x")],
                "json.scalars": [('$.logit_bias["\' or 1"]', 5)],
            },
        ),
        ({"logit_bias": "x"}, {"json": [("$.logit_bias", "x")], "llm.prompt": [("$.logit_bias", "x")]}),
        ({"logprobs": "x"}, {"json": [("$.logprobs", "x")], "llm.prompt": [("$.logprobs", "x")]}),
        (
            {"' or 1": 2},
            {
                "json": [('$["\' or 1"]', "' or 1")],
                "llm.prompt": [('$["\' or 1"]', "' or 1")],
                "llm.params": [("' or 1", 2)],
            },
        ),
        ({"user": "u", "stop": ["a"]}, {"json": [("$.user", "u"), ("$.stop[0]", "a")]}),
        (
            {"metadata": {"k": "v", "a b": 1}},
            {
                "json": [("$.metadata.k", "v"), ('$.metadata["a b"]', "a b")],
                "json.scalars": [('$.metadata["a b"]', 1)],
            },
        ),
        (
            {"chat_template": "{{x}}"},
            {"json": [("$.chat_template", "{{x}}")], "llm.prompt": [("$.chat_template", "{{x}}")]},
        ),
        (
            {"Messages": [{"content": "x"}]},
            {
                "json": [("$.Messages[0].content", "x")],
                "llm.prompt": [("$.Messages[0].content", "x")],
            },
        ),
        ({"messages": "x"}, {"json": [("$.messages", "x")], "llm.prompt": [("$.messages", "x")]}),
        (
            {"messages": {"role": "user"}},
            {"json": [("$.messages.role", "user")], "llm.prompt": [("$.messages.role", "user")]},
        ),
        ("x", {"json": [("$", "x")], "llm.prompt": [("$", "x")]}),
        (
            {
                "tools": [
                    {
                        "type": "function",
                        "function": {"name": "f", "description": "d", "parameters": {"enum": ["e"], "a b": {}}},
                    }
                ]
            },
            {
                "llm.tools": [
                    ("$.tools[0].type", "function"),
                    ("$.tools[0].function.name", "f"),
                    ("$.tools[0].function.description", "d"),
                    ('$.tools[0].function.parameters["a b"]', "a b"),
                    ("$.tools[0].function.parameters.enum[0]", "e"),
                ]
            },
        ),
        (
            {"response_format": {"type": "json_schema", "json_schema": {"name": "n"}}, "guided_regex": "r"},
            {
                "llm.response_schema": [
                    ("$.response_format.type", "json_schema"),
                    ("$.response_format.json_schema.name", "n"),
                    ("$.guided_regex", "r"),
                ],
                "llm.tools": [
                    ("$.response_format.type", "json_schema"),
                    ("$.response_format.json_schema.name", "n"),
                ],
            },
        ),
        (
            {"prediction": {"type": "content", "content": "p"}, "documents": [{"text": "d"}]},
            {
                "json": [("$.prediction.type", "content")],
                "llm.assistant": [("$.prediction.content", "p")],
                "llm.documents": [("$.documents[0].text", "d")],
            },
        ),
        (
            {"messages": [{"role": "user", "content": {"text": "x"}, "name": "bob"}]},
            {"llm.user": [("$.messages[0].content.text", "x")], "llm.names": [("$.messages[0].name", "bob")]},
        ),
        (
            {"messages": [{"role": "user", "content": [{"odd": "x"}, ["y"], 5, None]}]},
            {
                "json": [("$.messages[0].content[0].odd", "x")],
                "llm.prompt": [("$.messages[0].content[0].odd", "x")],
                "llm.user": [("$.messages[0].content[1][0]", "y")],
                "json.scalars": [("$.messages[0].content[2]", 5)],
            },
        ),
        (
            {"messages": [{"role": "assistant", "content": None, "refusal": "no", "reasoning_content": "hm"}]},
            {"llm.assistant": [("$.messages[0].refusal", "no"), ("$.messages[0].reasoning_content", "hm")]},
        ),
    ],
)
def test_chat_members(read: Read, document: Any, expected: dict[str, list[tuple[str, Any]]]) -> None:
    fields, skipped = read(CHAT, document)
    assert {k: sorted(v, key=str) for k, v in fields.items()} == {k: sorted(v, key=str) for k, v in expected.items()}
    assert skipped == []


CALL = "$.messages[0].tool_calls[0].function"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ('{"cmd": "ls; rm", "deep": [{"x": "\\u0041"}], "n": 1}', [("#$.cmd", "ls; rm"), ("#$.deep[0].x", "A")]),
        ('["a", ["b"]]', [("#$[0]", "a"), ("#$[1][0]", "b")]),
        ('{"a":"x","a":"y"}', [("#$.a", "x"), ("#$.a", "y")]),
        ('{"a":NaN,"b":"x"}', [("#$.b", "x")]),
        ("{broken", [("", "{broken")]),
        ('{"a":1} tail', [("", '{"a":1} tail')]),
        ('"text"', [("", '"text"')]),
        ("rm -rf", [("", "rm -rf")]),
        ("[" * 70 + "]" * 70, [("", "[" * 70 + "]" * 70)]),
        ("\ufffd", [("", "\ufffd")]),
    ],
)
def test_tool_call_arguments_are_read_inside(read: Read, arguments: str, expected: list[tuple[str, str]]) -> None:
    message = {"role": "assistant", "tool_calls": [{"id": "c", "function": {"name": "f", "arguments": arguments}}]}
    fields, _ = read(CHAT, {"messages": [message]})
    assert fields["llm.tool_args"] == [(f"{CALL}.arguments{rest}", value) for rest, value in expected]
    assert fields["llm.names"] == [(f"{CALL}.name", "f")]


def test_other_shapes_of_tool_calls(read: Read) -> None:
    message = {
        "role": "assistant",
        "function_call": {"name": "g", "arguments": '{"q":"1"}'},
        "tool_calls": [{"function": {"arguments": {"q": "2"}}}, {"custom": {"name": "h", "input": "3"}}, "4"],
    }
    fields, _ = read(CHAT, {"messages": [message]})
    assert sorted(value for _, value in fields["llm.tool_args"]) == ["1", "2", "3"]
    assert fields["json"] == fields["llm.prompt"] == [("$.messages[0].tool_calls[2]", "4")]


def encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


PIXELS = "data:image/png;base64," + encoded(bytes(range(256)) * 4)
PART = "$.messages[0].content[0]"


@pytest.mark.parametrize(
    ("part", "bucket", "value", "skipped"),
    [
        ({"image_url": {"url": "http://x/y"}}, "llm.images", "http://x/y", [(".image_url.url", "image")]),
        ({"image_url": "http://x/y"}, "llm.images", "http://x/y", [(".image_url", "image")]),
        ({"image_url": {"url": PIXELS}}, "llm.images", PIXELS[:256], [(".image_url.url", "image")]),
        ({"image_url": PIXELS[22:]}, "llm.images", PIXELS[22:278], [(".image_url", "image")]),
        (
            {"image_url": "data:image/svg+xml,<svg>" + "x" * 300},
            "llm.images",
            "data:image/svg+xml,<svg>" + "x" * 300,
            [(".image_url", "image")],
        ),
        ({"image_url": {"url": ["x"]}}, "llm.prompt", "x", []),
        (
            {"input_audio": {"data": encoded(b"\xff" * 30), "format": "wav"}},
            "json",
            "wav",
            [(".input_audio.data", "audio")],
        ),
        ({"input_audio": {"data": "no base64!"}}, "llm.prompt", "no base64!", []),
        ({"input_audio": {"data": ["x"]}}, "llm.prompt", "x", []),
        ({"video_url": {"url": PIXELS.replace("image", "video")}}, "llm.video", None, [(".video_url.url", "video")]),
        (
            {"file": {"file_data": "data:application/pdf;base64,AAAA", "filename": "f.pdf"}},
            "json",
            "f.pdf",
            [(".file.file_data", "file")],
        ),
        ({"file": {"file_data": "data:text/plain;base64," + encoded(b"hi there")}}, "llm.documents", "hi there", []),
        (
            {"file": {"file_data": "data:text/plain;base64," + encoded(b"hi there").rstrip("=")}},
            "llm.documents",
            "hi there",
            [],
        ),
        ({"file": {"file_data": "DATA:TEXT/PLAIN,hi there"}}, "llm.documents", "hi there", []),
        (
            {"file": {"file_data": "data:text/plain;base64," + encoded(b"\xff\x00")}},
            "llm.documents",
            None,
            [(".file.file_data", "file")],
        ),
        *(
            ({"file": {"file_data": data}}, "llm.documents", text, [])
            for data, text in (
                ("data:text/plain;base64,aGkg\r\ndGhlcmU=", "hi there"),
                ("data:text/plain;base64,aGkgdGhlcmU=A", "hi there"),
                ("data:application/x-yaml;base64,aGkgdGhlcmU=", "hi there"),
                ("data:;base64,aGkgdGhlcmU=", "hi there"),
                ("aGkgdGhlcmU=", "hi there"),
                (encoded("hi there".encode("utf-16")), "hi there"),
                (encoded(b"hi there, long enough\0"), "hi there, long enough\0"),
                (encoded(b"hi there, caf\xe9"), "hi there, caf\udce9"),
            )
        ),
        ({"file": {"file_data": "data:text/plain;base64,a b!"}}, "llm.prompt", "data:text/plain;base64,a b!", []),
        ({"file": {"file_id": "file-1"}}, "json", "file-1", []),
    ],
)
def test_parts_that_are_no_text(
    read: Read, part: dict[str, Any], bucket: str, value: str | None, skipped: list[tuple[str, str]]
) -> None:
    fields, skips = read(CHAT, {"messages": [{"role": "user", "content": [part]}]})
    assert [found for _, found in fields.get(bucket, [])] == ([] if value is None else [value])
    assert skips == [(PART + rest, reason) for rest, reason in skipped]


@pytest.mark.parametrize(("target", "name"), [(COMPLETIONS, "prompt"), (EMBEDDINGS, "input"), (MODERATIONS, "input")])
@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("x", [("", "x")]),
        (["x", "y"], [("[0]", "x"), ("[1]", "y")]),
        ([["x"]], [("[0][0]", "x")]),
        (["x", 1], [("[0]", "x")]),
        ([], None),
    ],
)
def test_prompts(read: Read, target: str, name: str, prompt: Any, expected: list[tuple[str, str]] | None) -> None:
    fields, skipped = read(target, {name: prompt})
    assert fields.get("llm.prompt") == (expected and [(f"$.{name}{rest}", value) for rest, value in expected])
    assert skipped == []


@pytest.mark.parametrize(("target", "name"), [(COMPLETIONS, "prompt"), (EMBEDDINGS, "input")])
@pytest.mark.parametrize(("ids", "count"), [([1, 2, 3], 3), ([[1, 2], [3]], 3), ([10**30], 1)])
def test_token_ids_are_counted_and_skipped(read: Read, target: str, name: str, ids: Any, count: int) -> None:
    fields, skipped = read(target, {name: ids})
    assert fields == {"llm.params": [(f"{name}.token_ids", count)]}
    assert skipped == [(f"$.{name}", "token-ids")]


def test_the_rest_of_completions(read: Read) -> None:
    document = {
        "suffix": "s",
        "prompt": {"odd": "p"},
        "prompt_embeds": ["A" * 300, "B"],
        "logprobs": 5,
        "stream": "true",
    }
    fields, skipped = read(COMPLETIONS, document)
    assert sorted(fields["llm.prompt"]) == [("$.prompt.odd", "p"), ("$.stream", "true"), ("$.suffix", "s")]
    assert [(path, len(value)) for path, value in fields["json"] if "embeds" in path] == [
        ("$.prompt_embeds[0]", 256),
        ("$.prompt_embeds[1]", 1),
    ]
    assert fields["llm.params"] == [("logprobs", 5)]
    assert skipped == [("$.prompt_embeds[0]", "prompt-embeds"), ("$.prompt_embeds[1]", "prompt-embeds")]
    assert read(COMPLETIONS, {"prompt_embeds": {"a": "b"}})[0]["json"] == [("$.prompt_embeds.a", "b")]


def test_moderation_of_parts(read: Read) -> None:
    document = {"input": [{"type": "text", "text": "x"}, {"type": "image_url", "image_url": {"url": "http://x/"}}]}
    fields, skipped = read(MODERATIONS, document)
    assert fields["llm.prompt"] == [("$.input[0].text", "x")]
    assert skipped == [("$.input[1].image_url.url", "image")]


def test_responses(read: Read) -> None:
    document = {
        "instructions": "be good",
        "prompt": {"id": "p", "variables": {"city": "v", "a b": {"type": "input_text", "text": "w"}}},
        "text": {"format": {"name": "s"}, "verbosity": "low"},
        "tools": [{"type": "mcp", "server_url": "u"}],
        "input": [
            {"role": "user", "content": "c0"},
            {"role": "developer", "content": [{"type": "input_text", "text": "c1"}]},
            {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "c2"}]},
            {"type": "function_call", "call_id": "i", "name": "f", "arguments": '{"x":"a0"}'},
            {"type": "function_call_output", "call_id": "i", "output": "o0"},
            {"type": "function_call_output", "output": [{"type": "input_text", "text": "o1"}]},
            {"type": "computer_call_output", "output": {"type": "computer_screenshot", "image_url": "http://s/"}},
            {"type": "local_shell_call", "action": {"command": ["a1"]}},
            {"type": "code_interpreter_call", "code": "a2", "outputs": [{"logs": "o2"}]},
            {"type": "mcp_call", "arguments": "a3", "output": "o3", "error": "o4", "server_label": "l"},
            {"type": "mcp_list_tools", "tools": [{"name": "t"}]},
            {"type": "file_search_call", "queries": ["a4"], "results": [{"text": "o5"}]},
            {"type": "custom_tool_call", "input": "a5"},
            {"type": "reasoning", "summary": [{"text": "r"}], "encrypted_content": "AAAA"},
            {"type": "image_generation_call", "result": "AAAA"},
            "bare",
        ],
    }
    fields, skipped = read(RESPONSES, document)
    values = {bucket: sorted(str(value) for _, value in found) for bucket, found in fields.items()}
    assert values["llm.system"] == ["be good", "c1"]
    assert values["llm.user"] == ["c0", "v", "w"]
    assert "r" in values["llm.assistant"]
    assert "c2" in values["llm.assistant"]
    assert values["llm.tool_args"] == ["a0", "a1", "a2", "a3", "a4", "a5"]
    assert [v for v in values["llm.tool_results"] if v.startswith("o")] == ["o0", "o1", "o2", "o3", "o4", "o5"]
    assert values["llm.tools"] == ["mcp", "s", "t", "u"]
    assert values["llm.response_schema"] == ["s"]
    assert values["llm.images"] == ["http://s/"]
    assert values["llm.prompt"] == ["a b", "bare"]
    assert [reason for _, reason in skipped] == ["image", "encrypted", "image"]


def test_prompt_variables_that_are_no_object(read: Read) -> None:
    fields, _ = read(RESPONSES, {"prompt": {"variables": ["x"]}})
    assert fields["json"] == fields["llm.prompt"] == [("$.prompt.variables[0]", "x")]


@pytest.mark.parametrize("value", ["x", ["x"]])
def test_responses_input_as_text(read: Read, value: Any) -> None:
    fields, _ = read(RESPONSES, {"input": value, "instructions": value})
    assert [v for _, v in fields.get("llm.user", []) + fields.get("llm.prompt", [])] == ["x"] * (
        1 if value == "x" else 2
    )


@pytest.mark.parametrize(
    ("target", "document", "expected"),
    [
        (
            "/v1/images/generations",
            {"model": "i", "prompt": "x", "size": "s", "n": 2, "response_format": "url"},
            {
                "model.name": [("$.model", "i")],
                "llm.prompt": [("$.prompt", "x")],
                "json": [("$.size", "s"), ("$.response_format", "url")],
                "llm.params": [("n", 2)],
            },
        ),
        (
            "/v1/audio/speech",
            {"model": "t", "input": "x", "instructions": "y", "voice": "v"},
            {
                "model.name": [("$.model", "t")],
                "llm.prompt": [("$.input", "x"), ("$.instructions", "y")],
                "json": [("$.voice", "v")],
            },
        ),
        (
            "/v1/conversations/c_1/items",
            {
                "items": [{"role": "user", "content": "x"}, {"type": "function_call_output", "output": "y"}],
                "other": "z",
            },
            {
                "llm.user": [("$.items[0].content", "x")],
                "json": [("$.items[1].type", "function_call_output"), ("$.other", "z")],
                "llm.tool_results": [("$.items[1].output", "y")],
                "llm.prompt": [("$.other", "z")],
            },
        ),
        (
            "/v1/conversations",
            {"items": [{"role": "user", "content": "x"}]},
            {"llm.user": [("$.items[0].content", "x")]},
        ),
        ("/v1/responses/input_tokens", {"input": "x"}, {"llm.user": [("$.input", "x")]}),
        ("/v1/responses/compact", {"instructions": "x"}, {"llm.system": [("$.instructions", "x")]}),
    ],
)
def test_what_stands_beside_the_chats(
    read: Read, target: str, document: Any, expected: dict[str, list[tuple[str, Any]]]
) -> None:
    assert read(target, document) == (expected, [])


def test_a_forced_protocol_reads_everything_the_api_knows() -> None:
    body = b'{"messages":[{"role":"user","content":"a"}],"prompt":"b","input":[1,2],"instructions":"c"}'
    parsed = parse(Request(method="POST", target="/x", body=body, protocol="openai"))
    assert [parsed.fields[b][0].value for b in ("llm.user", "llm.prompt", "llm.system")] == ["a", "b", "c"]
    assert parsed.skipped[0].reason == "token-ids"
    parsed = parse(
        Request(method="POST", target="/x", body=b'{"input":["t"],"prompt":{"variables":{"v":"w"}}}', protocol="openai")
    )
    assert [f.value for f in parsed.fields["llm.user"]] == ["w"]


@pytest.mark.parametrize("path", ["/score", "/pooling", "/classify"])
def test_vllm_s_bare_paths_where_a_route_forces_the_protocol(path: str) -> None:
    """By themselves they are as common as any word."""
    body = (
        b'{"model": "m", "text_1": "select 1", "text_2": ["or 1=1"], "query": "q", "documents": ["d"], "input": ["i"]}'
    )
    forced = parse(Request(method="POST", target=path, body=body), ParseOptions(protocol="openai")).fields
    assert "json" not in forced
    assert {field.value for field in forced["llm.prompt"]} == {"select 1", "q", "i"}
    assert {field.value for field in forced["llm.documents"]} == {"or 1=1", "d"}
    assert "select 1" in {field.value for field in parse(Request(method="POST", target=path, body=body)).fields["json"]}


@pytest.mark.parametrize(
    ("path", "document"),
    [
        (CHAT, {"messages": [{"role": "tool", "tool_call_id": "be brave", "content": "x"}]}),
        (CHAT, {"messages": [{"role": "assistant", "tool_calls": [{"id": "be brave"}]}]}),
        (CHAT, {"messages": [{"role": "user", "content": [{"type": "file", "file": {"filename": "be brave"}}]}]}),
        (RESPONSES, {"input": [{"type": "function_call_output", "call_id": "be brave", "output": "x"}]}),
        (CHAT, {"reasoning_effort": "be brave"}),
        (CHAT, {"web_search_options": {"user_location": {"city": "be brave"}}}),
    ],
    ids=str,
)
def test_identifiers_that_are_sentences_are_prompts_too(read: Read, path: str, document: dict[str, Any]) -> None:
    """Chat templates write them into the prompt."""
    fields, _ = read(path, document)
    for bucket in ("json", "llm.prompt"):
        assert [value for _, value in fields[bucket] if value == "be brave"] == ["be brave"]


@pytest.mark.parametrize(
    "content", [r'{"page":"Hello.\nIgnore"}', [{"type": "text", "text": r'{"page":"Hello.\nIgnore"}'}]]
)
def test_what_a_tool_returns_as_json_is_read_without_escapes(read: Read, content: object) -> None:
    fields, _ = read(CHAT, {"messages": [{"role": "tool", "content": content}]})
    assert [value for _, value in fields["llm.tool_results"]] == ['{"page":"Hello.\nIgnore"}']
