"""Which rules' first links match a value? Asked once for each value, for all rules at once, before any rule runs.

The steps are those of our own rules (`waf.rules.candidates`): a value is transformed along each distinct chain as far as its
characters give cause to, one Aho-Corasick scan of each distinct result says which operators can match at all, and only those
are asked. What is found for a value that comes again is remembered for later requests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from waf.rules.alphabet import EVERYTHING, mask
from waf.rules.candidates import Scans, Steps
from waf.rules.chains import ChainTable, Step
from waf.rules.operators.base import Operator, OperatorTimeout
from waf.rules.plan import Spot, StepPlan, Waiting
from waf.rules.prefilter import Prefilter
from waf.rules.seclang.chains import NAMES
from waf.rules.seclang.compile import CompiledLink
from waf.rules.seclang.spec import Variable
from waf.rules.seclang.targets import selects
from waf.rules.seclang.transaction import Transaction

_ANY = frozenset[str]()
_FEW: Final = 3
"""Rules up to which each is asked straight away: finding out which of them to ask would cost more."""
_SHORT: Final = 256
_MOST_KNOWN: Final = 2048


def prefilter(links: Iterable[CompiledLink]) -> Prefilter:
    """One for all gates of a phase, so that a text that is in several collections is scanned once."""
    return Prefilter(text for link in links if not link.negated for text in _literals(link.test.run))


class Gate:
    """For the values of one collection. `mask(value)` has the bits of the rules whose first link matches the value."""

    __slots__ = ("_few", "_known", "_steps", "steady")

    def __init__(self, links: Iterable[tuple[int, CompiledLink]], prefilter: Prefilter) -> None:
        """`links`: (place of the rule in its phase, its first link), all with operators without macros."""
        links = tuple(links)
        self.steady = all(link.test.run.steady for _, link in links)
        """The same value always has the same bits."""
        table = ChainTable()
        self._few: list[tuple[int, Step, Callable[[Any], bool]]] | None = None
        self._known: dict[str, int] = {}
        if len(links) <= _FEW and self.steady and not any(link.multi_match for _, link in links):
            self._few = [
                (place, table.compose(table.intern(_chain(link))), _check(link.test.run, negated=link.negated))
                for place, link in links
            ]
            links = ()
        waiting: dict[int, list[Waiting]] = {}
        for place, link in links:
            chain = _chain(link)
            beginnings = range(len(chain) + 1) if link.multi_match else (len(chain),)
            waits = _waiting(place, link, prefilter)  # one for all of them: a text that several give is looked at once
            for end in beginnings:
                waiting.setdefault(table.intern(chain[:end]), []).append(waits)
        steps = tuple(
            StepPlan(parent, name, apply, tuple(waiting.get(at, ())))
            for at, (parent, name, apply) in enumerate(table.steps)
        )
        self._steps = Steps(steps, prefilter)

    def mask(self, value: str, scans: Scans) -> int:
        """One bit for each rule, by its place. `scans`: what the prefilter found in this transaction so far."""
        if self._few is not None:
            known = self._known.get(value)
            return self._ask(self._few, value) if known is None else known
        candidates = self._steps.remembered.get(value)
        if candidates is None:
            candidates = self._steps.candidates(value, scans)
        found = 0
        for place, _, look in candidates:
            if look is None or look():
                found |= 1 << place
        return found

    def _ask(self, few: Sequence[tuple[int, Step, Callable[[Any], bool]]], value: str) -> int:
        found = 0
        for place, apply, check in few:
            if check(apply(value)):
                found |= 1 << place
        if len(value) <= _SHORT:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[value] = found
        return found


def _chain(link: CompiledLink) -> tuple[str, ...]:
    return tuple(NAMES[name.lower()] for name in link.spec.transforms)


def _waiting(place: int, link: CompiledLink, prefilter: Prefilter) -> Waiting:
    operator = link.test.run
    known = _literals(operator) if not link.negated else _ANY
    of = prefilter.numbers_of
    useful = bool(known)
    return Waiting(
        place,
        None,
        _check(operator, negated=link.negated),
        operator.steady,
        of(operator.literals or _ANY) if useful else None,
        of(operator.lead or _ANY) if useful and operator.at is not None else frozenset(),
        tuple(map(of, operator.also)) if useful else (),
        operator.reach if useful else 0,
        operator.runs,
        mask(operator.specials) if operator.specials is not None and not link.negated else EVERYTHING,
    )


def _literals(operator: Operator) -> frozenset[str]:
    """All that the prefilter has to look for."""
    if operator.literals is None:
        return _ANY
    return operator.literals.union(operator.lead or (), *operator.also)


def _check(operator: Operator, *, negated: bool) -> Callable[[Any], bool]:
    """The operator on a text, or on one whose interesting places are known. Out of time counts as a match."""
    test, at = operator.test, operator.at

    def check(seen: Any) -> bool:
        try:
            if type(seen) is Spot:
                return at(seen.text, seen.places, seen.spans) if at is not None else test(seen.text)
            return test(seen) is not negated
        except OperatorTimeout:
            return True

    return check


class Family:
    """The gates of all selections of one collection. A member that comes again (most headers do) is looked up once."""

    __slots__ = ("_collection", "_gates", "_known", "_steady")

    def __init__(self, collection: str, gates: Sequence[tuple[Variable, Gate]]) -> None:
        self._collection = collection
        self._gates = [(selects(variable), gate) for variable, gate in gates]
        self._steady = all(gate.steady for _, gate in gates)
        self._known: dict[tuple[str, str], int] = {}

    def mask(self, tx: Transaction, scans: Scans) -> int:
        found, known = 0, self._known
        for item in tx.maps.get(self._collection, ()):
            bits = known.get(item)
            found |= self._look(item, scans) if bits is None else bits
        return found

    def _look(self, item: tuple[str, str], scans: Scans) -> int:
        key, value = item
        found = 0
        for wanted, gate in self._gates:
            if wanted(key):
                found |= gate.mask(value, scans)
        if self._steady and len(key) + len(value) <= _SHORT:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[item] = found
        return found
