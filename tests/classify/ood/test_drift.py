"""Windows of p-values against what calibration gave."""

from __future__ import annotations

import numpy as np
import pytest

from waf.classify.ood.drift import ALARM, Drift, DriftMonitor, distance, kolmogorov


def windows(p: np.ndarray, size: int = 999) -> list[Drift]:
    watch = DriftMonitor(size)
    return [drift for drift in map(watch.add, p.tolist()) if drift is not None]


def test_without_drift_no_alarm() -> None:
    """The p-values of one small calibration set are not exactly uniform, which is not drift."""
    draw = np.random.default_rng(0)
    for _ in range(20):
        known = np.sort(draw.standard_normal(200))
        p = (1 + 200 - np.searchsorted(known, draw.standard_normal(2048))) / 201
        found = windows(p, 200)
        assert len(found) == 8
        assert not any(drift.alarm for drift in found)


@pytest.mark.parametrize("shift", [lambda u: u**3, lambda u: 1 - (1 - u) ** 3, lambda u: 0.5 + (u - 0.5) / 4])
def test_drift_either_way(shift: object) -> None:
    assert callable(shift)
    (found,) = windows(shift(np.random.default_rng(1).random(256)))
    assert found.alarm
    assert found.p < ALARM


def test_a_window_is_judged_when_it_is_full() -> None:
    assert windows(np.linspace(0.001, 1, 255)) == []
    (found,) = windows(np.linspace(0.001, 1, 256))
    assert found.p > 0.9
    assert found.mean == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(("x", "p"), [(0.1, 1.0), (0.83, 0.496), (1.36, 0.0495), (2.23, 9.6e-5), (9.0, 0.0)])
def test_kolmogorov(x: float, p: float) -> None:
    assert kolmogorov(x) == pytest.approx(p, rel=0.02, abs=1e-9)


def test_distance() -> None:
    assert distance(np.array([0.25, 0.5, 0.75, 1.0]), 0.25) == 0
    assert distance(np.array([0.01, 0.01, 0.01, 0.01]), 0.01) == pytest.approx(0.99)
