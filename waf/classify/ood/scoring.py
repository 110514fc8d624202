"""The graph that gives a vector its score: several views of how far it is from the reference, weighed against each other.

Built in three steps, each needing constants that are fitted on what the step before gives: scaled values and the structure
of a row; distances; the score. One builder writes all of them, so that what is fitted is what runs. A row of some sixty numbers
costs about as many microseconds as the graph has nodes, so whatever is linear in the scaled values is one matrix.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from waf.classify.ood import learned
from waf.classify.ood.graph import Graph
from waf.classify.ood.learned import Network
from waf.classify.ood.structure import Sides, Structure, structure
from waf.classify.ood.vectors import WHOLE, Directions, Frame

Array = npt.NDArray[Any]

NEAREST: Final = 3
MOST: Final = 1e18
"""Larger numbers, infinities too, count as this."""
BENT: Final = 4.0
"""Distances so many times beyond usual begin to count by their logarithm."""
_LEAST: Final = 0.05
"""What is added to a relative residual before its logarithm is taken."""


class Shape(NamedTuple):
    """Normal values of the structure's numbers, and the whitening of their deviations."""

    middle: Array
    scale: Array
    mean: Array
    whitening: Array


class Plain(NamedTuple):
    """Reference rows as they are: of an array all values on one scale, of a table each column on its own."""

    points: Array
    """[m, d], or where rows are long [m, k + 1] along their principal directions, the residual last."""
    directions: Directions | None


class Parts(NamedTuple):
    """Everything that the graph's distances are made from."""

    frame: Frame
    sides: Sides | None
    directions: Directions | None = None
    residual: float = 1.0
    """Usual size of what the directions leave over."""
    precision: Array | None = None
    shape: Shape | None = None
    half: Array | None = None
    """Reference rows in the space of `halved` coordinates, the residual last, [m, k + 1]."""
    white: Array | None = None
    """Reference rows in the space that the precision whitens [m, d], or without it the principal directions do [m, k]."""
    plain: Plain | None = None
    network: Network | None = None
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
    structure: Structure


def start(parts: Parts) -> Built:
    """Scaled values and the structure's numbers."""
    graph, seen = Graph(), parts.frame
    z = graph.node("Asinh", graph.affine("x", 1 / seen.unit, -seen.origin / seen.unit))
    z = graph.affine(z, seen.gain, -seen.gain * seen.offset)
    return Built(graph, z, structure(graph, z, seen, parts.sides))


def halved(found: Directions) -> Array:
    """[d, k]: principal axes, of which the wide ones count less, though not as much less as when they are whitened."""
    axes: Array = found.axes / found.variance**0.25
    return axes


def remainder(found: Directions) -> Array:
    """[d, d]: what the principal directions leave over."""
    left: Array = np.eye(len(found.mean)) - found.axes @ found.axes.T
    return left


def distances(built: Built, parts: Parts) -> dict[str, str]:
    """Names and nodes, each [n, 1], of the distances."""
    graph, z, seen, main, shape = built.graph, built.z, parts.frame, parts.directions, parts.shape
    if main is None or shape is None or parts.half is None or parts.white is None or parts.plain is None:
        raise ValueError("the distances need directions, a shape and neighbours")
    d = len(seen.middle)
    blocks = {"principal": main.axes / np.sqrt(main.variance * main.axes.shape[1]), "half": halved(main)}
    if d <= WHOLE:
        blocks["left"] = remainder(main) / (parts.residual * np.sqrt(d))
    if parts.precision is not None:
        blocks["whole"] = np.linalg.cholesky(parts.precision)
        blocks["each"] = parts.precision / np.sqrt(np.diag(parts.precision))
    made = graph.linear(z, main.mean, blocks)
    if d > WHOLE:
        t = graph.node("Mul", made["half"], graph.constant(main.variance**0.25))
        back = graph.node("Gemm", t, graph.constant(main.axes), graph.constant(main.mean), transB=1)
        made["left"] = graph.node("Mul", graph.node("Sub", z, back), graph.constant(1 / (parts.residual * np.sqrt(d))))
    residual = graph.log(_length(graph, made["left"]), _LEAST)
    found = {
        "range": built.structure.range,
        "marginal": graph.node("ReduceL1", z, axes=[1]),
        "principal": _length(graph, made["principal"]),
        "residual": residual,
    }
    if parts.precision is not None:
        found["mahalanobis"] = _length(graph, made["whole"])
        found["one_from_others"] = graph.node("ReduceMax", graph.node("Abs", made["each"]), axes=[1])
    own = z if parts.sides is None else built.structure.levelled
    spaces = {
        "neighbours_plain": (_along(graph, own, parts.plain.directions), parts.plain.points),
        "neighbours_half": (graph.node("Concat", made["half"], residual, axis=1), parts.half),
        "neighbours_white": (made["whole" if parts.precision is not None else "principal"], parts.white),
    }
    found["neighbours"] = _to_nearest(graph, list(spaces.values()))
    if parts.rising[1]:
        found["rising"] = _length(graph, graph.node("Relu", graph.cut(z, *parts.rising)))
    if parts.network is not None:
        found["learned"] = learned.node(graph, z if d <= WHOLE else made["principal"], parts.network)
    y = graph.affine(built.structure.stats, 1 / shape.scale, -shape.middle / shape.scale)
    y = graph.node("Clip", y, graph.constant(-30.0), graph.constant(30.0))
    found["structure_max"] = graph.node("ReduceMax", graph.node("Abs", y), axes=[1])
    found["structure"] = _length(graph, graph.linear(y, shape.mean, {"": shape.whitening})[""])
    return found


NAMES: Final = {"neighbours": ("neighbours_plain", "neighbours_half", "neighbours_white")}
"""Of nodes that give several distances at once."""


def names(found: dict[str, str]) -> tuple[str, ...]:
    """Of the distances, one for each column."""
    return tuple(each for name in found for each in NAMES.get(name, (name,)))


def score(graph: Graph, parts: str, weights: Weights) -> tuple[str, str]:
    """One number from the distances [n, c], and how far each of them is beyond usual. Up to a point that counts plainly and
    then by its logarithm, weighed and added; the largest of them counts once more."""
    beyond = graph.affine(parts, 1 / weights.scale, -weights.middle / weights.scale)
    over = graph.node("Mul", graph.node("Relu", beyond), graph.constant(1 / BENT))
    bent = graph.node("Asinh", over)
    every = graph.node("Concat", bent, graph.node("ReduceMax", bent, axes=[1]), axis=1)
    return graph.node("MatMul", every, graph.constant(BENT * weights.weights[:, None])), beyond


def bent(distances_of: Array, weights: Weights) -> Array:
    """What `score` weighs, [n, c + 1], in the same way."""
    over = np.maximum((distances_of - weights.middle) / weights.scale, 0)
    each = BENT * np.arcsinh(over / BENT)
    return np.concatenate([each, each.max(1, keepdims=True)], 1)


def _along(graph: Graph, y: str, found: Directions | None) -> str:
    if found is None:
        return y
    centred = graph.node("Sub", y, graph.constant(found.mean))
    t = graph.node("MatMul", centred, graph.constant(found.axes))
    left = graph.node("Sub", centred, graph.node("Gemm", t, graph.constant(found.axes), transB=1))
    return graph.node("Concat", t, _length(graph, left), axis=1)


def _to_nearest(graph: Graph, spaces: list[tuple[str, Array]]) -> str:
    """[n, spaces]: logarithm of the mean squared distance to the nearest reference rows in each of some spaces."""
    many = len(spaces[0][1])
    away, own = [], []
    for point, points in spaces:
        away.append(graph.node("Gemm", point, graph.constant(-2 * points.T), graph.constant((points**2).sum(1))))
        own.append(graph.node("ReduceSumSquare", point, axes=[1]))
    rows = graph.node("Reshape", graph.node("Concat", *away, axis=1), graph.constant([-1, len(spaces), many], "int64"))
    k = graph.constant([min(NEAREST, many)], "int64")
    nearest = graph.node(
        "ReduceMean", graph.node("TopK", rows, k, outputs=2, axis=2, largest=0, sorted=0), axes=[2], keepdims=0
    )
    square = graph.node("Add", nearest, graph.node("Concat", *own, axis=1))
    return graph.node("Log", graph.node("Max", square, graph.constant(1e-6)))


def _length(graph: Graph, x: str) -> str:
    return graph.node("ReduceL2", x, axes=[1])
