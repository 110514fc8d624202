"""What texts of a caller have in common: the instructions that a program writes before or behind its inputs. Pure.

A program's texts are as near to each other as what a thief sends, if its instruction is compared with itself. So it is taken
away, and what is left is compared with what others send. A thief gains little by sending one: what it sends beside is looked
at as if it were all. Where little is left, nothing is taken away, or a list of words in one place of a sentence would be
nothing odd; and nothing where what is left is often the same at one of its ends.
"""

from __future__ import annotations

from typing import Final

import msgspec

LEAST_REST: Final = 32
"""Bytes that must be left."""
_LEAST: Final = 24
"""Bytes in common that are worth it."""
_TEXTS: Final = 4
"""Texts with it from which on a template is believed."""
_STRAYS: Final = 8
"""One of so many texts may be without it."""
_PIECE: Final = 12
"""Bytes of what is left, at its beginning and at its end, that are compared with those of the text before."""
_ALIKE: Final = 4
"""One of so many texts may have the same there: honest inputs differ, a thief changes a word in one of them."""
_MOST: Final = 16
"""Beginnings and ends of one caller that are taken for instructions."""
_MOST_SEEN: Final = 48
"""Beginnings and ends of one caller that are counted."""


class Template(msgspec.Struct, eq=False, gc=False):
    """Of one caller, whose first text is given."""

    begins: bytes
    ends: bytes
    texts: int = 1
    strays: int = 0
    alike: int = 0
    """Texts whose rest began, or ended, as the one before."""
    head: bytes = b""
    tail: bytes = b""

    def rest(self, folded: bytes) -> bytes:
        """A text without it; all of it where it is not there, not yet believed, or nearly all that there is."""
        begin, end = len(self.begins), len(self.ends)
        if self.texts < _TEXTS or begin + end < _LEAST or len(folded) - begin - end < LEAST_REST:
            return folded
        if self.alike * _ALIKE > self.texts:
            return folded
        if not (folded.startswith(self.begins) and folded.endswith(self.ends)):
            return folded
        return folded[begin : len(folded) - end]

    def learn(self, folded: bytes) -> None:
        """One more text."""
        if not (self.begins or self.ends):
            return
        self.texts += 1
        if not (folded.startswith(self.begins) and folded.endswith(self.ends)):
            begins, ends = common(self.begins, folded), common_end(self.ends, folded)
            if begins + ends < _LEAST:
                self.strays += 1
                if self.strays * _STRAYS > self.texts:
                    self.begins = self.ends = b""
                return
            self.begins, self.ends = self.begins[:begins], self.ends[len(self.ends) - ends :]
        begin, end = len(self.begins), len(folded) - len(self.ends)
        head, tail = folded[begin : begin + _PIECE], folded[max(0, end - _PIECE) : end]
        self.alike += head == self.head or tail == self.tail
        self.head, self.tail = head, tail


class Templates:
    """Those of one caller: what all of its texts have in common, and what those have that begin, or end, with the same 24
    bytes. A program has one instruction for each thing that it wants of a model."""

    __slots__ = ("_all", "_seen", "_some")

    def __init__(self) -> None:
        self._all: Template | None = None
        self._seen: dict[int, int] = {}
        """How many texts began or ended so, by the hash of that."""
        self._some: dict[int, Template] = {}
        """By the hash of a beginning, or the complement of that of an end, that was there more than once."""

    def rest(self, folded: bytes, frames: tuple[int, int]) -> bytes:
        """A text without the first of them that it has. `frames`: hashes of its first and last 24 bytes."""
        if self._all is None:
            return folded
        rest = self._all.rest(folded)
        if rest is folded and self._some:
            for key in frames[0], ~frames[1]:
                template = self._some.get(key)
                if template is not None:
                    rest = template.rest(folded)
                    if rest is not folded:
                        break
        return rest

    def learn(self, folded: bytes, frames: tuple[int, int]) -> int:
        """One more text. Returns how many before it began, or ended, as it does."""
        if self._all is None:
            self._all = Template(folded, folded)
        else:
            self._all.learn(folded)
        begins, ends = self._count(frames[0]), self._count(frames[1])
        if begins:
            self._learn(frames[0], folded)
        if ends:
            self._learn(~frames[1], folded)
        return max(begins, ends)

    def _learn(self, key: int, folded: bytes) -> None:
        template = self._some.get(key)
        if template is not None:
            template.learn(folded)
        elif len(self._some) < _MOST:
            self._some[key] = Template(folded, folded, texts=2)

    def _count(self, frame: int) -> int:
        """Returns how many there were. Where there is no room, the oldest of those that came once makes some."""
        seen = self._seen
        count = seen.get(frame, 0)
        if not count and len(seen) >= _MOST_SEEN:
            gone = next((one for one, times in seen.items() if times == 1), None)
            if gone is None:
                return 0
            del seen[gone]
        seen[frame] = count + 1
        return count


def common(one: bytes, other: bytes) -> int:
    """Bytes that both begin with."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def common_end(one: bytes, other: bytes) -> int:
    """Bytes that both end with."""
    return common(one[::-1], other[::-1])
