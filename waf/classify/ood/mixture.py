"""Reference vectors as a mixture of normal distributions: how densely they lie around a vector, each group with its own form.

One covariance for everything calls the gap between two groups usual. Every group's covariance is drawn towards the one that
all groups have in common, the more the fewer rows it has; how many groups there are and how much they share is what foretells
held-back rows best. Sources: Dempster, Laird and Rubin 1977 (the fit), Friedman 1989 (covariances drawn together).
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from waf.classify.ood.graph import Graph

Array = npt.NDArray[Any]
Groups = npt.NDArray[np.int64]

COUNTS: Final = (2, 3, 5, 8)
"""Of groups, beside one."""
SHARED: Final = (0.5, 4.0)
"""Rows per feature that the common covariance counts as, in each group's own."""
FEWEST: Final = 12
"""Rows of a group, on the average."""
ROWS: Final = 1024
CHOSEN_ON: Final = 600
STEPS: Final = 15
FLOOR: Final = 0.01
"""Of the mean variance, added to each."""


class Form(NamedTuple):
    """How many groups, and how much they share."""

    groups: int
    shared: float


class Mixture(NamedTuple):
    """Log-density at z: the largest over groups of `level - |(z - mean) @ whitening|² / 2`, without the constant of the size."""

    means: Array
    """[k, d]"""
    whitening: Array
    """[k, d, d]"""
    levels: Array
    """[k]"""

    def each(self, z: Array) -> Array:
        """Log-density of each group at rows [n, d]: [n, k]."""
        away = (z - self.means[:, None]) @ self.whitening
        found: Array = self.levels - 0.5 * np.einsum("knd,knd->nk", away, away)
        return found


def choose(z: Array, draw: np.random.Generator) -> Form:
    """Which form foretells half of the rows best that did not fit it, in turn. More groups are tried as long as they help."""
    z = z[draw.permutation(len(z))[:CHOSEN_ON]]
    half = np.arange(len(z)) % 2 == 0
    best, form = _foretold(z, half, Form(1, SHARED[0]), draw), Form(1, SHARED[0])
    for shared in SHARED:
        before = -np.inf
        for count in COUNTS:
            found = Form(count, shared)
            value = _foretold(z, half, found, draw) if len(z) >= 2 * FEWEST * count else -np.inf
            if value <= before:
                break
            before = value
            if value > best:
                best, form = value, found
    return form


def _foretold(z: Array, half: Array, form: Form, draw: np.random.Generator) -> float:
    """Sum of the log-densities of both halves by the other's mixture."""
    logs = [fit(z[one], form, groups(z[one], form.groups, draw)).each(z[~one]) for one in (half, ~half)]
    return sum(float(np.logaddexp.reduce(each, 1).sum()) for each in logs)


def fit(z: Array, form: Form, group: Groups) -> Mixture:
    """Of rows [n, d] on a scale of about one, beginning with a group [n] for each. Fits of almost the same rows that begin with
    the same groups find the same ones."""
    z = z[:ROWS]
    share = np.eye(form.groups)[group[:ROWS]]
    made = _update(z, share, form.shared)
    for _ in range(STEPS if form.groups > 1 else 0):
        logs = made.each(z)
        share = np.exp(logs - np.logaddexp.reduce(logs, 1)[:, None])
        made = _update(z, share, form.shared)
    return made


def groups(z: Array, count: int, draw: np.random.Generator) -> Groups:
    """Number of the group [n] that each row is in, by the nearest of some middles."""
    found: Groups = _near(z, _seeds(z, count, draw)).argmax(1)
    return found


def _seeds(z: Array, groups: int, draw: np.random.Generator) -> Array:
    """Rows far from each other (Arthur and Vassilvitskii 2007), then the means of what lies nearest to each, five times."""
    seeds = z[draw.integers(len(z), size=1)]
    while len(seeds) < groups:
        away = np.maximum(_squares(z, seeds).min(1), 0) + 1e-9
        seeds = np.concatenate([seeds, z[draw.choice(len(z), 1, p=away / away.sum())]])
    for _ in range(5):
        share = _near(z, seeds)
        size = share.sum(0)[:, None]
        seeds = np.where(size > 0, share.T @ z / np.maximum(size, 1), seeds)
    return seeds


def _near(z: Array, seeds: Array) -> Array:
    """[n, k]: 1 for the nearest seed."""
    found: Array = np.eye(len(seeds))[_squares(z, seeds).argmin(1)]
    return found


def _squares(z: Array, seeds: Array) -> Array:
    found: Array = (z**2).sum(1)[:, None] + (seeds**2).sum(1) - 2 * z @ seeds.T
    return found


def _update(z: Array, share: Array, shared: float) -> Mixture:
    n, d = z.shape
    size = share.sum(0) + 1e-9
    means = share.T @ z / size[:, None]
    scatter = []
    for mean, part in zip(means, share.T, strict=True):
        away = z - mean
        scatter.append((away * part[:, None]).T @ away)
    common = sum(scatter) / n
    few = min(0.5, d / (2 * n))
    common = (1 - few) * common + np.diag(few * np.diag(common) + FLOOR * max(float(np.diag(common).mean()), 1e-6))
    prior = shared * d
    whitening = np.array(
        [
            np.linalg.cholesky(np.linalg.inv((own + prior * common) / (rows + prior)))
            for own, rows in zip(scatter, size, strict=True)
        ]
    )
    levels = np.log(size / n) + np.log(np.diagonal(whitening, axis1=1, axis2=2)).sum(1)
    return Mixture(means, whitening, levels)


def block(mixture: Mixture, mean: Array) -> tuple[Array, Array]:
    """Matrix [d, k * d] and shift [k * d] that take `z - mean` to every group's whitened deviation, over √2."""
    k, d = mixture.means.shape
    matrix = mixture.whitening.transpose(1, 0, 2).reshape(d, k * d) * 0.5**0.5
    shift = -np.einsum("kd,kde->ke", mixture.means - mean, mixture.whitening).reshape(-1) * 0.5**0.5
    return matrix, shift


def node(graph: Graph, away: str, mixture: Mixture) -> str:
    """Minus the log-density [n, 1], from what `block` gives."""
    k, d = mixture.means.shape
    each = graph.node("Reshape", away, graph.constant([-1, k, d], "int64")) if k > 1 else away
    square = graph.node("ReduceSumSquare", each, axes=[2 if k > 1 else 1], keepdims=int(k == 1))
    found = graph.affine(square, 1.0, -mixture.levels)
    return graph.node("ReduceMin", found, axes=[1]) if k > 1 else found
