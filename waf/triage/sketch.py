"""Counting what occurs often, and how many different things there are, in memory that does not grow.

Frequent items as Misra and Gries have it (1982), thrown out in batches (Anderson et al., IMC 2017): whoever made more than a
`capacity`-th of all events is there, and no count is too low by more than `lost`. Distinct items by the least of their hashes
(Bar-Yossef et al. 2002).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2b
from typing import Final, Generic, TypeVar

CAPACITY: Final = 4096
KEPT: Final = 1024
"""Hashes that the number of distinct items is estimated from: within 6 % nearly always, exact below it."""


class Tracked:
    """One item: how often, and from when to when (seconds since 1970)."""

    __slots__ = ("count", "first", "last", "weight")

    def __init__(self, now: float) -> None:
        self.count = self.weight = 0
        self.first = self.last = now

    def see(self, now: float) -> None:
        self.count += 1
        self.weight += 1
        if now < self.first:
            self.first = now
        elif now > self.last:
            self.last = now


T = TypeVar("T", bound=Tracked)


class Top(Generic[T]):
    """The most frequent items. `make` makes the record of one that is new."""

    __slots__ = ("_capacity", "_make", "distinct", "lost", "records", "total")

    def __init__(self, make: Callable[[float], T], capacity: int = CAPACITY) -> None:
        self._make = make
        self._capacity = capacity
        self.records: dict[str, T] = {}
        self.total = 0
        self.lost = 0
        """By how much a count may be too low; 0: all of them are exact."""
        self.distinct = Distinct()

    def add(self, item: str, now: float) -> T:
        """The record, already counted; the caller may write more into it."""
        record = self.records.get(item)
        if record is None:
            self.distinct.add(item)
            if len(self.records) >= 2 * self._capacity:
                self._throw_out()
            record = self.records[item] = self._make(now)
        record.see(now)
        self.total += 1
        return record

    def most(self, count: int) -> list[tuple[str, T]]:
        """The most frequent first; among equals by name, so that a log always gives the same report."""
        return heapq.nsmallest(count, self.records.items(), key=lambda pair: (-pair[1].count, pair[0]))

    def counts(self) -> list[int]:
        return [record.count for record in self.records.values()]

    def _throw_out(self) -> None:
        """Lighten all by the weight of the median, and let go of who has none left. Each time takes that weight from at least
        `capacity` items, so all times together take at most a `capacity`-th of all events from one."""
        median = sorted((record.weight for record in self.records.values()), reverse=True)[self._capacity]
        self.lost += median
        for record in self.records.values():
            record.weight -= median
        self.records = {item: record for item, record in self.records.items() if record.weight > 0}


@lru_cache(65_536)
def _hash(item: str) -> int:
    return int.from_bytes(blake2b(item.encode("utf-8", "surrogatepass"), digest_size=8).digest())


class Distinct:
    """How many different items there were, from the least `KEPT` of their hashes."""

    __slots__ = ("_heap", "_kept")

    def __init__(self) -> None:
        self._kept: set[int] = set()
        self._heap: list[int] = []

    def add(self, item: str) -> None:
        number = _hash(item)
        if number in self._kept:
            return
        if len(self._heap) < KEPT:
            self._kept.add(number)
            heapq.heappush(self._heap, -number)
        elif number < -self._heap[0]:
            self._kept.discard(-heapq.heapreplace(self._heap, -number))
            self._kept.add(number)

    def estimate(self) -> int:
        """Exact up to `KEPT`."""
        if len(self._heap) < KEPT:
            return len(self._heap)
        return round((KEPT - 1) / (-self._heap[0] / 2**64))
