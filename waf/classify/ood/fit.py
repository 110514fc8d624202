"""Reference vectors → the graph that scores vectors.

A part of the rows teaches the distances, the rest says how large they usually are and, beside strange rows made from it,
which of them to trust. Of few rows every part is the rest once.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from waf.classify.onnx_model import OnnxModel
from waf.classify.ood import odd, vectors
from waf.classify.ood.graph import Graph
from waf.classify.ood.scoring import MOST, Near, Parts, Shape, Sides, Weights, bent, distances, score, start
from waf.classify.ood.vectors import Frame

Array = npt.NDArray[Any]

ROWS: Final = 4096
"""Rows that the distances are fitted on, at most; of arrays with many features fewer."""
VALUES: Final = 8 << 20
"""Rows times features of the same."""
FEW: Final = 1200
FOLDS: Final = 4
HELD: Final = 0.3
"""Share of the rows that tells how large the distances usually are, where there are more than FEW."""
ODD_ROWS: Final = 300
"""Strange rows of each kind."""
CHUNK: Final = 256
STEPS: Final = 400
LEAST: Final = 0.1
"""Weight that every distance keeps: what no strange row of ours shows may show another."""
PULL: Final = 0.1
"""How strongly weights are pulled to being equal."""


class Fitted(NamedTuple):
    """A scoring graph and what it was made of."""

    model: bytes
    names: tuple[str, ...]
    """Of the distances."""
    weights: tuple[float, ...]
    """Of each distance, and last of the largest."""
    array: bool


class Measure(NamedTuple):
    """A graph that gives the distances, fitted on some rows."""

    graph: Graph
    joined: str
    names: tuple[str, ...]
    model: OnnxModel
    seen: Frame
    array: bool


def fit(rows: Array, seed: int = 0, *, rising: tuple[int, int] = (0, 0), strange_rows: Sequence[Array] = ()) -> Fitted:
    """The graph `x` float32 [n, d] → `score` [n, 1], `beyond` [n, c]. `rows`: finite float64 [n, d], n >= 10.

    `rising`: features of which only large values are strange. `strange_rows`: beside the kinds of `odd`.
    """
    draw = np.random.default_rng(seed)
    rows = np.clip(rows, -MOST, MOST)
    most = max(64, min(ROWS, VALUES // rows.shape[1]))
    rows = rows[draw.permutation(len(rows))[:most]]
    usual: list[Array] = []
    strange: list[list[Array]] = [[] for _ in (*odd.KINDS, *strange_rows)]
    few = len(rows) < FEW
    parts = np.array_split(np.arange(len(rows)), FOLDS) if few else [np.arange(int(len(rows) * HELD))]
    fewest = len(rows) - max(map(len, parts))
    whole = rows.shape[1] <= min(vectors.WHOLE, fewest // 3)  # one answer for all parts: their distances are joined
    for part in parts:
        measure = _measure(np.delete(rows, part, 0), rising, whole=whole)
        usual.append(_distances(measure, rows[part]))
        others = [make(rows[part], measure.seen, draw) for make in odd.KINDS.values()]
        for made, other in zip(strange, [*others, *strange_rows], strict=True):
            made.append(_distances(measure, other[:ODD_ROWS]))
    if few:
        measure = _measure(rows, rising, whole=whole)
    together = np.concatenate(usual)
    middle = np.median(together, 0)
    scale = np.maximum(np.quantile(together, 0.9, 0) - middle, 1e-3 + 0.02 * np.abs(middle))
    weights = Weights(middle, scale, np.ones(len(measure.names) + 1))
    found = _weigh(bent(together, weights), [bent(np.concatenate(each), weights) for each in strange])
    result, beyond = score(measure.graph, measure.joined, weights._replace(weights=found))
    outputs = {"score": (result, 1), "beyond": (beyond, len(measure.names))}
    model = measure.graph.model({"x": rows.shape[1]}, outputs)
    return Fitted(model, measure.names, tuple(map(float, found)), measure.array)


def run(model: bytes, rows: Array) -> dict[str, Array]:
    """A graph's outputs on rows [n, d], however many."""
    return _run(_loaded(model), rows)


def _loaded(model: bytes) -> OnnxModel:
    return OnnxModel(Path("calibration"), data=model)


def _run(loaded: OnnxModel, rows: Array) -> dict[str, Array]:
    x = np.ascontiguousarray(np.clip(rows, -MOST, MOST), np.float32)
    pieces = [loaded.run({"x": x[at : at + CHUNK]}) for at in range(0, max(1, len(x)), CHUNK)]
    return {name: np.concatenate([piece[name] for piece in pieces]).astype(float) for name in loaded.outputs}


def _measure(known: Array, rising: tuple[int, int], *, whole: bool) -> Measure:
    seen, array, d = vectors.frame(known), vectors.is_array(known), known.shape[1]
    parts = Parts(seen, _sides(known) if array else None, rising=rising)
    built = start(parts)
    first = run(built.graph.model({"x": d}, {"z": (built.z, d), "stats": (built.stats, built.stats_size)}), known)
    parts = _learn(parts, first["z"], first["stats"], whole=whole)
    built = start(parts)
    found = distances(built, parts)
    joined = built.graph.node("Concat", *found.values(), axis=1)
    model = built.graph.model({"x": d}, {"distances": (joined, len(found))})
    return Measure(built.graph, joined, tuple(found), _loaded(model), seen, array)


def _distances(measure: Measure, rows: Array) -> Array:
    return _run(measure.model, rows)["distances"]


def _sides(rows: Array) -> Sides:
    level, spread = float(rows.mean()), float(rows.std()) or 1.0
    y = np.clip((rows - level) / spread, -50, 50)
    lags = vectors.lags(y)
    near = [lag for lag in lags if lag <= rows.shape[1] // 4]
    return Sides(level, spread, lags, vectors.prediction(y, near), near)


def _learn(parts: Parts, z: Array, stats: Array, *, whole: bool) -> Parts:
    """Directions, residuals, neighbours and the usual structure, from the first step's outputs on the known rows. `whole`: with
    the whole covariance."""
    found = vectors.directions(z)
    t = (z - found.mean) @ found.axes
    left = np.sqrt(((z - found.mean - t @ found.axes.T) ** 2).mean(1))
    residual = float(np.median(left)) or 1.0
    last = np.log(left / residual + 0.05)[:, None]
    root = np.sqrt(found.variance)
    spaces = [Near(s, np.concatenate([t * s, last], 1)[: vectors.NEIGHBOURS]) for s in (1 / root, 1 / np.sqrt(root))]
    precision = points = None
    if whole:
        precision = vectors.precision(z)
        points = ((z - found.mean) @ np.linalg.cholesky(precision))[: vectors.NEIGHBOURS]
    middle = np.median(stats, 0)
    scale = np.maximum(1.4826 * np.median(np.abs(stats - middle), 0), 0.5 * stats.std(0))
    scale = np.maximum(scale, 1e-2)
    y = np.clip((stats - middle) / scale, -30, 30)
    cov = np.atleast_2d(np.cov(y.T)) + 0.05 * np.eye(y.shape[1])
    shape = Shape(middle, scale, y.mean(0), np.linalg.cholesky(np.linalg.inv(cov)))
    return parts._replace(
        directions=found, residual=residual, precision=precision, shape=shape, near=tuple(spaces), whole=points
    )


def _weigh(usual: Array, strange: list[Array]) -> Array:
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
