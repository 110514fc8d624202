"""English text → a vector of hashed word features, for the demo's sentiment model.

Words, pairs of words, and a mark on every word that follows a negation up to the end of its clause, so that "not good"
does not read like "good". Each feature falls into one of `SIZE` places by CRC-32, so there is no vocabulary to ship.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final
from zlib import crc32

import numpy as np
import numpy.typing as npt

SIZE: Final = 8192
MAX_WORDS: Final = 512

_TOKEN: Final = re.compile(r"[a-z]+(?:'[a-z]+)?|[.,;:!?]")
_NEGATIONS: Final = frozenset({"not", "no", "never", "nothing", "hardly", "without", "cannot", "neither", "nor"})
_CLAUSE_ENDS: Final = frozenset(".,;:!?") | {"but", "although", "though", "however"}

Vectors = npt.NDArray[np.float32]


def words(text: str) -> Iterator[str]:
    """Lower-case words; those under a negation begin with `not_`. At most `MAX_WORDS` tokens are read."""
    negated = False
    for count, found in enumerate(_TOKEN.finditer(text.lower().replace("’", "'"))):
        if count >= MAX_WORDS:
            return
        token = found.group()
        if token in _CLAUSE_ENDS:
            negated = False
        if not token[0].isalpha():
            continue
        if token in _NEGATIONS or token.endswith("n't"):
            negated = True
            yield token
        else:
            yield f"not_{token}" if negated else token


def features(text: str) -> Iterator[str]:
    """Single words and neighbouring pairs."""
    previous = "^"
    for word in words(text):
        yield word
        yield f"{previous} {word}"
        previous = word


def vectors(texts: Iterable[str]) -> Vectors:
    """One row of `SIZE` float32 for each text, of length 1 (0 for a text without words)."""
    rows = []
    for text in texts:
        row = np.zeros(SIZE, np.float32)
        for feature in features(text):
            row[crc32(feature.encode()) % SIZE] = 1.0
        norm = float(np.linalg.norm(row))
        rows.append(row / norm if norm else row)
    return np.stack(rows) if rows else np.zeros((0, SIZE), np.float32)
