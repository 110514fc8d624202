"""Times of the week: what is read, when it holds, and what is not one."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf.hours import parse_hours


@pytest.mark.parametrize(
    ("text", "moment", "holds"),
    [
        ("mon-fri 08:00-18:00", "2026-03-02T08:00+00:00", True),
        ("mon-fri 08:00-18:00", "2026-03-02T07:59+00:00", False),
        ("mon-fri 08:00-18:00", "2026-03-06T17:59+00:00", True),
        ("mon-fri 08:00-18:00", "2026-03-06T18:00+00:00", False),
        ("mon-fri 08:00-18:00", "2026-03-07T12:00+00:00", False),
        ("sat,sun 00:00-24:00", "2026-03-08T23:59+00:00", True),
        ("sat,sun 00:00-24:00", "2026-03-09T00:00+00:00", False),
        ("fri-mon 10:00-11:00", "2026-03-09T10:30+00:00", True),
        ("fri-mon 10:00-11:00", "2026-03-10T10:30+00:00", False),
        ("daily 22:00-06:00", "2026-03-10T23:00+00:00", True),
        ("daily 22:00-06:00", "2026-03-10T05:59+00:00", True),
        ("daily 22:00-06:00", "2026-03-10T06:00+00:00", False),
        ("sun 22:00-06:00", "2026-03-09T03:00+00:00", True),
        ("sun 22:00-06:00", "2026-03-08T03:00+00:00", False),
        ("mon-fri 08:00-18:00 Europe/Berlin", "2026-03-02T07:30+00:00", True),
        ("mon-fri 08:00-18:00 Europe/Berlin", "2026-07-06T06:30+00:00", True),
        ("mon-fri 08:00-18:00 Europe/Berlin", "2026-07-06T16:30+00:00", False),
        ("mon 08:00-18:00 UTC", "2026-03-02T09:00+00:00", True),
    ],
)
def test_when(text: str, moment: str, holds: bool) -> None:
    assert parse_hours(text).hold(datetime.fromisoformat(moment).timestamp()) == holds


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not times"),
        ("mon 8:00-18:00", "not times"),
        ("mon 08:00 - 18:00", "not times"),
        ("mon 08:00-18:60", "not times"),
        ("mon 08:00-25:00", "24:00"),
        ("mon 08:00-08:00", "ends when it begins"),
        ("mon 24:00-08:00", "ends when it begins"),
        ("monday 08:00-18:00", "days are"),
        ("mon-day 08:00-18:00", "days are"),
        ("mon, 08:00-18:00", "days are"),
        ("mon 08:00-18:00 Mars/Olympus", "zone"),
        ("mon 08:00-18:00 ../../etc/passwd", "not times"),
        ("mon 08:00-18:00 /etc/passwd", "zone"),
    ],
)
def test_what_is_no_time(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_hours(text)


@given(st.integers(0, 4_000_000_000), st.integers(0, 1439), st.integers(0, 1439))
def test_a_time_and_its_complement_share_the_week(now: int, one: int, other: int) -> None:
    """Daily from one to the other, or from the other to the one: exactly one of them holds."""
    if one == other:
        return
    first, second = (
        f"daily {a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02} Asia/Kolkata" for a, b in ((one, other), (other, one))
    )
    assert parse_hours(first).hold(now) != parse_hours(second).hold(now)
    assert ZoneInfo("Asia/Kolkata") == parse_hours(first).zone
