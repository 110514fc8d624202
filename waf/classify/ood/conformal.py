"""Scores → p-values with a guarantee, and how sure one can be of a measured rate.

Split conformal prediction: of n scores that took no part in the fitting, a new one from the same source is the largest with
probability 1 / (n + 1), whatever the scoring. So `p <= alpha` on such inputs happens at most as often as alpha says. With
weights the newest rows count most; then the guarantee holds up to how much the source changed. Sources: Vovk, Gammerman and
Shafer 2005; Barber et al. 2023 (weights); Clopper and Pearson 1934.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

LARGEST: Final = float(np.finfo(np.float32).max)
"""Score of what has not the reference's form, among calibration rows and new ones alike."""
_HALVINGS: Final = 60


def bounded(scores: Array) -> Array:
    """Scores with LARGEST for whatever is infinite or no number."""
    return np.where(np.isfinite(scores), scores, LARGEST)


class Calibration:
    """Scores of the calibration rows. `half_life`: rows after which one counts half, the last being the newest; 0: all count
    alike. `scores` are finite."""

    def __init__(self, scores: Sequence[float], half_life: float = 0.0) -> None:
        given = np.asarray(scores, float)
        order = np.argsort(given, kind="stable")
        self.scores = given[order]
        weights = np.ones(len(given))
        if half_life > 0:
            weights = 0.5 ** (np.arange(len(given))[::-1] / half_life)
        self._total = float(weights.sum())
        behind = np.cumsum(weights[order][::-1])[::-1]
        self._at_least = np.append(behind, 0.0)
        """Weight of the scores from each one on."""

    @property
    def least(self) -> float:
        """The smallest p-value there can be."""
        return 1 / (self._total + 1)

    def p(self, scores: Array) -> Array:
        """p-values [n] of scores [n]; what is not a number counts as infinitely strange."""
        clean = bounded(scores)
        found: Array = (1 + self._at_least[np.searchsorted(self.scores, clean, "left")]) / (self._total + 1)
        return found


def needed(alpha: float) -> int:
    """Calibration rows without which no p-value is as small as alpha."""
    return max(1, math.ceil(1 / alpha - 1 - 1e-9))


class Rate(NamedTuple):
    """`hits` of `total`, with the ends of the 95% interval."""

    hits: int
    total: int
    low: float
    high: float

    @property
    def value(self) -> float:
        return self.hits / self.total if self.total else math.nan


def rate(hits: int, total: int) -> Rate:
    """Clopper and Pearson's interval: never too narrow."""
    if not total:
        return Rate(0, 0, 0.0, 1.0)
    low = 0.0 if not hits else _where(0.025, hits, total - hits + 1)
    high = 1.0 if hits == total else _where(0.975, hits + 1, total - hits)
    return Rate(hits, total, low, high)


def _where(share: float, a: float, b: float) -> float:
    """At which x the beta distribution has `share` of its mass below."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if beta_below(middle, a, b) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def beta_below(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function, by its continued fraction (Lentz's method)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_below(1 - x, b, a)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)) / a
    tiny = 1e-300
    c, d = 1.0, 1 / max(1 - (a + b) * x / (a + 1), tiny)
    result = d
    for m in range(1, 2000):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / (1 + term * d or tiny)
            c = 1 + term / c or tiny
            result *= d * c
        if abs(d * c - 1) < 1e-12:
            break
    return front * result
