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
    that it used will have come back. `now` is monotonic, in seconds.

    A cost above the burst is let in when nothing is owed, and owed: a prompt may be longer than a second's worth.
    """

    __slots__ = ("_step", "_table", "_tolerance", "rate")

    def __init__(self, rate: Rate, table: Table) -> None:
        self.rate = rate
        self._table = table
        self._step = rate.window / rate.limit
        self._tolerance = self._step * (rate.burst or rate.limit)

    def wait(self, key: int, cost: float, now: float) -> float:
        """Seconds until there is room; 0: now."""
        owed = max(self._table.number(self._table.slot(key, now)) - now, 0.0)
        return max(owed + min(cost * self._step, self._tolerance) - self._tolerance, 0.0)

    def take(self, key: int, cost: float, now: float) -> None:
        """Use it, room or not. A negative cost gives back."""
        slot = self._table.slot(key, now)
        self._table.put(slot, max(max(self._table.number(slot), now) + cost * self._step, now))

    def left(self, key: int, now: float) -> tuple[int, int]:
        """How much is left, and in how many seconds all of it will be there."""
        owed = max(self._table.number(self._table.slot(key, now)) - now, 0.0)
        # What is left is counted from what is owed in whole costs, so that rounding cannot show one less.
        return max(math.floor((self._tolerance - owed) / self._step + 1e-6), 0), math.ceil(owed)


class Quota:
    """So much in a day or a month of the calendar (UTC): the amount used so far. `now` is in seconds since 1970."""

    __slots__ = ("_table", "rate")

    def __init__(self, rate: Rate, table: Table) -> None:
        self.rate = rate
        self._table = table

    def wait(self, key: int, cost: float, now: float) -> float:
        """Seconds until there is room; 0: now."""
        used, limit = self.used(key, now), self.rate.limit
        return 0.0 if used + min(cost, limit) <= limit else max(self._table.ends - now, 1.0)

    def take(self, key: int, cost: float, now: float) -> None:
        """Use it, room or not. A negative cost gives back."""
        self._turn(now)
        slot = self._table.slot(key, 0.0)
        self._table.put(slot, max(self._table.number(slot) + cost, 0.0))
        self._table.dirty.add(key)

    def left(self, key: int, now: float) -> tuple[int, int]:
        """How much is left, and in how many seconds all of it will be there."""
        return max(math.floor(self.rate.limit - self.used(key, now)), 0), math.ceil(self._table.ends - now)

    def used(self, key: int, now: float) -> float:
        self._turn(now)
        return self._table.number(self._table.slot(key, 0.0))

    def written(self, now: float) -> list[tuple[int, float, float]]:
        """(hash, beginning of the period, amount) of what has changed since this was last asked."""
        self._turn(now)
        table = self._table
        changed = [(key, table.starts, table.number(table.slot(key, 0.0))) for key in table.dirty]
        table.dirty.clear()
        return changed

    def restore(self, key: int, starts: float, amount: float, now: float) -> None:
        """What was written down before a restart; an amount of a period that is over is forgotten."""
        self._turn(now)
        if starts == self._table.starts:
            self._table.put(self._table.slot(key, 0.0), amount)

    def _turn(self, now: float) -> None:
        """Begin a new period when the old one is over. A clock that is put back changes nothing."""
        table = self._table
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
