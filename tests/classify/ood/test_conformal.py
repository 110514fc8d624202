"""p-values, the rows that they need, and intervals of rates."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf.classify.ood.conformal import Calibration, beta_below, needed, rate


@pytest.mark.parametrize(
    ("score", "p"),
    [(0.5, 1.0), (1.0, 1.0), (1.5, 0.75), (3.0, 0.75), (3.1, 0.25), (float("inf"), 0.25), (float("nan"), 0.25)],
)
def test_a_p_value_is_the_share_that_is_at_least_as_strange(score: float, p: float) -> None:
    assert Calibration([3.0, 1.0, 3.0]).p(np.array([score]))[0] == pytest.approx(p)


@pytest.mark.parametrize(("alpha", "rows"), [(0.5, 1), (0.05, 19), (0.01, 99), (0.001, 999), (0.03, 33)])
def test_rows_that_an_alpha_needs(alpha: float, rows: int) -> None:
    assert needed(alpha) == rows
    assert Calibration([0.0] * rows).least <= alpha + 1e-12
    if rows > 1:
        assert Calibration([0.0] * (rows - 1)).least > alpha


def test_newer_rows_count_more() -> None:
    rising = Calibration([0.0] * 50 + [1.0] * 50, half_life=10)
    assert rising.p(np.array([1.0]))[0] > 0.9 > 0.51 > Calibration([0.0] * 50 + [1.0] * 50).p(np.array([1.0]))[0]
    assert rising.least == pytest.approx(1 / (1 + sum(0.5 ** (k / 10) for k in range(100))))


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60), st.floats(0.01, 0.99))
def test_no_more_of_the_rows_are_flagged_than_alpha_says(scores: list[float], alpha: float) -> None:
    """Each row against the others: the guarantee, exactly."""
    p = [Calibration(scores[:i] + scores[i + 1 :] or [0.0]).p(np.array([scores[i]]))[0] for i in range(len(scores))]
    if len(scores) > 1:
        assert sum(value <= alpha for value in p) <= alpha * len(scores) + 1e-9


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [
        (0, 100, 0.0, 0.03622),
        (5, 100, 0.01643, 0.11283),
        (50, 100, 0.39832, 0.60168),
        (100, 100, 0.96378, 1.0),
        (1, 540, 0.0000469, 0.01027),
    ],
)
def test_intervals_of_clopper_and_pearson(hits: int, total: int, low: float, high: float) -> None:
    found = rate(hits, total)
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-5), pytest.approx(high, abs=1e-5))
    assert found.value == hits / total


def test_nothing_measured() -> None:
    assert rate(0, 0)[:4] == (0, 0, 0.0, 1.0)
    assert np.isnan(rate(0, 0).value)


@pytest.mark.parametrize(
    ("x", "a", "b", "share"), [(0.5, 1, 1, 0.5), (0.5, 2, 3, 0.6875), (0.9, 2, 3, 0.9963), (0, 2, 3, 0), (1, 2, 3, 1)]
)
def test_the_beta_distribution(x: float, a: float, b: float, share: float) -> None:
    assert beta_below(x, a, b) == pytest.approx(share, abs=1e-6)
