"""Rows that are certainly strange, made from ordinary ones: what teaches a detector which of its parts to trust.

They stand for kinds of trouble, not for anybody's attack: relations broken, scale wrong, noise, and inputs inside the range
that are still no inputs (constant, saturated, alternating, one value far out).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from waf.classify.ood.vectors import Frame

Array = npt.NDArray[Any]
Draw = np.random.Generator


def _mixed(rows: Array, seen: Frame, draw: Draw) -> Array:
    """Every feature from another row: the marginals stay, the relations are gone."""
    return np.stack([rows[draw.permutation(len(rows)), j] for j in range(rows.shape[1])], 1)


def _swapped(rows: Array, seen: Frame, draw: Draw) -> Array:
    """Features in another order."""
    return rows[:, draw.permutation(rows.shape[1])]


def _half_mixed(rows: Array, seen: Frame, draw: Draw) -> Array:
    """Half of the features from one other row."""
    other = rows[draw.permutation(len(rows))]
    return np.where(draw.random(rows.shape[1]) < 0.5, rows, other)


def _noisy(rows: Array, seen: Frame, draw: Draw) -> Array:
    return np.asarray(rows + rows.std(0) * draw.standard_normal(rows.shape) * 0.7)


def _uniform(rows: Array, seen: Frame, draw: Draw) -> Array:
    return draw.uniform(seen.low, seen.high, rows.shape)


def _scaled(rows: Array, seen: Frame, draw: Draw) -> Array:
    return np.asarray(rows * draw.choice([0.1, 0.4, 2.5, 10.0, 100.0], (len(rows), 1)))


def _mirrored(rows: Array, seen: Frame, draw: Draw) -> Array:
    return seen.low + seen.high - rows


def _one_far(rows: Array, seen: Frame, draw: Draw) -> Array:
    """One feature a little beyond its range."""
    made = rows.copy()
    at = np.arange(len(rows)), draw.integers(0, rows.shape[1], len(rows))
    step = draw.uniform(1, 6, len(rows)) * np.maximum(seen.scale, rows.std(0))[at[1]]
    up = draw.random(len(rows)) < 0.5
    made[at] = np.where(up, seen.high[at[1]] + step, seen.low[at[1]] - step)
    return made


def _one_edge(rows: Array, seen: Frame, draw: Draw) -> Array:
    """A few features at an end of their range."""
    made = rows.copy()
    for _ in range(max(1, rows.shape[1] // 100)):
        at = np.arange(len(rows)), draw.integers(0, rows.shape[1], len(rows))
        made[at] = np.where(draw.random(len(rows)) < 0.5, seen.high[at[1]], seen.low[at[1]])
    return made


def _constant(rows: Array, seen: Frame, draw: Draw) -> Array:
    flat = draw.choice([0.0, 0.25, 0.5, 1.0], (len(rows), 1))
    return np.asarray(seen.low + flat * (seen.high - seen.low))


def _level(rows: Array, seen: Frame, draw: Draw) -> Array:
    return np.repeat(rows.mean(1, keepdims=True), rows.shape[1], 1)


def _saturated(rows: Array, seen: Frame, draw: Draw) -> Array:
    return np.where(rows > seen.middle, seen.high, seen.low)


def _alternating(rows: Array, seen: Frame, draw: Draw) -> Array:
    sign = np.where(np.arange(rows.shape[1]) % 2, 1.0, -1.0)
    return np.asarray(rows + rows.std(0) * sign * draw.uniform(0.4, 1.0, (len(rows), 1)))


def _between(rows: Array, seen: Frame, draw: Draw) -> Array:
    """Part of the way from one row to another: strange where the reference has gaps or bends."""
    way = draw.uniform(0.3, 0.7, (len(rows), 1))
    return np.asarray(way * rows + (1 - way) * rows[draw.permutation(len(rows))])


def _same_moments(rows: Array, seen: Frame, draw: Draw) -> Array:
    """A normal distribution with the reference's means and covariances: sums of many rows."""
    mean = rows.mean(0)
    made = draw.standard_normal((len(rows), len(rows))) @ (rows - mean) / np.sqrt(max(1, len(rows) - 1))
    return np.asarray(mean + made)


KINDS: Final[dict[str, Callable[[Array, Frame, Draw], Array]]] = {
    "mixed": _mixed,
    "half_mixed": _half_mixed,
    "swapped": _swapped,
    "noisy": _noisy,
    "uniform": _uniform,
    "scaled": _scaled,
    "mirrored": _mirrored,
    "one_far": _one_far,
    "one_edge": _one_edge,
    "constant": _constant,
    "level": _level,
    "saturated": _saturated,
    "alternating": _alternating,
    "between": _between,
    "same_moments": _same_moments,
}
"""(rows [n, d], what is known of the features, randomness) → strange rows [n, d]."""
