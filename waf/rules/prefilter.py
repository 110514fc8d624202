"""The prefilter: one Aho-Corasick pass over a text says which literals of which conditions are in it.

It is a necessary condition only. A condition without literals is not in here and is always evaluated; one with literals is
evaluated on exactly the values in which one of them occurs. A property test holds the filtered and unfiltered results equal.
"""

from __future__ import annotations

from collections.abc import Iterable

import ahocorasick

_PIECE = 1 << 16
"""Characters scanned in one call: the scan holds the interpreter lock, and other requests want it too."""


Hits = tuple[tuple[int, int], ...]
"""(index of the last character, number of the literal) of every occurrence."""


class Prefilter:
    """An immutable set of folded literals; `hits` gives where which of them occur."""

    def __init__(self, literals: Iterable[str]) -> None:
        self.numbers = {literal: number for number, literal in enumerate(sorted(set(literals)))}
        self.lengths = [len(literal) for literal in self.numbers]
        self._overlap = max(self.lengths, default=1) - 1
        self._automaton = ahocorasick.Automaton(ahocorasick.STORE_INTS)
        for literal, number in self.numbers.items():
            self._automaton.add_word(literal, number)
        if self.numbers:
            self._automaton.make_automaton()

    def hits(self, folded: str) -> Hits:
        """Every occurrence of a literal in an already folded text, in order of their ends."""
        if not self.numbers:
            return ()
        if len(folded) <= _PIECE:
            return tuple(self._automaton.iter(folded))
        found: list[tuple[int, int]] = []
        for start in range(0, len(folded), _PIECE):
            begin = max(0, start - self._overlap)
            end = min(start + _PIECE, len(folded))
            found.extend([hit for hit in self._automaton.iter(folded, begin, end) if hit[0] >= start])
        return tuple(found)
