"""Elements that only ever grow: the time in a row, a counter, a number of a version. Pure.

Rows that differ in the time alone are a walk of one element to look at, and where the time is new the row is far from
everybody's. Both say when it was asked and nothing about why. So an element that grows from row to row is taken away, and a
panel that is polled with the time in it is a repetition. Who hides behind it gets to vary two elements, and only upwards.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from waf.abuse.embed import Vector

_RISES: Final = 7
"""Steps up without one down, from which on an element is believed to be a clock: one in 40,000 of others goes so."""
_PART: Final = 16
"""Steps up for each one down that it may have: a clock of the day begins anew."""
_MOST: Final = 2
"""Clocks of a row, at most, and no more than a quarter of its elements. On a line between two rows all of them grow."""
_SURE, _LONGEST = 10, 128
"""Rows after which one should be in sight, and after which none is looked for."""

Places = NDArray[np.intp]


class Clock:
    """Of one caller, whose first row is given."""

    __slots__ = ("_falls", "_last", "_most", "_rises", "_rows", "over", "places")

    def __init__(self, row: Vector) -> None:
        self._last = row
        self._most = min(_MOST, max(1, len(row) // 4))
        self._rises: NDArray[np.int16] = np.zeros(len(row), dtype=np.int16)
        self._falls: NDArray[np.int16] = np.zeros(len(row), dtype=np.int16)
        self._rows = 1
        self.places: Places | None = None
        """Where they are, once that is known."""
        self.over = False

    def add(self, row: Vector) -> Places | None:
        """One more row, of as many elements. Returns which of them are clocks."""
        if self.over:
            return None
        if self.places is not None:
            return self._follow(row[self.places])
        rose, fell = row > self._last, row < self._last
        self._rises += rose
        self._falls += fell
        self._last = row
        self._rows += 1
        if self._rows <= _RISES:
            return None
        clocks = np.flatnonzero((self._rises >= _RISES) & (self._falls * _PART <= self._rises))
        if 0 < len(clocks) <= self._most:
            self.places, self._last = clocks, row[clocks]
            self._rises, self._falls = self._rises[clocks], self._falls[clocks]
        elif self._rows >= _LONGEST or (self._rows >= _SURE and not ((self._falls <= 1) & (self._rises > 0)).any()):
            self._stop()
        return self.places

    def _follow(self, now: Vector) -> Places | None:
        rose, fell = now > self._last, now < self._last
        self._last = now
        if self._rises[0] < np.iinfo(np.int16).max:
            self._rises += rose
        self._falls += fell
        if ((self._falls - 1) * _PART > self._rises).any():
            self._stop()
        return self.places

    def _stop(self) -> None:
        self.over, self.places = True, None
        self._last = self._last[:0]
        self._rises = self._falls = self._rises[:0]
