"""What all texts of a caller have in common: the instruction that a program writes before or behind each input. Pure.

A program's texts are as near to each other as what a thief sends, if its instruction is compared with itself. So it is taken
away, and what is left is compared with what others send. A thief gains little by sending one: what it sends beside is looked
at as if it were all. Where little is left, nothing is taken away, or a list of words in one place of a sentence would be
nothing odd.
"""

from __future__ import annotations

from typing import Final

import msgspec

LEAST_REST: Final = 32
"""Bytes that must be left."""
_LEAST: Final = 24
"""Bytes in common that are worth it."""
_TEXTS: Final = 4
"""Texts from which on it is believed,"""
_STRAYS: Final = 8
"""and one of how many may be without it."""


class Template(msgspec.Struct, eq=False, gc=False):
    """Of one caller, whose first text is given."""

    begins: bytes
    ends: bytes
    texts: int = 1
    strays: int = 0

    def rest(self, folded: bytes) -> bytes:
        """A text without it; all of it where it is not there, not yet believed, or nearly all that there is."""
        begin, end = len(self.begins), len(self.ends)
        if self.texts < _TEXTS or begin + end < _LEAST or len(folded) - begin - end < LEAST_REST:
            return folded
        if not (folded.startswith(self.begins) and folded.endswith(self.ends)):
            return folded
        return folded[begin : len(folded) - end]

    def learn(self, folded: bytes) -> None:
        """One more text."""
        if not (self.begins or self.ends):
            return
        self.texts += 1
        if folded.startswith(self.begins) and folded.endswith(self.ends):
            return
        begins, ends = _common(self.begins, folded), _common_end(self.ends, folded)
        if begins + ends >= _LEAST:
            self.begins, self.ends = self.begins[:begins], self.ends[len(self.ends) - ends :]
            return
        self.strays += 1
        if self.strays * _STRAYS > self.texts:
            self.begins = self.ends = b""


def _common(one: bytes, other: bytes) -> int:
    """Bytes that both begin with."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _common_end(one: bytes, other: bytes) -> int:
    """Bytes that both end with."""
    return _common(one[::-1], other[::-1])
