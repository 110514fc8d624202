"""What reference vectors teach: robust scale of each feature, principal directions, neighbours, how values lie side by side.

All of it is fitted on rows alone; nothing here knows of outliers. Sources: Huber 1981 (median and MAD), Ledoit and Wolf 2004
(shrinkage), Jackson and Mudholkar 1979 (residual of principal components), Ramaswamy et al. 2000 (distance to neighbours).
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

WHOLE: Final = 256
"""Features up to which the whole covariance is used."""
NEIGHBOURS: Final = 1024
"""Reference rows that a row is compared with."""
DIRECTIONS: Final = 48
PCA_ROWS: Final = 1024
LINEAR: Final = 4.0
"""Robust z-scores around which a plain feature turns logarithmic: one wild value must not hide what the others say."""
SKEWED: Final = 2.0
"""A feature is read on a logarithmic scale when its upper tail is so many times as long as the lower one …"""
COUNTED: Final = 20
"""… and it has more than so many different values."""
HEAVY: Final = 12.0
"""Robust z-scores past which a feature counts as heavy-tailed and is read on a logarithmic scale."""
ARRAY: Final = 16
"""Features from which values of one scale are taken for an array: neighbours mean something there."""


class Frame(NamedTuple):
    """Of each feature: where it lies, how far it spreads, its bounds, and how it is bent to a scale on which usual values
    lie about zero with a spread of about one: `gain * (asinh((x - origin) / unit) - offset)`. That is linear for values that
    are small beside the unit and logarithmic for large ones. All float64 [d]."""

    middle: Array
    scale: Array
    low: Array
    high: Array
    origin: Array
    unit: Array
    offset: Array
    gain: Array

    def bent(self, rows: Array) -> Array:
        """Rows [n, d] on that scale."""
        found: Array = self.gain * (np.arcsinh((rows - self.origin) / self.unit) - self.offset)
        return found


def frame(rows: Array) -> Frame:
    """Of rows [n, d]. A feature that never changes gets a small scale: any other value of it is far away."""
    middle = np.median(rows, 0)
    mad = 1.4826 * np.median(np.abs(rows - middle), 0)
    spread = rows.std(0)
    low, high = rows.min(0), rows.max(0)
    scale = np.maximum(mad, 0.1 * spread)
    far = np.maximum(high - middle, middle - low)
    heavy = far > HEAVY * np.maximum(mad, 1e-12)
    sparse = heavy & (mad <= 0.1 * spread)  # mostly one value: its spread says more than its median deviation
    scale = np.where(sparse, np.maximum(scale, 0.5 * spread), scale)
    heavy &= far > HEAVY * np.maximum(scale, 1e-12)
    scale = np.where(heavy, scale, np.maximum(scale, 0.5 * spread))
    usual = float(np.median(scale[scale > 0])) if (scale > 0).any() else 1.0
    floor = np.maximum(0.02 * usual if is_array(rows) else 0.0, 1e-3 * np.maximum(np.abs(middle), 1e-3))
    scale = np.maximum(scale, floor)
    origin, unit = middle.copy(), np.where(heavy, scale, LINEAR * scale)
    if not is_array(rows):
        _skewed(rows, low, origin, unit)
    plain = (unit == LINEAR * scale) & (origin == middle)
    bent = np.arcsinh((rows - origin) / unit)
    offset = np.where(plain, 0.0, np.median(bent, 0))
    wide = np.maximum(1.4826 * np.median(np.abs(bent - offset), 0), 0.5 * bent.std(0))
    return Frame(middle, scale, low, high, origin, unit, offset, np.where(plain, LINEAR, 1 / np.maximum(wide, 0.05)))


def _skewed(rows: Array, low: Array, origin: Array, unit: Array) -> None:
    """Amounts, sizes, durations: never negative, and the upper tail is much longer than the lower one. Their logarithms are
    compared, for relations between such values are ratios."""
    few, half, many = np.quantile(rows, [0.05, 0.5, 0.95], 0)
    for j in np.flatnonzero((low >= 0) & (many - half > SKEWED * (half - few)) & (many > 0)):
        there = rows[rows[:, j] > 0, j]
        if len(np.unique(there[:200])) > COUNTED:
            origin[j], unit[j] = 0.0, max(float(np.quantile(there, 0.05)), 1e-3 * float(np.median(there)))


def is_array(rows: Array) -> bool:
    """Whether all features are one kind of thing, such as pixels or samples, on one scale."""
    if rows.shape[1] < ARRAY:
        return False
    spread = rows.std(0)
    real = spread[spread > 0]
    if len(real) < rows.shape[1] // 4 or len(real) < 4:
        return False
    low, high = np.quantile(real, [0.25, 0.9])
    gap = np.abs(np.median(rows, 0) - np.median(rows)).max()
    return bool(high < 20 * low and gap < 20 * high)


class Directions(NamedTuple):
    """Principal directions of centred, scaled rows."""

    mean: Array
    axes: Array
    """[d, k], orthonormal."""
    variance: Array
    """[k], a little of the mean variance added."""


def directions(z: Array) -> Directions:
    """Of scaled rows [n, d]: as many as hold 95% of the variance, at most DIRECTIONS and a quarter of the rows."""
    mean = z.mean(0)
    centred = (z - mean)[:PCA_ROWS]
    n, d = centred.shape
    if n < d:  # the small one of the two symmetric matrices
        values, left = np.linalg.eigh(centred @ centred.T)
        keep = values > 1e-9 * max(values[-1], 1e-12)
        axes = centred.T @ (left[:, keep] / np.sqrt(values[keep]))
        values = values[keep][::-1] / max(1, n - 1)
        axes = axes[:, ::-1]
    else:
        values, axes = np.linalg.eigh(centred.T @ centred / max(1, n - 1))
        values, axes = np.maximum(values[::-1], 0), axes[:, ::-1]
    total = float(values.sum()) or 1.0
    enough = int((np.cumsum(values) / total < 0.95).sum()) + 1
    k = max(1, min(enough, DIRECTIONS, n // 4 or 1, d, len(values)))
    return Directions(mean, axes[:, :k], values[:k] + 0.01 * total / d + 1e-9)


def precision(z: Array) -> Array:
    """Inverse covariance of scaled rows [n, d], shrunk towards its diagonal the more the fewer rows there are."""
    n, d = z.shape
    centred = z - z.mean(0)
    cov = centred.T @ centred / max(1, n - 1)
    share = min(0.5, d / (2 * n))
    diagonal = np.diag(cov).copy()
    cov = (1 - share) * cov + np.diag(share * diagonal + 1e-3 * max(float(diagonal.mean()), 1e-6))
    return np.linalg.inv(cov)


def lags(rows: Array) -> list[int]:
    """At which distances values of an array resemble each other most: 1, and up to two more, such as an image's width.

    From the peaks of the mean autocorrelation.
    """
    d = rows.shape[1]
    centred = rows - rows.mean(1, keepdims=True)
    power = np.abs(np.fft.rfft(centred[:512], 2 * d, axis=1)) ** 2
    auto = np.fft.irfft(power.mean(0))[: d // 2 + 1] / np.maximum(d - np.arange(d // 2 + 1), 1)
    found = [1]
    if auto[0] <= 0:
        return found
    auto = auto / auto[0]
    peaks = [k for k in range(2, len(auto) - 1) if auto[k] >= auto[k - 1] and auto[k] > auto[k + 1] and auto[k] > 0.2]
    for k in sorted(peaks, key=lambda k: -auto[k]):
        if len(found) < 3 and all(abs(k - other) > max(2, other // 8) for other in found):
            found.append(k)
    return found


def prediction(rows: Array, at: list[int]) -> Array:
    """Weights with which a value of an array is predicted from its neighbours at `-lag` and `+lag`, least squares with a
    little ridge: float64 [2 * len(at)]."""
    around, here = neighbours(rows[:512], at)
    flat = around.reshape(-1, around.shape[-1])
    gram = flat.T @ flat
    gram[np.diag_indices_from(gram)] += 1e-3 * np.trace(gram) / len(gram) + 1e-9
    return np.linalg.solve(gram, flat.T @ here.reshape(-1))


def neighbours(rows: Array, at: list[int]) -> tuple[Array, Array]:
    """Neighbours [n, m, 2 * len(at)] and the values [n, m] that they surround."""
    reach, d = max(at), rows.shape[1]
    shifts = [s for lag in at for s in (-lag, lag)]
    return np.stack([rows[:, reach + s : d - reach + s] for s in shifts], -1), rows[:, reach : d - reach]
