"""Word pieces: how the reader's vocabulary spells a text, and where its windows begin and end in it.

Words are folded as the uncased vocabulary wants them (lower case, no accents) and spelled with the longest pieces that it
has, the first one bare and the others marked. Source: Schuster and Nakajima 2012; Devlin et al. 2019. Each distinct word is
spelled once: the spellings are remembered in a bounded memory.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

_WORD: Final = re.compile(
    "[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]"
    "|(?:[^\\W_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]|[\u0300-\u036f\u0900-\u0dff\u0e00-\u0e7f])+"
    "|[^\\w\\s]|_"
)
"""East Asian characters one by one, words with their marks, signs one by one."""
_LINE: Final = re.compile(r"\n")
_STOP: Final = re.compile("[.!?\u3002\uff01\uff1f\u0964\u061f]")
_CLOSING: Final = "\"')]\u201d\u2019 \t"
"""One of these stands behind a stop that ends a sentence of Latin letters; inside of a name or number none does."""
LONGEST: Final = 64
"""Characters of a word that is spelled; a longer one is unknown."""
_REMEMBERED: Final = 1 << 15
UNKNOWN: Final = "[UNK]"
FIRST, LAST = "[CLS]", "[SEP]"
_MARK: Final = "##"


class Span(NamedTuple):
    """One window: its pieces, and from where to where in the text they stand."""

    pieces: list[int]
    start: int
    end: int


class Pieces:
    """A vocabulary: piece to number. Raises ValueError when it lacks one of the special pieces."""

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        for name in (UNKNOWN, FIRST, LAST):
            if name not in vocabulary:
                raise ValueError(f"the vocabulary lacks {name}")
        self._numbers = dict(vocabulary)
        self.first, self.last = vocabulary[FIRST], vocabulary[LAST]
        self.unknown = vocabulary[UNKNOWN]
        self.spell = lru_cache(_REMEMBERED)(self._spell)

    def _spell(self, word: str) -> tuple[int, ...]:
        """The numbers of the pieces of one word."""
        if not word.isascii():
            word = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", word).lower())
            word = "".join([c for c in word if unicodedata.category(c) not in ("Mn", "Cf", "Cc", "Co")])
        else:
            word = word.lower()
        if len(word) > LONGEST:
            return (self.unknown,)
        found = []
        start, mark = 0, ""
        while start < len(word):
            end = len(word)
            while end > start and mark + word[start:end] not in self._numbers:
                end -= 1
            if end == start:
                return (self.unknown,)
            found.append(self._numbers[mark + word[start:end]])
            start, mark = end, _MARK
        return tuple(found)

    def spans(self, text: str, size: int, step: int, budget: int) -> tuple[list[Span], bool]:
        """Windows of at most `size` pieces, the special ones counted, that begin about every `step` pieces at a word, or at a
        line or sentence that begins there; at most `budget` of them, and whether that was too few. A text
        without words is one empty window."""
        numbers: list[int] = []
        starts: list[int] = []
        ends: list[int] = []
        spell = self.spell
        for word in _WORD.finditer(text):
            spelled = spell(word[0])
            numbers += spelled
            starts += [word.start()] * len(spelled)
            ends += [word.end()] * len(spelled)
        room = size - 2
        count = len(numbers)
        if count <= room:
            return [Span([self.first, *numbers, self.last], 0, len(text))], False
        places = _places(text, starts, room, step)
        return [
            Span([self.first, *numbers[at : at + room], self.last], starts[at], ends[min(at + room, count) - 1])
            for at in places[:budget]
        ], len(places) > budget


def _places(text: str, starts: list[int], room: int, step: int) -> list[int]:
    """Where windows of `room` pieces begin: about every `step`, at the line that begins nearest if one does, or else the
    sentence, and `room` before the end. What stands on lines or in sentences of its own is seen without what is before it."""
    count = len(starts)
    lines = [found.end() for found in _LINE.finditer(text)]
    stops = [found.end() for found in _STOP.finditer(text)]
    stops = [at for at in stops if text[at : at + 1] in _CLOSING or text[at - 1] > "\x7f"]
    near = {**_nearest(stops, starts, room, step), **_nearest(lines, starts, room, step)}
    return sorted({0, count - room, *near.values(), *(at for at in range(step, count - room, step) if at not in near)})


def _nearest(ends: list[int], starts: list[int], room: int, step: int) -> dict[int, int]:
    """By multiple of `step`: the piece nearest to it that begins behind one of `ends`, places in the text, if one is near."""
    reach = min(step, room - step) // 2
    near: dict[int, int] = {}
    for end in ends:
        place = bisect_left(starts, end)
        at = (place + reach) // step * step
        if 0 < at < len(starts) > place and abs(place - at) < abs(near.get(at, at + reach) - at):
            near[at] = place
    return near
