"""The cascade without clocks, queues and memory: what `waf eval` measures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from waf.classify.types import SURFACES, Cascade, Stage
from waf.classify.views import views

_ROWS: Final = 64
_POSITIONS: Final = 65_536
"""Windows, and positions with padding, of one run."""


class Scored(NamedTuple):
    """Of each text: the two probabilities, the gate's own highest, and whether the deep stage read it."""

    scores: npt.NDArray[np.float32]
    gate: npt.NDArray[np.float32]
    deep: npt.NDArray[np.bool_]

    @property
    def highest(self) -> npt.NDArray[np.float32]:
        found: npt.NDArray[np.float32] = self.scores.max(1)
        return found


def score(
    cascade: Cascade, texts: Sequence[str], surfaces: Sequence[int], tick: Callable[[int], None] | None = None
) -> Scored:
    """Scores [n, 2] of (injection, jailbreak): the highest of any view and window. `tick` is told how many are done.

    Raises ModelError when a model fails.
    """
    scores, gate = np.zeros((len(texts), 2), np.float32), np.zeros(len(texts), np.float32)
    deep = np.zeros(len(texts), np.bool_)
    for start in range(0, len(texts), _ROWS):
        part = range(start, min(start + _ROWS, len(texts)))
        seen = [(number, view) for number in part for view in views(texts[number])]
        first = strongest(cascade.gate, [view for _, view in seen], [surfaces[number] for number, _ in seen])
        unsure = []
        for (number, view), found in zip(seen, first, strict=True):
            gate[number] = max(gate[number], found.max())
            low, high = cascade.band(SURFACES[surfaces[number]], len(view))
            if cascade.deep is not None and low <= found.max() <= high:
                unsure.append((number, view))
            else:
                scores[number] = np.maximum(scores[number], found)
        if cascade.deep is not None and unsure:
            second = strongest(cascade.deep, [view for _, view in unsure], [surfaces[number] for number, _ in unsure])
            for (number, _), found in zip(unsure, second, strict=True):
                scores[number] = np.maximum(scores[number], found)
                deep[number] = True
        if tick is not None:
            tick(part.stop)
    return Scored(scores, gate, deep)


def strongest(stage: Stage, texts: Sequence[str], surfaces: Sequence[int]) -> npt.NDArray[np.float32]:
    """The highest probabilities of any window, text by text: [n, 2]."""
    windows, owner = [], []
    for number, text in enumerate(texts):
        for window in stage.windows(text).ids:
            windows.append(window)
            owner.append(number)
    out = np.zeros((len(texts), 2), np.float32)
    order = sorted(range(len(windows)), key=lambda i: len(windows[i]))
    start = 0
    while start < len(order):
        size = max(1, min(_ROWS, _POSITIONS // max(1, len(windows[order[min(start + _ROWS, len(order)) - 1]]))))
        part = order[start : start + size]
        found = stage.score([windows[i] for i in part], [surfaces[owner[i]] for i in part])
        np.maximum.at(out, [owner[i] for i in part], found)
        start += size
    return out
