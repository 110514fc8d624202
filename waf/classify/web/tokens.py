"""How the web-attack head reads a value: words, numbers and signs by a fixed vocabulary, in overlapping windows.

A word that the vocabulary lacks counts by its length alone, so that names, random strings and prose look alike and none can be
learned by heart. Of a number only its length counts. Case makes no difference.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from itertools import islice
from operator import eq
from typing import Final

import numpy as np
import numpy.typing as npt

LETTERS: Final = 17
"""Letters up to which words outside the vocabulary are told apart by length."""
DIGITS: Final = 11
"""Digits up to which numbers are."""
PAD, START, END, OTHER, FOREIGN = range(5)
"""Nothing; where a value begins and ends; a sign that the vocabulary lacks; a word with letters that are not ASCII."""
WORD: Final = 5
"""First id of words outside the vocabulary, by length."""
NUMBER: Final = WORD + LETTERS + 1
"""First id of numbers, by length."""
KNOWN: Final = NUMBER + DIGITS + 1
"""First id of the vocabulary."""
KINDS: Final = 2
"""A token is its row in the table and which earlier token it repeats."""
NEAR, FAR = 1, 2
"""It repeats the token two before (`1=1`), or the one four before (`'a'='a'`)."""
SAME: Final = 4
"""Values of the second kind."""
WINDOW: Final = 112
"""Tokens of a window, START and END counted."""
STEP: Final = 80
"""Tokens between the beginnings of two windows."""
MARGIN: Final = 7
"""Empty tokens behind the longest window of a block: a network without a mask sees the same end of every value, whatever stands
beside it in the block."""

Ids = npt.NDArray[np.int32]

_TOKEN: Final = re.compile(r"[a-z_]+|[0-9]+|[^\x00-\x7f]+| ?[^ a-z0-9_]")


def split(text: str) -> list[str]:
    """Words, numbers, and single signs, a sign with the one blank before it; a no-break space is a blank. Linear time."""
    return _TOKEN.findall(text.lower().replace("\xa0", " "))


class _Rows(dict[str, int]):
    """Rows by token; what the vocabulary lacks gets the row of its kind and length, and is not kept."""

    def __missing__(self, token: str) -> int:
        first = token[0]
        if first > "\x7f":
            return FOREIGN
        if "0" <= first <= "9":
            return NUMBER + min(len(token), DIGITS)
        if "a" <= first <= "z" or first == "_":
            return WORD + min(len(token), LETTERS)
        return OTHER


class Vocabulary:
    """Tokens by row; immutable. `words`: in the order of their rows, from KNOWN on."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = tuple(words)
        self.row = _Rows(zip(self.words, range(KNOWN, KNOWN + len(self.words)), strict=True)).__getitem__
        """Of one token."""

    @property
    def rows(self) -> int:
        """Rows of the whole table."""
        return KNOWN + len(self.words)

    def ids(self, tokens: Sequence[str]) -> Ids:
        """int32 [2, n + 2]: rows, with START before and END behind, and what each token repeats."""
        size = len(tokens)
        same: list[int] = [0, 0, 0, *map(eq, tokens, islice(tokens, 2, None)), 0] if size > 1 else [0] * (size + 2)
        far = [*map(eq, tokens, islice(tokens, 4, None))]
        if True in far:
            for place, repeated in enumerate(far, 5):
                same[place] += FAR * repeated
        return np.frombuffer(array("i", [START, *map(self.row, tokens), END, *same]), np.int32).reshape(2, size + 2)


def windows(ids: Ids, most: int) -> tuple[list[Ids], bool]:
    """Parts of at most WINDOW tokens that overlap, at most `most` of them, and whether there would have been more."""
    size = ids.shape[1]
    if size <= WINDOW:
        return [ids], False
    starts = range(0, size - WINDOW + STEP, STEP)
    return [ids[:, start : start + WINDOW] for start in starts[:most]], len(starts) > most


def block(parts: Sequence[Ids]) -> Ids:
    """Windows as int32 [n, 2, tokens], at least MARGIN of them PAD at the end."""
    size = max(part.shape[1] for part in parts) + MARGIN
    out = np.zeros((len(parts), KINDS, size), np.int32)
    for row, part in enumerate(parts):
        out[row, :, : part.shape[1]] = part
    return out
