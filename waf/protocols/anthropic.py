"""Anthropic's Messages API: `/v1/messages`, `/v1/messages/count_tokens` and `/v1/messages/batches`."""

from __future__ import annotations

from typing import Any, Final

from waf.protocols import refusals
from waf.protocols.base import Protocol
from waf.protocols.content import image, model, opaque, stream
from waf.protocols.shape import Walk, by, by_role, each, label, obj, text_or, to, web
from waf.protocols.sink import Sink, below

_names: Final = to("llm.names")
_documents: Final = to("llm.documents")


def _encoded(reason: str) -> Walk:
    return obj(
        {"type": web, "media_type": web, "data": opaque(reason), "url": web, "file_id": web, "content": _documents},
        otherwise=_documents,
    )


_file_source: Final = _encoded("file")
_image_source: Final = _encoded("image")


def _base64(value: Any, path: str, sink: Sink) -> None:
    kind = value.get("media_type")
    (_image_source if type(kind) is str and kind.startswith("image/") else _file_source)(value, path, sink)


_source: Final = by(
    "type",
    {
        "text": obj({"type": web, "media_type": web, "data": _documents}),
        "url": obj({"type": web, "media_type": web, "url": image}),
        "base64": _base64,
    },
    _file_source,
)


def _block(bucket: str, nested: Walk | None) -> Walk:
    """A content block. Its kinds are told apart by member, not by `type`, which a client may leave wrong."""
    inner = nested or to(bucket)
    return obj(
        {
            "type": web,
            "text": to(bucket),
            "thinking": to("llm.assistant"),
            "data": opaque("redacted-thinking"),
            "signature": opaque("signature"),
            "source": _source,
            "title": _documents,
            "context": _documents,
            "citations": _documents,
            "content": inner,
            "input": to("llm.tool_args"),
            "name": _names,
            "id": label,
            "tool_use_id": label,
            "server_name": label,
            "cache_control": web,
        },
        otherwise=to(bucket),
    )


def _blocks(bucket: str, nested: Walk | None) -> Walk:
    block = _block(bucket, nested)
    return text_or(bucket, each(block, otherwise=block))


_RESULT: Final = _blocks("llm.tool_results", _blocks("llm.documents", None))
"""`content` of a tool result (blocks, which may be documents or search results with blocks of their own)."""
_DOCUMENT: Final = _blocks("llm.documents", None)


def _content(bucket: str) -> Walk:
    """Blocks of a message: `content` inside one belongs to a tool result or, in a search result, to a document."""
    results = _block(bucket, _RESULT)
    documents = _block(bucket, _DOCUMENT)
    block = by("type", {"search_result": documents, "document": documents}, results)
    return text_or(bucket, each(block, otherwise=block))


ROLES: Final = {"user": "llm.user", "assistant": "llm.assistant", "system": "llm.system"}


def _message(bucket: str, role: Walk) -> Walk:
    return obj({"role": role, "content": _content(bucket)})


message: Final = by_role(ROLES, _message)

MESSAGES: Final[dict[str, Walk]] = {
    "model": model,
    "stream": stream,
    "messages": each(message),
    "system": _content("llm.system"),
    "tools": to("llm.tools"),
    "tool_choice": web,
    "metadata": web,
    "stop_sequences": web,
    "service_tier": web,
    "thinking": web,
    "container": web,
    "mcp_servers": web,
    "context_management": web,
    "output_format": to("llm.response_schema", "llm.tools"),
}

_read: Final = obj(MESSAGES, params=True)


def _of_a_batch(value: Any, path: str, sink: Sink) -> None:
    """One request of a batch. That it names no model shows, though others do: whoever may ask for certain models only must
    name them all."""
    _read(value, path, sink)
    if type(value) is not dict or type(value.get("model")) is not str:
        sink.text("model.name", below(path, "model"), "")


_batch: Final = obj({"requests": each(obj({"custom_id": web, "params": _of_a_batch}))})

ANTHROPIC: Final = Protocol(
    name="anthropic",
    operations={"messages": _read, "count_tokens": _read, "batches": _batch},
    default="messages",
    refusal=refusals.anthropic,
    stream_error=refusals.anthropic_stream,
)
