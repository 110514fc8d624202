"""Anthropic's Messages API."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest

Read = Callable[..., tuple[dict[str, list[tuple[str, Any]]], list[tuple[str, str]]]]
C = "$.messages[0].content"


def user(content: Any) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": content}]}


@pytest.mark.parametrize("target", ["/v1/messages", "/v1/messages/count_tokens", "/anthropic/v1/messages"])
def test_a_plain_conversation(read: Read, target: str) -> None:
    document = {
        "model": "claude",
        "max_tokens": 10,
        "system": "s",
        "stream": False,
        "metadata": {"user_id": "u"},
        "stop_sequences": ["z"],
        "messages": [
            {"role": "user", "content": "a"},
            {"role": "assistant", "content": [{"type": "text", "text": "b"}]},
        ],
        "tools": [{"name": "t", "description": "d", "input_schema": {"type": "object"}}],
    }
    fields, skipped = read(target, document)
    assert fields == {
        "model.name": [("$.model", "claude")],
        "llm.params": [("max_tokens", 10), ("stream", 0)],
        "llm.system": [("$.system", "s")],
        "json": [("$.metadata.user_id", "u"), ("$.stop_sequences[0]", "z"), ("$.messages[1].content[0].type", "text")],
        "llm.user": [(C, "a")],
        "llm.assistant": [("$.messages[1].content[0].text", "b")],
        "llm.tools": [
            ("$.tools[0].name", "t"),
            ("$.tools[0].description", "d"),
            ("$.tools[0].input_schema.type", "object"),
        ],
    }
    assert skipped == []


def test_a_batch(read: Read) -> None:
    named = {"custom_id": "a", "params": {"model": "claude", "max_tokens": 10, **user("x")}}
    fields, skipped = read(
        "/v1/messages/batches", {"requests": [named, {"params": {"system": "s"}}, {"params": "odd"}]}
    )
    assert fields == {
        "json": [("$.requests[0].custom_id", "a"), ("$.requests[2].params", "odd")],
        "llm.prompt": [("$.requests[2].params", "odd")],
        "model.name": [("$.requests[0].params.model", "claude"), ("$.requests[1].params.model", ""),
                       ("$.requests[2].params.model", "")],
        "llm.params": [("max_tokens", 10)],
        "llm.user": [("$.requests[0].params.messages[0].content", "x")],
        "llm.system": [("$.requests[1].params.system", "s")],
    }  # fmt: skip
    assert skipped == []


@pytest.mark.parametrize(
    ("block", "bucket", "path", "value", "skipped"),
    [
        ({"text": "x"}, "llm.user", ".text", "x", []),
        ("x", "llm.user", "", "x", []),
        ({"thinking": "x", "signature": "AAAA"}, "llm.assistant", ".thinking", "x", [(".signature", "signature")]),
        (
            {"type": "redacted_thinking", "data": "AAAA"},
            "json",
            ".type",
            "redacted_thinking",
            [(".data", "redacted-thinking")],
        ),
        ({"name": "t", "input": {"a": ["x"]}}, "llm.tool_args", ".input.a[0]", "x", []),
        ({"tool_use_id": "i", "content": "x"}, "llm.tool_results", ".content", "x", []),
        ({"type": "tool_result", "content": [{"text": "x"}]}, "llm.tool_results", ".content[0].text", "x", []),
        (
            {"type": "tool_result", "content": [{"type": "search_result", "title": "t", "content": [{"text": "x"}]}]},
            "llm.documents",
            ".content[0].content[0].text",
            "x",
            [],
        ),
        ({"type": "search_result", "source": "x", "content": []}, "llm.documents", ".source", "x", []),
        ({"type": "search_result", "content": [{"text": "x"}]}, "llm.documents", ".content[0].text", "x", []),
        ({"type": "document", "title": "x"}, "llm.documents", ".title", "x", []),
        (
            {"source": {"type": "text", "media_type": "text/plain", "data": "x"}},
            "llm.documents",
            ".source.data",
            "x",
            [],
        ),
        (
            {"source": {"type": "content", "content": [{"text": "x"}]}},
            "llm.documents",
            ".source.content[0].text",
            "x",
            [],
        ),
        (
            {"source": {"type": "url", "url": "http://i/"}},
            "llm.images",
            ".source.url",
            "http://i/",
            [(".source.url", "image")],
        ),
        (
            {"source": {"type": "base64", "media_type": "image/png", "data": "AAAA"}},
            "json",
            ".source.media_type",
            "image/png",
            [(".source.data", "image")],
        ),
        (
            {"source": {"type": "base64", "media_type": "application/pdf", "data": "AAAA"}},
            "json",
            ".source.media_type",
            "application/pdf",
            [(".source.data", "file")],
        ),
        ({"source": {"type": "base64", "data": "not base64!"}}, "llm.prompt", ".source.data", "not base64!", []),
        ({"cache_control": {"type": "x"}}, "json", ".cache_control.type", "x", []),
        ({"odd": "x"}, "llm.prompt", ".odd", "x", []),
    ],
)
def test_content_blocks(
    read: Read, block: Any, bucket: str, path: str, value: str, skipped: list[tuple[str, str]]
) -> None:
    fields, skips = read("/v1/messages", user([block]))
    assert (f"{C}[0]{path}", value) in fields[bucket]
    assert skips == [(f"{C}[0]{rest}", reason) for rest, reason in skipped]


def test_a_block_where_a_list_is_due(read: Read) -> None:
    fields, _ = read("/v1/messages", user({"type": "text", "text": "x"}))
    assert fields["llm.user"] == [(C + ".text", "x")]


def test_system_blocks_and_odd_roles(read: Read) -> None:
    fields, _ = read("/v1/messages", {"system": [{"text": "s"}], "messages": [{"role": "root", "content": "x"}]})
    assert fields == {
        "llm.system": [("$.system[0].text", "s")],
        "llm.names": [("$.messages[0].role", "root")],
        "llm.user": [("$.messages[0].content", "x")],
    }


def test_a_base64_source_without_a_usable_media_type(read: Read) -> None:
    data = base64.b64encode(b"\xff" * 9).decode()
    _, skipped = read("/v1/messages", user([{"source": {"type": "base64", "media_type": 5, "data": data}}]))
    assert skipped == [(f"{C}[0].source.data", "file")]
