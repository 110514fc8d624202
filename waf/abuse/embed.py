"""Texts and tensors as short vectors whose distances are nearly those of what they stand for. Pure.

A text becomes a count sketch of its four-letter sequences (Charikar, Chen and Farach-Colton 2002), which keeps distances
within about a tenth; a row of numbers is projected at random onto as many dimensions (Johnson and Lindenstrauss 1984;
Achlioptas 2003).
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import lru_cache
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]

DIM: Final = 32
MOST_TEXT: Final = 1_024
"""Bytes of a text that are looked at: the first three quarters of them and the last."""
_BEGINNING, END = 768, 256
WIDE: Final = 1_024
"""Elements from which on a tensor is folded to this many before it is projected."""
FRAME: Final = 24
"""Bytes at either end of a text that say from which template it is."""
_BINS: Final = 2 * DIM
"""The first half of them adds to an element, the other takes away from it."""
_GRAM: Final = 4
_LARGEST: Final = 1e15
_OUTLYING: Final = 8.0
"""Deviations of the nearer three quarters of the rows beyond which an element counts no more for a scale."""
_ONE_KIND: Final = 4.0
"""Elements are of one kind where those that vary much do not vary more than this many times as much as most."""

# Odd numbers that hash a sequence of four bytes, read as a number, to six bits. As constants, because to make one takes as
# long as an addition.
_FIRST, _LAST = np.uint32(0x9E3779B1), np.uint32(0x2C1B3C6D)
_MIX, _TOP = np.uint32(15), np.uint32(26)

_FOLD: Final = bytes(
    byte + 32 if 65 <= byte <= 90 else 48 if 48 <= byte <= 57 else byte if byte >= 128 or 97 <= byte <= 122 else 32
    for byte in range(256)
)
"""Lower case, every digit a 0, everything else but letters a blank."""


@lru_cache(64)
def projection(size: int) -> Vector:
    """[size, 32], the same in every process; entries of variance 1/32."""
    signs = np.random.default_rng(size).integers(0, 2, (size, DIM), dtype=np.int8)
    return np.ascontiguousarray((signs * 2 - 1) / np.sqrt(DIM), dtype=np.float32)


@lru_cache(4)
def _signs(size: int) -> Vector:
    return (np.random.default_rng(size + 1).integers(0, 2, size, dtype=np.int8) * 2 - 1).astype(np.float32)


def encoded(text: str) -> bytes:
    """As it is sent; half of a surrogate pair, too."""
    return text.encode("utf-8", "surrogatepass")


def fold_text(data: bytes) -> bytes:
    """A text with what perturbations play with taken away: case, digits, punctuation; cut in the middle."""
    if len(data) > MOST_TEXT:
        data = data[:_BEGINNING] + data[-END:]
    return data.translate(_FOLD)


def embed_texts(folded: Sequence[bytes]) -> Vector:
    """[n, 32], each of length about 1. Texts under four bytes are padded with blanks. Many at once cost a quarter of what they do
    one by one."""
    padded = [text if len(text) >= _GRAM else text.ljust(_GRAM) for text in folded]
    data, count = b"".join(padded), len(padded)
    grams = np.ndarray((len(data) - _GRAM + 1,), "<u4", data, 0, (1,)) * _FIRST
    grams ^= grams >> _MIX
    grams *= _LAST
    grams >>= _TOP
    bins = grams.astype(np.intp)
    if count > 1:
        lengths = np.array([len(text) for text in padded])
        bins += np.repeat(np.arange(0, _BINS * count, _BINS), lengths)[: len(bins)]
        # Sequences that begin in one text and end in the next go where nobody looks.
        bins[np.add.outer(np.cumsum(lengths[:-1]), -np.arange(1, _GRAM))] = _BINS * count
    counts = np.bincount(bins, minlength=_BINS * count)[: _BINS * count].reshape(count, 2, DIM)
    points: Vector = (counts[:, 0] - counts[:, 1]).astype(np.float32)
    points /= np.maximum(np.sqrt(np.einsum("ij,ij->i", points, points)), 1e-6)[:, None]
    return points


def embed_text(folded: bytes) -> Vector:
    """[32] of one text."""
    point: Vector = embed_texts([folded])[0]
    return point


def frames(folded: bytes) -> tuple[int, int]:
    """Hashes of the beginning and of the end."""
    return crc32(folded[:FRAME]), crc32(folded[-FRAME:])


def rows_of(values: array[float], count: int, most: int) -> NDArray[np.float64]:
    """[n, d]: at most `most` of the `count` rows that an array holds, evenly chosen; what is not finite is 0, and what is huge is
    as large as can be reckoned with."""
    rows = np.frombuffer(values, dtype=np.float64).reshape(count, -1)
    if count > most:
        rows = rows[np.linspace(0, count - 1, most).astype(np.intp)]
    return tame(rows)


def tame(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Without what is not finite, or so large that its square is not."""
    if rows.size and np.abs(rows).max() <= _LARGEST:
        return rows
    return np.clip(np.nan_to_num(rows, nan=0.0, posinf=0.0, neginf=0.0), -_LARGEST, _LARGEST)


def fold_row(row: NDArray[np.float64]) -> Vector:
    """At most 1,024 elements that keep distances: a count sketch (Charikar, Chen and Farach-Colton 2002)."""
    size = len(row)
    if size <= WIDE:
        return row.astype(np.float32)
    signed = row.astype(np.float32) * _signs(size)
    padded = np.zeros(-(-size // WIDE) * WIDE, dtype=np.float32)
    padded[:size] = signed
    return np.asarray(padded.reshape(-1, WIDE).sum(axis=0), dtype=np.float32)


def embed_rows(rows: NDArray[np.float32], centre: Vector, scale: Vector) -> Vector:
    """[n, 32], of rows [n, d] that are first brought to the scale of what is usual: none of their elements counts for more than
    eight times that."""
    standard = (rows - centre) * scale
    np.clip(standard, -8.0, 8.0, out=standard)
    return np.asarray(standard @ projection(standard.shape[1]), dtype=np.float32)


def scale_of(rows: NDArray[np.float32]) -> tuple[Vector, Vector]:
    """Centre and factor for each element, from rows [n, d]. Elements of one kind (pixels, say) share a factor, so that one
    which hardly ever varies is not blown up; columns of a table each get their own. A quarter of the rows may be anything:
    whoever comes first must not be able to make all others look alike."""
    centre = np.median(rows, axis=0).astype(np.float32)
    apart = np.abs(rows - centre)
    nearer = np.sqrt((np.sort(apart, axis=0)[: -(-3 * len(rows) // 4)] ** 2).mean(axis=0))
    usual = float(np.median(nearer[nearer > 1e-9])) if (nearer > 1e-9).any() else np.inf
    # Of an element that is nearly always the same, an unusual value is as large as those of others.
    apart = np.minimum(apart, _OUTLYING * np.where(nearer > 1e-9, nearer, usual))
    spread = np.sqrt((apart**2).mean(axis=0))
    varied = spread[spread > 1e-9]
    if not len(varied):
        return centre, np.ones(rows.shape[1], dtype=np.float32)
    middle, high = np.quantile(varied, [0.5, 0.9])
    # The lower half is not asked: pixels at the rim of a picture may hardly vary.
    if high < _ONE_KIND * middle:
        common = float(np.sqrt((varied**2).mean()))
        return centre, np.full(rows.shape[1], 1 / common, dtype=np.float32)
    return centre, (1 / np.where(spread > 1e-9, spread, np.median(varied))).astype(np.float32)
