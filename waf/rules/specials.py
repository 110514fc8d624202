"""Which special characters must every match of a pattern contain? Spares patterns without a literal most values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from waf.rules import dialect
from waf.rules.fold import fold

Chars = frozenset[str]

SPECIAL: Final = frozenset(chr(n) for n in range(128) if not chr(n).isalnum() and chr(n) not in " _.,?!-")
"""ASCII characters that ordinary values seldom have: all but letters, digits, blanks and the commonest punctuation."""
FOREIGN: Final = "\x80"
"""Stands for every character outside ASCII."""
_LARGEST_RANGE: Final = 4096


def needed_specials(pattern: str) -> Chars | None:
    """Special characters (`FOREIGN` among them), one or more of which every match contains; None when there is no such
    set or in doubt."""
    tree = dialect.tree(pattern)
    return _sequence(tree) if tree is not None else None


def alphabet(text: str) -> Chars:
    """The characters of a text in the same terms."""
    chars = frozenset(text)
    return chars if text.isascii() else chars | {FOREIGN}


def any_alphabet(text: str) -> Chars:
    """The same for a text that is too long to look at: every special character may be in it."""
    return SPECIAL if text.isascii() else SPECIAL | {FOREIGN}


def _sequence(items: Iterable[Any]) -> Chars | None:
    """The smallest set that some piece of a sequence gives."""
    sets = [found for op, argument in items if (found := _piece(str(op), argument)) is not None]
    return min(sets, key=len, default=None)


def _piece(op: str, argument: Any) -> Chars | None:
    if op == "LITERAL":
        return _special([chr(argument)])
    if op == "IN":
        return _set(argument)
    if op == "SUBPATTERN":
        return _sequence(argument[3])
    if op in ("MAX_REPEAT", "MIN_REPEAT"):
        return _sequence(argument[2]) if argument[0] > 0 else None
    if op == "BRANCH":
        parts = [_sequence(alternative) for alternative in argument[1]]
        return None if None in parts else frozenset().union(*(part for part in parts if part))
    return None


def _set(items: list[Any]) -> Chars | None:
    """A set of single characters and ranges. A wide range counts if all of it is outside ASCII and stays there folded."""
    found: set[str] = set()
    for item in items:
        if str(item[0]) == "RANGE" and item[1][0] >= 0x3000:  # above the signs that fold to ASCII letters
            found.add(FOREIGN)
            continue
        chars = dialect.members([item], _LARGEST_RANGE)
        special = _special(chars) if chars else None
        if special is None:
            return None
        found |= special
    return frozenset(found)


def _special(chars: Iterable[str]) -> Chars | None:
    found = frozenset(FOREIGN if not fold(char).isascii() else char for char in chars)
    return found if found and found <= SPECIAL | {FOREIGN} else None
