"""How far an operator came on a text that it does not hold on, and where in a text it does. For people, not for traffic."""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec
import re2

from waf.rules import dialect
from waf.rules.implies import texts
from waf.rules.spec import Leaf

_MOST_TRIED: Final = 600
"""Beginnings of patterns compiled for one text."""
_LONGEST_TEXT: Final = 20_000
_TOKEN: Final = re.compile(r"\\(?:[pPx]\{[^}]*\}|.)|\[\^?\]?(?:\\.|\[:\w+:\]|[^\]\\])*\]|\(\?[^()]*?[:>)]|.", re.DOTALL)
_OPTIONS: Final = re2.Options()
_OPTIONS.dot_nl = True
_OPTIONS.log_errors = False


class Reach(msgspec.Struct, frozen=True):
    """The longest beginning of a pattern or text that was found, and what should have followed."""

    share: float
    """Of the pattern, 0 to 1."""
    found: str
    wanted: str


_NOWHERE: Final = Reach(0.0, "", "")


def reach(leaf: Leaf, view: Any) -> Reach:
    """How far the leaf's operator came on a value after the transforms. Nothing is known of numbers, shapes and the like."""
    if not isinstance(view, str) or len(view) > _LONGEST_TEXT:
        return _NOWHERE
    if leaf.operator == "re2":
        tries = [_pattern(part, view) for part in dialect.alternatives(leaf.argument)]
    elif leaf.operator in ("contains", "contains_any", "words"):
        inside = view.lower() if leaf.operator == "words" else view
        tries = [_text(str(text), inside) for text in texts(leaf)[:_MOST_TRIED]]
    elif leaf.operator in ("eq", "in", "starts_with"):
        tries = [_beginning(str(text), view) for text in texts(leaf)[:_MOST_TRIED]]
    else:
        return _NOWHERE
    return max(tries, key=lambda found: found.share, default=_NOWHERE)


def _text(text: str, view: str) -> Reach:
    low = 0
    while low < len(text) and text[: low + 1] in view:
        low += 1
    return Reach(low / len(text), text[:low], text[low:])


def _beginning(text: str, view: str) -> Reach:
    same = next((at for at, (a, b) in enumerate(zip(text, view, strict=False)) if a != b), min(len(text), len(view)))
    return Reach(same / max(1, len(text)), text[:same], text[same:])


def _pattern(pattern: str, view: str) -> Reach:
    """The longest beginning, cut between tokens and with its open groups closed, that matches somewhere."""
    raw = view.encode("utf-8", "replace")
    ends = [token.end() for token in _TOKEN.finditer(pattern)]
    for end in reversed(ends[-_MOST_TRIED:-1]):
        begun = pattern[:end]
        if begun.endswith(("|", "(", "?:")):
            continue
        try:
            matched = re2.compile((begun + ")" * _open(begun)).encode(), _OPTIONS).search(raw)
        except re2.error:
            continue
        if matched is not None:
            return Reach(end / len(pattern), begun, pattern[end:]) if matched.group() else _NOWHERE
    return _NOWHERE


def _open(pattern: str) -> int:
    """Groups that are open at the end."""
    depth = 0
    for token in _TOKEN.finditer(pattern):
        text = token.group()
        depth += (text.startswith("(") and not text.endswith(")")) - (text == ")")
    return max(0, depth)


def span(leaf: Leaf, view: Any) -> tuple[int, int] | None:
    """Where in a text the leaf's operator holds; None where that is not a place (or it does not)."""
    if not isinstance(view, str):
        return None
    if leaf.operator == "re2":
        raw = view.encode("utf-8", "replace")
        found = re2.compile(leaf.argument.encode(), _OPTIONS).search(raw)
        if found is None:
            return None
        begin, end = found.span()
        return len(raw[:begin].decode("utf-8", "replace")), len(raw[:end].decode("utf-8", "replace"))
    if leaf.operator in ("contains", "contains_any", "starts_with", "ends_with", "words"):
        inside = view.lower() if leaf.operator == "words" else view
        for text in map(str, texts(leaf)):
            wanted = text.lower() if leaf.operator == "words" else text
            at = inside.rfind(wanted) if leaf.operator == "ends_with" else inside.find(wanted)
            if at >= 0:
                return at, at + len(wanted)
    return None
