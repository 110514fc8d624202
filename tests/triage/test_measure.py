"""Few or many, when, and what that makes of an incident."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf.triage.measure import Concentration, concentration, judge
from waf.triage.timeline import MAX_BUCKETS, Timeline, shape


@pytest.mark.parametrize(
    ("counts", "total", "distinct", "effective", "top"),
    [
        ([], 0, 0, 0.0, 0.0),
        ([10], 10, 1, 1.0, 1.0),
        ([5, 5], 10, 2, 2.0, 0.5),
        ([1] * 50, 50, 50, 50.0, 0.02),
        ([97, 1, 1, 1], 100, 4, 1.18, 0.97),
        ([50], 100, 51, 14.14, 0.5),
    ],
)
def test_concentration(counts: list[int], total: int, distinct: int, effective: float, top: float) -> None:
    found = concentration(counts, total, distinct)
    assert (found.effective, found.top) == (pytest.approx(effective, abs=0.01), pytest.approx(top))


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=50), st.integers(0, 500), st.integers(0, 500))
def test_the_effective_number_lies_between_one_and_all(counts: list[int], rest: int, others: int) -> None:
    found = concentration(counts, sum(counts) + rest, len(counts) + (others if rest else 0))
    assert 0.99 <= found.effective <= found.distinct + 1.01
    assert 0 <= found.evenness <= 1


def spread(effective: float) -> Concentration:
    return Concentration(math.ceil(effective), effective, 1 / effective, 1.0)


@pytest.mark.parametrize(
    ("sources", "targets", "families", "suspects", "verdict"),
    [
        (1, 1, 1.0, 500, "single source"),
        (1, 40, 0.0, 500, "probing"),
        (1, 40, 0.9, 500, "single source"),
        (50, 1, 0.0, 500, "distributed campaign"),
        (50, 30, 0.8, 500, "distributed campaign"),
        (50, 30, 0.1, 500, "scattered"),
        (5, 1, 1.0, 500, "mixed"),
        (1, 1, 1.0, 9, "quiet"),
    ],
)
def test_judgement(sources: float, targets: float, families: float, suspects: int, verdict: str) -> None:
    found = judge(spread(sources), spread(targets), suspects, 1000, families=families, clean=spread(20), surge=False)
    assert found.verdict == verdict
    assert all(found.because)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([], "steady"),
        ([0, 0, 0, 0], "steady"),
        ([10] * 20, "regular"),
        ([1, 2, 1, 3, 2, 4, 9, 8, 9, 7], "rising"),
        ([9, 8, 9, 7, 9, 1, 2, 1, 3, 2], "falling"),
        ([0] * 9 + [50] + [0] * 10, "bursts"),
        ([3, 9, 2, 8, 4, 7, 3, 9, 2, 8], "steady"),
    ],
)
def test_shapes(counts: list[int], expected: str) -> None:
    assert shape(counts) == expected


def test_the_window_of_an_incident() -> None:
    timeline = Timeline()
    for second in range(3600):
        timeline.add(1e9 + second, suspect=second % 400 == 0)
    assert timeline.window() is None, "too few"
    for second in range(1800, 2000):
        timeline.add(1e9 + second, suspect=True)
    window = timeline.window()
    assert window is not None
    assert 1e9 + 1795 <= window.start <= 1e9 + 1805
    assert 1e9 + 1980 <= window.end <= 1e9 + 2005
    for second in range(0, 3600, 2):
        timeline.add(1e9 + second, suspect=True)
    assert timeline.window() is None, "it went on all the time"


def test_times_that_are_far_off_cost_one_bucket_each() -> None:
    timeline = Timeline()
    timeline.add(-6e10, suspect=True)
    timeline.add(2.5e11, suspect=False)
    for second in range(100):
        timeline.add(1e9 + second, suspect=True)
    assert timeline.width == 1
    for second in range(10 * MAX_BUCKETS):
        timeline.add(1e9 + second, suspect=False)
    assert timeline.width == 16
    assert len(timeline._buckets) <= MAX_BUCKETS + 1
    series = timeline.series(1e9, 1e9 + 10 * MAX_BUCKETS, 10)
    assert sum(total for total, _ in series) == 10 * MAX_BUCKETS + 100
    for number in range(MAX_BUCKETS + 5):
        timeline.add(number * 1e6 - 1e9, suspect=False)
    assert len(timeline._buckets) <= MAX_BUCKETS + 1


@pytest.mark.parametrize(
    ("sources", "words"), [(1, "they come from 1 caller, as"), (2, "they come from 2 callers, as")]
)
def test_one_is_no_plural(sources: int, words: str) -> None:
    found = judge(spread(sources), spread(1), 50, 100, families=0.0, clean=spread(20), surge=False)
    assert any(line.startswith(words) for line in found.because)
