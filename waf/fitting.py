"""The fit of learned scoring: logistic regression with weights of at least zero, drawn towards what the rules' authors thought.

Projected gradient with momentum (Beck and Teboulle 2009) on the mean loss of both classes, each with half of the weight, and a
penalty on the distance from the prior: a rule that no recorded request triggers keeps its prior weight.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from waf.learned import FORMAT, HEAD, SPAN, Feature, Weights

Array = npt.NDArray[Any]
Request = Mapping[str, Feature]

POINT: Final = 0.9
"""Prior weight of a point: a critical rule's five are 4.5 on the scale of log-odds."""
CRS_RULE: Final = 2.0
"""Prior weight of a rule of the CRS."""
HEAD_WEIGHT: Final = 0.55
"""Prior weight of the head's log-odds above what it gives harmless values."""
BIAS: Final = -4.0
PENALTY: Final = 2e-4
STEPS: Final = 600
FOLDS: Final = 5


class Matrix(NamedTuple):
    """Requests by features, the few entries that are not zero. The last column is the bias."""

    row: Array
    column: Array
    value: Array
    prior: Array
    names: tuple[str, ...]
    rows: int

    def times(self, weights: Array) -> Array:
        return np.bincount(self.row, weights[self.column] * self.value, self.rows)

    def back(self, residual: Array) -> Array:
        return np.bincount(self.column, residual[self.row] * self.value, len(self.prior))


def matrix(requests: Sequence[Request]) -> Matrix:
    """Features that only monitored rules have are left out."""
    names: dict[str, int] = {}
    prior: list[float] = []
    row, column, value = [], [], []
    for number, request in enumerate(requests):
        for name, feature in request.items():
            if feature.monitored:
                continue
            if name not in names:
                names[name] = len(names)
                scaled = (
                    HEAD_WEIGHT * SPAN if name == HEAD else CRS_RULE if feature.points < 0 else POINT * feature.points
                )
                prior.append(scaled)
            row.append(number)
            column.append(names[name])
            value.append(feature.value / SPAN if name == HEAD else feature.value)
    row += range(len(requests))
    column += [len(names)] * len(requests)
    value += [1.0] * len(requests)
    prior.append(BIAS)
    return Matrix(np.array(row), np.array(column), np.array(value), np.array(prior), tuple(names), len(requests))


def fit(data: Matrix, attack: Array, use: Array) -> Array:
    """Weights by column. `attack`, `use`: bool by row; only rows in use count. Raises ValueError when a class is missing."""
    share = np.where(attack, 0.5 / max(1, (attack & use).sum()), 0.5 / max(1, (~attack & use).sum())) * use
    if not (attack & use).any() or not (~attack & use).any():
        raise ValueError("a fit needs attacks and benign requests")
    penalty = np.full(len(data.prior), PENALTY)
    penalty[-1] = 0
    curvature = 0.25 * data.back(data.times(np.ones(len(data.prior))) * share) + penalty
    step = 1 / np.maximum(curvature, 1e-9)
    weights = before = data.prior.copy()
    momentum = 1.0
    for _ in range(STEPS):
        faster = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = weights + (momentum - 1) / faster * (weights - before)
        residual = (1 / (1 + np.exp(-np.clip(data.times(ahead), -60, 60))) - attack) * share
        moved = ahead - step * (data.back(residual) + penalty * (ahead - data.prior))
        moved[:-1] = np.maximum(moved[:-1], 0)
        before, weights, momentum = weights, moved, faster
    return weights


def out_of_fold(data: Matrix, attack: Array) -> Array:
    """Probability of each row by a fit on the others: every fifth row is one fold."""
    fold = np.arange(data.rows) % FOLDS
    scores = np.zeros(data.rows)
    for number in range(FOLDS):
        weights = fit(data, attack, fold != number)
        mine = fold == number
        scores[mine] = data.times(weights)[mine]
    return 1 / (1 + np.exp(-np.clip(scores, -60, 60)))


def cut(benign: Array, rate: float) -> float:
    """The lowest threshold that at most `rate` of `benign` probabilities reach."""
    allowed = int(rate * len(benign) + 1e-9)
    ordered = np.sort(benign)[::-1]
    highest = float(ordered[allowed]) if allowed < len(ordered) else 0.0
    return min(1.0, max(1e-6, highest + 1e-6))


def weights_of(data: Matrix, fitted: Array, threshold: float, trained: dict[str, Any]) -> Weights:
    """The file's content. Columns that were fitted are named; the rest keeps the priors."""
    found = {name: round(float(weight), 4) for name, weight in zip(data.names, fitted, strict=False)}
    head = found.pop(HEAD, HEAD_WEIGHT * SPAN) / SPAN
    return Weights(
        FORMAT,
        round(float(fitted[-1]), 4),
        threshold,
        round(head, 5),
        POINT,
        CRS_RULE,
        dict(sorted(found.items())),
        trained,
    )
