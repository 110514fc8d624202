"""Which texts of a request are scored, as what, and under which key their scores are remembered. Pure.

A text that is longer than a block is scored block by block: what a block costs is bounded, a caller with a book does not
hold up one with a question, and the next turn of a long conversation is remembered but for its end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Final

import msgspec

from waf.classify.types import DOCUMENT, FIELD, SYSTEM, TOOL_ARGS, TOOL_RESULT, USER
from waf.model import Field
from waf.seams import PART

BLOCK: Final = 16_384
"""Characters of one block."""
OVERLAP: Final = 1_024
"""Characters that a block has in common with the one before."""
SEPARATE: Final = 256
"""Texts of one request that are scored each by itself; when there are more, neighbours are put together to blocks."""

_SURFACES: Final[Mapping[str, int]] = {
    "llm.system": SYSTEM,
    "llm.tools": SYSTEM,
    "llm.response_schema": SYSTEM,
    "llm.user": USER,
    "llm.assistant": USER,
    "llm.tool_results": TOOL_RESULT,
    "llm.documents": DOCUMENT,
    "llm.tool_args": TOOL_ARGS,
}
_WEB: Final = ("json", "args.get", "args.form", "xml", "body")
_TRIVIAL: Final = re.compile(r"[!-~]{0,16}|\s*")
"""One short word or number: `gpt-4o`, `auto`, `2025-06-01`. No order to a model fits into it."""


class Segment(msgspec.Struct, frozen=True, gc=False):
    """One text to be scored."""

    text: str
    surface: int
    origin: str
    key: bytes = b""
    """Under which its score is remembered: a keyed hash."""
    deep: bool = False
    """The deep stage has to read it, however sure the gate is."""


class Selection(msgspec.Struct, gc=False):
    """What of a request is scored."""

    segments: list[Segment]
    cut: str = ""
    """Origin of the first text that no longer fitted into the request's budget; empty: everything did."""


class Keys:
    """Keyed hashes of texts: without the secret nobody can tell which text a key belongs to, or find two that share one.

    `model` names the models, so that scores of others are never taken for theirs.
    """

    def __init__(self, secret: bytes, model: str) -> None:
        self._base = blake2b(model.encode(), digest_size=16, key=secret)

    def key(self, text: str, surface: int, tenant: str) -> bytes:
        """Of the text's bytes, the surface it stood on and the tenant among whose requests it is remembered."""
        mac = self._base.copy()
        mac.update(f"\0{surface}\0{tenant}\0".encode("utf-8", "surrogatepass"))
        mac.update(text.encode("utf-8", "surrogatepass"))
        return mac.digest()


def select(fields: Mapping[str, Sequence[Field]], budget: int) -> Selection:
    """The texts that a model reads, each once, in at most `budget` characters. Keys are still empty.

    A prompt that is web input as well, because nothing says which it is, is a `field`; others are what a user says.
    """
    found: dict[tuple[int, str], str] = {}
    for bucket, surface in _SURFACES.items():
        for text, origin in _messages(fields.get(bucket, ())):
            _add(found, surface, text, origin)
    prompts = fields.get("llm.prompt", ())
    if prompts:
        web = {field.origin for bucket in _WEB for field in fields.get(bucket, ())}
        for text, origin in _messages(prompts):
            _add(found, FIELD if origin in web else USER, text, origin)
    texts = ((surface, text, origin) for (surface, text), origin in found.items())
    return _within(_together(texts) if len(found) > SEPARATE else texts, budget)


def _messages(fields: Iterable[Field]) -> Iterator[tuple[str, str]]:
    """Texts with their origins. The parts of one message are one text, as a model reads them: an order may be spread over
    several. It goes by the origin of the first."""
    parts: list[str] = []
    message = origin = ""
    for field in fields:
        text = field.value
        if type(text) is not str:
            continue
        place = field.origin
        found = PART.search(place) if ".content[" in place or ".parts[" in place else None
        of = place[: found.start()] if found is not None else ""
        if parts and (not of or of != message):
            yield "\n".join(parts), origin
            parts = []
        if not of:
            yield text, place
            continue
        if not parts:
            message, origin = of, place
        parts.append(text)
    if parts:
        yield "\n".join(parts), origin


def _add(found: dict[tuple[int, str], str], surface: int, text: str, origin: str) -> None:
    if _TRIVIAL.fullmatch(text) is None:
        found.setdefault((surface, text), origin)


def _together(texts: Iterable[tuple[int, str, str]]) -> list[tuple[int, str, str]]:
    """Neighbours on one surface as one text, line by line, up to a block; it goes by the origin of the first."""
    made: list[tuple[int, str, str]] = []
    lines: list[str] = []
    size, surface, origin = 0, -1, ""
    for next_surface, text, next_origin in texts:
        if lines and (next_surface != surface or size + len(text) >= BLOCK):
            made.append((surface, "\n".join(lines), origin))
            lines, size = [], 0
        if not lines:
            surface, origin = next_surface, next_origin
        lines.append(text)
        size += len(text) + 1
    made.append((surface, "\n".join(lines), origin))
    return made


def _within(texts: Iterable[tuple[int, str, str]], budget: int) -> Selection:
    chosen = Selection([])
    for surface, text, origin in texts:
        if budget <= 0:
            chosen.cut = chosen.cut or origin
            break
        if len(text) > budget:
            text, chosen.cut = text[:budget], origin
        budget -= len(text)
        chosen.segments += [Segment(block, surface, origin) for block in cut(text, BLOCK, OVERLAP)]
    return chosen


def cut(text: str, size: int, overlap: int) -> list[str]:
    """The text in pieces of at most `size` characters, each beginning `overlap` before the end of the last one; ends lie
    behind a blank where there is one near."""
    if len(text) <= size:
        return [text]
    pieces = []
    start = 0
    while len(text) - start > size:
        end = start + size
        blank = text.rfind(" ", end - overlap // 4, end)
        end = blank + 1 if blank > 0 else end
        pieces.append(text[start:end])
        start = end - overlap
    pieces.append(text[start:])
    return pieces
