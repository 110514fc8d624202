"""Which literal texts must every match of a pattern contain, and how far behind the match's beginning?

The answer feeds the Aho-Corasick prefilter, so it is a *necessary* condition and nothing else: whenever in doubt, there is
no answer (None) and the pattern is evaluated always. After Cox, "Regular Expression Matching with a Trigram Index" (2012),
with whole literals in place of trigrams.

A literal that lies a bounded number of characters behind the beginning of the match (its lead) also says *where* to try:
on a long text the pattern is then matched at a handful of positions instead of being searched from end to end.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from math import exp
from typing import Any, Final

import msgspec

from waf.rules import dialect
from waf.rules.fold import fold, folds_simply
from waf.rules.frequency import frequency

_MOST_SETS: Final = 48
"""Alternatives kept while joining pieces into longer literals."""
_LONGEST: Final = 24
_SHORTEST: Final = 2
_FARTHEST: Final = 16
"""Characters a literal may lie behind the beginning of the match and still say where to try."""
_TEXT: Final = 2048
"""Characters of the text that the following costs, in microseconds as measured, are about."""
_HIT: Final = 0.25
_SEARCH: Final = 8.0
_TRY: Final = 0.6
_MOST_CLAUSES: Final = 3

Texts = frozenset[str]


class Lead(msgspec.Struct, frozen=True):
    """Literals near the beginning of every match: one of them lies `low` to `high` characters behind it."""

    texts: Texts
    low: int
    high: int


class Needed(msgspec.Struct, frozen=True):
    """Case-folded literals. The folded text of every match contains one or more of `texts`, the rarest set there is, of
    `lead`, the rarest set that says where to try (the two are often the same), and of each of `also`."""

    texts: Texts
    lead: Lead | None
    also: tuple[Texts, ...] = ()


class _Found(msgspec.Struct, frozen=True):
    """The sets found in a piece, seen from its beginning; None: none."""

    gates: tuple[Texts, ...] = ()
    """One of each is in every match; the rarest first."""
    lead: Lead | None = None

    def behind(self, low: int, high: int) -> _Found:
        """The same, seen from a beginning that lies `low` to `high` characters further ahead."""
        if self is _NOTHING:
            return self
        lead = self.lead
        if lead is not None:
            far = lead.high + high
            lead = Lead(lead.texts, lead.low + low, far) if far <= _FARTHEST else None
        return _Found(self.gates, lead)

    def and_those(self, other: _Found) -> _Found:
        if other is _NOTHING or self is _NOTHING:
            return self if other is _NOTHING else other
        gates = sorted({*self.gates, *other.gates}, key=_order)[: 2 * _MOST_CLAUSES]
        leads = [lead for lead in (self.lead, other.lead) if lead is not None]
        return _Found(tuple(gates), min(leads, key=lambda lead: _order(lead.texts), default=None))


_NOTHING: Final = _Found()
_EMPTY: Final[Texts] = frozenset({""})


def _found(texts: Texts | None) -> _Found:
    """A piece that matches exactly these texts."""
    if not texts or min(map(len, texts)) < _SHORTEST:
        return _NOTHING
    kept, farther = _minimal(texts)
    return _Found((kept,), Lead(kept, 0, farther))


def _cost(texts: Texts) -> float:
    """How often a scan of ordinary text would hit one of them, roughly."""
    return sum(map(frequency, texts))


@lru_cache(maxsize=4096)
def _order(texts: Texts) -> tuple[float, int, list[str]]:
    """Rarest first, of equally rare ones the longest, and always in the same order."""
    return _cost(texts), -min(map(len, texts)), sorted(texts)


def required_literals(pattern: str) -> Needed | None:
    """The best literals, of at least two characters each, for an RE2 pattern. None when there are no such, or when the
    pattern is not understood."""
    tree = dialect.tree(pattern)
    if tree is None:
        return None
    found = _Walk(tree.state).sequence(tree)[1]
    if not found.gates:
        return None
    gate, *others = found.gates
    lead = found.lead
    if lead is not None and not lead.texts <= gate and not _spares(gate, lead.texts, leads=True):
        lead = None
    also = [texts for texts in others if _spares(gate, texts) and not _follows(gate, texts)]
    return Needed(gate, lead, tuple(also[:_MOST_CLAUSES]))


def _spares(gate: Texts, texts: Texts, *, leads: bool = False) -> bool:
    """Whether finding `texts` everywhere costs less than it spares behind the gate: a search where none of them is there or,
    if they lead, all of it but the attempts at their places."""
    hits = _cost(texts) * _TEXT
    passed = 1 - exp(-_cost(gate) * _TEXT)
    spared = _SEARCH - hits * _TRY if leads else _SEARCH * exp(-hits)
    return passed * spared > 2 * hits * _HIT


def _follows(gate: Texts, other: Texts) -> bool:
    """Whether a text with one of `gate` has one of `other` anyway."""
    return all(any(short in text for short in other) for text in gate)


def _minimal(texts: Texts) -> tuple[Texts, int]:
    """Without the literals that contain another one of the set: finding the shorter is enough, that much further on."""
    kept: list[str] = []
    farther = 0
    for text in sorted(texts, key=lambda text: (len(text), text)):
        inner = next((shorter for shorter in kept if shorter in text), None)
        if inner is None:
            kept.append(text)
        else:
            farther = max(farther, text.index(inner))
    return frozenset(kept), farther


class _Walk:
    """Every method gives a pair: all the folded texts a piece can match (None: too many or unknown), and the best sets
    found inside it."""

    def __init__(self, state: Any) -> None:
        self._state = state

    def sequence(self, items: Iterable[Any]) -> tuple[Texts | None, _Found]:
        run = _EMPTY  # what the pieces since the last gap can match, joined
        run_low = run_high = low = high = 0  # how far the run, and the next piece, lie behind the beginning
        best = _NOTHING
        whole = True
        for item in dialect.items(items):
            kind = item[0].name
            if kind == "LITERAL" and len(run) == 1 and (folded := _folded(chr(item[1]))) is not None:
                (text,), (char,) = run, folded
                if len(text) < _LONGEST:  # as below, for what most patterns consist of
                    run = frozenset((text + char,))
                    low, high = low + 1, high + 1
                    continue
            exact, inner = self.piece(kind, item[1])
            best = best.and_those(inner.behind(low, high))
            joined = None if exact is None else frozenset(a + b for a in run for b in exact)
            if joined is not None and len(joined) <= _MOST_SETS and max(map(len, joined)) <= _LONGEST:
                run = joined
            else:  # a gap: what was joined so far is a candidate, and a new run begins
                best = best.and_those(_found(run).behind(run_low, run_high))
                run = exact if exact is not None and len(exact) <= _MOST_SETS else _EMPTY
                run_low, run_high = low, high
                whole = False
            least, most = dialect.width(self._state, item)
            low, high = low + least, high + most
            if run == _EMPTY:
                run_low, run_high = low, high
        best = best.and_those(_found(run).behind(run_low, run_high))
        return (run if whole else None), best

    def piece(self, op: str, argument: Any) -> tuple[Texts | None, _Found]:
        if op == "LITERAL":
            return self._char(chr(argument)), _NOTHING
        if op == "IN":
            return self._set(argument), _NOTHING
        if op in ("AT", "ASSERT", "ASSERT_NOT"):
            return _EMPTY, _NOTHING
        if op == "SUBPATTERN":
            return self.sequence(argument[3])
        if op == "BRANCH":
            return self._branch(argument[1])
        if op in ("MAX_REPEAT", "MIN_REPEAT"):
            return self._repeat(*argument)
        return None, _NOTHING  # ANY, NOT_LITERAL, CATEGORY, back references, …

    def _char(self, char: str) -> Texts | None:
        return _folded(char)

    def _set(self, items: list[Any]) -> Texts | None:
        chars = dialect.members(items, _MOST_SETS)
        if chars is None or not all(map(folds_simply, chars)):
            return None
        folded = frozenset(map(fold, chars))
        return folded if len(folded) <= 12 else None

    def _branch(self, alternatives: list[Any]) -> tuple[Texts | None, _Found]:
        exact: set[str] | None = set()
        parts: list[_Found] = []
        for alternative in alternatives:
            texts, inner = self.sequence(alternative)
            exact = None if exact is None or texts is None else exact | texts
            parts.append(inner)
        kept = frozenset(exact) if exact is not None and len(exact) <= _MOST_SETS else None
        rarest = [part.gates[0] for part in parts if part.gates]
        leads = [part.lead for part in parts if part.lead is not None]
        gates = (_minimal(frozenset().union(*rarest))[0],) if len(rarest) == len(parts) else ()
        return kept, _Found(gates, _joined(leads) if len(leads) == len(parts) else None)

    def _repeat(self, low: int, high: Any, body: Any) -> tuple[Texts | None, _Found]:
        exact, inner = self.sequence(body)
        if low == 0:
            optional = high == 1 and exact is not None and len(exact) < _MOST_SETS
            return (exact | {""} if optional and exact is not None else None), _NOTHING
        if low == high == 1:
            return exact, inner
        if exact is not None and low > 1 and len(exact) == 1:
            text = next(iter(exact))
            times = min(low, _LONGEST // max(1, len(text)))
            repeated = frozenset({text * max(1, times)})
            return (repeated, inner) if low == high == times else (None, inner.and_those(_found(repeated)))
        return None, inner.and_those(_found(exact))


@lru_cache(maxsize=1024)
def _folded(char: str) -> Texts | None:
    return frozenset({fold(char)}) if folds_simply(char) else None


def _joined(leads: list[Lead]) -> Lead:
    """One of these leads it is, whichever alternative matches."""
    texts, farther = _minimal(frozenset().union(*(lead.texts for lead in leads)))
    return Lead(texts, min(lead.low for lead in leads), max(lead.high for lead in leads) + farther)
