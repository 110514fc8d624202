from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf.classify.measure import auroc, calibration_error, recall_at, share, threshold_at


@pytest.mark.parametrize(
    ("hits", "total", "value", "low", "high"),
    [
        (0, 10, 0.0, 0.0, 0.2775),
        (5, 10, 0.5, 0.2366, 0.7634),
        (10, 10, 1.0, 0.7225, 1.0),
        (1, 100, 0.01, 0.0018, 0.0545),
    ],
)
def test_share(hits: int, total: int, value: float, low: float, high: float) -> None:
    assert share(hits, total) == pytest.approx((hits, total, value, low, high), abs=1e-4)


def test_a_share_of_nothing() -> None:
    assert share(0, 0).total == 0
    assert math.isnan(share(0, 0).value)


def test_threshold() -> None:
    benign = np.arange(100) / 100
    assert threshold_at(benign, 0.01) == 0.98
    assert threshold_at(benign, 0.0) == 0.99
    assert threshold_at(benign, 1.0) == -math.inf
    assert threshold_at(np.array([]), 0.01) == math.inf


def test_recall() -> None:
    benign = np.arange(100) / 100
    assert recall_at(np.array([0.5, 0.985, 0.995]), benign, 0.01)[:2] == (2, 3)


@given(st.lists(st.integers(0, 9), min_size=1), st.lists(st.integers(0, 9), min_size=1))
def test_auroc_is_the_share_of_pairs(attacks: list[int], benign: list[int]) -> None:
    pairs = [(a > b) + (a == b) / 2 for a in attacks for b in benign]
    assert auroc(np.array(attacks), np.array(benign)) == pytest.approx(sum(pairs) / len(pairs))


def test_auroc_of_nothing() -> None:
    assert math.isnan(auroc(np.array([]), np.array([1.0])))


def test_calibration_error() -> None:
    scores = np.array([0.1] * 10 + [0.9] * 10)
    good = np.array([True] + [False] * 9 + [True] * 9 + [False])
    assert calibration_error(scores, good) == pytest.approx(0)
    assert calibration_error(scores, ~good) == pytest.approx(0.8)
    assert math.isnan(calibration_error(np.array([]), np.array([])))
