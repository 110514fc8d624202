"""What a detector's scores are worth: recall at a bound on false positives, AUROC, calibration, and intervals.

Sources: Wilson 1927 (intervals of a share), Fawcett 2006 (ROC), Naeini et al. 2015 (expected calibration error).
"""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

_Z: Final = 1.959963984540054
BINS: Final = 15

Array = npt.NDArray[Any]


class Share(NamedTuple):
    """`hits` of `total`, with the ends of the 95% interval; all NaN of nothing."""

    hits: int
    total: int
    value: float
    low: float
    high: float


def share(hits: int, total: int) -> Share:
    """Wilson's interval."""
    if not total:
        return Share(0, 0, math.nan, math.nan, math.nan)
    p = hits / total
    spread = _Z * math.sqrt(p * (1 - p) / total + _Z**2 / (4 * total**2))
    middle, scale = p + _Z**2 / (2 * total), 1 + _Z**2 / total
    return Share(hits, total, p, max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale))


def threshold_at(benign: Array, rate: float) -> float:
    """The lowest threshold that at most `rate` of `benign` scores are over; infinity where there are none."""
    if not len(benign):
        return math.inf
    allowed = math.floor(rate * len(benign) + 1e-9)
    return float(np.sort(benign)[::-1][allowed]) if allowed < len(benign) else -math.inf


def recall_at(attacks: Array, benign: Array, rate: float) -> Share:
    """Attacks that score over the threshold that `rate` of benign scores exceed."""
    return share(int((attacks > threshold_at(benign, rate)).sum()), len(attacks))


def auroc(attacks: Array, benign: Array) -> float:
    """The share of pairs in which the attack scores higher; half of the ties."""
    if not len(attacks) or not len(benign):
        return math.nan
    ordered = np.sort(benign)
    below = np.searchsorted(ordered, attacks, "left") + np.searchsorted(ordered, attacks, "right")
    return float(below.mean() / (2 * len(benign)))


def calibration_error(scores: Array, attack: Array) -> float:
    """Mean gap between score and share of attacks over BINS equal bins, weighted by their sizes."""
    if not len(scores):
        return math.nan
    bins = np.minimum((scores * BINS).astype(int), BINS - 1)
    counts = np.bincount(bins, minlength=BINS)
    gaps = np.abs(np.bincount(bins, scores, BINS) - np.bincount(bins, attack.astype(float), BINS))
    return float(gaps.sum() / counts.sum())
