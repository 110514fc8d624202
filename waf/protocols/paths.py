"""Which API a path belongs to, read the way servers read paths.

A path is percent-decoded once, its empty and dot segments are removed and case is ignored, so that no spelling that a
server accepts goes unrecognised. Recognition is by the last segments, because gateways mount APIs below prefixes.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import unquote

from waf.protocols.anthropic import ANTHROPIC
from waf.protocols.base import Protocol
from waf.protocols.kserve import KSERVE
from waf.protocols.oip import OIP
from waf.protocols.openai import OPENAI


class Place(NamedTuple):
    """What a path says: the API, the operation, and the model where the path names it."""

    protocol: Protocol
    operation: str
    model: str = ""


_TWO: Final = {
    "chat/completions": Place(OPENAI, "chat"),
    "v1/messages": Place(ANTHROPIC, "messages"),
    "messages/count_tokens": Place(ANTHROPIC, "count_tokens"),
    "messages/batches": Place(ANTHROPIC, "batches"),
    "audio/transcriptions": Place(OPENAI, "transcriptions"),
    "audio/translations": Place(OPENAI, "translations"),
    "audio/speech": Place(OPENAI, "speech"),
    "images/generations": Place(OPENAI, "images"),
    "images/edits": Place(OPENAI, "image_edits"),
    "responses/input_tokens": Place(OPENAI, "input_tokens"),
    "responses/compact": Place(OPENAI, "compact"),
}
"""By the last two segments, below any prefix."""

_ONE: Final = {
    "completions": Place(OPENAI, "completions"),
    "embeddings": Place(OPENAI, "embeddings"),
    "moderations": Place(OPENAI, "moderations"),
    "responses": Place(OPENAI, "responses"),
    "models": Place(OPENAI, "models"),
    "files": Place(OPENAI, "files"),
    "batches": Place(OPENAI, "batches"),
    "conversations": Place(OPENAI, "conversations"),
    "tokenize": Place(OPENAI, "tokenize"),
    **dict.fromkeys(("rerank", "score", "pooling", "classify"), Place(OPENAI, "scores")),
}
"""By the last segment, where it stands alone or an API root is before it: words as common as these need that."""

_BARE: Final = frozenset({"completions", "embeddings", "moderations", "responses", "rerank", "tokenize"})
_ROOTS: Final = frozenset({"v1", "v2", "v3", "v4", "openai"})

_NAMING: Final = frozenset({"deployments", "engines"})
"""Segments after which an OpenAI path has a model's name."""

_GENERATE: Final = {"infer": "infer", "generate": "generate", "generate_stream": "generate"}


def segments(path: str) -> list[str]:
    """The path's segments without empty and dot segments, as they are. The query string must be gone already."""
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            if kept:
                kept.pop()
        elif segment and segment != ".":
            kept.append(segment)
    return kept


def locate(path: str) -> Place | None:
    """The API, operation and model that a path (without its query string) names; None for any other. The method decides
    nothing: a server that answers 405 needs no protection, and one that does not reads the body."""
    place = _EXACT.get(path)
    if place is not None:
        return place
    return _remembered(path) if len(path) <= _SHORT else _locate(path)


def _locate(path: str) -> Place | None:
    if "%" not in path:
        return _find(segments(path))
    # Servers differ on whether %2F separates segments: either reading of it counts.
    decoded = _find(segments(unquote(path, errors="surrogateescape")))
    return decoded or _find([unquote(part, errors="surrogateescape") for part in segments(path)])


_SHORT: Final = 128
_remembered: Final = lru_cache(1024)(_locate)
"""A server has few paths. Long ones are not kept, so that nobody can fill the memory with them."""


def _find(parts: Sequence[str]) -> Place | None:
    if not parts:
        return None
    last = parts[-1].lower()
    if len(parts) == 1:
        return _ONE[last] if last in _BARE else None
    before = parts[-2].lower()
    place = _TWO.get(f"{before}/{last}")
    if place is not None:
        return _deployed(place, parts[:-2])
    if last in _ONE and (before in _ROOTS or _azure(parts)):
        return _deployed(_ONE[last], parts[:-1])
    if last == "items" and len(parts) >= 4 and parts[-3].lower() == "conversations" and parts[-4].lower() in _ROOTS:
        return _ONE["conversations"]
    if len(parts) >= 3:
        return _served(parts, last)
    return None


def _azure(parts: Sequence[str]) -> bool:
    """`…/openai/deployments/{name}/embeddings`."""
    return len(parts) >= 4 and parts[-3].lower() == "deployments" and parts[-4].lower() == "openai"


def _deployed(place: Place, head: Sequence[str]) -> Place:
    """With the model that Azure and LiteLLM take from the path, whatever the body names:
    `…/deployments/{name}/chat/completions`."""
    named = len(head) >= 2 and head[-2].lower() in _NAMING
    return place._replace(model=head[-1]) if named else place


def _served(parts: Sequence[str], last: str) -> Place | None:
    """`…/v1/models/{m}[/versions/{v}]:verb` and `…/v2/models/{m}[/versions/{v}]/infer`."""
    if last in _GENERATE:
        head = parts[:-1]
        protocol, operation = OIP, _GENERATE[last]
    else:
        name, colon, verb = parts[-1].rpartition(":")
        operation = verb.lower()
        if not colon or operation not in KSERVE.operations:
            return None
        head = [*parts[:-1], name]
        protocol = KSERVE
    if len(head) >= 4 and head[-2].lower() in ("versions", "labels") and head[-4].lower() == "models":
        return Place(protocol, operation, head[-3])
    if len(head) >= 2 and head[-2].lower() == "models":
        return Place(protocol, operation, head[-1])
    return None


_EXACT: Final = {
    "/v1/chat/completions": _TWO["chat/completions"],
    "/v1/completions": _ONE["completions"],
    "/v1/embeddings": _ONE["embeddings"],
    "/v1/responses": _ONE["responses"],
    "/v1/messages": _TWO["v1/messages"],
}
"""The spellings of nearly every request, without splitting."""
