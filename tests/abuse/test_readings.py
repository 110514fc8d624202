"""Readings, what-ifs and edits are one query; who takes no time over them, goes on to other rows, or does many, is looked at."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

import numpy as np
import pytest

from tests.abuse.test_observer import observer
from waf.abuse.observer import MOST_WAITING
from waf.abuse.study import Study
from waf.model import Parsed, Tensor

SIZE = 16
Rng = np.random.Generator
Row = np.ndarray[tuple[int], np.dtype[np.float64]]


def asked(row: Row) -> Parsed:
    return Parsed({}, protocol="kserve", tensors=[Tensor("x", array("d", row), (1, SIZE))])


def risk(rows: Iterator[Row], gap: float, count: int = 150) -> int:
    """The highest risk of a caller among others who send anything, in thousandths."""
    town, rng = observer(), np.random.default_rng(3)
    for i in range(640):
        town.look(1 + i % 40, "r", asked(rng.normal(size=SIZE)), float(i))
        if town.waiting >= MOST_WAITING:
            town.settle()
    found = [town.observe("somebody", "r", asked(next(rows)), 1200 + i * gap) for i in range(count)]
    return round(1000 * max(one.risk for one in found))


def sensors(rng: Rng, count: int, step: float) -> Iterator[Row]:
    rows = [rng.normal(size=SIZE) for _ in range(count)]
    while True:
        for i, row in enumerate(rows):
            rows[i] = row + rng.normal(size=SIZE) * step
            yield rows[i]


def slopes(rng: Rng, each: int) -> Iterator[Row]:
    """Around one row after the other."""
    while True:
        row = rng.normal(size=SIZE)
        for _ in range(each):
            yield row + rng.normal(size=SIZE) * 0.01


@pytest.mark.parametrize(
    ("count", "step", "gap", "flagged"),
    [(1, 0.01, 60.0, False), (8, 0.02, 12.0, False), (1, 0.01, 1.0, True), (1, 0.5, 60.0, True)],
)
def test_a_sensor_takes_its_time_and_small_steps(count: int, step: float, gap: float, flagged: bool) -> None:
    assert (risk(sensors(np.random.default_rng(5), count, step), gap) >= 500) is flagged


def test_who_goes_on_to_the_next_is_no_sensor() -> None:
    assert risk(slopes(np.random.default_rng(5), 20), 60.0, 400) >= 500


@pytest.mark.parametrize(("things", "looked_at"), [(1, False), (6, True)])
def test_readings_that_many_keys_send_of_many_things_are_looked_at(things: int, looked_at: bool) -> None:
    town, rng = observer(), np.random.default_rng(3)
    for i in range(320):
        town.observe(f"other-{i % 40}", "r", asked(rng.normal(size=SIZE)), float(i))
    for thing in range(things):
        row = rng.normal(size=SIZE)
        for i in range(40):
            at = 1000.0 + 600 * thing + 15 * i
            town.observe(f"key-{i % 10}", "r", asked(row + rng.normal(size=SIZE) * 0.01), at)
    mine = [profile.asked for profile in town.pool if profile.key[0] in {town.hash(f"key-{i}") for i in range(10)}]
    assert (sum(mine) > 2 * 10 * things) is looked_at


def grid(axes: int, base: Row) -> Iterator[Row]:
    while True:
        for cell in np.ndindex(*[3 if axes > 3 else 5] * axes):
            row = base.copy()
            row[:axes] = cell
            yield row


@pytest.mark.parametrize(("axes", "flagged"), [(2, False), (3, False), (4, True)])
def test_a_study_varies_few_elements_of_one_row(axes: int, flagged: bool) -> None:
    assert (risk(grid(axes, np.random.default_rng(5).normal(size=SIZE)), 1.0, 125) >= 500) is flagged


def test_a_caller_has_one_study() -> None:
    rng = np.random.default_rng(5)
    rows = [row for _ in range(4) for row, _ in zip(grid(2, rng.normal(size=SIZE)), range(25), strict=False)]
    assert risk(iter(rows), 1.0, len(rows)) >= 500


def test_a_study_ends_with_a_fourth_element_and_with_its_thousandth_row() -> None:
    base = np.zeros(SIZE, dtype=np.float32)

    def changed(at: int, value: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        row = base.copy()
        row[at] = value
        return row

    study = Study(base, 0.0)
    assert not study.add(base + 1, 0.0), "another row"
    study = Study(base, 0.0)
    assert [study.add(changed(at, 1.0), at * 900.0) for at in (0, 1, 2, 3, 0)] == [True, True, True, False, False]
    study = Study(base, 0.0)
    assert not study.over
    assert sum(study.add(changed(0, 1.0 + i), i * 900.0) for i in range(1_100)) == 1_000
    assert Study(base[:3], 0.0).add(base[:3], 0.0), "the same row varies nothing"


def edits(elements: int, each: int) -> Iterator[Row]:
    """Step by step, another row after some."""
    rng = np.random.default_rng(5)
    while True:
        row = rng.normal(size=SIZE)
        for _ in range(each):
            yield row.copy()
            row[rng.choice(SIZE, elements, replace=False)] += rng.normal(size=elements) * 0.5


@pytest.mark.parametrize(
    ("elements", "count", "gap", "flagged"),
    [(1, 60, 20.0, False), (2, 60, 20.0, True), (1, 90, 600.0, True)],
)
def test_an_editor_changes_one_element_at_a_time_and_soon_the_next(
    elements: int, count: int, gap: float, flagged: bool
) -> None:
    assert (risk(edits(elements, 30), gap, count) >= 500) is flagged


def test_edits_come_back_with_time() -> None:
    rng = np.random.default_rng(1)
    study, row, now = (
        Study(rng.normal(size=SIZE).astype(np.float32), 0.0),
        rng.normal(size=SIZE).astype(np.float32),
        0.0,
    )

    def edit(times: int) -> int:
        """How many of these are edits."""
        nonlocal row, now
        found = 0
        for _ in range(times):
            row, now = row.copy(), now + 1.0
            row[rng.integers(SIZE)] += 1.0
            found += study.add(row, now)
        return found

    study.add(row, now)
    assert 64 <= edit(100) <= 68, "the first few are a what-if"
    assert not edit(10)
    now += 1_800.0
    assert not edit(1), "this one comes late"
    assert edit(10) == 1
