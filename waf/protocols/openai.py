"""OpenAI's API, and vLLM's and LiteLLM's additions to it.

Sources: OpenAI's OpenAPI description of `/v1/chat/completions`, `/completions`, `/embeddings`, `/moderations`,
`/images/generations`, `/audio/speech`, `/responses` and `/conversations`; vLLM's protocol definitions for the extra sampling
and guided-decoding parameters, `/tokenize`, `/score`, `/rerank`, `/pooling` and `/classify`. Numbers and flags at the top level
that no table names become `llm.params["name"]`, so that a server's extensions show without being listed.
"""

from __future__ import annotations

from typing import Any, Final

from waf.protocols import content, refusals
from waf.protocols.base import Protocol
from waf.protocols.content import image_object, json_text, model, models, opaque, prompt, stream
from waf.protocols.shape import Walk, by_role, each, label, obj, param, text_or, to, values, web
from waf.protocols.sink import Sink

_names: Final = to("llm.names")
_tools: Final = to("llm.tools")
_schema: Final = to("llm.response_schema")
_described: Final = to("llm.response_schema", "llm.tools")
"""A schema that the model is shown, with its descriptions, as a tool's is."""
_arguments: Final = json_text("llm.tool_args")

_audio: Final = obj({"data": opaque("audio"), "format": web, "url": opaque("audio")}, otherwise=opaque("audio"))
_video: Final = obj({"url": opaque("video")}, otherwise=opaque("video"))
_file: Final = obj({"file_data": opaque("file"), "filename": label, "file_id": web, "file_url": web})


def parts(bucket: str) -> Walk:
    """A message's content: a string, or parts. Read by member, not by `type`: servers infer a missing type."""
    text = to(bucket)
    part = obj(
        {
            "type": web,
            "text": text,
            "refusal": text,
            "image_url": image_object,
            "image": image_object,
            "input_audio": _audio,
            "audio_url": _audio,
            "video_url": _video,
            "file": _file,
            "file_data": opaque("file"),
            "file_id": web,
            "file_url": web,
            "filename": label,
            "detail": web,
            "annotations": web,
        },
        otherwise=text,
    )
    return text_or(bucket, each(part, otherwise=part))


_function: Final = obj({"name": _names, "arguments": _arguments})
_tool_call: Final = obj(
    {
        "id": label,
        "type": web,
        "function": _function,
        "custom": obj({"name": _names, "input": _arguments}),
        "index": web,
    }
)


def _message(bucket: str, role: Walk) -> Walk:
    return obj(
        {
            "role": role,
            "content": parts(bucket),
            "name": _names,
            "refusal": to(bucket),
            "reasoning": to(bucket),
            "reasoning_content": to(bucket),
            "tool_calls": each(_tool_call),
            "function_call": _function,
            "tool_call_id": label,
            "audio": obj({"id": label}),
        }
    )


ROLES: Final = {
    "system": "llm.system",
    "developer": "llm.system",
    "user": "llm.user",
    "assistant": "llm.assistant",
    "tool": "llm.tool_results",
    "function": "llm.tool_results",
}
message: Final = by_role(ROLES, _message)

COMMON: Final[dict[str, Walk]] = {
    "model": model,
    "models": models,
    "fallbacks": models,
    "context_window_fallbacks": models,
    "content_policy_fallbacks": models,
    "context_window_fallback_dict": models,
    "stream": stream,
    "user": web,
    "metadata": web,
    "stop": web,
    "stream_options": web,
    "service_tier": web,
    "safety_identifier": web,
    "prompt_cache_key": web,
    "prompt_cache_retention": web,
    "logit_bias": content.bias,
    "logprobs": param("logprobs"),
    "prompt_embeds": content.embeds,
    "guided_json": _schema,
    "guided_regex": _schema,
    "guided_choice": _schema,
    "guided_grammar": _schema,
    "structured_outputs": _schema,
    "response_format": _described,
    "encoding_format": web,
}

CHAT: Final[dict[str, Walk]] = {
    **COMMON,
    "messages": each(message),
    "tools": _tools,
    "functions": _tools,
    "tool_choice": web,
    "function_call": web,
    "prediction": obj({"type": web, "content": parts("llm.assistant")}),
    "modalities": web,
    "audio": web,
    "reasoning_effort": label,
    "verbosity": label,
    "web_search_options": label,
    "documents": to("llm.documents"),
}
COMPLETIONS: Final[dict[str, Walk]] = {**COMMON, "prompt": prompt("prompt"), "suffix": to("llm.prompt")}
EMBEDDINGS: Final[dict[str, Walk]] = {**COMMON, "input": prompt("input"), "messages": each(message)}
TOKENIZE: Final[dict[str, Walk]] = {**CHAT, "prompt": prompt("prompt")}
_document: Final = obj(
    {"text": to("llm.documents"), "content": parts("llm.documents"), "type": web, "image_url": image_object},
    otherwise=to("llm.documents"),
)
SCORES: Final[dict[str, Walk]] = {
    **EMBEDDINGS,
    **dict.fromkeys(("query", "queries", "text_1", "instruction"), prompt("input")),
    **dict.fromkeys(("documents", "text_2"), each(_document, otherwise=_document)),
    "task": web,
}
"""What vLLM, Cohere and Jina compare: texts with texts, some of which were looked up. Also of `/pooling` and `/classify`."""
MODERATIONS: Final[dict[str, Walk]] = {**COMMON, "input": prompt("input", otherwise=parts("llm.prompt"))}

IMAGES: Final[dict[str, Walk]] = {
    **COMMON,
    **dict.fromkeys(("size", "quality", "style", "background", "moderation", "output_format", "response_format"), web),
    "prompt": to("llm.prompt"),
}
SPEECH: Final[dict[str, Walk]] = {
    **COMMON,
    **dict.fromkeys(("voice", "response_format", "stream_format"), web),
    "input": to("llm.prompt"),
    "instructions": to("llm.prompt"),
}

# --------------------------------------------------------------------------- Responses

_output: Final = parts("llm.tool_results")


def _item(bucket: str, role: Walk) -> Walk:
    """An input item. Its kinds share their member names, so one table reads all of them."""
    return obj(
        {
            "role": role,
            "content": parts(bucket),
            "type": web,
            "id": label,
            "status": web,
            "call_id": label,
            "approval_request_id": label,
            "server_label": label,
            "name": _names,
            "arguments": _arguments,
            "input": _arguments,
            "action": to("llm.tool_args"),
            "code": to("llm.tool_args"),
            "queries": to("llm.tool_args"),
            "operation": to("llm.tool_args"),
            "output": _output,
            "outputs": to("llm.tool_results"),
            "results": to("llm.tool_results"),
            "error": to("llm.tool_results"),
            "tools": _tools,
            "summary": to("llm.assistant"),
            "reason": to("llm.user"),
            "result": opaque("image"),
            "encrypted_content": opaque("encrypted"),
        }
    )


item: Final = by_role(ROLES, _item)

RESPONSES: Final[dict[str, Walk]] = {
    **COMMON,
    "input": text_or("llm.user", each(item, otherwise=parts("llm.user"))),
    "instructions": text_or("llm.system", each(item, otherwise=to("llm.system"))),
    "prompt": obj({"id": label, "version": web, "variables": values(parts("llm.user"))}, otherwise=to("llm.prompt")),
    "tools": _tools,
    "text": obj({"format": _described, "verbosity": label}),
    "reasoning": web,
    "include": web,
    "tool_choice": web,
    "truncation": web,
    "conversation": web,
    "previous_response_id": web,
}


CONVERSATIONS: Final[dict[str, Walk]] = {"items": each(item), "metadata": web}


def _any_input(value: Any, path: str, sink: Sink) -> None:
    """`input` where the path does not say of what: token ids, texts or items."""
    texts = type(value) is list and (set(map(type, value)) == {str} or content.are_tokens(value, sink))
    (EMBEDDINGS if texts else RESPONSES)["input"](value, path, sink)


ANY: Final[dict[str, Walk]] = {
    **SCORES,
    **RESPONSES,
    **COMPLETIONS,
    **CHAT,
    "prompt": prompt("prompt", otherwise=RESPONSES["prompt"]),
    "input": _any_input,
}
"""For routes that force this protocol on a path of their own."""

OPENAI: Final = Protocol(
    name="openai",
    operations={
        "chat": obj(CHAT, params=True),
        "completions": obj(COMPLETIONS, params=True),
        "embeddings": obj(EMBEDDINGS, params=True),
        "moderations": obj(MODERATIONS, params=True),
        "tokenize": obj(TOKENIZE, params=True),
        "scores": obj(SCORES, params=True),
        "images": obj(IMAGES, params=True),
        "speech": obj(SPEECH, params=True),
        "responses": obj(RESPONSES, params=True),
        "input_tokens": obj(RESPONSES, params=True),
        "compact": obj(RESPONSES, params=True),
        "conversations": obj(CONVERSATIONS),
        "any": obj(ANY, params=True),
    },
    default="any",
    forms={name: frozenset({"prompt"}) for name in ("transcriptions", "translations", "image_edits")},
    refusal=refusals.openai,
    stream_error=refusals.openai_stream,
)
