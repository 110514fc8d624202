"""Which special characters must every match of a pattern contain? Spares patterns without a literal most values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

from waf.rules import dialect
from waf.rules.fold import fold_case
from waf.transform.invisible import NOT_SHOWN
from waf.transform.triggers import FOREIGN, UNSEEN

Chars = frozenset[str]

SPECIAL: Final = frozenset(chr(n) for n in range(128) if not chr(n).isalnum() and chr(n) not in " _.,?!-")
"""ASCII characters that ordinary values seldom have: all but letters, digits, blanks and the commonest punctuation."""
SIGNS: Final = SPECIAL | {FOREIGN, UNSEEN}
"""Those, and what stands for anything beyond ASCII."""
PROSE: Final = frozenset(" .,-'!?:")
"""Signs that ordinary text is full of: a gate of one of them holds little back."""
_COMMON: Final = PROSE | {"0", FOREIGN}
_MOST_SIGNS: Final = 2
_LARGEST_RANGE: Final = 4096
_NOT_SHOWN: Final = re.compile(f"[{NOT_SHOWN}]")


def needed_specials(pattern: str) -> Chars | None:
    """Special characters (`FOREIGN` and `UNSEEN` among them), one or more of which every match contains; None when there
    is no such set or in doubt."""
    tree = dialect.tree(pattern)
    return _sequence(tree) if tree is not None else None


def needed_signs(pattern: str) -> tuple[Chars, ...]:
    """Further sets of characters, of each of which every match contains one: as `needed_specials`, with blanks, digits (`0` for
    all of them) and the commonest punctuation. At most two, the rarest first."""
    tree = dialect.tree(pattern)
    if tree is None:
        return ()
    first = _sequence(tree)
    found = [chars for chars in _signs(tree) if first is None or not first <= chars]
    return tuple(sorted(found, key=_commonness)[:_MOST_SIGNS])


def _signs(items: Iterable[Any]) -> list[Chars]:
    """All the sets that the pieces of a sequence give, without those that another one implies."""
    found: set[Chars] = set()
    for op, argument in dialect.items(items):
        kind = op.name
        if kind in ("LITERAL", "IN"):
            chars = [chr(argument)] if kind == "LITERAL" else _of_set(argument)
            found |= {frozenset(map(_any_sign, chars))} if chars else set()
        elif kind == "SUBPATTERN" or (kind in ("MAX_REPEAT", "MIN_REPEAT") and argument[0] > 0):
            found.update(_signs(argument[3] if kind == "SUBPATTERN" else argument[2]))
        elif kind == "BRANCH":
            parts = [_signs(alternative) for alternative in argument[1]]
            if all(parts):
                found.add(frozenset().union(*(min(part, key=_commonness) for part in parts)))
    known = [chars for chars in found if "" not in chars]
    return [chars for chars in known if not any(other < chars for other in known)]


def _of_set(items: list[Any]) -> list[str] | None:
    """The characters of a set; all digits for `\\d`."""
    plain = [item for item in items if str(item[1]) != "CATEGORY_DIGIT"]
    chars = dialect.members(plain, _LARGEST_RANGE) if plain else []
    return chars if chars is None or len(plain) == len(items) else [*chars, "0"]


@lru_cache(maxsize=1024)
def _any_sign(char: str) -> str:
    """The sign of a character, `0` for a digit; nothing for what has none."""
    if char.isascii():
        return "0" if char.isdigit() else "" if char.isalpha() or char == "_" else char
    sign = _sign(char)
    return sign if sign in SIGNS else ""


def _commonness(chars: Chars) -> tuple[bool, bool, int, list[str]]:
    return " " in chars, not chars.isdisjoint(_COMMON), len(chars), sorted(chars)


def specials_of(texts: Iterable[str]) -> Chars | None:
    """Special characters, one or more of which is in every text that contains one of `texts`; None when there are none."""
    found: set[str] = set()
    for text in texts:
        signs = sorted(SIGNS.intersection(map(_sign, text)), key=lambda sign: (sign == FOREIGN, sign))
        if not signs:
            return None
        found.add(signs[0])
    return _without_doubles(found)


def _sequence(items: Iterable[Any]) -> Chars | None:
    """The smallest set that some piece of a sequence gives, rather without signs of prose or what a whole language is
    written in."""
    sets = [found for op, argument in dialect.items(items) if (found := _piece(op.name, argument)) is not None]
    return min(sets, key=lambda c: (not c.isdisjoint(PROSE), len(c), FOREIGN in c, sorted(c)), default=None)


def _piece(op: str, argument: Any) -> Chars | None:
    if op == "LITERAL":
        return _of_literal(chr(argument))
    if op == "IN":
        return _set(argument)
    if op == "SUBPATTERN":
        return _sequence(argument[3])
    if op in ("MAX_REPEAT", "MIN_REPEAT"):
        return _sequence(argument[2]) if argument[0] > 0 else None
    if op == "BRANCH":
        parts = [_sequence(alternative) for alternative in argument[1]]
        return None if None in parts else _without_doubles(char for part in parts if part for char in part)
    return None


def _set(items: list[Any]) -> Chars | None:
    """A set of single characters and ranges. A wide range counts if all of it is outside ASCII and stays there folded."""
    found: set[str] = set()
    for item in items:
        chars = dialect.members([item], _LARGEST_RANGE)
        if (
            chars is None and str(item[0]) == "RANGE" and item[1][0] >= 0x3000
        ):  # above the signs that fold to ASCII letters
            found.add(FOREIGN)
            continue
        special = _special(chars) if chars else None
        if special is None:
            return None
        found |= special
    return _without_doubles(found)


@lru_cache(maxsize=1024)
def _of_literal(char: str) -> Chars | None:
    return _special(char)


def _special(chars: Iterable[str]) -> Chars | None:
    found = frozenset(map(_sign, chars))
    return _without_doubles(found) if found and found <= SIGNS else None


@lru_cache(maxsize=8192)
def _sign(char: str) -> str:
    if fold_case(char).isascii():
        return char
    return UNSEEN if _NOT_SHOWN.fullmatch(char) else FOREIGN


def _without_doubles(chars: Iterable[str]) -> Chars:
    """What does not show stands outside ASCII."""
    found = frozenset(chars)
    return found - {UNSEEN} if FOREIGN in found else found
