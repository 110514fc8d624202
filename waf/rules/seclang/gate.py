"""Which rules' first links match a value? Asked once for each value, for all rules at once, before any rule runs.

A value is transformed along each distinct chain once. One Aho-Corasick scan of each distinct result, and a look for the
special characters that some patterns need, say which operators can match at all; only those are asked. What is found for a
short value is remembered for later requests: header values and parameter names hardly vary.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

import ahocorasick

from waf.rules.operators.base import Operator, OperatorTimeout
from waf.rules.seclang.chains import Chain
from waf.rules.seclang.compile import CompiledLink
from waf.rules.seclang.transaction import Transaction
from waf.rules.specials import FOREIGN

SHORT: Final = 96
MOST_KNOWN: Final = 4096
"""Short values remembered by one gate; then it forgets all of them."""


class Step(NamedTuple):
    """What is done with a value after one chain. Masks have one bit for each rule, by its place in the phase."""

    chain: Chain | None
    mask: int
    asked: int
    """Rules of which nothing is known beforehand."""


class Gate:
    """For the values of one collection. `mask(value)` has the bits of the rules whose first link matches the value."""

    __slots__ = ("_automaton", "_foreign", "_known", "_specials", "_steps", "_tests")

    def __init__(self, links: Iterable[tuple[int, CompiledLink]]) -> None:
        """`links`: (place of the rule in its phase, its first link), all with operators without macros."""
        steps: dict[Chain | None, tuple[int, int]] = {}
        literals: dict[str, int] = {}
        specials: dict[str, int] = {}
        self._tests: dict[int, tuple[Callable[[str], bool], bool]] = {}
        for place, link in links:
            bit, operator = 1 << place, link.test.run
            self._tests[place] = (operator.test, link.negated)
            known = not link.negated and _needs(operator, bit, literals, specials)
            for chain in _chains(link):
                mask, asked = steps.get(chain, (0, 0))
                steps[chain] = (mask | bit, asked if known else asked | bit)
        self._steps = tuple(Step(chain, *masks) for chain, masks in steps.items())
        self._specials = tuple((char, mask) for char, mask in specials.items() if char != FOREIGN)
        self._foreign = specials.get(FOREIGN, 0)
        self._automaton = _automaton(literals)
        self._known: dict[str, int] = {}

    def mask(self, value: str, transaction: Transaction) -> int:
        if len(value) > SHORT:
            return self._ask(value, transaction)
        known = self._known.get(value)
        if known is None:
            if len(self._known) >= MOST_KNOWN:
                self._known = {}
            known = self._known[value] = self._ask(value, transaction)
        return known

    def _ask(self, value: str, transaction: Transaction) -> int:
        found = 0
        hits: dict[str, int] = {}
        for chain, mask, asked in self._steps:
            text = value if chain is None else chain.run(value, transaction)
            possible = hits.get(text)
            if possible is None:
                possible = hits[text] = self._possible(text)
            todo = ((possible | asked) & mask) & ~found
            while todo:
                low = todo & -todo
                todo ^= low
                test, negated = self._tests[low.bit_length() - 1]
                try:
                    if test(text) is not negated:
                        found |= low
                except OperatorTimeout:
                    found |= low
        return found

    def _possible(self, text: str) -> int:
        """Rules whose literals or special characters are in the text."""
        found = 0 if text.isascii() else self._foreign
        for char, mask in self._specials:
            if char in text:
                found |= mask
        if self._automaton is not None:
            for _, mask in self._automaton.iter(text.lower()):
                found |= mask
        return found


def _chains(link: CompiledLink) -> list[Chain | None]:
    """The chain of a link; with `multiMatch` each of its beginnings as well."""
    chain = link.chain
    found = [chain]
    while link.multi_match and chain is not None:
        chain = chain.before
        found.append(chain)
    return found


def _needs(operator: Operator, bit: int, literals: dict[str, int], specials: dict[str, int]) -> bool:
    """Notes what a text must contain for the operator to match it; False when nothing is known."""
    needed = operator.literals
    if needed is not None and all(text.isascii() for text in needed):
        for text in needed:
            literals[text] = literals.get(text, 0) | bit
        return True
    if operator.specials is not None:
        for char in operator.specials:
            specials[char] = specials.get(char, 0) | bit
        return True
    return False


def _automaton(literals: dict[str, int]) -> Any:
    if not literals:
        return None
    automaton = ahocorasick.Automaton(ahocorasick.STORE_ANY)
    for text, mask in literals.items():
        automaton.add_word(text, mask)
    automaton.make_automaton()
    return automaton
