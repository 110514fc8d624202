"""How long can a match be in this text? `\\s+` has no limit, but a text has a longest run of blanks.

A pattern whose only unlimited pieces are repeats of one set of characters matches at most so many characters in every text
without a long run of such characters, and ordinary prose has none. A long text then is searched around the literals alone.
"""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

from waf.rules import dialect

WORD: Final = 1
"""Letters, digits and underscores, all of them ASCII as in RE2's `\\w`."""
GAP: Final = 2
"""The rest of ASCII."""
UNSPACED: Final = 4
"""Anything but white space."""
SENTENCE: Final = 8
"""Anything but line breaks and full stops."""
_MOST: Final = {WORD: 48, GAP: 32, UNSPACED: 120, SENTENCE: 1000}
"""Bytes in the longest run of each kind that a text may have."""
_LONGEST_MATCH: Final = 4096

_parser: Any = re._parser  # type: ignore[attr-defined]
_CODES: Final = range(128)
_WORDS: Final = frozenset(code for code in _CODES if chr(code) == "_" or chr(code).isalnum())
_BLANKS: Final = frozenset(map(ord, "\t\n\f\r "))
_STOPS: Final = frozenset(map(ord, ".\n"))
_CATEGORIES: Final = {
    "CATEGORY_DIGIT": frozenset(map(ord, "0123456789")),
    "CATEGORY_WORD": _WORDS,
    "CATEGORY_SPACE": _BLANKS,
    "CATEGORY_NOT_SPACE": frozenset(_CODES) - _BLANKS | {128},
}
"""As RE2 reads them: of ASCII alone, and a vertical tab is no white space."""
_MATCHES_BEYOND: Final = re.compile(r"\\[pP]")
_ONE: Final = frozenset({"LITERAL", "NOT_LITERAL", "IN", "ANY"})
"""Pieces that are one character."""
_FOLDS: Final = ("ſ", "\u212a")
"""Not ASCII, but `(?i)[a-z]` matches them."""


class Bound(NamedTuple):
    """Most characters of a match in a text that has no longer runs of these kinds than usual; 0 for no limit."""

    length: int
    kinds: int


NO_BOUND: Final = Bound(0, 0)


def bound(pattern: str) -> Bound:
    """How long a match of the pattern can be; no limit in doubt."""
    found = dialect.tree(pattern)
    if found is None or _MATCHES_BEYOND.search(pattern):
        return NO_BOUND
    longest = _longest(found)
    return longest if longest is not None and 0 < longest.length <= _LONGEST_MATCH else NO_BOUND


def usual(text: str) -> int:
    """The kinds of characters of which a text has no longer run than usual."""
    if any(char in text for char in _FOLDS):
        return 0
    raw = text.encode("utf-8", "replace")
    found = 0
    for table, too_long in _TABLES:
        marked = raw.translate(table)
        for kind, run in too_long:
            if run not in marked:
                found |= kind
    return found


def _table(**kinds: int) -> tuple[bytes, tuple[tuple[int, bytes], ...]]:
    """Marks each byte with a letter for its kind, and what would be too long a run of each."""
    members = {letter: _MEMBERS[kind] for letter, kind in kinds.items()}
    table = [next((ord(x) for x, found in members.items() if code in found), 0) for code in range(256)]
    return bytes(table), tuple((kind, letter.encode() * (_MOST[kind] + 1)) for letter, kind in kinds.items())


_HIGH: Final = frozenset(range(128, 256))
_MEMBERS: Final = {
    WORD: _WORDS,
    GAP: frozenset(_CODES) - _WORDS,
    UNSPACED: frozenset(_CODES) - _BLANKS | _HIGH,
    SENTENCE: frozenset(_CODES) - _STOPS | _HIGH,
}
_TABLES: Final = (_table(w=WORD, g=GAP), _table(u=UNSPACED), _table(s=SENTENCE))
"""To look for a run of one letter is what `in` is quickest at."""


def _longest(tree: Any) -> Bound | None:
    """The bound of a piece of a pattern; None for no limit."""
    length = kinds = 0
    for item in dialect.items(tree):
        op, argument = item[0].name, item[1]
        if op in _ONE:
            length += 1
            continue
        if op == "BRANCH":
            parts = [_longest(part) for part in argument[1]]
        elif op == "SUBPATTERN":
            parts = [_longest(argument[3])]
        elif op in ("MAX_REPEAT", "MIN_REPEAT") and argument[1] == _parser.MAXREPEAT:
            parts = [_of_run(argument[2])]
        elif op in ("MAX_REPEAT", "MIN_REPEAT"):
            once = _longest(argument[2])
            parts = [once and Bound(once.length * argument[1], once.kinds)]
        else:
            parts = [Bound(dialect.width(tree, item)[1], 0)]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return None
        length += max(part.length for part in known)
        for part in known:
            kinds |= part.kinds
        if length > _LONGEST_MATCH:
            return None
    return Bound(length, kinds)


def _of_run(body: Any) -> Bound | None:
    """The bound of an unlimited repeat: of one set of characters that all are of one kind."""
    if len(body) != 1:
        return None
    op, argument = str(body[0][0]), body[0][1]
    codes = _codes([body[0]] if op == "LITERAL" else argument if op == "IN" else None)
    if codes is None:
        return None
    if codes <= _WORDS:
        kind = WORD
    elif 128 not in codes and codes.isdisjoint(_WORDS):
        kind = GAP
    elif codes.isdisjoint(_BLANKS):
        kind = UNSPACED
    elif codes.isdisjoint(_STOPS):
        kind = SENTENCE
    else:
        return None
    return Bound(_MOST[kind], kind)


def _codes(items: Any) -> frozenset[int] | None:
    """The ASCII characters of a set, and 128 for any others; None in doubt."""
    if items is None:
        return None
    found: set[int] = set()
    negated = False
    for op, argument in items:
        kind = str(op)
        if kind == "NEGATE":
            negated = True
        elif kind == "LITERAL":
            found.add(min(argument, 128))
        elif kind == "RANGE":
            found.update(range(argument[0], min(argument[1], 128) + 1) if argument[0] < 128 else (128,))
        elif kind == "CATEGORY" and str(argument) in _CATEGORIES:
            found |= _CATEGORIES[str(argument)]
        else:
            return None
    return frozenset(_CODES) - found | {128} if negated else frozenset(found)
