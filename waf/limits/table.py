"""One number for each caller, in memory that never grows.

Slots lie in groups of eight; a caller's hash chooses its group. A number up to a floor says nothing (a debt that is paid), so
such a slot is free. Where a group has none, the newcomer takes over the slot with the least number *and the number*, as
Space-Saving does (Metwally et al. 2005): whoever is pushed out had no more than that, finds at least as much when it comes
back, and so gains nothing by it. Newcomers may be held back then; that is the price of a table that is too small.
"""

from __future__ import annotations

import mmap
from typing import Final

WAYS: Final = 8
MIN_SLOTS: Final = 64


class Table:
    """At least `callers` numbers, 16 bytes each, of which the system gives only what is touched."""

    __slots__ = ("_groups", "_hashes", "base", "crowded", "dirty", "ends", "numbers", "span", "starts")

    def __init__(self, callers: int) -> None:
        self._groups = 1 << max(MIN_SLOTS // WAYS, callers * 2 // WAYS).bit_length()
        self.crowded = 0
        """How often somebody had to take over a slot that was in use."""
        self.starts = self.ends = 0.0
        """Of the period that the numbers are about, where they are about one."""
        self.base = self.span = 0.0
        """Of a quota: amounts are kept above `base`, at most `span` of it. A new period raises it past all of them, which says
        nothing about anybody any more, and takes no time however many they are."""
        self.dirty: set[int] | None = None
        """Hashes whose number has changed since it was last written down; None where nobody writes."""
        self.clear()

    def slot(self, key: int, floor: float) -> int:
        """The slot of a 64-bit hash: its own, else one that is free, else the least of its group, with the number that is in
        it. `floor`: the greatest number that says nothing."""
        start = key % self._groups * (2 * WAYS)
        usual = start + (key >> 60) % WAYS
        hashes = self._hashes
        if hashes[usual] == key:
            return usual
        group = hashes[start : start + WAYS].tolist()
        if key in group:
            return start + group.index(key)
        found, least = usual, self.number(usual)
        if least > floor:
            numbers = self.numbers[start + WAYS : start + 2 * WAYS].tolist()
            least = min(numbers)
            found = start + numbers.index(least)
            self.crowded += least > floor
        hashes[found] = key
        return found

    def peek(self, key: int) -> int:
        """The slot of a hash; -1 when it has none."""
        start = key % self._groups * (2 * WAYS)
        group = self._hashes[start : start + WAYS].tolist()
        return start + group.index(key) if key in group else -1

    def holds(self, slot: int, key: int) -> bool:
        """Whether the slot is still that of this hash."""
        return self._hashes[slot] == key

    def key(self, slot: int) -> int:
        return self._hashes[slot]

    def number(self, slot: int) -> float:
        return self.numbers[slot + WAYS]

    def put(self, slot: int, number: float) -> None:
        self.numbers[slot + WAYS] = number

    def above(self, floor: float, start: int, groups: int) -> tuple[list[tuple[int, float]], int]:
        """(hash, number) of those in so many groups whose number is above the floor, and the group to go on with; -1 at the
        end."""
        found: list[tuple[int, float]] = []
        end = min(start + groups, self._groups)
        for at in range(start * 2 * WAYS, end * 2 * WAYS, 2 * WAYS):
            numbers = self.numbers[at + WAYS : at + 2 * WAYS].tolist()
            if max(numbers) > floor:
                hashes = self._hashes[at : at + WAYS].tolist()
                found += [pair for pair in zip(hashes, numbers, strict=True) if pair[1] > floor]
        return found, end if end < self._groups else -1

    def clear(self) -> None:
        """Forget everybody."""
        memory = memoryview(mmap.mmap(-1, self._groups * WAYS * 16))
        # Eight hashes, then their numbers: a caller's are in the same page.
        self._hashes, self.numbers = memory.cast("Q"), memory.cast("d")
        """The number of a slot is `WAYS` further on."""
