"""How many requests the model server is given at once, learned from how long it takes. Pure; times are handed in.

A gradient limit (after Netflix's concurrency-limits, "Gradient2"): where latency rises above what is usual, fewer are let in;
where it does not, a few more than now, about the square root, so that the server is never far from being asked more. What is
usual follows downwards quickly and upwards slowly, so that an overload is not taken for the new usual before it has passed.
"""

from __future__ import annotations

import math
from typing import Final

from waf.usage import Shedding

WINDOW: Final = 0.5
"""Seconds of answers that are looked at together, at least."""
SAMPLES: Final = 10
"""Answers that are looked at together, at least; so many failures, or as few as make a tenth, count as well."""
UP: Final = 0.2
DOWN: Final = 0.5
"""Of the way to the limit that is wanted, how much is gone in one window."""
FALL: Final = 0.25
"""Of the way down to what was measured, how much what is usual goes in one window."""
RISE: Final = 0.02
RISE_FULL: Final = 0.0005
"""By which share of itself it rises at most; the latter while somebody is turned away, so that it doubles in a quarter of an
hour when answers have grown longer for good, and an overload passes before."""
CUT: Final = 0.8
"""What a failing server is left with, a window."""


class Shedder:
    """One upstream's. `settings` may be replaced by a reload."""

    __slots__ = ("_failed", "_full", "_most", "_since", "_sum", "_times", "active", "limit", "settings", "usual")

    def __init__(self, settings: Shedding) -> None:
        self.settings = settings
        self._set(settings.start)
        self.active = 0
        self.usual = 0.0
        """Seconds to the head of an answer; 0: not known yet."""
        self._since: float | None = None
        self._sum = 0.0
        self._times = self._failed = self._most = 0
        self._full = False

    def enter(self) -> bool:
        """Whether one more may go on."""
        if self.active >= int(self.limit):
            self._full = True
            return False
        self.active += 1
        self._most = max(self._most, self.active)
        return True

    def leave(self) -> None:
        """It has its whole answer, or will never have it."""
        self.active -= 1

    def answered(self, seconds: float, now: float, *, failed: bool = False) -> None:
        """The head of an answer came, `seconds` after the request had been sent. `failed`: it came to nothing, or says that
        there is too much to do."""
        if self._since is None:
            self._since = now
        self._failed += failed
        if not failed:
            self._times += 1
            self._sum += seconds
        count = self._times + self._failed
        if count < SAMPLES or now - self._since < WINDOW:
            return
        if self._failed * 10 >= count:
            self._set(self.limit * CUT)
        elif self._times:
            self._learn(self._sum / self._times)
        self._full = False
        self._since, self._sum, self._times, self._failed, self._most = now, 0.0, 0, 0, self.active

    def _learn(self, mean: float) -> None:
        target = self.settings.latency
        if not self.usual or mean < self.usual:
            self.usual = mean if not self.usual else self.usual + (mean - self.usual) * FALL
        else:
            self.usual = min(mean, self.usual * (1 + (RISE_FULL if self._full else RISE)))
        accepted = target or self.usual * self.settings.tolerance
        gradient = max(0.5, min(1.0, accepted / max(mean, 1e-9)))
        if gradient == 1.0 and self._most < self.limit / 2:
            return  # nobody asked for more, so nothing is known about more
        wanted = self.limit * gradient + math.sqrt(self.limit)
        self._set(self.limit + (wanted - self.limit) * (UP if wanted > self.limit else DOWN))

    def _set(self, limit: float) -> None:
        self.limit = max(float(self.settings.least), min(float(self.settings.most), limit))
