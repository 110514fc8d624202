"""A small network that tells reference rows from strange ones made of them: an estimate of how much more often a vector occurs
in the reference than among rows whose parts do not belong together.

The distances know lines and neighbours; this one also learns relations that bend. What it says far from everything that it saw
means little, so it is one distance among others and none of the others gives way to it.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from waf.classify.ood.graph import Graph

Array = npt.NDArray[Any]

HIDDEN: Final = 32
STEPS: Final = 350
RATE: Final = 0.012
BATCH: Final = 144
DECAY: Final = 0.2
"""Of matrices, beside steps of about one."""
REACH: Final = 4.0
"""Inputs are cut off here."""


class Network(NamedTuple):
    """Two hidden layers; matrices and offsets in turn."""

    layers: tuple[Array, ...]


def train(usual: Array, strange: list[Array], seed: int) -> Network:
    """From features [n, d] on a scale of about one. Every kind of strange row counts alike."""
    draw = np.random.default_rng(seed)
    sizes = (usual.shape[1], HIDDEN, HIDDEN // 2, 1)
    shapes = [shape for pair in pairwise(sizes) for shape in (pair, (pair[1],))]
    starts = [draw.standard_normal(shape) * np.sqrt(2 / shape[0]) * (len(shape) == 2) for shape in shapes]
    every = np.concatenate([part.ravel() for part in starts]).astype(np.float32)
    fading = np.concatenate([np.full(part.size, DECAY * (part.ndim == 2)) for part in starts]).astype(np.float32)
    ends = np.cumsum([part.size for part in starts])
    layers = [part.reshape(shape) for part, shape in zip(np.split(every, ends[:-1]), shapes, strict=True)]
    usual = np.clip(usual, -REACH, REACH).astype(np.float32)
    strange = [np.clip(each, -REACH, REACH).astype(np.float32) for each in strange]
    share = max(1, BATCH // len(strange))
    y = np.repeat([0.0, 1.0], [BATCH, share * len(strange)]).astype(np.float32)
    importance = np.where(y > 0, 0.5 / (share * len(strange)), 0.5 / BATCH).astype(np.float32)
    first, second = np.zeros_like(every), np.zeros_like(every)
    for step in range(1, STEPS + 1):
        places = draw.random((len(strange), share))
        odd = [kind[(at * len(kind)).astype(int)] for kind, at in zip(strange, places, strict=True)]
        x = np.concatenate([usual[draw.integers(0, len(usual), BATCH)], *odd])
        slope = np.concatenate([part.ravel() for part in _slopes(layers, x, y, importance)])
        first += 0.1 * (slope - first)
        second += 0.01 * (slope * slope - second)
        move = first / (1 - 0.9**step) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
        every -= RATE * (1 - step / (STEPS + 1)) * (move + fading * every)
    return Network(tuple(layers))


def _slopes(layers: list[Array], x: Array, y: Array, importance: Array) -> list[Array]:
    a, a0, b, b0, c, c0 = layers
    h = np.maximum(x @ a + a0, 0)
    g = np.maximum(h @ b + b0, 0)
    out = (g @ c + c0)[:, 0]
    error = ((1 / (1 + np.exp(-np.clip(out, -30, 30))) - y) * importance)[:, None]
    back = (error @ c.T) * (g > 0)
    down = (back @ b.T) * (h > 0)
    return [x.T @ down, down.sum(0), h.T @ back, back.sum(0), g.T @ error, error.sum(0)]


def node(graph: Graph, x: str, network: Network) -> str:
    """Log-odds [n, 1] of being strange."""
    x = graph.node("Clip", x, graph.constant(-REACH), graph.constant(REACH))
    matrices = network.layers
    for i in range(0, len(matrices), 2):
        x = graph.node("Gemm", x, graph.constant(matrices[i]), graph.constant(matrices[i + 1]))
        if i + 2 < len(matrices):
            x = graph.node("Relu", x)
    return x
