"""Which literal texts must every match of a pattern contain?

The answer feeds the Aho-Corasick prefilter, so it is a *necessary* condition and nothing else: whenever in doubt, there is
no answer (None) and the pattern is evaluated always. After Cox, "Regular Expression Matching with a Trigram Index" (2012),
with whole literals in place of trigrams.

Python's own regex parser reads the pattern. RE2's syntax is close to it; the constructs that the two read differently are
listed in `_DIFFERENT` and give None.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from typing import Any, Final

from waf.rules.fold import fold, folds_simply

_parser: Any = re._parser  # type: ignore[attr-defined]

_DIFFERENT: Final = re.compile(r"\[:\^?\w+:\]|\\[QECXpPzZ]|\(\?[a-zA-Z]*[^a-zA-Z:)imsP]|\\[0-9]|\(\?[ims-]*U")
"""POSIX classes, \\Q…\\E, \\C, Unicode classes, \\z, octal escapes, groups and flags that only one of the two knows."""
_UNICODE_CLASS: Final = re.compile(r"\\[pP](?:\{\^?\w+\}|[A-Z])")

_BRACED: Final = re.compile(r"\\x\{([0-9A-Fa-f]{1,6})\}")

_MOST_SETS: Final = 48
"""Alternatives kept while joining pieces into longer literals."""
_LONGEST: Final = 24
_SHORTEST: Final = 2

Texts = frozenset[str]


def required_literals(pattern: str) -> Texts | None:
    """Case-folded literals of at least two characters; the folded text of every match of the RE2 `pattern` contains one
    or more of them. None when there is no such set, or when the pattern is not understood."""
    tree = _tree(pattern)
    return _usable(_Walk().sequence(tree)[1]) if tree is not None else None


def _tree(pattern: str) -> Any:
    """The parsed pattern, or None when the two dialects may read it differently."""
    # to either parser a Unicode class stands for one character, so a harmless one-character class can take its place
    plain = _BRACED.sub(lambda found: f"\\U{int(found[1], 16):08x}", _UNICODE_CLASS.sub(r"\\w", pattern))
    if _DIFFERENT.search(plain):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            warnings.simplefilter(
                "ignore", FutureWarning
            )  # on sets that some day may be nested; today both read them flat
            return _parser.parse(plain)
    except (re.error, RecursionError, OverflowError, Warning):
        return None


SPECIAL: Final = frozenset(chr(n) for n in range(128) if not chr(n).isalnum() and chr(n) not in " _.,?!-")
"""ASCII characters that ordinary values seldom have: all but letters, digits, blanks and the commonest punctuation."""


def needed_specials(pattern: str) -> Texts | None:
    """Special characters, one or more of which every match of the pattern contains; None when there is no such set or in
    doubt. It spares patterns without a literal most ordinary values."""
    tree = _tree(pattern)
    return _specials(tree) if tree is not None else None


def _specials(items: Iterable[Any]) -> Texts | None:
    """The smallest set that some piece of a sequence gives."""
    sets = [found for op, argument in items if (found := _piece_specials(str(op), argument)) is not None]
    return min(sets, key=len, default=None)


def _piece_specials(op: str, argument: Any) -> Texts | None:
    if op == "LITERAL":
        return _only_special([chr(argument)])
    if op == "IN":
        return _only_special(_members(argument))
    if op == "SUBPATTERN":
        return _specials(argument[3])
    if op in ("MAX_REPEAT", "MIN_REPEAT"):
        return _specials(argument[2]) if argument[0] > 0 else None
    if op == "BRANCH":
        parts = [_specials(alternative) for alternative in argument[1]]
        return None if None in parts else frozenset().union(*(part for part in parts if part))
    return None


def _only_special(chars: Iterable[str] | None) -> Texts | None:
    found = None if chars is None else frozenset(chars)
    return found if found and found <= SPECIAL else None


def _members(members: list[Any]) -> list[str] | None:
    """The characters of a positive set of single characters and short ranges."""
    chars: list[str] = []
    for op, argument in members:
        kind = str(op)
        if kind == "LITERAL":
            chars.append(chr(argument))
        elif kind == "RANGE" and argument[1] - argument[0] < _MOST_SETS:
            chars.extend(map(chr, range(argument[0], argument[1] + 1)))
        else:  # a negation, a category such as \\d, a wide range
            return None
    return chars


def _usable(texts: Texts | None) -> Texts | None:
    return texts if texts and min(map(len, texts)) >= _SHORTEST else None


def _cost(texts: Texts) -> float:
    """How often a scan of ordinary text would hit one of them, roughly: each further character divides by ten."""
    return sum(10.0 ** -len(text) * (3.0 if text.isalpha() else 1.0) for text in texts)


def _better(one: Texts | None, other: Texts | None) -> Texts | None:
    one, other = _usable(one), _usable(other)
    if one is None or other is None:
        return one or other
    return one if _cost(one) <= _cost(other) else other


def _minimal(texts: Iterable[str]) -> Texts:
    """Without the literals that contain another one of the set: finding the shorter is enough."""
    kept: list[str] = []
    for text in sorted(set(texts), key=len):
        if not any(shorter in text for shorter in kept):
            kept.append(text)
    return frozenset(kept)


class _Walk:
    """Every method gives a pair: `exact`, all the folded texts a piece can match (None: too many or unknown), and
    `needed`, the best required set found inside it (None: none)."""

    def sequence(self, items: Iterable[Any]) -> tuple[Texts | None, Texts | None]:
        run: Texts = frozenset({""})  # what the pieces since the last gap can match, joined
        needed: Texts | None = None
        whole = True
        for op, argument in items:
            exact, inner = self.piece(str(op), argument)
            joined = None if exact is None else frozenset(a + b for a in run for b in exact)
            if joined is not None and len(joined) <= _MOST_SETS and max(map(len, joined)) <= _LONGEST:
                run = joined
            else:  # a gap: what was joined so far is a candidate, and a new run begins
                needed = _better(_better(needed, run), inner)
                fits = exact is not None and len(exact) <= _MOST_SETS
                run = exact if fits and exact is not None else frozenset({""})
                whole = False
        needed = _better(needed, run)
        return (run if whole else None), (_minimal(needed) if needed else None)

    def piece(self, op: str, argument: Any) -> tuple[Texts | None, Texts | None]:
        if op == "LITERAL":
            return self._char(chr(argument)), None
        if op == "IN":
            return self._set(argument), None
        if op in ("AT", "ASSERT", "ASSERT_NOT"):
            return frozenset({""}), None
        if op == "SUBPATTERN":
            return self.sequence(argument[3])
        if op == "BRANCH":
            return self._branch(argument[1])
        if op in ("MAX_REPEAT", "MIN_REPEAT"):
            return self._repeat(*argument)
        return None, None  # ANY, NOT_LITERAL, CATEGORY, back references, …

    def _char(self, char: str) -> Texts | None:
        return frozenset({fold(char)}) if folds_simply(char) else None

    def _set(self, members: list[Any]) -> Texts | None:
        chars = _members(members)
        if chars is None or not all(map(folds_simply, chars)):
            return None
        folded = frozenset(map(fold, chars))
        return folded if len(folded) <= 12 else None

    def _branch(self, alternatives: list[Any]) -> tuple[Texts | None, Texts | None]:
        exact: set[str] | None = set()
        needed: set[str] | None = set()
        for alternative in alternatives:
            texts, inner = self.sequence(alternative)
            exact = None if exact is None or texts is None else exact | texts
            needed = None if needed is None or inner is None else needed | inner
        kept = frozenset(exact) if exact is not None and len(exact) <= _MOST_SETS else None
        return kept, frozenset(needed) if needed else None

    def _repeat(self, low: int, high: Any, body: Any) -> tuple[Texts | None, Texts | None]:
        exact, needed = self.sequence(body)
        if low == 0:
            optional = high == 1 and exact is not None and len(exact) < _MOST_SETS
            return (exact | {""} if optional and exact is not None else None), None
        if low == high == 1:
            return exact, needed
        if exact is not None and low == high and low <= 4 and len(exact) == 1:
            return frozenset({next(iter(exact)) * low}), needed
        return None, _better(needed, exact)
