"""The graph that gives a vector its score: several views of how far it is from the reference, weighed against each other.

Built in three steps, each needing constants that are fitted on what the step before gives: scaled values and the structure
of a row; distances; the score. One builder writes all of them, so that what is fitted is what runs. A row of some sixty numbers
costs about as many microseconds as the graph has nodes, so whatever is linear in the scaled values is one matrix.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from waf.classify.ood import learned, mixture
from waf.classify.ood.graph import Graph
from waf.classify.ood.learned import Network
from waf.classify.ood.mixture import Mixture
from waf.classify.ood.structure import Sides, Structure, structure
from waf.classify.ood.vectors import WHOLE, Directions, Frame

Array = npt.NDArray[Any]

NEAREST: Final = 3
MOST: Final = 1e18
"""Larger numbers, infinities too, count as this."""
DENSE: Final = 64
"""Features up to which the mixture is one of the scaled values themselves."""
BENT: Final = 4.0
"""Distances so many times beyond usual begin to count by their logarithm."""
LEAST: Final = 0.05
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
    plain: Plain | None = None
    mixture: Mixture | None = None
    """Of the scaled values, or where there are more than DENSE of their principal coordinates and the residual."""
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


def remainder(found: Directions) -> Array:
    """[d, d]: what the principal directions leave over."""
    left: Array = np.eye(len(found.mean)) - found.axes @ found.axes.T
    return left


def distances(built: Built, parts: Parts) -> dict[str, str]:
    """Names and nodes, each [n, 1], of the distances."""
    graph, z, seen, main, shape = built.graph, built.z, parts.frame, parts.directions, parts.shape
    if main is None or shape is None or parts.plain is None or parts.mixture is None:
        raise ValueError("the distances need directions, a shape, neighbours and a mixture")
    d = len(seen.middle)
    blocks, shifts = {}, {}
    if d <= DENSE:
        blocks["dense"], shifts["dense"] = mixture.block(parts.mixture, main.mean)
    if d > DENSE:
        blocks["principal"] = main.axes / np.sqrt(main.variance * main.axes.shape[1])
    if d <= WHOLE:
        blocks["left"] = remainder(main) / (parts.residual * np.sqrt(d))
    if parts.precision is not None:
        blocks["whole"] = np.linalg.cholesky(parts.precision)
        blocks["each"] = parts.precision / np.sqrt(np.diag(parts.precision))
    made = graph.linear(z, main.mean, blocks, shifts)
    if d > WHOLE:
        t = graph.node("Mul", made["principal"], graph.constant(np.sqrt(main.variance * main.axes.shape[1])))
        back = graph.node("Gemm", t, graph.constant(main.axes), graph.constant(main.mean), transB=1)
        made["left"] = graph.node("Mul", graph.node("Sub", z, back), graph.constant(1 / (parts.residual * np.sqrt(d))))
    residual = graph.log(_length(graph, made["left"]), LEAST)
    if d > DENSE:
        matrix, offset = mixture.block(parts.mixture, np.zeros(main.axes.shape[1] + 1))
        dense = graph.node("Concat", made["principal"], residual, axis=1)
        made["dense"] = graph.node("Gemm", dense, graph.constant(matrix), graph.constant(offset))
    found = {
        "range": built.structure.range,
        "residual": residual,
        "density": mixture.node(graph, made["dense"], parts.mixture),
    }
    if parts.precision is not None:
        found["mahalanobis"] = _length(graph, made["whole"])
        found["one_from_others"] = graph.node("ReduceMax", graph.node("Abs", made["each"]), axes=[1])
    own = z if parts.sides is None else built.structure.levelled
    found["neighbours"] = _to_nearest(graph, _along(graph, own, parts.plain.directions), parts.plain.points)
    if parts.rising[1]:
        found["rising"] = _length(graph, graph.node("Relu", graph.cut(z, *parts.rising)))
    if parts.network is not None:
        found["learned"] = learned.node(graph, z if d <= WHOLE else made["principal"], parts.network)
    y = graph.affine(built.structure.stats, 1 / shape.scale, -shape.middle / shape.scale)
    y = graph.node("Clip", y, graph.constant(-30.0), graph.constant(30.0))
    found["structure"] = _length(graph, graph.linear(y, shape.mean, {"": shape.whitening})[""])
    return found


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


def _to_nearest(graph: Graph, point: str, points: Array) -> str:
    """[n, 1]: logarithm of the mean squared distance to the nearest reference rows."""
    away = graph.node("Gemm", point, graph.constant(-2 * points.T), graph.constant((points**2).sum(1)))
    k = graph.constant([min(NEAREST, len(points))], "int64")
    nearest = graph.node("ReduceMean", graph.node("TopK", away, k, outputs=2, axis=1, largest=0, sorted=0), axes=[1])
    square = graph.node("Add", nearest, graph.node("ReduceSumSquare", point, axes=[1]))
    return graph.node("Log", graph.node("Max", square, graph.constant(1e-6)))


def _length(graph: Graph, x: str) -> str:
    return graph.node("ReduceL2", x, axes=[1])
