"""Nodes of a scoring graph that say how the values of one row lie: level, spread, ends of their range, and for arrays how much
neighbours differ and how well they foretell a value.

Short arrays take one matrix for all differences at once, because there every node costs more than what it computes.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from waf.classify.ood.graph import Graph
from waf.classify.ood.vectors import Frame

Array = npt.NDArray[Any]

SHORT: Final = 128
"""Features up to which differences are one matrix."""
FARTHEST: Final = 50.0
"""Values of an array, on its own scale, are cut off here."""


class Sides(NamedTuple):
    """How values of an array lie side by side."""

    level: float
    spread: float
    lags: list[int]
    weights: Array
    """Of the neighbours that predict a value; see `vectors.prediction`."""
    reach: list[int]
    """The lags that these neighbours are at."""

    def levelled(self, rows: Array) -> Array:
        """Rows of an array on its own scale."""
        return np.clip((rows - self.level) / self.spread, -FARTHEST, FARTHEST)


class Structure(NamedTuple):
    """Nodes."""

    range: str
    """[n, 1]: how far values lie beyond the reference's bounds."""
    stats: str
    """[n, size]"""
    size: int
    levelled: str
    """Of an array its values on one scale, else empty."""


def structure(graph: Graph, z: str, seen: Frame, sides: Sides | None) -> Structure:
    """Of `x`, and of `z` its scaled values."""
    d = len(seen.middle)
    half = np.maximum((seen.high - seen.low) / 2, 0.5 * seen.scale)
    middle = (seen.high + seen.low) / 2
    ratio = graph.node("Abs", graph.affine("x", 1 / half, -middle / half))
    past = graph.node("Relu", graph.plus(ratio, -1.0))
    beyond = graph.node("MatMul", past, graph.constant((half / seen.scale)[:, None]))
    edge = graph.node("GreaterOrEqual", ratio, graph.constant(((seen.high - seen.low) / 2 / half)[None, :] - 1e-6))
    stats = [
        mean(graph, z),
        graph.log(spread(graph, z, d)),
        graph.log(graph.node("ReduceMax", graph.node("Abs", z), axes=[1]), 1.0),
        mean(graph, graph.node("Cast", edge, to=1)),
    ]
    size, y = len(stats), ""
    if sides is not None:
        y = graph.affine("x", 1 / sides.spread, -sides.level / sides.spread)
        y = graph.node("Clip", y, graph.constant(-FARTHEST), graph.constant(FARTHEST))
        more = _joined(graph, y, d, sides) if d <= SHORT else _one_by_one(graph, y, d, sides)
        stats, size = [*stats, *more], size + 4 + 3 * len(sides.lags)
    return Structure(graph.log(beyond, 1.0), graph.node("Concat", *stats, axis=1), size, y)


def _joined(graph: Graph, y: str, d: int, sides: Sides) -> list[str]:
    columns, means, at = [np.full((d, 1), 1 / d), np.eye(d) - 1 / d], [], d + 1
    for lag in sides.lags:
        columns.append(np.eye(d, d - lag, -lag) - np.eye(d, d - lag))
        means.append((at, d - lag))
        at += d - lag
    reach = max(sides.reach)
    size = d - 2 * reach
    guess = np.eye(d, size, -reach)
    shifts = [s for lag in sides.reach for s in (-lag, lag)]
    for weight, shift in zip(sides.weights, shifts, strict=True):
        guess -= weight * np.eye(d, size, -reach - shift)
    columns.append(guess)
    matrix = np.concatenate(columns, 1)
    every = graph.node("MatMul", y, graph.constant(matrix))
    average = np.zeros((matrix.shape[1], len(means) + 1))
    for number, (start, count) in enumerate([*means, (at, size)]):
        average[start : start + count, number] = 1 / count
    level, centred = graph.cut(every, 0, 1), graph.cut(every, 1, d + 1)
    wide = graph.log(graph.node("Mul", graph.node("ReduceL2", centred, axes=[1]), graph.constant(d**-0.5)))
    away = graph.node("Abs", every)
    rough = graph.log(graph.node("MatMul", away, graph.constant(average)))
    rising = graph.node("MatMul", graph.node("Sign", every), graph.constant(average[:, :-1]))
    worst = graph.log(graph.node("ReduceMax", graph.cut(away, at, at + size), axes=[1]))
    relative = graph.node("Sub", graph.cut(rough, 0, len(means)), wide)
    return [level, wide, rough, relative, rising, worst]


def _one_by_one(graph: Graph, y: str, d: int, sides: Sides) -> list[str]:
    wide = graph.log(spread(graph, y, d))
    stats = [mean(graph, y), wide]
    for lag in sides.lags:
        step = graph.node("Sub", graph.cut(y, lag, d), graph.cut(y, 0, d - lag))
        rough = graph.log(mean(graph, graph.node("Abs", step)))
        stats += [rough, graph.node("Sub", rough, wide), mean(graph, graph.node("Sign", step))]
    reach = max(sides.reach)
    shifts = [s for lag in sides.reach for s in (-lag, lag)]
    left = graph.cut(y, reach, d - reach)
    for weight, shift in zip(sides.weights, shifts, strict=True):
        near = graph.cut(y, reach + shift, d - reach + shift)
        left = graph.node("Sub", left, graph.node("Mul", near, graph.constant(weight)))
    left = graph.node("Abs", left)
    return [*stats, graph.log(mean(graph, left)), graph.log(graph.node("ReduceMax", left, axes=[1]))]


def mean(graph: Graph, x: str) -> str:
    return graph.node("ReduceMean", x, axes=[1])


def spread(graph: Graph, x: str, d: int) -> str:
    """Standard deviation of the features of each row."""
    away = graph.node("ReduceL2", graph.node("Sub", x, mean(graph, x)), axes=[1])
    return graph.node("Mul", away, graph.constant(d**-0.5))
