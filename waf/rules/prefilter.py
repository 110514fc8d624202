"""The prefilter: one Aho-Corasick pass over a text says which literals of which conditions are in it.

It is a necessary condition only. A condition without literals is not in here and is always evaluated; one with literals is
evaluated on exactly the values in which one of them occurs. A property test holds the filtered and unfiltered results equal.
"""

from __future__ import annotations

from collections.abc import Iterable

import ahocorasick

_PIECE = 1 << 16
"""Characters scanned in one call: the scan holds the interpreter lock, and other requests want it too."""


class Prefilter:
    """An immutable set of folded literals; `hits` gives the numbers of those that occur."""

    def __init__(self, literals: Iterable[str]) -> None:
        self.numbers = {literal: number for number, literal in enumerate(sorted(set(literals)))}
        self._overlap = max(map(len, self.numbers), default=1) - 1
        self._automaton = ahocorasick.Automaton(ahocorasick.STORE_INTS)
        for literal, number in self.numbers.items():
            self._automaton.add_word(literal, number)
        if self.numbers:
            self._automaton.make_automaton()

    def hits(self, folded: str) -> frozenset[int]:
        """Numbers of the literals in an already folded text."""
        if not self.numbers:
            return frozenset()
        if len(folded) <= _PIECE:
            return frozenset([number for _, number in self._automaton.iter(folded)])
        found: set[int] = set()
        for start in range(0, len(folded), _PIECE):
            begin = max(0, start - self._overlap)
            found.update(number for _, number in self._automaton.iter(folded, begin, min(start + _PIECE, len(folded))))
        return frozenset(found)
