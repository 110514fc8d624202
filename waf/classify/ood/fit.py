"""Reference vectors → the graph that scores vectors.

A part of the rows teaches the distances, the rest says how large they usually are and, beside strange rows made from it,
which of them to trust. Of few rows every part is the rest once.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from waf.classify.onnx_model import OnnxModel
from waf.classify.ood import mixture, odd, scoring, vectors
from waf.classify.ood.graph import Graph
from waf.classify.ood.learned import Network, train
from waf.classify.ood.scoring import MOST, Parts, Plain, Shape, bent, distances, score, start
from waf.classify.ood.structure import SHORT, Sides
from waf.classify.ood.vectors import Frame
from waf.classify.ood.weighing import Gap, Seen, weigh

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
FLOOR: Final = 0.2
"""Share of the largest weight that every distance of texts gets at least."""
FLOOR_RISING: Final = 1.0
"""The same for the distance by surprising words."""
GROUPS: Final = 5
LEFT_OUT: Final = 2
"""Groups that are left out in turn where one part of the rows is the rest; else one for each part."""
GROUP: Final = 30
"""Rows of a group that is left out, on the average, at least."""


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


class Shared(NamedTuple):
    """What all fits of parts of the same rows begin with, so that they differ by their rows alone."""

    group: npt.NDArray[np.int64]
    """In which of a few groups each row lies. One left out at a time stands for the class that nobody has seen."""
    form: mixture.Form
    dense: npt.NDArray[np.int64]
    """In which group of the mixture each row begins."""
    seed: int
    """Of the network."""


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
    fewest = len(rows) - max(map(len, places))
    whole = rows.shape[1] <= min(vectors.WHOLE, fewest // 3)  # one answer for all parts: their distances are joined
    shared = _shared(rows, draw)
    group, count = shared.group, int(shared.group.max()) + 1
    seen: list[Seen] = []
    learn = partial(_measure, rows, shared=shared, rising=rising, strange_rows=strange_rows, draw=draw, whole=whole)
    for number, part in enumerate(places):
        known = np.delete(np.arange(len(rows)), part)
        measure = learn(draw.permutation(known))
        others = [make(rows[part], measure.seen, draw)[:ODD_ROWS] for make in odd.KINDS.values()]
        strange = [_distances(measure, other) for other in [*others, *(each[:ODD_ROWS] for each in strange_rows)]]
        gaps = []
        for gone in range(LEFT_OUT) if len(places) == 1 else (number % count,):
            kept, inside = known[group[known] != gone], group[part] == gone
            if len(kept) >= GROUP and inside.any() and not inside.all():
                less = learn(draw.permutation(kept))
                gaps.append(Gap(_distances(less, rows[part[~inside]]), _distances(less, rows[part[inside]])))
        seen.append(Seen(_distances(measure, rows[part]), strange, gaps))
    if few:
        measure = learn(draw.permutation(len(rows)))
    floor = _floor(measure.names) if rising[1] else 0.0
    weights = weigh(seen, floor)
    result, beyond = score(measure.graph, measure.joined, weights)
    outputs = {"score": (result, 1), "beyond": (beyond, len(measure.names))}
    model = measure.graph.model({"x": rows.shape[1]}, outputs)
    held = np.full(len(rows), np.nan)
    if folds is not None:
        for i, part in enumerate(places):  # by weights, too, in which these rows have no part
            apart = weigh(seen[:i] + seen[i + 1 :], floor)
            held[part] = bent(seen[i].usual, apart) @ apart.weights
    return Fitted(model, measure.names, tuple(map(float, weights.weights)), measure.array, held)


def _floor(names: tuple[str, ...]) -> Array:
    """Texts of another subject are strange by their words alone, and none of the strange texts that can be made shows that."""
    return np.array([FLOOR_RISING if name == "rising" else FLOOR for name in (*names, "largest")])


def _shared(rows: Array, draw: odd.Draw) -> Shared:
    seen = vectors.frame(rows)
    z = seen.bent(rows)
    group = mixture.groups(z, max(2, min(GROUPS, len(rows) // GROUP)), draw)
    if z.shape[1] > scoring.DENSE:
        main = vectors.directions(z)
        z = (z - main.mean) @ main.axes / np.sqrt(main.variance * main.axes.shape[1])
    form = mixture.choose(z, draw)
    dense = mixture.fit(z, form, mixture.groups(z, form.groups, draw))
    return Shared(group, form, dense.each(z).argmax(1), int(draw.integers(1 << 31)))


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
    rows: Array,
    chosen: npt.NDArray[np.int64],
    *,
    shared: Shared,
    rising: tuple[int, int],
    strange_rows: Sequence[Array],
    draw: odd.Draw,
    whole: bool,
) -> Measure:
    """Of chosen rows."""
    known = rows[chosen]
    seen, array, d = vectors.frame(known), vectors.is_array(known), known.shape[1]
    parts = Parts(seen, _sides(known) if array else None, rising=rising)
    built = start(parts)
    about = built.structure
    first = run(built.graph.model({"x": d}, {"z": (built.z, d), "stats": (about.stats, about.size)}), known)
    parts = _learn(parts, first["z"], first["stats"], whole=whole)
    parts = parts._replace(mixture=mixture.fit(_dense(parts, first["z"]), shared.form, shared.dense[chosen]))
    parts = parts._replace(plain=_plain(parts, first["z"], known))
    parts = parts._replace(network=_network(parts, first["z"], known, strange_rows, draw, shared.seed))
    built = start(parts)
    found = distances(built, parts)
    joined = built.graph.node("Concat", *found.values(), axis=1)
    names = tuple(found)
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


def _dense(parts: Parts, z: Array) -> Array:
    """The rows in the space of the mixture, as `scoring.distances` gives it."""
    main = parts.directions
    if main is None:
        raise ValueError("the mixture comes after the directions")
    if z.shape[1] <= scoring.DENSE:
        return z
    t = (z - main.mean) @ main.axes
    left = np.sqrt(((z - main.mean - t @ main.axes.T) ** 2).mean(1, keepdims=True))
    scaled = t / np.sqrt(main.variance * main.axes.shape[1])
    return np.concatenate([scaled, np.log(left / parts.residual + scoring.LEAST)], 1)


def _network(parts: Parts, z: Array, known: Array, strange_rows: Sequence[Array], draw: odd.Draw, seed: int) -> Network:
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
    return train(z, made, seed)


def _distances(measure: Measure, rows: Array) -> Array:
    return _run(measure.model, rows)["distances"]


def _sides(rows: Array) -> Sides:
    level, spread = float(rows.mean()), float(rows.std()) or 1.0
    y = np.clip((rows - level) / spread, -50, 50)
    lags = vectors.lags(y)
    near = [lag for lag in lags if lag <= rows.shape[1] // 4]
    return Sides(level, spread, lags, vectors.prediction(y, near), near)


def _learn(parts: Parts, z: Array, stats: Array, *, whole: bool) -> Parts:
    """Directions, residuals and the usual structure, from the first step's outputs on the known rows. `whole`: with
    the whole covariance."""
    found = vectors.directions(z)
    t = (z - found.mean) @ found.axes
    left = np.sqrt(((z - found.mean - t @ found.axes.T) ** 2).mean(1))
    residual = max(float(np.median(left)), 1e-4 * float(z.std()), 1e-6)
    precision = vectors.precision(z) if whole else None
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
    )
