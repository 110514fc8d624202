"""The graph that gives a vector its score: several views of how far it is from the reference, weighed against each other.

Built in three steps, each needing constants that are fitted on what the step before gives: scaled values and the structure
of an array; distances; the score. One builder writes all of them, so that what is fitted is what runs.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from waf.classify.ood.graph import Graph
from waf.classify.ood.vectors import Directions, Frame

Array = npt.NDArray[Any]

SOFT: Final = 6.0
"""Scaled values past which only their logarithm grows on: one wild value must not hide what the others say."""
NEAREST: Final = 3
TINY: Final = 1e-3
MOST: Final = 1e18
"""Larger numbers, infinities too, count as this."""


class Sides(NamedTuple):
    """How values of an array lie side by side."""

    level: float
    spread: float
    lags: list[int]
    weights: Array
    """Of the neighbours that predict a value; see `vectors.prediction`."""
    reach: list[int]
    """The lags that these neighbours are at."""


class Shape(NamedTuple):
    """Normal values of the structure's numbers, and the whitening of their deviations."""

    middle: Array
    scale: Array
    mean: Array
    whitening: Array


class Near(NamedTuple):
    """A space and the reference rows in it."""

    scale: Array
    """[k] for principal coordinates."""
    points: Array
    """[m, k + 1], the residual last."""


class Parts(NamedTuple):
    """Everything that the graph's distances are made from."""

    frame: Frame
    sides: Sides | None
    directions: Directions | None = None
    residual: float = 1.0
    """Usual size of what the directions leave over."""
    precision: Array | None = None
    shape: Shape | None = None
    near: tuple[Near, ...] = ()
    whole: Array | None = None
    """Reference rows in the space that the precision whitens, [m, d]."""
    rising: tuple[int, int] = (0, 0)
    """Features, first and behind the last, of which only large values are strange."""


class Weights(NamedTuple):
    """What makes one score of the distances."""

    middle: Array
    scale: Array
    weights: Array


class Built(NamedTuple):
    graph: Graph
    z: str
    stats: str
    """Structure, [n, s]."""
    stats_size: int


def start(parts: Parts) -> Built:
    """Scaled values and the structure's numbers."""
    graph = Graph()
    seen, d = parts.frame, len(parts.frame.middle)
    x = graph.node("Clip", "x", graph.constant(-MOST), graph.constant(MOST))
    z = _scaled(graph, x, seen)
    size = graph.node("Abs", z)
    stats = [
        _mean(graph, z),
        _log(graph, _spread(graph, z)),
        graph.node("Log", _plus(graph, graph.node("ReduceMax", size, axes=[1]), 1.0)),
        _share(graph, "LessOrEqual", x, seen.low),
        _share(graph, "GreaterOrEqual", x, seen.high),
    ]
    if parts.sides is not None:
        stats += _side_by_side(graph, x, d, parts.sides)
    return Built(graph, z, graph.node("Concat", *stats, axis=1), len(stats))


def distances(built: Built, parts: Parts) -> dict[str, str]:
    """Names and nodes, each [n, 1], of the distances."""
    graph, z, seen = built.graph, built.z, parts.frame
    if parts.directions is None or parts.shape is None:
        raise ValueError("the distances need directions and a shape")
    low, high = graph.constant(seen.low), graph.constant(seen.high)
    x = graph.node("Clip", "x", graph.constant(-MOST), graph.constant(MOST))
    beyond = graph.node("Max", graph.node("Sub", x, high), graph.node("Sub", low, x), graph.constant(0.0))
    beyond = graph.node("Mul", beyond, graph.constant(1 / seen.scale))
    squares = graph.node("Mul", z, z)
    found = {
        "range": graph.node("ReduceSum", graph.node("Log", _plus(graph, beyond, 1.0)), _axis(graph)),
        "marginal": _mean(graph, graph.node("Log", _plus(graph, squares, 1.0))),
    }
    axes, mean, variance = parts.directions.axes, parts.directions.mean, parts.directions.variance
    offset = graph.constant(-(mean @ axes))
    t = graph.node("Gemm", z, graph.constant(axes), offset)
    white = graph.node("Mul", t, graph.constant(1 / np.sqrt(variance)))
    found["principal"] = _root_mean_square(graph, white)
    left = graph.node(
        "Sub", graph.node("Sub", z, graph.constant(mean)), graph.node("Gemm", t, graph.constant(axes), transB=1)
    )
    residual = _log(graph, graph.node("Mul", _root_mean_square(graph, left), graph.constant(1 / parts.residual)), 0.05)
    found["residual"] = residual
    for number, near in enumerate(parts.near):
        point = graph.node("Mul", t, graph.constant(near.scale))
        found[f"neighbours_{number}"] = _to_nearest(graph, graph.node("Concat", point, residual, axis=1), near.points)
    if parts.precision is not None:
        centred = graph.node("Sub", z, graph.constant(mean))
        root = np.linalg.cholesky(parts.precision)
        whole = graph.node("MatMul", centred, graph.constant(root))
        found["mahalanobis"] = _root_mean_square(graph, whole)
        each = parts.precision / np.sqrt(np.diag(parts.precision))
        apart = graph.node("Abs", graph.node("MatMul", centred, graph.constant(each)))
        found["one_from_others"] = graph.node("ReduceMax", apart, axes=[1])
        if parts.whole is not None:
            found["neighbours_whole"] = _to_nearest(graph, whole, parts.whole)
    if parts.rising[1]:
        up = graph.node("Max", graph.cut(z, *parts.rising), graph.constant(0.0))
        found["rising"] = _root_mean_square(graph, up)
    shape = parts.shape
    y = graph.node("Mul", graph.node("Sub", built.stats, graph.constant(shape.middle)), graph.constant(1 / shape.scale))
    y = graph.node("Clip", y, graph.constant(-30.0), graph.constant(30.0))
    found["structure_max"] = graph.node("ReduceMax", graph.node("Abs", y), axes=[1])
    y = graph.node("MatMul", graph.node("Sub", y, graph.constant(shape.mean)), graph.constant(shape.whitening))
    found["structure"] = _root_mean_square(graph, y)
    return found


def score(graph: Graph, parts: str, weights: Weights) -> tuple[str, str]:
    """One number from the distances [n, c], and how far each of them is beyond usual. Up to a point that counts plainly and
    then by its logarithm, weighed and added; the largest of them counts once more."""
    beyond = graph.node(
        "Mul", graph.node("Sub", parts, graph.constant(weights.middle)), graph.constant(1 / weights.scale)
    )
    over = graph.node("Clip", beyond, graph.constant(0.0), graph.constant(1e9))
    plain = graph.node("Min", over, graph.constant(4.0))
    more = graph.node("Log", _plus(graph, graph.node("Sub", over, plain), 1.0))
    bent = graph.node("Add", plain, more)
    every = graph.node("Concat", bent, graph.node("ReduceMax", bent, axes=[1]), axis=1)
    return graph.node("MatMul", every, graph.constant(weights.weights[:, None])), beyond


def bent(distances_of: Array, weights: Weights) -> Array:
    """What `score` weighs, [n, c + 1], in the same way."""
    over = np.clip((distances_of - weights.middle) / weights.scale, 0, 1e9)
    plain = np.minimum(over, 4.0)
    each = plain + np.log1p(over - plain)
    return np.concatenate([each, each.max(1, keepdims=True)], 1)


# ---------------------------------------------------------------------- pieces


def _scaled(graph: Graph, x: str, seen: Frame) -> str:
    z = graph.node("Mul", graph.node("Sub", x, graph.constant(seen.middle)), graph.constant(1 / seen.scale))
    size = graph.node("Abs", z)
    plain = graph.node("Min", size, graph.constant(SOFT))
    ratio = graph.node("Mul", graph.node("Max", size, graph.constant(SOFT)), graph.constant(1 / SOFT))
    soft = graph.node("Add", plain, graph.node("Mul", graph.node("Log", ratio), graph.constant(SOFT / 2)))
    if seen.heavy.any():
        logarithm = graph.node("Log", _plus(graph, size, 1.0))
        soft = graph.node("Where", graph.constant(seen.heavy[None, :], "bool"), logarithm, soft)
    return graph.node("Mul", graph.node("Sign", z), soft)


def _side_by_side(graph: Graph, x: str, d: int, sides: Sides) -> list[str]:
    """Structure of an array: how much neighbours differ, and how well they foretell a value."""
    y = graph.node("Mul", _plus(graph, x, -sides.level), graph.constant(1 / sides.spread))
    y = graph.node("Clip", y, graph.constant(-50.0), graph.constant(50.0))
    spread = _log(graph, _spread(graph, y))
    stats = [_mean(graph, y), spread]
    for lag in sides.lags:
        step = graph.node("Abs", graph.node("Sub", graph.cut(y, lag, d), graph.cut(y, 0, d - lag)))
        rough = _log(graph, _mean(graph, step))
        stats += [rough, graph.node("Sub", rough, spread), _mean(graph, graph.node("Sign", step))]
    reach = max(sides.reach)
    shifts = [s for lag in sides.reach for s in (-lag, lag)]
    left = graph.cut(y, reach, d - reach)
    for weight, shift in zip(sides.weights, shifts, strict=True):
        near = graph.cut(y, reach + shift, d - reach + shift)
        left = graph.node("Sub", left, graph.node("Mul", near, graph.constant(weight)))
    left = graph.node("Abs", left)
    return [*stats, _log(graph, _mean(graph, left)), _log(graph, graph.node("ReduceMax", left, axes=[1]))]


def _to_nearest(graph: Graph, point: str, points: Array) -> str:
    """Logarithm of the mean distance to the nearest reference rows."""
    norms = graph.constant((points**2).sum(1)[None, :])
    own = graph.node("ReduceSum", graph.node("Mul", point, point), _axis(graph))
    cross = graph.node("MatMul", point, graph.constant(-2 * points.T))
    square = graph.node("Add", graph.node("Add", cross, norms), own)
    k = graph.constant([min(NEAREST, len(points))], "int64")
    nearest = graph.node("TopK", square, k, outputs=2, axis=1, largest=0, sorted=0)
    return _log(graph, _mean(graph, graph.node("Sqrt", graph.node("Max", nearest, graph.constant(0.0)))))


def _axis(graph: Graph) -> str:
    return graph.constant([1], "int64")


def _mean(graph: Graph, x: str) -> str:
    return graph.node("ReduceMean", x, axes=[1])


def _plus(graph: Graph, x: str, value: float) -> str:
    return graph.node("Add", x, graph.constant(value))


def _log(graph: Graph, x: str, least: float = TINY) -> str:
    return graph.node("Log", _plus(graph, x, least))


def _root_mean_square(graph: Graph, x: str) -> str:
    return graph.node("Sqrt", _mean(graph, graph.node("Mul", x, x)))


def _spread(graph: Graph, x: str) -> str:
    return _root_mean_square(graph, graph.node("Sub", x, _mean(graph, x)))


def _share(graph: Graph, comparison: str, x: str, bound: Array) -> str:
    """Share of the features that lie at a bound, or beyond."""
    return _mean(graph, graph.node("Cast", graph.node(comparison, x, graph.constant(bound)), to=1))
