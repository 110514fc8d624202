"""Which literal texts must every match of a pattern contain, and how far behind the match's beginning?

The answer feeds the Aho-Corasick prefilter, so it is a *necessary* condition and nothing else: whenever in doubt, there is
no answer (None) and the pattern is evaluated always. After Cox, "Regular Expression Matching with a Trigram Index" (2012),
with whole literals in place of trigrams.

A literal that lies a bounded number of characters behind the beginning of the match (its lead) also says *where* to try:
on a long text the pattern is then matched at a handful of positions instead of being searched from end to end.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from math import exp
from operator import eq
from typing import Any, Final, NamedTuple

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
_MANY: Final = 64

Texts = frozenset[str]
_LITERAL: Final = dialect.constant("LITERAL")
_IN: Final = dialect.constant("IN")
_SUBPATTERN: Final = dialect.constant("SUBPATTERN")
_BRANCH: Final = dialect.constant("BRANCH")
_MAX_REPEAT: Final = dialect.constant("MAX_REPEAT")
_MIN_REPEAT: Final = dialect.constant("MIN_REPEAT")


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


_NOTHING: Final = _Found()
_EMPTY: Final[Texts] = frozenset({""})
_ASCII: Final = 128
_LOWER: Final = [chr(code).lower() for code in range(_ASCII)]


class _Piece(NamedTuple):
    """What is known of a part of a pattern."""

    exact: Texts | None
    """All the folded texts it can match; None: too many or unknown."""
    inside: _Found
    """The best sets found inside it."""
    low: int
    """Fewest characters it matches,"""
    high: int
    """and most; unbounded is very large."""


_ONE: Final = _Piece(None, _NOTHING, 1, 1)
_NO_WIDTH: Final = _Piece(_EMPTY, _NOTHING, 0, 0)
_OTHERS: Final = {"ANY": _ONE, "NOT_LITERAL": _ONE, "AT": _NO_WIDTH, "ASSERT": _NO_WIDTH, "ASSERT_NOT": _NO_WIDTH}
_UNKNOWN: Final = _Piece(None, _NOTHING, 0, 1 << 32)
_END: Final = (None, None)


class _Gathered:
    """The sets of a sequence's pieces, the best of which are kept in the end."""

    __slots__ = ("gates", "leads")

    def __init__(self) -> None:
        self.gates: list[Texts] = []
        self.leads: list[Lead] = []

    def add(self, found: _Found, low: int, high: int) -> None:
        """What was found in a piece that lies `low` to `high` characters behind the beginning."""
        self.gates += found.gates
        if found.lead is not None and (far := found.lead.high + high) <= _FARTHEST:
            self.leads.append(Lead(found.lead.texts, found.lead.low + low, far) if far else found.lead)

    def add_texts(self, texts: Texts, low: int, high: int) -> None:
        """The same of a piece that matches exactly these texts."""
        if min(map(len, texts)) < _SHORTEST:
            return
        kept, farther = _minimal(texts)
        self.gates.append(kept)
        if farther + high <= _FARTHEST:
            self.leads.append(Lead(kept, low, farther + high))

    def best(self) -> _Found:
        if not self.gates:
            return _NOTHING
        gates = self.gates if len(self.gates) == 1 else sorted({*self.gates}, key=_order)[: 2 * _MOST_CLAUSES]
        leads = self.leads
        lead = min(leads, key=lambda lead: _order(lead.texts)) if len(leads) > 1 else leads[0] if leads else None
        return _Found(tuple(gates), lead)


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
    found = _sequence(tree).inside
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
    if len(sizes := sorted(set(map(len, texts)))) == 1:
        return texts, 0
    if len(texts) > _MANY:
        return _minimal_of_many(texts, sizes)
    kept: list[str] = []
    farther = 0
    for text in sorted(sorted(texts), key=len):
        for shorter in kept:
            if shorter in text:
                farther = max(farther, text.index(shorter))
                break
        else:
            kept.append(text)
    return frozenset(kept), farther


def _minimal_of_many(texts: Texts, sizes: Sequence[int]) -> tuple[Texts, int]:
    """The same: a text has fewer parts than there are others. `sizes`: of the texts, in order."""
    kept: set[str] = set()
    farther = 0
    for text in sorted(texts, key=len):
        for size in sizes[: bisect_left(sizes, len(text))]:
            inner = [part for at in range(len(text) - size + 1) if (part := text[at : at + size]) in kept]
            if inner:
                farther = max(farther, text.index(min(inner)))
                break
        else:
            kept.add(text)
    return frozenset(kept), farther


def _sequence(items: Any) -> _Piece:
    """Runs of literals are what most of a pattern is: they are joined at once."""
    pieces = dialect.items(items)
    word = _word(pieces)
    if word is not None:
        return _exactly(word)
    run = _EMPTY  # what the pieces since the last gap can match, joined
    longest = 0
    run_low = run_high = low = high = 0  # how far the run, and the next piece, lie behind the beginning
    gathered = _Gathered()
    whole = True
    chars: list[str] = []
    for op, argument in (*pieces, _END):
        if op is _LITERAL and argument < _ASCII:
            chars.append(_LOWER[argument])
            continue
        begin = 0
        while begin < len(chars):
            text = "".join(chars[begin : begin + _LONGEST - longest])
            run = frozenset([before + text for before in run]) if text else run
            begin, low, high, longest = begin + len(text), low + len(text), high + len(text), longest + len(text)
            if begin < len(chars):  # too long: it is a candidate, and a new run begins
                gathered.add_texts(run, run_low, run_high)
                run, longest, run_low, run_high, whole = _EMPTY, 0, low, high, False
        chars.clear()
        if op is None:
            break
        piece = _piece(op, argument)
        gathered.add(piece.inside, low, high)
        exact = piece.exact
        joined = None if exact is None else frozenset([a + b for a in run for b in exact])
        if joined is not None and len(joined) <= _MOST_SETS and (longer := max(map(len, joined))) <= _LONGEST:
            run, longest = joined, longer
        else:  # a gap: what was joined so far is a candidate, and a new run begins
            gathered.add_texts(run, run_low, run_high)
            run = exact if exact is not None and len(exact) <= _MOST_SETS else _EMPTY
            longest = max(map(len, run))
            run_low, run_high, whole = low, high, False
        low, high = low + piece.low, high + piece.high
        if run == _EMPTY:
            run_low, run_high = low, high
    gathered.add_texts(run, run_low, run_high)
    return _Piece(run if whole else None, gathered.best(), low, high)


def _word(pieces: Sequence[Any]) -> str | None:
    """The text of a sequence that is nothing but a short one, as alternatives often are."""
    if len(pieces) > _LONGEST:
        return None
    for op, argument in pieces:
        if op is not _LITERAL or argument >= _ASCII:
            return None
    return "".join([_LOWER[argument] for _, argument in pieces])


@lru_cache(maxsize=4096)
def _exactly(text: str) -> _Piece:
    texts = frozenset({text})
    found = _Found((texts,), Lead(texts, 0, 0)) if len(text) >= _SHORTEST else _NOTHING
    return _Piece(texts, found, len(text), len(text))


def _piece(op: Any, argument: Any) -> _Piece:
    if op is _LITERAL:
        return _Piece(_folded(chr(argument)), _NOTHING, 1, 1)
    if op is _IN:
        return _Piece(_set(tuple(argument)), _NOTHING, 1, 1)
    if op is _SUBPATTERN:
        return _sequence(argument[3])
    if op is _BRANCH:
        return _branch(argument[1])
    if op is _MAX_REPEAT or op is _MIN_REPEAT:
        return _repeat(*argument)
    return _OTHERS.get(op.name, _UNKNOWN)


@lru_cache(maxsize=2048)
def _set(items: tuple[Any, ...]) -> Texts | None:
    chars = dialect.members(items, _MOST_SETS)
    if chars is None or not all(map(folds_simply, chars)):
        return None
    folded = frozenset(map(fold, chars))
    return folded if len(folded) <= 12 else None


def _branch(alternatives: list[Any]) -> _Piece:
    parts = [_sequence(alternative) for alternative in alternatives]
    exact: set[str] | None = set()
    for part in parts:
        exact = None if exact is None or part.exact is None else exact | part.exact
    kept = frozenset(exact) if exact is not None and len(exact) <= _MOST_SETS else None
    rarest = [part.inside.gates[0] for part in parts if part.inside.gates]
    leads = [part.inside.lead for part in parts if part.inside.lead is not None]
    lead = _joined(leads) if len(leads) == len(parts) else None
    gates: tuple[Texts, ...] = ()
    if len(rarest) == len(parts):  # often those that lead
        same = lead is not None and all(map(eq, rarest, [lead.texts for lead in leads]))
        gates = (lead.texts if lead is not None and same else _minimal(frozenset().union(*rarest))[0],)
    found = _Found(gates, lead)
    return _Piece(kept, found, min([part.low for part in parts]), max([part.high for part in parts]))


def _repeat(low: int, high: Any, body: Any) -> _Piece:
    if low == 0:
        most = int(high) * int(body.getwidth()[1])
        optional = high == 1 and most <= _LONGEST  # what need not be there has no sets, and is short or unknown
        exact = _sequence(body).exact if optional else None
        return _Piece(exact | {""} if exact is not None and len(exact) < _MOST_SETS else None, _NOTHING, 0, most)
    exact, inner, least, most = _sequence(body)
    least, most = low * least, int(high) * most
    if low == high == 1:
        return _Piece(exact, inner, least, most)
    repeated = exact
    if exact is not None and low > 1 and len(exact) == 1:
        text = next(iter(exact))
        times = max(1, min(low, _LONGEST // max(1, len(text))))
        repeated = frozenset({text * times})
        if low == high == times:
            return _Piece(repeated, inner, least, most)
    if not repeated:
        return _Piece(None, inner, least, most)
    gathered = _Gathered()
    gathered.add(inner, 0, 0)
    gathered.add_texts(repeated, 0, 0)
    return _Piece(None, gathered.best(), least, most)


@lru_cache(maxsize=1024)
def _folded(char: str) -> Texts | None:
    return frozenset({fold(char)}) if folds_simply(char) else None


def _joined(leads: list[Lead]) -> Lead:
    """One of these leads it is, whichever alternative matches."""
    texts, farther = _minimal(frozenset().union(*[lead.texts for lead in leads]))
    return Lead(texts, min([lead.low for lead in leads]), max([lead.high for lead in leads]) + farther)
