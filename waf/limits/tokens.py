"""Tokens of a request: guessed before it goes on, counted when the answer says how many there were. Pure."""

from __future__ import annotations

from typing import Final

import msgspec

from waf.fields import BUCKETS
from waf.model import Parsed

CHARACTERS: Final = 4
"""Of English text in a token, by the usual tokenizers; other scripts have fewer, so the settlement matters there."""
MAX_TOKENS: Final = 100_000_000
"""More than any model reads or writes; a number above it is not believed."""


_READ: Final = tuple(name for name in sorted(BUCKETS) if name.startswith("llm.") and name != "llm.params")
"""Buckets of what its model reads of a request."""


class _Usage(msgspec.Struct):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    total_tokens: int | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cache_creation_input_tokens: int | None = None
    cache_read_input_tokens: int | None = None


class _Answer(msgspec.Struct):
    usage: _Usage | None = None
    prompt_eval_count: int | None = None
    eval_count: int | None = None


_decode: Final = msgspec.json.Decoder(_Answer).decode


def estimate(parsed: Parsed | None, body_bytes: int) -> int:
    """Prompt tokens of a request: a quarter of the characters that its model reads; of its bytes where it was not read."""
    if parsed is None:
        return body_bytes // CHARACTERS + 1
    characters, fields = 0, parsed.fields
    for bucket in _READ:
        if bucket in fields:
            for field in fields[bucket]:
                value = field.value
                if isinstance(value, str):
                    characters += len(value)
    return characters // CHARACTERS + 1


def counted(body: bytes) -> int | None:
    """Tokens that an answer of OpenAI's, Anthropic's or Ollama's shape says it took, prompt and answer together; None when
    it says nothing that can be believed."""
    try:
        answer = _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    usage = answer.usage
    if usage is None:
        parts = [answer.prompt_eval_count, answer.eval_count]
    elif usage.total_tokens is not None:
        parts = [usage.total_tokens]
    elif usage.prompt_tokens is not None or usage.completion_tokens is not None:
        parts = [usage.prompt_tokens, usage.completion_tokens]
    else:
        parts = [
            usage.input_tokens,
            usage.output_tokens,
            usage.cache_creation_input_tokens,
            usage.cache_read_input_tokens,
        ]
    known = [part for part in parts if part is not None]
    if not known or min(known) < 0 or sum(known) > MAX_TOKENS:
        return None
    return sum(known)
