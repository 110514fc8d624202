"""The prefilter: one Aho-Corasick pass over a text says which literals of which conditions are in it.

It is a necessary condition only. A condition without literals is not in here and is always evaluated; one with literals is
evaluated on exactly the values in which one of them occurs. A property test holds the filtered and unfiltered results equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import ahocorasick
import re2

_PIECE = 1 << 16
"""Characters scanned in one call: the scan holds the interpreter lock, and other requests want it too."""


Hits = dict[int, list[int]]
"""By number of the literal: the index of the last character of every occurrence."""

_BY_FREQUENCY: Final = {char: place for place, char in enumerate(" etaoinshrdlcumwfgypbvkjxqz")}
"""The automaton looks through a node's children in the order in which they came, so the commonest letters come first."""


class Prefilter:
    """An immutable set of folded literals; `hits` gives where which of them occur."""

    def __init__(self, literals: Iterable[str], within: Prefilter | None = None) -> None:
        """`within`: a prefilter that has all these literals, whose numbers they keep."""
        chosen = set(literals)
        self.numbers: dict[str, int]
        self.lengths: list[int]
        if within is not None:
            self.numbers, self.lengths = within.numbers, within.lengths
        else:
            self.numbers = {literal: number for number, literal in enumerate(sorted(chosen))}
            self.lengths = [len(literal) for literal in self.numbers]
        self._overlap = max(map(len, chosen), default=1) - 1
        ascii_ones = {text: self.numbers[text] for text in chosen if text.isascii()}
        others = {text: self.numbers[text] for text in chosen if not text.isascii()}
        self._ascii = _automaton(ascii_ones)
        self._others = _automaton(others)
        self._may_have_others = _any_of({char for text in others for char in text if not char.isascii()})

    def hits(self, folded: str) -> Hits:
        """Every occurrence of a literal in an already folded text."""
        hits: Hits = {}
        automata = [self._ascii] if self._ascii is not None else []
        if self._others is not None and not folded.isascii() and self._may_have_others(folded):
            automata.append(self._others)
        for automaton in automata:
            for start in range(0, len(folded), _PIECE):
                begin = max(0, start - self._overlap)
                for end, number in automaton.iter(folded, begin, min(start + _PIECE, len(folded))):
                    if end >= start:
                        hits.setdefault(number, []).append(end)
        return hits


def _any_of(chars: set[str]) -> Callable[[str], bool]:
    """Whether a text has one of the characters. RE2 over bytes tells ten times faster than an automaton."""
    if not chars or any("\ud800" <= char <= "\udfff" for char in chars):  # a lone surrogate has no bytes to look for
        return lambda _text: bool(chars)
    search = re2.compile(f"[{re2.escape(''.join(sorted(chars)))}]".encode()).search
    return lambda text: search(text.encode("utf-8", "replace")) is not None


def _automaton(numbers: Mapping[str, int]) -> Any:
    """An Aho-Corasick automaton over the literals, or None without any."""
    if not numbers:
        return None
    automaton = ahocorasick.Automaton(ahocorasick.STORE_INTS)
    for literal in sorted(numbers, key=lambda text: [_BY_FREQUENCY.get(char, 99) for char in text]):
        automaton.add_word(literal, numbers[literal])
    automaton.make_automaton()
    return automaton
