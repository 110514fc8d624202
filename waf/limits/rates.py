"""Rates and quotas: whether there is room for a cost, taking it, and giving some of it back. Pure; clocks are handed in."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Final

from waf.limits.table import Table
from waf.usage import Rate

_DAY: Final = 86_400


class Window:
    """One rate by the generic cell rate algorithm (ITU-T I.371 appendix I): one number a caller, the time at which everything
    that it used will have come back. `now` is monotonic, in seconds; `slot` is where `find` says the number is.

    A cost above the burst is let in when nothing is owed, and owed: a prompt may be longer than a second's worth.
    """

    __slots__ = ("_step", "_tolerance", "rate", "table")

    def __init__(self, rate: Rate, table: Table) -> None:
        self.rate = rate
        self.table = table
        self._step = rate.window / rate.limit
        self._tolerance = self._step * (rate.burst or rate.limit)

    def find(self, key: int, now: float) -> int:
        return self.table.slot(key, now)

    def wait(self, slot: int, cost: float, now: float) -> float:
        """Seconds until there is room; 0: now."""
        owed, asked = self.table.number(slot) - now, cost * self._step
        if asked > self._tolerance:
            asked = self._tolerance
        over = (max(0.0, owed)) + asked - self._tolerance
        return max(0.0, over)

    def take(self, slot: int, cost: float, now: float) -> None:
        """Use it, room or not. A negative cost gives back."""
        used_until = self.table.number(slot)
        until = (max(now, used_until)) + cost * self._step
        self.table.put(slot, max(now, until))

    def left(self, slot: int, now: float) -> tuple[int, int]:
        """How much is left, and in how many seconds all of it will be there."""
        owed = self.table.number(slot) - now
        if owed <= 0.0:
            return int(self._tolerance / self._step + 1e-6), 0
        # Rounding must not show one less.
        left = int((self._tolerance - owed) / self._step + 1e-6)
        return max(0, left), math.ceil(owed)


class Quota:
    """So much in a day or a month of the calendar (UTC): the amount used so far. `now` is in seconds since 1970; `slot` is where
    `find` says the amount is, at the same moment."""

    __slots__ = ("rate", "table")

    def __init__(self, rate: Rate, table: Table) -> None:
        self.rate = rate
        self.table = table

    def find(self, key: int, now: float) -> int:
        self._turn(now)
        return self.table.slot(key, 0.0)

    def wait(self, slot: int, cost: float, now: float) -> float:
        """Seconds until there is room; 0: now."""
        used, limit = self.table.number(slot), self.rate.limit
        return 0.0 if used + min(cost, limit) <= limit else max(self.table.ends - now, 1.0)

    def take(self, slot: int, cost: float, now: float) -> None:
        """Use it, room or not. A negative cost gives back."""
        self.table.put(slot, max(self.table.number(slot) + cost, 0.0))
        self.table.dirty.add(self.table.key(slot))

    def left(self, slot: int, now: float) -> tuple[int, int]:
        """How much is left, and in how many seconds all of it will be there."""
        left = math.floor(self.rate.limit - self.table.number(slot))
        return max(0, left), math.ceil(self.table.ends - now)

    def changed(self, now: float, most: int) -> list[tuple[int, float, float]]:
        """(hash, beginning of the period, amount) of at most so many callers whose amount has changed since it was last
        given here."""
        self._turn(now)
        table = self.table
        keys = [table.dirty.pop() for _ in range(min(most, len(table.dirty)))]
        return [(key, table.starts, table.number(table.slot(key, 0.0))) for key in keys]

    def restore(self, key: int, starts: float, amount: float, now: float) -> None:
        """What was written down before a restart; an amount of a period that is over is forgotten."""
        slot = self.find(key, now)
        if starts == self.table.starts:
            self.table.put(slot, amount)

    def _turn(self, now: float) -> None:
        """Begin a new period when the old one is over. A clock that is put back changes nothing."""
        table = self.table
        if now < table.ends:
            return
        if table.ends:
            table.clear()
        table.starts, table.ends = period(now, self.rate.period)


def period(now: float, name: str) -> tuple[float, float]:
    """Beginning and end of the day or month that holds `now`."""
    moment = datetime.fromtimestamp(now, UTC)
    start = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if name == "day":
        return start.timestamp(), start.timestamp() + _DAY
    start = start.replace(day=1)
    end = start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
    return start.timestamp(), end.timestamp()
