"""The gate's features: hashed words, their beginnings and ends, and pairs of neighbours, by array operations only.

A Python statement per character would cost more than the model, so a text is folded by one table look-up, cut into words
by comparing neighbours, and each word hashed by the difference of two running sums. Letters of scripts that write no
blanks, and signs, are words of their own. Case, invisible characters, stacked marks, runs of blanks and which digit it is
make no difference. Sources: Weinberger et al. 2009 (hashing), Karp and Rabin 1987 (running hash).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

KINDS: Final = 6
"""Features of one word: the word, its first four characters, its last three, the pair with the word before it, the pair with
the one before that, and the triple. A stage uses the first few of them."""
BITS: Final = (16, 14, 14, 16, 16, 16)
"""Rows of the table for each kind, as powers of two. Beginnings and ends share theirs."""
OFFSETS: Final = (
    1,
    1 + (1 << 16),
    1 + (1 << 16),
    1 + (1 << 16) + (1 << 14),
    1 + (2 << 16) + (1 << 14),
    1 + (3 << 16) + (1 << 14),
)
"""Where the rows of a kind begin; row 0 stands for nothing."""


def rows_of(kinds: int) -> int:
    """Rows of a table for the first `kinds` kinds."""
    return OFFSETS[kinds - 1] + (1 << BITS[kinds - 1])


Array = npt.NDArray[Any]

_KNOWN: Final = 0x20000
_GONE, _BLANK, _LETTER, _SIGN, _ALONE = 0, 1, 2, 3, 4
_FOLDED: Final = {
    "\u2018": "'",
    "\u2019": "'",
    "\u201a": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u201e": '"',
} | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015", "-")
_ALONE_RANGES: Final = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x2E80, 0xA4CF), (0xAC00, 0xD7AF), (0xF900, 0xFAFF),
    (0x1F000, 0x1FFFF),
)  # fmt: skip
"""Thai, Lao, Burmese, Khmer, East Asian scripts and emoji."""
_PRIME: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX: Final = np.uint64(0xC2B2AE3D27D4EB4F)


class Fold(NamedTuple):
    """By code point below _KNOWN: what it becomes, and what kind of character that is."""

    to: npt.NDArray[np.uint64]
    kind: npt.NDArray[np.uint8]


@cache
def fold_table() -> Fold:
    to, kind = np.zeros(_KNOWN, np.uint64), np.zeros(_KNOWN, np.uint8)
    for code in range(_KNOWN):
        char = chr(code)
        char = _FOLDED.get(char, char)
        whole = char if code < 128 else unicodedata.normalize("NFKC", char)
        char = (whole[:1] or char).lower()[:1]
        category = unicodedata.category(char)
        if char == "\n":
            kind[code], to[code] = _SIGN, 10
        elif category in ("Zs", "Cc", "Zl", "Zp"):
            kind[code], to[code] = _BLANK, 32
        elif category in ("Cf", "Mn", "Me", "Cs", "Cn", "Co"):
            kind[code] = (
                _GONE if category in ("Cf", "Me") or 0x300 <= ord(char) < 0x370 or category == "Cs" else _LETTER
            )
            to[code] = ord(char)
        else:
            letter = category[0] == "L" or category[0] == "M" or category in ("Nl", "No", "Lm")
            kind[code] = _LETTER if letter or category == "Nd" else _SIGN
            to[code] = 48 if category == "Nd" else ord(char)
        if kind[code] != _GONE and any(first <= ord(char) <= last for first, last in _ALONE_RANGES):
            kind[code] = _ALONE
    return Fold(to, kind)


@cache
def _powers(size: int) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """Powers of an odd number modulo 2**64, and their inverses."""
    base, inverse = int(_PRIME) | 1, pow(int(_PRIME) | 1, -1, 1 << 64)
    up, down = [1], [1]
    for _ in range(size):
        up.append(up[-1] * base % (1 << 64))
        down.append(down[-1] * inverse % (1 << 64))
    return np.array(up, np.uint64), np.array(down, np.uint64)


BLOCK: Final = 4096
"""Characters that are hashed in one go; a word at the seam is cut."""


def features(text: str, kinds: int = KINDS) -> npt.NDArray[np.int32]:
    """`kinds` rows of the table for each word of `text`, one word behind the other: int32 [words * kinds]."""
    codes = _codes(text)
    if len(codes) <= BLOCK:
        return _rows(_words(codes, _ONE_TEXT)[0], kinds).reshape(-1)
    parts = [_words(codes[at : at + BLOCK], _ONE_TEXT)[0] for at in range(0, len(codes), BLOCK)]
    return _rows(_Words(*(np.concatenate(column) for column in zip(*parts, strict=True))), kinds).reshape(-1)


def features_of(texts: Sequence[str], kinds: int = KINDS) -> list[npt.NDArray[np.int32]]:
    """`features` of each text. Short ones are looked at together: the operations cost as much on one of them as on a few."""
    found: list[npt.NDArray[np.int32]] = []
    group: list[str] = []
    room = BLOCK
    for text in texts:
        if group and len(text) >= room:
            found += _together(group, kinds)
            group, room = [], BLOCK
        group.append(text)
        room -= len(text) + 1
    return found + _together(group, kinds) if group else found


def _together(texts: Sequence[str], kinds: int) -> list[npt.NDArray[np.int32]]:
    if len(texts) == 1:
        return [features(texts[0], kinds)]
    begins = np.cumsum([0, *(len(text) + 1 for text in texts[:-1])])
    words, firsts = _words(_codes(" ".join(texts)), begins)
    rows = _rows(words, kinds, firsts)
    ends = [*firsts.tolist()[1:], len(rows)]
    return [rows[first:end].reshape(-1) for first, end in zip(firsts.tolist(), ends, strict=True)]


def _codes(text: str) -> Array:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")


class _Words(NamedTuple):
    """Hash of each word, of its beginning and of its end: uint64."""

    whole: Array
    begin: Array
    end: Array


_NO_WORDS: Final = _Words(*[np.zeros(0, np.uint64)] * 3)
_ONE_TEXT: Final = np.zeros(1, np.int64)


def _words(codes: Array, begins: Array) -> tuple[_Words, Array]:
    """The words, and which of them is the first at or behind each of `begins`, indexes of characters."""
    fold = fold_table()
    codes = np.minimum(codes, _KNOWN - 1)
    kind = fold.kind[codes]
    to = fold.to[codes]
    if not kind.all():
        real = kind.nonzero()[0]
        kind, to = kind[real], to[real]
        begins = np.searchsorted(real, begins)
    size = len(kind)
    if not size:
        return _NO_WORDS, np.zeros_like(begins)
    letter = kind == _LETTER
    first = kind != _BLANK
    first[1:] &= ~(letter[1:] & letter[:-1])
    first[1:] &= (to[1:] != to[:-1]) | (kind[1:] != _SIGN)
    starts = first.nonzero()[0]
    if not len(starts):
        return _NO_WORDS, np.zeros_like(begins)
    change = np.ones(size, bool)
    change[:-1] = ~(letter[1:] & letter[:-1])
    ends = change.nonzero()[0]
    ends = ends[np.searchsorted(ends, starts)] + 1
    up, down = _powers(BLOCK)
    sums = np.zeros(size + 1, np.uint64)
    np.cumsum(to * up[:size], out=sums[1:])
    back = down[starts]
    base = sums[starts]
    whole = (sums[ends] - base) * back
    begin = (sums[np.minimum(starts + 4, ends)] - base) * back
    tail = np.maximum(ends - 3, starts)
    end = (sums[ends] - sums[tail]) * down[tail]
    firsts = np.searchsorted(starts, begins) if len(begins) > 1 else begins
    return _Words(whole, begin, end), firsts


def _rows(words: _Words, kinds: int, firsts: Array | None = None) -> npt.NDArray[np.int32]:
    """Each hash stirred, and its upper bits taken: int32 [words, kinds]. `firsts`: words that begin a text of their own, so
    that the one before is no neighbour."""
    whole, begin, end = words
    hashes = [whole, begin + np.uint64(1), end * _PRIME]
    pair = whole * _PRIME
    pair[1:] += whole[:-1]
    if firsts is not None:
        apart = np.unique(firsts[(firsts > 0) & (firsts < len(whole))])
        pair[apart] -= whole[apart - 1]
    hashes.append(pair)
    if kinds > len(hashes):
        skip = whole * _MIX + np.uint64(3)
        skip[2:] += whole[:-2]
        triple = pair * _PRIME + np.uint64(7)
        triple[2:] += whole[:-2]
        if firsts is not None:
            apart = np.unique(np.concatenate([apart, apart + 1]))
            apart = apart[(apart > 1) & (apart < len(whole))]
            skip[apart] -= whole[apart - 2]
            triple[apart] -= whole[apart - 2]
        hashes += [skip, triple]
    out = np.empty((len(whole), kinds), np.int32)
    for kind in range(kinds):
        out[:, kind] = OFFSETS[kind] + _top(hashes[kind] * _MIX, BITS[kind]).astype(np.int32)
    return out


def _top(hashes: Array, bits: int) -> Array:
    stirred: Array = (hashes ^ (hashes >> np.uint64(29))) * _PRIME >> np.uint64(64 - bits)
    return stirred


def word_row(word: str) -> int:
    """The table's row for a whole word; 0 if `word` is not one word to the gate."""
    found = features(word, 1)
    return int(found[0]) if len(found) == 1 else 0
