"""Which literal texts must every match of a pattern contain, and how far behind the match's beginning?

The answer feeds the Aho-Corasick prefilter, so it is a *necessary* condition and nothing else: whenever in doubt, there is
no answer (None) and the pattern is evaluated always. After Cox, "Regular Expression Matching with a Trigram Index" (2012),
with whole literals in place of trigrams.

A literal that lies a bounded number of characters behind the beginning of the match (its lead) also says *where* to try:
on a long text the pattern is then matched at a handful of positions instead of being searched from end to end.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import msgspec

from waf.rules import dialect
from waf.rules.fold import fold, folds_simply

_MOST_SETS: Final = 48
"""Alternatives kept while joining pieces into longer literals."""
_LONGEST: Final = 24
_SHORTEST: Final = 2
_FARTHEST: Final = 16
"""Characters a literal may lie behind the beginning of the match and still say where to try."""
_NO_LEAD: Final = 30.0
"""How much dearer a set of literals is that says nothing about where a match begins."""

_COMMON: Final = tuple(
    "the and that have with this from they will would there their what about which when make like time just know take "
    "people into year your good some could them see other than then now look only come over think also back after use two "
    "how our work first well way even new want because any these give day most you are not for all can write please help "
    "following using given text list number answer question example sentence output input function return file data order "
    "point case state play form note move start where before under system follow show tell change read set".split()
)
"""Words that ordinary prompts are full of; a literal that is part of one finds next to nothing out."""

Texts = frozenset[str]


class Needed(msgspec.Struct, frozen=True):
    """Case-folded literals: the folded text of every match contains one or more of them.

    `low` and `high` bound the characters between the beginning of the match and such a literal; `high` is None when
    nothing is known about that.
    """

    texts: Texts
    low: int = 0
    high: int | None = None

    def behind(self, low: int, high: int) -> Needed:
        """The same, seen from a beginning that lies `low` to `high` characters further ahead."""
        far = None if self.high is None or self.high + high > _FARTHEST else self.high + high
        return Needed(self.texts, self.low + low, far)

    @property
    def cost(self) -> float:
        """How often a scan of ordinary text would hit one of them, roughly."""
        return sum(map(_commonness, self.texts)) * (_NO_LEAD if self.high is None else 1.0)


def _commonness(text: str) -> float:
    """Hits per character of ordinary prose: of letters, each further one divides by four, of other characters by ten; the
    words everybody uses are counted as such."""
    if any(text in word for word in _COMMON):
        return 0.004
    letters = sum(char.isalpha() for char in text)
    return float(0.25**letters * 0.1 ** (len(text) - letters))


def required_literals(pattern: str) -> Needed | None:
    """The best set of literals, of at least two characters each, for an RE2 pattern. None when there is no such set, or
    when the pattern is not understood."""
    tree = dialect.tree(pattern)
    return _usable(_Walk(tree.state).sequence(tree)[1]) if tree is not None else None


def _usable(needed: Needed | None) -> Needed | None:
    return needed if needed is not None and needed.texts and min(map(len, needed.texts)) >= _SHORTEST else None


def _better(one: Needed | None, other: Needed | None) -> Needed | None:
    one, other = _usable(one), _usable(other)
    if one is None or other is None:
        return one or other
    return one if one.cost <= other.cost else other


def _minimal(needed: Needed) -> Needed:
    """Without the literals that contain another one of the set: finding the shorter is enough, a little further on."""
    kept: list[str] = []
    farther = 0
    for text in sorted(needed.texts, key=lambda text: (len(text), text)):
        inner = next((shorter for shorter in kept if shorter in text), None)
        if inner is None:
            kept.append(text)
        else:
            farther = max(farther, text.index(inner))
    return Needed(frozenset(kept), needed.low, None if needed.high is None else needed.high + farther)


class _Walk:
    """Every method gives a pair: `exact`, all the folded texts a piece can match (None: too many or unknown), and
    `needed`, the best required set found inside it (None: none), seen from the piece's beginning."""

    def __init__(self, state: Any) -> None:
        self._state = state

    def sequence(self, items: Iterable[Any]) -> tuple[Texts | None, Needed | None]:
        run: Texts = frozenset({""})  # what the pieces since the last gap can match, joined
        run_low = run_high = low = high = 0  # how far the run, and the next piece, lie behind the beginning
        needed: Needed | None = None
        whole = True
        for op, argument in items:
            exact, inner = self.piece(str(op), argument)
            joined = None if exact is None else frozenset(a + b for a in run for b in exact)
            if joined is not None and len(joined) <= _MOST_SETS and max(map(len, joined)) <= _LONGEST:
                run = joined
            else:  # a gap: what was joined so far is a candidate, and a new run begins
                needed = _better(needed, Needed(run, 0, 0).behind(run_low, run_high))
                if inner is not None:
                    needed = _better(needed, inner.behind(low, high))
                fits = exact is not None and len(exact) <= _MOST_SETS
                run = exact if fits and exact is not None else frozenset({""})
                whole = False
                run_low, run_high = low, high
            least, most = dialect.width(self._state, (op, argument))
            low, high = low + least, high + most
            if run == frozenset({""}):
                run_low, run_high = low, high
        needed = _better(needed, Needed(run, 0, 0).behind(run_low, run_high))
        return (run if whole else None), (_minimal(needed) if needed else None)

    def piece(self, op: str, argument: Any) -> tuple[Texts | None, Needed | None]:
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

    def _set(self, items: list[Any]) -> Texts | None:
        chars = dialect.members(items, _MOST_SETS)
        if chars is None or not all(map(folds_simply, chars)):
            return None
        folded = frozenset(map(fold, chars))
        return folded if len(folded) <= 12 else None

    def _branch(self, alternatives: list[Any]) -> tuple[Texts | None, Needed | None]:
        exact: set[str] | None = set()
        parts: list[Needed] | None = []
        for alternative in alternatives:
            texts, inner = self.sequence(alternative)
            exact = None if exact is None or texts is None else exact | texts
            if parts is not None:
                parts = [*parts, inner] if inner is not None else None
        kept = frozenset(exact) if exact is not None and len(exact) <= _MOST_SETS else None
        if not parts:
            return kept, None
        highs = [part.high for part in parts]
        known = [high for high in highs if high is not None]
        texts = frozenset().union(*(part.texts for part in parts))
        high = max(known) if len(known) == len(highs) else None
        return kept, _minimal(Needed(texts, min(part.low for part in parts), high))

    def _repeat(self, low: int, high: Any, body: Any) -> tuple[Texts | None, Needed | None]:
        exact, needed = self.sequence(body)
        if low == 0:
            optional = high == 1 and exact is not None and len(exact) < _MOST_SETS
            return (exact | {""} if optional and exact is not None else None), None
        if low == high == 1:
            return exact, needed
        if exact is not None and low == high and low <= 4 and len(exact) == 1:
            return frozenset({next(iter(exact)) * low}), needed
        return None, _better(needed, Needed(exact, 0, 0) if exact is not None else None)
