"""Whether recent inputs still look like the reference: their p-values in windows, compared with what calibration gave.

A test of Kolmogorov and Smirnov for two samples, because p-values of one finite calibration set are only uniform as far as
that set goes; a test that took them for exactly uniform would raise the alarm after enough traffic whatever came. Windows do
not overlap, so with `ALARM` at one in ten thousand a route without drift alarms once in ten thousand windows.
"""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

WINDOW: Final = 256
"""Inputs of one window."""
ALARM: Final = 1e-4


class Drift(NamedTuple):
    """What the last full window says."""

    p: float
    """Probability of a window this different without drift."""
    mean: float
    """Mean p-value; below one half: stranger than the reference."""
    alarm: bool


class DriftMonitor:
    """Of one route; `add` is called on one thread. `calibration`: how many rows the p-values are relative to."""

    def __init__(self, calibration: int, window: int = WINDOW) -> None:
        self._size = max(1, calibration)
        self._window = window
        self._seen: list[float] = []

    def add(self, p: float) -> Drift | None:
        """A new p-value. Gives the verdict on a window when one is full."""
        self._seen.append(p)
        if len(self._seen) < self._window:
            return None
        values, self._seen = np.sort(self._seen), []
        gap = distance(values, 1 / (self._size + 1))
        chance = kolmogorov(gap * math.sqrt(self._size * len(values) / (self._size + len(values))))
        return Drift(chance, float(values.mean()), chance < ALARM)


def distance(values: npt.NDArray[Any], step: float) -> float:
    """Largest gap between the shares of sorted p-values and the uniform ones; p-values come in steps of `step`."""
    n = len(values)
    above = np.arange(1, n + 1) / n - values
    below = values - step - np.arange(n) / n
    return max(0.0, float(above.max()), float(below.max()))


def kolmogorov(x: float) -> float:
    """Probability that Kolmogorov's statistic is larger (asymptotic series)."""
    if x < 0.2:
        return 1.0
    return max(0.0, min(1.0, 2.0 * sum((-1.0) ** (k - 1) * math.exp(-2.0 * (k * x) ** 2) for k in range(1, 101))))
