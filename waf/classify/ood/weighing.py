"""How much each distance counts in the score: decided on rows that are certainly strange, and on groups of the reference that
a fit has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from waf.classify.ood.scoring import Weights, bent

Array = npt.NDArray[Any]

STEPS: Final = 400
LEAST: Final = 0.02
"""Weight that every distance keeps: what no strange row of ours shows may show another."""
PULL: Final = 0.03
"""How strongly weights are pulled to being equal."""
USUAL: Final = 0.95
"""Share of usual rows whose score is at most one."""
GAPS: Final = 3
"""How often groups that were left out count beside one kind of strange rows: they are the only ones that are not made up."""


class Gap(NamedTuple):
    """Distances [n, c] by a fit that lacks one group of the reference: of other rows that it has not seen, and of the group."""

    usual: Array
    strange: Array


class Seen(NamedTuple):
    """Distances [n, c] of a part of the reference, by a fit that lacks the part."""

    usual: Array
    strange: Sequence[Array]
    """Of each kind of strange rows."""
    gaps: Sequence[Gap]


def weigh(parts: Sequence[Seen], floor: Array | float = 0.0) -> Weights:
    """From all parts together. `floor`: of each distance [c + 1] the share of the largest weight that it gets on top.

    Whatever the weights, usual rows score up to about one: scores by the weights of some parts and by those of others can then
    be compared.
    """
    usual = np.concatenate([part.usual for part in parts])
    equal = _equal(usual)
    kinds = zip(*(part.strange for part in parts), strict=True)
    strange = [bent(np.concatenate(kind), equal) for kind in kinds]
    gaps = [gap for part in parts for gap in part.gaps]
    if gaps:  # a fit on fewer rows has a scale of its own
        own = _equal(np.concatenate([gap.usual for gap in gaps]))
        strange += [bent(np.concatenate([gap.strange for gap in gaps]), own)] * GAPS
    near = bent(usual, equal)
    found = _regressed(near, strange)
    found = found + floor * found.max()
    return equal._replace(weights=found / max(float(np.quantile(near @ found, USUAL)), 1e-6))


def _equal(usual: Array) -> Weights:
    middle = np.median(usual, 0)
    scale = np.maximum(np.quantile(usual, 0.9, 0) - middle, 1e-3 + 0.02 * np.abs(middle))
    return Weights(middle, scale, np.ones(usual.shape[1] + 1))


def _regressed(usual: Array, strange: list[Array]) -> Array:
    """Weights, none below LEAST, that tell usual rows from strange ones: logistic regression in which every kind of strange
    row counts alike, pulled towards equal weights."""
    x = np.concatenate([usual, *strange])
    y = np.concatenate([np.zeros(len(usual)), *(np.ones(len(each)) for each in strange)])
    share = np.concatenate(
        [np.full(len(usual), 0.5 / len(usual)), *(np.full(len(e), 0.5 / len(strange) / len(e)) for e in strange)]
    )
    size = x.shape[1]
    weights, offset = np.full(size, 1.0), -float(np.median(usual.sum(1))) - 2.0
    momentum, speed = np.zeros(size + 1), np.zeros(size + 1)
    for step in range(1, STEPS + 1):
        error = (1 / (1 + np.exp(-np.clip(x @ weights + offset, -40, 40))) - y) * share
        slope = np.append(x.T @ error + PULL * (weights - 1.0) / size, error.sum())
        momentum = 0.9 * momentum + 0.1 * slope
        speed = 0.99 * speed + 0.01 * slope**2
        move = 0.05 * (momentum / (1 - 0.9**step)) / (np.sqrt(speed / (1 - 0.99**step)) + 1e-9)
        weights, offset = np.maximum(weights - move[:-1], LEAST), offset - move[-1]
    return weights
