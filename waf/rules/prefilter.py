"""The prefilter: one Aho-Corasick pass over a text says which literals of which conditions are in it.

It is a necessary condition only. A condition without literals is not in here and is always evaluated; one with literals is
evaluated on exactly the values in which one of them occurs. A property test holds the filtered and unfiltered results equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from operator import itemgetter
from typing import Final

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

_PIECE: Final = 1 << 16
"""Characters scanned in one call: other requests want their turn."""
_NO_BYTES: Final = {code: 0x10F000 + code - 0xD800 for code in range(0xD800, 0xE000)}
"""The automaton works on UTF-8, which has no surrogates. They become characters of a private area, which nobody uses; if
somebody does, a condition looks once in vain."""

SHORT: Final = 64
"""Characters up to which searching is as quick as trying at places, so that nobody asks for them."""
_CROWDED: Final = 8
"""Characters to an occurrence below which a text is full of literals: trying at all places would be dearer than searching."""

WORTH_COMPARING: Final = 1024
"""Characters from which on looking for what differs from a text that was scanned beats another scan."""
_BLOCK: Final = 256
_WINDOW: Final = 128
_SLACK: Final = 512
"""Characters that may be missing between two windows."""

_WORTH_IT: Final = 4
"""A part of the literals has an automaton of its own where they are less than one in so many."""


Found = list[tuple[int, int, int]]
"""Number of the literal, and the indexes of its first character and of the one behind its last, for every occurrence."""


class Hits:
    """What was found in a text. Most who ask want to know which literals, some where; so places are sorted out on demand."""

    __slots__ = ("_places", "found", "numbers")

    def __init__(self, numbers: Set[int], found: Found | None) -> None:
        self.numbers = numbers
        """Of the literals that occur."""
        self.found = found
        """Every occurrence; None in a short or crowded text, where it does not pay to know."""
        self._places: dict[int, list[int]] | None = None

    def places(self, number: int) -> Sequence[int]:
        """The index of the first character of every occurrence, in order; none where they are not known."""
        if self.found is None:
            return ()
        places = self._places
        if places is None:
            places = self._places = {}
            for literal, start, _ in self.found:
                places.setdefault(literal, []).append(start)
        return places.get(number, ())


class Prefilter:
    """An immutable set of folded literals; `hits` gives where which of them occur."""

    def __init__(self, literals: Iterable[str]) -> None:
        self.numbers: dict[str, int] = {literal: number for number, literal in enumerate(sorted(set(literals)))}
        self._literals = list(self.numbers)
        self._parts: dict[frozenset[int], Part] = {}
        self._sets: dict[frozenset[str], frozenset[int]] = {}
        self._overlap = max(map(len, self.numbers), default=1) - 1
        patterns = [literal.translate(_NO_BYTES) for literal in self.numbers]
        self._has_surrogates = patterns != self._literals
        self._automaton = AhoCorasick(
            patterns, matchkind=MatchKind.Standard, store_patterns=False, implementation=Implementation.ContiguousNFA
        )

    def numbers_of(self, literals: frozenset[str]) -> frozenset[int]:
        """The numbers of some literals, one object for all who ask for the same: a rule asks for each bucket that it reads."""
        found = self._sets.get(literals)
        if found is None:
            found = self._sets[literals] = frozenset([self.numbers[literal] for literal in literals])
        return found

    def hits(self, folded: str) -> Hits:
        """Every occurrence of a literal in an already folded text."""
        found = self.occurrences(folded)
        numbers = {number for number, _, _ in found}
        crowded = len(folded) <= SHORT or len(found) * _CROWDED > len(folded)
        return Hits(numbers, None if crowded else found)

    def occurrences(self, folded: str) -> Found:
        """The same as a list, in the order of their ends."""
        if len(folded) <= _PIECE:
            return self._candidates(folded)
        found: Found = []
        for begin in range(0, len(folded), _PIECE):
            first = max(0, begin - self._overlap)
            for number, start, end in self._candidates(folded[first : begin + _PIECE]):
                if first + end > begin:  # what ends before was found with the piece before
                    found.append((number, first + start, first + end))
        return found

    def again(self, folded: str, changed: Sequence[tuple[int, int]]) -> Found:
        """The occurrences in and around the `changed` spans alone."""
        found: Found = []
        for begin, end in changed:
            first = max(0, begin - self._overlap)
            found += [(n, first + a, first + b) for n, a, b in self.occurrences(folded[first : end + self._overlap])]
        return found

    def hits_again(self, folded: str, changed: Sequence[tuple[int, int]], hits: Hits) -> Hits:
        """`hits` for a text that differs from one scanned before in the `changed` spans only: those are scanned, and what was
        found in the other text stays. That may be more than there is now, never less."""
        return joined(hits, self.again(folded, changed))

    def hits_like(self, folded: str, before: str, hits: Hits) -> Hits | None:
        """`hits` for a text most of which stands in one scanned before, wherever: what does not is scanned. None where that is
        too much, or there is so little in the other text that a scan is soon done. There may be more than there is now, never
        less, and no places."""
        if hits.found is not None:
            return None
        changed = unlike(folded, before, self._overlap)
        if changed is None:
            return None
        found = [hit for begin, end in changed for hit in self.occurrences(folded[begin : end + self._overlap])]
        return Hits(hits.numbers | {number for number, _, _ in found}, None)

    def part(self, numbers: frozenset[int]) -> Prefilter | Part:
        """What finds these literals at least: a small automaton stays in a processor's cache, a large one does not."""
        if len(numbers) * _WORTH_IT > len(self.numbers):
            return self
        found = self._parts.get(numbers)
        if found is None:
            found = self._parts[numbers] = Part(self._literals, numbers)
        return found

    def first(self, text: str) -> str | None:
        """The literal that ends first, the longest of those that end together; None when there is none."""
        found = self._find(text)
        return self._literals[found[0][0]] if found else None

    def _candidates(self, text: str) -> Found:
        """`_find`, with a question mark for each surrogate where no literal has one: that is much faster to make, and may only
        find too much."""
        try:
            return self._automaton.find_matches_as_indexes(text, overlapping=True)
        except UnicodeEncodeError:
            if self._has_surrogates:
                return self._find(text)
            return self._automaton.find_matches_as_indexes(text.encode("utf-8", "replace").decode(), overlapping=True)

    def _find(self, text: str) -> Found:
        """Number, beginning and end of every occurrence."""
        try:
            return self._automaton.find_matches_as_indexes(text, overlapping=True)
        except UnicodeEncodeError:
            return self._automaton.find_matches_as_indexes(text.translate(_NO_BYTES), overlapping=True)


def changes(text: str, before: str) -> list[tuple[int, int]] | None:
    """Spans, in blocks, in which two texts of one length differ; None where that is in more than a third of them."""
    found: list[tuple[int, int]] = []
    count = 0
    for begin in range(0, len(text), _BLOCK):
        end = begin + _BLOCK
        if text[begin:end] != before[begin:end]:
            count += 1
            if found and found[-1][1] == begin:
                found[-1] = (found[-1][0], end)
            else:
                found.append((begin, end))
    return found if count * _BLOCK * 3 <= len(text) else None


def unlike(text: str, before: str, reach: int) -> list[tuple[int, int]] | None:
    """Spans of `text`, in windows, that with the `reach` characters behind them do not stand in `before`; None where that is more
    than half of it."""
    found: list[tuple[int, int]] = []
    at = seen = 0
    left = len(text) // _WINDOW >> 1
    for begin in range(0, len(text), _WINDOW):
        window = text[begin : begin + _WINDOW + reach]
        place = before.find(window, at, at + begin - seen + len(window) + _SLACK)
        if place >= 0:
            at, seen = place, begin
        elif not left:
            return None
        else:
            left -= 1
            if found and found[-1][1] == begin:
                found[-1] = (found[-1][0], begin + _WINDOW)
            else:
                found.append((begin, begin + _WINDOW))
    return found


class Part:
    """Some literals of a prefilter, by the numbers that they have there."""

    def __init__(self, literals: Sequence[str], numbers: frozenset[int]) -> None:
        self._mine = numbers
        self._numbers = sorted(numbers)  # in the literals' order, so that the n-th of one is the n-th of the other
        self._prefilter = Prefilter(literals[number] for number in self._numbers)

    def hits(self, folded: str) -> Hits:
        """As `Prefilter.hits`."""
        if not self._numbers:
            return NOTHING
        hits = self._prefilter.hits(folded)
        if not hits.numbers:
            return NOTHING
        numbers = self._numbers
        return Hits(
            {numbers[number] for number in hits.numbers}, None if hits.found is None else self._whole(hits.found)
        )

    def hits_again(self, folded: str, changed: Sequence[tuple[int, int]], hits: Hits) -> Hits:
        """As `Prefilter.hits_again`; `hits` by the numbers of the whole, of which some may be none of this part's."""
        return joined(self._ours(hits), self._whole(self._prefilter.again(folded, changed)))

    def hits_like(self, folded: str, before: str, hits: Hits) -> Hits | None:
        """As `Prefilter.hits_like`; `hits` by the numbers of the whole, of which some may be none of this part's."""
        found = self._prefilter.hits_like(folded, before, Hits(NOTHING.numbers, hits.found))
        if found is None:
            return None
        return Hits(self._ours(hits).numbers | {self._numbers[number] for number in found.numbers}, None)

    def _ours(self, hits: Hits) -> Hits:
        mine = self._mine
        found = hits.found
        return Hits(hits.numbers & mine, None if found is None else [one for one in found if one[0] in mine])

    def _whole(self, found: Found) -> Found:
        numbers = self._numbers
        return [(numbers[number], start, end) for number, start, end in found]


def joined(hits: Hits, more: Found) -> Hits:
    """Both; without the places if those of `hits` are not known."""
    if not more:
        return hits
    numbers = hits.numbers | {number for number, _, _ in more}
    return Hits(numbers, None if hits.found is None else sorted({*hits.found, *more}, key=_by_start))


_by_start: Final = itemgetter(1)
NOTHING: Final = Hits(frozenset(), None)
