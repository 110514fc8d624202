"""Answers that give less away: probabilities are rounded, token probabilities left out. Pure.

Tramèr et al. (2016) show that a model is copied from its probabilities in far fewer queries than from its labels.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

_LEFT_OUT: Final = frozenset(
    {"logprobs", "top_logprobs", "token_logprobs", "prompt_logprobs", "completion_probabilities"}
)
_KEPT: Final = frozenset({"embedding", "embeddings", "created", "usage"})
"""What is no probability: rounding vectors would make them useless rather than vague."""
_decode: Final = msgspec.json.Decoder().decode
_encode: Final = msgspec.json.Encoder().encode
_DEEPEST: Final = 64


def rounded(body: bytes, decimals: int) -> bytes | None:
    """The same JSON with numbers between 0 and 1 rounded; None where it is no JSON or nested too deeply to be rewritten."""
    try:
        return _encode(_less(_decode(body), decimals, _DEEPEST))
    except (msgspec.DecodeError, msgspec.EncodeError, UnicodeDecodeError, RecursionError, _TooDeepError):
        return None


class _TooDeepError(Exception):
    """More levels than a prediction has."""


def _less(value: Any, decimals: int, depth: int) -> Any:
    if depth == 0:
        raise _TooDeepError
    kind = type(value)
    if kind is float:
        return round(value, decimals) if -1.0 < value < 1.0 else value
    if kind is list:
        return [_less(item, decimals, depth - 1) for item in value]
    if kind is dict:
        return {
            name: None if name in _LEFT_OUT else item if name in _KEPT else _less(item, decimals, depth - 1)
            for name, item in value.items()
        }
    return value
