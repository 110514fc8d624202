"""A text as a vector: what it looks like from outside, and how surprising its words and letters are to the reference.

Surprise is counted, not learned: in how many reference texts each word, its beginning, its end, its pairs with the words
before it, and each run of three characters occurs, over the hashed rows that the classifier's own features use
(`waf.classify.features`). A short text is judged more leniently than a long one, because a mean over few words says little.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from waf.classify.features import KINDS, features, rows_of

Array = npt.NDArray[Any]

READ: Final = 65_536
"""Characters of a text that are looked at: its beginning and its end, half each. A longer one counts as not judged whole."""
WORD_ROWS: Final = rows_of(KINDS)
RUN_BITS: Final = 16
RUNS: Final = 1 << RUN_BITS
TABLE: Final = WORD_ROWS + RUNS
"""Rows of the table of counts: hashed words, then hashed runs of three characters."""
PACKED: Final = 4_096
"""Characters that are compressed, to see how much of a text is repetition."""
_SPLIT: Final = np.uint32(0x9E3779B1)

_RANGES: Final = (
    (0x0080, 0x024F), (0x0250, 0x036F), (0x0370, 0x03FF), (0x0400, 0x052F), (0x0590, 0x05FF), (0x0600, 0x08FF),
    (0x0900, 0x0DFF), (0x0E00, 0x109F), (0x2000, 0x2BFF), (0x3040, 0x30FF), (0x2E80, 0x9FFF), (0xAC00, 0xD7FF),
    (0xE000, 0xFFFF), (0x10000, 0x1FFFF), (0x20000, 0x10FFFF),
)  # fmt: skip
"""Accented Latin, phonetic, Greek, Cyrillic, Hebrew, Arabic, Indic, South-East Asian, signs, kana, Han, Hangul, private,
emoji and other planes, the rest."""
_LOWER, _UPPER, _DIGIT, _BLANK, _LINE, _SENTENCE, _BRACKET, _SIGN, _CONTROL = range(9)
_CLASSES: Final = 9 + len(_RANGES) + 1
SURFACE: Final = _CLASSES + 7
COUNTED: Final = KINDS + 2
"""Kinds of surprise: of the word features, of a word given the one before it, and of runs of characters."""
SIZE: Final = SURFACE + 3 * COUNTED


class Counts(NamedTuple):
    """In how many of `texts` reference texts each row of the table occurs, and what surprise is usual."""

    texts: int
    table: npt.NDArray[np.uint32]
    middle: Array
    within: Array
    """Variance of one word's surprise around its text's mean, by kind."""
    between: Array
    """Variance of the texts' means, by kind."""


class Read(NamedTuple):
    """What is read of a text before anything is known about the reference."""

    surface: Array
    words: npt.NDArray[np.int32]
    """[words, KINDS] rows of the table."""
    runs: npt.NDArray[np.int64]


@cache
def _classes() -> npt.NDArray[np.uint8]:
    """By code point of the Basic Latin block."""
    table = np.full(128, _SIGN, np.uint8)
    for code in range(128):
        char = chr(code)
        if char.islower():
            table[code] = _LOWER
        elif char.isupper():
            table[code] = _UPPER
        elif char.isdigit():
            table[code] = _DIGIT
        elif char in " \t":
            table[code] = _BLANK
        elif char in "\r\n":
            table[code] = _LINE
        elif char in ".,;:!?'\"-":
            table[code] = _SENTENCE
        elif char in "()[]{}<>":
            table[code] = _BRACKET
        elif code < 32 or code == 127:
            table[code] = _CONTROL
    return table


_STARTS: Final = np.array([first for first, _ in _RANGES], np.uint32)


def read(text: str) -> Read:
    """Of at most READ characters. Pure; about a tenth of a millisecond for a sentence."""
    if len(text) > READ:
        text = text[: READ // 2] + text[-READ // 2 :]
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    words = features(text, KINDS).reshape(-1, KINDS)
    return Read(_surface(text, codes, len(words)), words, _runs(codes))


def _surface(text: str, codes: Array, words: int) -> Array:
    n = max(1, len(codes))
    shares = np.zeros(_CLASSES)
    plain = codes < 128
    shares[:9] = np.bincount(_classes()[codes[plain]], minlength=9)
    if not plain.all():
        block = np.searchsorted(_order_starts(), codes[~plain], "right")
        shares[9:] = np.bincount(_order()[block], minlength=_CLASSES - 9)
    packed = text[:PACKED].encode("utf-8", "surrogatepass")
    small = len(zlib.compress(packed, 1)) / (len(packed) + 12)
    same = float((codes[1:] == codes[:-1]).mean()) if len(codes) > 1 else 0.0
    distinct = len(set(text)) / np.sqrt(n)
    blanks = shares[_BLANK] + shares[_LINE]
    longest = max(map(len, text.split()), default=0)
    more = [
        np.log1p(len(codes)),
        np.log1p(words),
        np.log((n - blanks + 1) / (blanks + 1)),
        np.log1p(longest),
        small,
        same,
        distinct,
    ]
    return np.concatenate([np.sqrt(shares / n), more])


@cache
def _order_starts() -> npt.NDArray[np.uint32]:
    return np.sort(_STARTS)


@cache
def _order() -> npt.NDArray[np.int64]:
    """What lies below the first range is `other`, too."""
    return np.concatenate([[len(_RANGES)], np.argsort(_STARTS)])


def _runs(codes: Array) -> npt.NDArray[np.int64]:
    if len(codes) < 3:
        return np.zeros(0, np.int64)
    c = codes.astype(np.uint32)
    mixed = ((c[:-2] * np.uint32(0x01000193) ^ c[1:-1]) * np.uint32(0x01000193) ^ c[2:]) * _SPLIT
    return (mixed >> np.uint32(32 - RUN_BITS)).astype(np.int64) + WORD_ROWS


def count(texts: Sequence[Read]) -> Counts:
    """The table of a reference, and what surprise is usual in it when a text is not counted itself."""
    table = np.zeros(TABLE, np.uint32)
    for each in texts:
        table[np.unique(np.concatenate([each.words.reshape(-1), each.runs]))] += 1
    plain = Counts(len(texts), table, np.zeros(COUNTED), np.ones(COUNTED), np.ones(COUNTED))
    found = [_surprise(plain, each, 1) for each in texts]
    means, variances, sizes = (np.array([f[i] for f in found]) for i in range(3))
    middle = np.median(means, 0)
    within = np.maximum(variances.mean(0), 1e-3)
    usual = ((means - middle) ** 2).mean(0)
    between = np.maximum(usual - (within / np.maximum(sizes, 1)).mean(0), 0.1 * usual + 1e-4)
    return plain._replace(middle=middle, within=within, between=between)


def vector(counts: Counts, text: Read, own: int = 0) -> Array:
    """float64 [SIZE]. `own`: 1 for a text that is among the counted ones."""
    means, _, sizes, unseen = _surprise(counts, text, own)
    corrected = (means - counts.middle) / np.sqrt(counts.within / np.maximum(sizes, 1) + counts.between)
    return np.concatenate([text.surface, means, corrected, unseen])


def _surprise(counts: Counts, text: Read, own: int) -> tuple[Array, Array, Array, Array]:
    """Mean, variance, how many, and the share never seen, by kind."""
    seen = counts.table[text.words].astype(float) - own
    runs = counts.table[text.runs].astype(float) - own
    top = np.log(counts.texts + 1.0)
    means, variances, sizes, unseen = (np.zeros(COUNTED) for _ in range(4))
    if len(seen):
        each = top - np.log(seen + 0.5)
        given = np.log(seen[:-1, 0] + 1.0) - np.log(np.minimum(seen[1:, 3], seen[:-1, 0]) + 0.5)
        means[:KINDS], variances[:KINDS], sizes[:KINDS] = each.mean(0), each.var(0), len(each)
        unseen[:KINDS] = (seen < 0.5).mean(0)
        if len(given):
            means[KINDS], variances[KINDS], sizes[KINDS] = given.mean(), given.var(), len(given)
    if len(runs):
        each = top - np.log(runs + 0.5)
        means[-1], variances[-1], sizes[-1] = each.mean(), each.var(), len(each)
        unseen[-1] = (runs < 0.5).mean()
    return means, variances, sizes, unseen
