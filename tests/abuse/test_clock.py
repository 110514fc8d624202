"""What only grows in a row is its time: taken away, and nothing else with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from tests.abuse.test_readings import SIZE, Rng, Row, risk
from waf.abuse.clock import Clock

Change = Callable[[Row, int], None]


def timed(row: Row, i: int) -> None:
    row[3] = i / 40


def dated(row: Row, i: int) -> None:
    """A time of day that begins anew, and how old something is."""
    row[3], row[4] = i % 40 / 40, i / 400


def shuffled(row: Row, i: int) -> None:
    row[3] = i * 7 % 11 / 11


def counted(row: Row, i: int) -> None:
    """More than clocks."""
    row[3:6] = i / 40


def panels(rng: Rng, count: int, change: Change) -> Iterator[Row]:
    shown = [rng.normal(size=SIZE) for _ in range(count)]
    i = 0
    while True:
        row = shown[i % count].copy()
        change(row, i)
        yield row
        i += 1


def jitter(rng: Rng, count: int, change: Change) -> Iterator[Row]:
    for row in panels(rng, count, change):
        moved = row + rng.normal(size=SIZE) * 0.3
        moved[3] = row[3]
        yield moved


@pytest.mark.parametrize(
    ("rows", "change", "flagged"),
    [
        (panels, timed, False),
        (panels, dated, False),
        (panels, shuffled, True),
        (panels, counted, True),
        (jitter, timed, True),
    ],
)
def test_a_panel_with_the_time_in_it_is_a_repetition(
    rows: Callable[[Rng, int, Change], Iterator[Row]], change: Change, flagged: bool
) -> None:
    assert (risk(rows(np.random.default_rng(5), 5, change), 0.5, 100) >= 500) is flagged


def found(values: list[list[float]]) -> tuple[list[int], bool]:
    """Which elements are clocks after the last of these rows, and whether none is looked for any more."""
    rows = np.array(values, dtype=np.float32)
    clock = Clock(rows[0])
    places = None
    for row in rows[1:]:
        places = clock.add(row)
    return ([] if places is None else places.tolist()), clock.over


NOISE = np.random.default_rng(2).normal(size=(200, 6)).tolist()


def with_clock(times: list[float], at: int = 2) -> list[list[float]]:
    return [[*row[:at], time, *row[at + 1 :]] for row, time in zip(NOISE, times, strict=False)]


@pytest.mark.parametrize(
    ("rows", "clocks", "over"),
    [
        (with_clock(list(range(7))), [], False),
        (with_clock(list(range(8))), [2], False),
        (with_clock([i // 4 for i in range(40)]), [2], False),
        (with_clock([i % 24 for i in range(120)]), [2], False),
        (with_clock([i % 10 for i in range(120)]), [], True),
        (with_clock([*range(8), *range(8, 0, -1)]), [], True),
        (NOISE[:20], [], True),
        ([[float(i)] * 6 for i in range(20)], [], False),
        ([[float(i)] * 6 for i in range(130)], [], True),
        ([[0.0] * 6 for _ in range(20)], [], True),
    ],
    ids=["too few", "enough", "minutes", "days", "sawtooth", "back", "noise", "all grow", "all grow for long", "same"],
)
def test_a_clock_grows_and_seldom_begins_anew(rows: list[list[float]], clocks: list[int], over: bool) -> None:
    assert found(rows) == (clocks, over)


def test_a_long_row_has_two_clocks_at_most_and_a_short_one_a_quarter_of_itself() -> None:
    wide = [[i, i * 2.0, *row] for i, row in enumerate(NOISE[:20])]
    assert found(wide)[0] == [0, 1]
    assert found([[*row, i] for i, row in enumerate(wide)])[0] == []
    assert found([row[:4] for row in wide])[0] == [], "two of four elements"
    assert found([row[1:4] for row in wide])[0] == [0]


def test_what_a_clock_has_counted_does_not_overflow() -> None:
    clock = Clock(np.zeros(4, dtype=np.float32))
    for i in range(1, 33_000):
        clock.add(np.array([0, i, 0, 0], dtype=np.float32))
    assert clock.places is not None
