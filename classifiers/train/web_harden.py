"""Rewritings of SQL payloads that the head of an epoch finds harmless: what the next epoch is taught.

The same steps as the search that measures the firewall (`benchmarks/mutation_search.py`), with the head's log-odds alone as the
score, on payloads that train anyway.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from classifiers.corpus.web_mutate import MUTATORS
from classifiers.train.web_data import Row

Array = npt.NDArray[Any]

PAYLOADS: Final = 1_200
"""Payloads of one epoch,"""
ROUNDS: Final = 12
"""steps that each is taken,"""
TRIES: Final = 5
"""and rewritings of which a step keeps the one with the lowest score."""
LONGEST: Final = 400


def queries(rows: Sequence[Row]) -> list[str]:
    """Payloads of SQL among the rows, as they were written down."""
    return [
        row.values[0][0]
        for row in rows
        if row.attack and not row.bag and row.kind.startswith("sqli") and len(row.values[0][0]) <= LONGEST
    ]


def evading(payloads: Sequence[str], score: Callable[[Sequence[str]], Array], rng: random.Random) -> list[str]:
    """Of each payload the rewriting that scored lowest, where that is lower than the payload. `score`: texts → log-odds."""
    current = rng.sample(list(payloads), min(PAYLOADS, len(payloads)))
    if not current:
        return []
    first = best = score(current)
    for _ in range(ROUNDS):
        tried = [_step(text, rng) for text in current for _ in range(TRIES)]
        found = score(tried).reshape(len(current), TRIES)
        lowest = found.argmin(1)
        for i, choice in enumerate(lowest):
            if found[i, choice] < best[i]:
                current[i] = tried[i * TRIES + choice]
        best = np.minimum(best, found.min(1))
    return [text for text, before, after in zip(current, first, best, strict=True) if after < before]


def _step(text: str, rng: random.Random) -> str:
    for _ in range(rng.randint(1, 3)):
        text = rng.choice(MUTATORS)(text, rng)
    return text[: 2 * LONGEST]
