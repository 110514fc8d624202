"""When it happened: counts over time in a bounded number of buckets, the window of an incident, and its shape."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

MAX_BUCKETS: Final = 2048


class Gathering(NamedTuple):
    """When requests gather in a window: this share of them is in at most this part of the log's time. Of fewer than `few`
    nothing is said."""

    share: float
    part: float
    few: int


SUSPICIOUS: Final = Gathering(0.9, 0.5, 20)
ALL: Final = Gathering(0.5, 1 / 6, 200)
"""Five times the rate of the rest; the hours of a working day are less."""


class Window(NamedTuple):
    """Seconds since 1970; `end` belongs to it."""

    start: float
    end: float
    found: str
    """What of the log gathers in it: `suspicious` requests or `all`; `asked` when it was given."""

    def __contains__(self, moment: object) -> bool:
        return isinstance(moment, float) and self.start <= moment <= self.end


class Timeline:
    """Requests and suspicious ones by time. Buckets of a second at first, wider ones as there are more of them; times of which
    there is only one event take one bucket, however far off they are."""

    def __init__(self) -> None:
        self.width = 1
        """Of a bucket, in seconds."""
        self._buckets: dict[int, list[int]] = {}

    def add(self, moment: float, *, suspect: bool) -> None:
        bucket = self._buckets.get(place := int(moment // self.width))
        if bucket is None:
            bucket = self._buckets[place] = [0, 0]
            if len(self._buckets) > MAX_BUCKETS:
                bucket[0] += 1
                bucket[1] += suspect
                self._widen()
                return
        bucket[0] += 1
        bucket[1] += suspect

    def window(self) -> Window | None:
        """The shortest time that holds nine of ten suspicious requests, when that is at most half of the whole; else the shortest
        that holds half of all requests, when that is at most a sixth; else None."""
        return self._gathered(1, SUSPICIOUS, "suspicious") or self._gathered(0, ALL, "all")

    def _gathered(self, which: int, rule: Gathering, name: str) -> Window | None:
        places = sorted(self._buckets)
        counts = [self._buckets[place][which] for place in places]
        total = sum(counts)
        if total < rule.few:
            return None
        wanted = rule.share * total
        best: tuple[int, int] | None = None
        start = held = 0
        for end, count in enumerate(counts):
            held += count
            while held - counts[start] >= wanted:
                held -= counts[start]
                start += 1
            if held >= wanted and (best is None or places[end] - places[start] < best[1] - best[0]):
                best = (places[start], places[end])
        if best is None or (best[1] - best[0] + 1) > rule.part * (places[-1] - places[0] + 1):
            return None
        return Window(best[0] * self.width, (best[1] + 1) * self.width - 1e-6, name)

    def series(self, start: float, end: float, cells: int) -> list[tuple[int, int]]:
        """(all, suspicious) in so many equal parts of a time, fewer where there are not so many buckets in it."""
        cells = max(1, min(cells, math.ceil((end - start) / self.width)))
        made = [[0, 0] for _ in range(cells)]
        step = max(end - start, 1e-9) / cells
        for place, (total, suspect) in self._buckets.items():
            moment = (place + 0.5) * self.width
            if start <= moment <= end + self.width:
                cell = made[min(int((moment - start) / step), cells - 1)]
                cell[0] += total
                cell[1] += suspect
        return [(total, suspect) for total, suspect in made]

    def _widen(self) -> None:
        self.width *= 2
        old, self._buckets = self._buckets, {}
        for place, (total, suspect) in old.items():
            bucket = self._buckets.setdefault(place // 2, [0, 0])
            bucket[0] += total
            bucket[1] += suspect
        if len(self._buckets) > MAX_BUCKETS:
            self._widen()


def shape(counts: list[int]) -> str:
    """What a series of counts looks like: `regular`, `rising`, `falling`, `bursts` or `steady`."""
    total = sum(counts)
    if not total or len(counts) < 4:
        return "steady"
    mean = total / len(counts)
    deviation = math.sqrt(sum((count - mean) ** 2 for count in counts) / len(counts))
    if mean >= 5 and deviation < mean**0.5 / 2:
        return "regular"  # evener than chance, which would give a deviation of about the root of the mean
    half = len(counts) // 2
    early, late = sum(counts[:half]), sum(counts[-half:])
    if max(counts) > 4 * mean:
        return "bursts"
    if late > 2 * early:
        return "rising"
    return "falling" if early > 2 * late else "steady"


SHAPES: Final = {
    "regular": "evener than chance: a machine with a timer",
    "rising": "more in the second half than in the first",
    "falling": "less in the second half than in the first",
    "bursts": "in short bursts",
    "steady": "steady",
}
