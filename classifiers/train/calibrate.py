"""Scores that mean what they say, and where to cut: fitted on texts that trained nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from classifiers.train.data import Row
from waf.classify.measure import threshold_at
from waf.classify.types import LABELS, SURFACES

Array = npt.NDArray[Any]

SHARE_TO_DEEP: Final = {
    "system": 0.11, "user": 0.06, "tool_result": 0.10, "document": 0.10, "tool_args": 0.06, "field": 0.04,
}  # fmt: skip
"""Benign texts of the development set that the gate may pass on. What stands in documents and results is read more often: it is
there that a few words decide. Twice as many found no more attacks at the same false positives; three windows of each did."""
WIDE_TO_DEEP: Final = {
    "system": 0.11, "user": 0.06, "tool_result": 0.20, "document": 0.20, "tool_args": 0.08, "field": 0.05,
}  # fmt: skip
"""The same of short texts. Half of the documents and a third of the results were written to be hard: most of those are read."""
FALSE_POSITIVES: Final = {
    "system": 0.009, "user": 0.0085, "tool_result": 0.008, "document": 0.008, "tool_args": 0.0095, "field": 0.006,
}  # fmt: skip
"""Benign texts of the development set that may score over the threshold."""
_ENOUGH: Final = 150
"""Benign texts of a surface from which on it has cuts of its own; with fewer it has those of all surfaces."""


def logistic(x: Array, attack: Array, weight: Array, middle: Array, pull: float) -> Array:
    """Weights of the columns of `x` that minimise the log loss of sigmoid(x @ weights), drawn to `middle`; Newton's method, with
    steps halved for as long as they overshoot."""

    def loss(at: Array) -> float:
        z = x @ at
        each = weight * np.logaddexp(0, np.where(attack > 0, -z, z))
        return float(each.sum() + pull / 2 * ((at - middle) ** 2).sum())

    place = middle
    for _ in range(60):
        p = 1 / (1 + np.exp(-np.clip(x @ place, -40, 40)))
        gradient = x.T @ (weight * (p - attack)) + pull * (place - middle)
        hessian = (x * (weight * p * (1 - p))[:, None]).T @ x + pull * np.eye(len(middle))
        step = np.linalg.solve(hessian, gradient)
        now = loss(place)
        while loss(place - step) > now and np.abs(step).max() > 1e-9:
            step = step / 2
        place = place - step
        if np.abs(step).max() < 1e-8:
            break
    return place


def platt(
    logits: Array, attack: Array, prior: tuple[float, float] = (1.0, 0.0), pull: float = 3.0
) -> tuple[float, float]:
    """(scale, shift) that minimise the log loss of sigmoid(scale * logit + shift), drawn to `prior`."""
    x = np.stack([logits, np.ones_like(logits)], 1).astype(float)
    place = logistic(x, attack, np.ones(len(x)), np.array(prior, float), pull)
    return max(float(place[0]), 0.05), float(place[1])


def fit(logits: Array, rows: Sequence[Row]) -> Array:
    """[surfaces, labels, 2]: each surface's own scale and shift, near those of all together where it has few texts."""
    attack = np.array([row.attack for row in rows], float)
    surface = np.array([SURFACES.index(row.surface) for row in rows])
    everywhere = platt(logits, attack)
    out = np.zeros((len(SURFACES), len(LABELS), 2), np.float32)
    for number in range(len(SURFACES)):
        mine = surface == number
        enough = mine.any() and 0 < attack[mine].sum() < mine.sum()
        out[number] = platt(logits[mine], attack[mine], everywhere) if enough else everywhere
    return out


def apply(logits: Array, calibration: Array, surfaces: Array) -> Array:
    """Probabilities [n] of the stronger label's logit."""
    scale, shift = calibration[surfaces, 0, 0], calibration[surfaces, 0, 1]
    return np.asarray(1 / (1 + np.exp(-np.clip(scale * logits + shift, -40, 40))))


def cuts(scores: Array, rows: Sequence[Row], rates: Mapping[str, float]) -> dict[str, float]:
    """By surface: the threshold that the given share of its benign texts is over."""
    benign = np.array([not row.attack and row.label == "benign" for row in rows], bool)
    surface = np.array([row.surface for row in rows], str)
    found = {}
    for name in SURFACES:
        mine = benign & (surface == name)
        chosen = mine if mine.sum() >= _ENOUGH else benign
        found[name] = float(np.clip(threshold_at(scores[chosen], rates[name]), 1e-4, 0.999))
    return found
