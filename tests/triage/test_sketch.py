"""What occurs often is there whatever comes besides, and memory does not grow."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf.triage.sketch import KEPT, Distinct, Top, Tracked


@given(st.lists(st.integers(0, 40), max_size=600), st.integers(1, 12))
def test_counts_are_too_low_by_no_more_than_is_said(items: list[int], capacity: int) -> None:
    top: Top[Tracked] = Top(Tracked, capacity)
    for item in items:
        top.add(str(item), 1.0)
        assert len(top.records) <= 2 * capacity
    real = Counter(map(str, items))
    assert top.lost <= len(items) / capacity
    for name, count in real.items():
        known = top.records[name].count if name in top.records else 0
        assert count - top.lost <= known <= count
    assert {name for name, count in real.items() if count > len(items) / capacity} <= set(top.records)


def test_a_busy_one_among_many_newcomers() -> None:
    top: Top[Tracked] = Top(Tracked, 50)
    for number in range(20_000):
        top.add(f"n{number}", number)
        if number % 10 == 0:
            top.add("busy", number)
    ((name, record),) = top.most(1)
    assert name == "busy"
    assert 2000 - top.lost <= record.count <= 2000
    assert (record.last, top.total) == (19_990, 22_000)
    assert abs(top.distinct.estimate() - 20_001) < 0.1 * 20_001


def test_the_first_are_the_same_every_time() -> None:
    top: Top[Tracked] = Top(Tracked)
    for name in ("b", "a", "c", "c"):
        top.add(name, 5.0)
    top.add("a", 3.0)
    assert [name for name, _ in top.most(3)] == ["a", "c", "b"]
    assert (top.records["a"].first, top.records["a"].last) == (3.0, 5.0)


@pytest.mark.parametrize("count", [0, 1, 700, KEPT - 1])
def test_few_are_counted_exactly(count: int) -> None:
    distinct = Distinct()
    for number in [*range(count), *range(count)]:
        distinct.add(str(number))
    assert distinct.estimate() == count
