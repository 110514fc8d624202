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
from waf.classify.ood import odd, scoring, vectors
from waf.classify.ood.graph import Graph
from waf.classify.ood.learned import Network, train
from waf.classify.ood.scoring import MOST, Parts, Plain, Shape, Weights, bent, distances, score, start
from waf.classify.ood.structure import SHORT, Sides
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
LEARNED: Final = 1200
"""Rows that the network's strange rows are made of, at most."""
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
    held: Array
    """Of each row its score by what was fitted on the other folds, NaN where there were none."""


class Measure(NamedTuple):
    """A graph that gives the distances, fitted on some rows."""

    graph: Graph
    joined: str
    names: tuple[str, ...]
    model: OnnxModel
    seen: Frame
    array: bool


def fit(
    rows: Array,
    seed: int = 0,
    *,
    folds: npt.NDArray[np.int64] | None = None,
    rising: tuple[int, int] = (0, 0),
    strange_rows: Sequence[Array] = (),
) -> Fitted:
    """The graph `x` float32 [n, d] → `score` [n, 1], `beyond` [n, c]. `rows`: finite float64 [n, d], n >= 10.

    `folds`: the number of each row's fold; then every row also gets a score by what was fitted without its fold.
    `rising`: features of which only large values are strange. `strange_rows`: beside the kinds of `odd`.
    """
    draw = np.random.default_rng(seed)
    rows = np.clip(rows, -MOST, MOST)
    if folds is None:
        rows = rows[draw.permutation(len(rows))[: max(64, min(ROWS, VALUES // rows.shape[1]))]]
        few = len(rows) < FEW
        places = np.array_split(np.arange(len(rows)), FOLDS) if few else [np.arange(int(len(rows) * HELD))]
    else:
        few = True
        places = [part for i in range(int(folds.max()) + 1) if len(part := np.flatnonzero(folds == i))]
    usual: list[Array] = []
    strange: list[list[Array]] = [[] for _ in (*odd.KINDS, *strange_rows)]
    fewest = len(rows) - max(map(len, places))
    whole = rows.shape[1] <= min(vectors.WHOLE, fewest // 3)  # one answer for all parts: their distances are joined
    for part in places:
        measure = _measure(draw.permutation(np.delete(rows, part, 0)), rising, strange_rows, draw, whole=whole)
        usual.append(_distances(measure, rows[part]))
        others = [make(rows[part], measure.seen, draw) for make in odd.KINDS.values()]
        for made, other in zip(strange, [*others, *strange_rows], strict=True):
            made.append(_distances(measure, other[:ODD_ROWS]))
    if few:
        measure = _measure(draw.permutation(rows), rising, strange_rows, draw, whole=whole)
    weights = _weights(usual, strange)
    result, beyond = score(measure.graph, measure.joined, weights)
    outputs = {"score": (result, 1), "beyond": (beyond, len(measure.names))}
    model = measure.graph.model({"x": rows.shape[1]}, outputs)
    held = np.full(len(rows), np.nan)
    if folds is not None:
        for i, part in enumerate(places):  # by weights, too, in which these rows have no part
            apart = _weights(usual[:i] + usual[i + 1 :], [each[:i] + each[i + 1 :] for each in strange])
            held[part] = bent(usual[i], apart) @ apart.weights
    return Fitted(model, measure.names, tuple(map(float, weights.weights)), measure.array, held)


def _weights(usual: list[Array], strange: list[list[Array]]) -> Weights:
    """From the distances of usual rows, in parts, and of strange ones by kind, in parts."""
    together = np.concatenate(usual)
    middle = np.median(together, 0)
    scale = np.maximum(np.quantile(together, 0.9, 0) - middle, 1e-3 + 0.02 * np.abs(middle))
    equal = Weights(middle, scale, np.ones(together.shape[1] + 1))
    found = _weigh(bent(together, equal), [bent(np.concatenate(each), equal) for each in strange])
    return equal._replace(weights=found)


def run(model: bytes, rows: Array) -> dict[str, Array]:
    """A graph's outputs on rows [n, d], however many."""
    return _run(_loaded(model), rows)


def _loaded(model: bytes) -> OnnxModel:
    return OnnxModel(Path("calibration"), data=model)


def _run(loaded: OnnxModel, rows: Array) -> dict[str, Array]:
    x = np.ascontiguousarray(np.clip(rows, -MOST, MOST), np.float32)
    pieces = [loaded.run({"x": x[at : at + CHUNK]}) for at in range(0, max(1, len(x)), CHUNK)]
    return {name: np.concatenate([piece[name] for piece in pieces]).astype(float) for name in loaded.outputs}


def _measure(
    known: Array, rising: tuple[int, int], strange_rows: Sequence[Array], draw: odd.Draw, *, whole: bool
) -> Measure:
    seen, array, d = vectors.frame(known), vectors.is_array(known), known.shape[1]
    parts = Parts(seen, _sides(known) if array else None, rising=rising)
    built = start(parts)
    about = built.structure
    first = run(built.graph.model({"x": d}, {"z": (built.z, d), "stats": (about.stats, about.size)}), known)
    parts = _learn(parts, first["z"], first["stats"], whole=whole)
    parts = parts._replace(plain=_plain(parts, first["z"], known))
    parts = parts._replace(network=_network(parts, first["z"], known, strange_rows, draw))
    built = start(parts)
    found = distances(built, parts)
    joined = built.graph.node("Concat", *found.values(), axis=1)
    names = scoring.names(found)
    model = built.graph.model({"x": d}, {"distances": (joined, len(names))})
    return Measure(built.graph, joined, names, _loaded(model), seen, array)


def _plain(parts: Parts, z: Array, known: Array) -> Plain:
    own = z if parts.sides is None else parts.sides.levelled(known)
    own = own[: vectors.NEIGHBOURS]
    if own.shape[1] <= SHORT:
        return Plain(own, None)
    found = vectors.directions(own)
    t = (own - found.mean) @ found.axes
    left = np.sqrt(((own - found.mean - t @ found.axes.T) ** 2).sum(1, keepdims=True))
    return Plain(np.concatenate([t, left], 1), found)


def _network(parts: Parts, z: Array, known: Array, strange_rows: Sequence[Array], draw: odd.Draw) -> Network:
    """On the scaled features, or on the principal ones where there are many."""
    main = parts.directions
    if main is None:
        raise ValueError("the network comes after the directions")
    some = known[:LEARNED]
    made = [parts.frame.bent(make(some, parts.frame, draw)[: LEARNED // 2]) for make in odd.KINDS.values()]
    made += [parts.frame.bent(each) for each in strange_rows]
    if z.shape[1] > vectors.WHOLE:
        to = main.axes / np.sqrt(main.variance * main.axes.shape[1])
        z, made = (z - main.mean) @ to, [(each - main.mean) @ to for each in made]
    return train(z, made, int(draw.integers(1 << 31)))


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
    residual = max(float(np.median(left)), 1e-4 * float(z.std()), 1e-6)
    last = np.log(left / residual + 0.05)[:, None]
    half = np.concatenate([(z - found.mean) @ scoring.halved(found), last], 1)[: vectors.NEIGHBOURS]
    precision = None
    white = t / np.sqrt(found.variance * t.shape[1])
    if whole:
        precision = vectors.precision(z)
        white = (z - found.mean) @ np.linalg.cholesky(precision)
    middle = np.median(stats, 0)
    scale = np.maximum(1.4826 * np.median(np.abs(stats - middle), 0), 0.5 * stats.std(0))
    scale = np.maximum(scale, 1e-2)
    y = np.clip((stats - middle) / scale, -30, 30)
    cov = np.atleast_2d(np.cov(y.T)) + 0.05 * np.eye(y.shape[1])
    shape = Shape(middle, scale, y.mean(0), np.linalg.cholesky(np.linalg.inv(cov)))
    return parts._replace(
        directions=found,
        residual=residual,
        precision=precision,
        shape=shape,
        half=half,
        white=white[: vectors.NEIGHBOURS],
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
