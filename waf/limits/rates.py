"""Rates and quotas: whether there is room for a cost, taking it, and giving some of it back. Pure; clocks are handed in."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Final

from waf.limits.table import WAYS, Table
from waf.usage import Rate

_DAY: Final = 86_400
_LEAST_SPAN: Final = float(1 << 20)
_LARGEST: Final = float(1 << 45)
"""Periods that a table goes through before it is emptied: 4,096 of a quota of a thousand million: eleven years of days."""


class Window:
    """One rate by the generic cell rate algorithm (ITU-T I.371 appendix I): one number a caller, the time at which everything
    that it used will have come back. `now` is monotonic, in seconds; `slot` is where `find` says the number is.

    A cost above the burst is let in when nothing is owed, and owed: a prompt may be longer than a second's worth.
    """

    __slots__ = ("rate", "step", "table", "tolerance")

    def __init__(self, rate: Rate, table: Table) -> None:
        self.rate = rate
        self.table = table
        self.step = rate.window / rate.limit
        self.tolerance = self.step * (rate.burst or rate.limit)

    def find(self, key: int, now: float) -> int:
        return self.table.slot(key, now)

    def wait(self, slot: int, cost: float, now: float) -> float:
        """Seconds until there is room; 0: now."""
        owed, asked = self.table.numbers[slot + WAYS] - now, cost * self.step
        if asked > self.tolerance:
            asked = self.tolerance
        if owed <= 0.0:
            return 0.0
        return max(0.0, owed + asked - self.tolerance)

    def draw(self, key: int, cost: float, now: float) -> tuple[int, float]:
        """All three at once: where the number is, and seconds until there is room; 0: there is, and it has been used."""
        slot = self.table.slot(key, now)
        numbers, at = self.table.numbers, slot + WAYS
        until, asked = numbers[at], cost * self.step
        if until <= now:
            numbers[at] = now + asked
            return slot, 0.0
        over = until - now + min(asked, self.tolerance) - self.tolerance
        if over > 0.0:
            return slot, over
        numbers[at] = until + asked
        return slot, 0.0

    def take(self, slot: int, cost: float, now: float) -> None:
        """Use it, room or not. A negative cost gives back."""
        numbers, at = self.table.numbers, slot + WAYS
        until = numbers[at]
        if until < now:
            until = now
        until += cost * self.step
        numbers[at] = max(now, until)

    def left(self, slot: int, now: float) -> tuple[int, int]:
        """How much is left, and in how many seconds all of it will be there."""
        owed = self.table.numbers[slot + WAYS] - now
        if owed <= 0.0:
            return int(self.tolerance / self.step + 1e-6), 0
        # Rounding must not show one less.
        left = int((self.tolerance - owed) / self.step + 1e-6)
        return max(0, left), math.ceil(owed)


class Quota:
    """So much in a day or a month of the calendar (UTC): the amount used so far. `now` is in seconds since 1970; `slot` is where
    `find` says the amount is, at the same moment."""

    __slots__ = ("rate", "table")

    def __init__(self, rate: Rate, table: Table) -> None:
        self.rate = rate
        self.table = table
        table.span = max(table.span, 2.0 ** math.ceil(math.log2(8 * rate.limit)), _LEAST_SPAN)

    def find(self, key: int, now: float) -> int:
        self._turn(now)
        return self.table.slot(key, self.table.base)

    def used(self, slot: int) -> float:
        return max(self.table.number(slot) - self.table.base, 0.0)

    def wait(self, slot: int, cost: float, now: float) -> float:
        """Seconds until there is room; 0: now."""
        used, limit = self.table.number(slot) - self.table.base, self.rate.limit
        return 0.0 if max(used, 0.0) + min(cost, limit) <= limit else max(self.table.ends - now, 1.0)

    def draw(self, key: int, cost: float, now: float) -> tuple[int, float]:
        """All three at once: where the amount is, and seconds until there is room; 0: there is, and it has been used."""
        table, limit = self.table, self.rate.limit
        if now >= table.ends:
            self._turn(now)
        base, numbers = table.base, table.numbers
        slot = table.slot(key, base)
        used = numbers[slot + WAYS] - base
        if used < 0.0:
            used = 0.0
        if used + (min(limit, cost)) > limit:
            return slot, max(table.ends - now, 1.0)
        used += cost
        numbers[slot + WAYS] = base + min(table.span, used)
        if table.dirty is not None:
            table.dirty.add(key)
        return slot, 0.0

    def take(self, slot: int, cost: float, now: float) -> None:
        """Use it, room or not. A negative cost gives back."""
        self.put(slot, self.used(slot) + cost)

    def put(self, slot: int, used: float) -> None:
        """Say how much is used."""
        table = self.table
        table.put(slot, table.base + min(max(used, 0.0), table.span))
        if table.dirty is not None:
            table.dirty.add(table.key(slot))

    def left(self, slot: int, now: float) -> tuple[int, int]:
        """How much is left, and in how many seconds all of it will be there."""
        left = math.floor(self.rate.limit - self.used(slot))
        return max(0, left), math.ceil(self.table.ends - now)

    def changed(self, now: float, most: int) -> list[tuple[int, float, float]]:
        """(hash, beginning of the period, amount) of at most so many callers whose amount has changed since it was last
        given here."""
        self._turn(now)
        table = self.table
        dirty = table.dirty if table.dirty is not None else set()
        keys = [dirty.pop() for _ in range(min(most, len(dirty)))]
        return [(key, table.starts, self.used(slot)) for key in keys if (slot := table.peek(key)) >= 0]

    def restore(self, key: int, starts: float, amount: float, now: float) -> None:
        """What was written down before a restart; an amount of a period that is over is forgotten."""
        self._turn(now)
        if starts == self.table.starts:
            self.table.put(self.find(key, now), self.table.base + amount)

    def _turn(self, now: float) -> None:
        """Begin a new period when the old one is over. A clock that is put back changes nothing."""
        table = self.table
        if now < table.ends:
            return
        if table.ends:
            table.base += table.span
            if table.base > _LARGEST:  # where a double no longer tells parts of a unit apart
                table.clear()
                table.base = 0.0
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
