"""Times of the week, as operators write them: `mon-fri 08:00-18:00 Europe/Berlin`. Pure; the clock is handed in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

FORM: Final = "`mon-fri 08:00-18:00 Europe/Berlin`, `sat,sun 00:00-24:00` or `daily 22:00-06:00`; without a zone: UTC"

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS: Final = re.compile(
    r"(?P<days>[a-z,-]{3,32}) (?P<begins>[0-9]{2}:[0-5][0-9])-(?P<ends>[0-9]{2}:[0-5][0-9])(?: (?P<zone>[A-Za-z0-9_+/-]{1,64}))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Hours:
    """From one minute of the day to another, on some days (Monday is 0). One that ends before it begins goes on into the next
    day."""

    days: frozenset[int]
    begins: int
    ends: int
    zone: tzinfo

    def hold(self, now: float) -> bool:
        """Whether it is that time; `now` in seconds since 1970."""
        local = datetime.fromtimestamp(now, self.zone)
        day, minute = local.weekday(), local.hour * 60 + local.minute
        if self.begins < self.ends:
            return day in self.days and self.begins <= minute < self.ends
        return (day in self.days and minute >= self.begins) or ((day - 1) % 7 in self.days and minute < self.ends)


def parse_hours(text: str) -> Hours:
    """Raises ValueError that says what is wrong."""
    found = _HOURS.fullmatch(text)
    if found is None:
        raise ValueError("not times of the week")
    begins, ends = _minute(found["begins"]), _minute(found["ends"])
    if begins == ends or begins == 1440:
        raise ValueError("the time ends when it begins")
    return Hours(_days(found["days"]), begins, ends, _zone(found["zone"] or ""))


def _days(text: str) -> frozenset[int]:
    if text == "daily":
        return frozenset(range(7))
    days: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.partition("-")
        if first not in _DAYS or (dash and last not in _DAYS):
            raise ValueError(f"days are {', '.join(_DAYS)} or daily")
        begin = _DAYS.index(first)
        end = _DAYS.index(last) if dash else begin
        days.update((begin + i) % 7 for i in range((end - begin) % 7 + 1))
    return frozenset(days)


def _minute(text: str) -> int:
    minute = int(text[:2]) * 60 + int(text[3:])
    if minute > 1440:
        raise ValueError("a day ends at 24:00")
    return minute


def _zone(name: str) -> tzinfo:
    if name in ("", "UTC"):
        return UTC
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # no such zone, or no file of them on this machine
        raise ValueError("the time zone is not known on this machine") from None
