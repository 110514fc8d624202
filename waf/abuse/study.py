"""What-ifs and edits: rows of numbers that differ from one row in a few elements, or from the one before in one. Pure.

Who varies up to three elements of one row sees how a model goes there, in a slice of it; that is what a what-if is for, and no
copy comes of it. So one such study of a caller is one query. Who varies a fourth element, or another row as well, is looked at.

Who changes a row step by step, and looks at what each step does, gets to any place in the end. So the number of such edits is
limited: to what somebody does by hand in a while, which is less than a copy takes.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from waf.abuse.embed import Vector

_AXES: Final = 3
"""Elements that a study varies, at most, and no more than a quarter of them."""
_MOST: Final = 1_000
"""Rows of a study."""


_EDITS: Final = 64.0
"""Edits that a caller has,"""
_SECONDS: Final = 1_800.0
"""the time after which it has one more,"""
_PAUSE: Final = 300.0
"""and how long after the row before it comes at most: who takes longer over a step is not at work on it."""


class Study:
    """Of one caller, whose first row is given, and when it came."""

    __slots__ = ("_axes", "_base", "_before", "_came", "_edited", "_most", "_rows", "over")

    def __init__(self, row: Vector, now: float) -> None:
        self._base = self._before = row
        """What is varied; the latest row, while nothing is."""
        self._most = min(_AXES, max(1, len(row) // 4))
        self._axes: set[int] = set()
        self._rows = 0
        self._came = now
        self._edited = 0.0
        """Up to when its edits count."""
        self.over = False

    def add(self, row: Vector, now: float) -> bool:
        """One more row, of as many elements. Whether it belongs to the study, or is an edit of the one before."""
        before, self._before = self._before, row
        came, self._came = self._came, now
        if not self.over:
            if self._varies(row):
                return True
            if not self._rows:  # it was compared with the one before
                return False
        if now - came > _PAUSE or np.count_nonzero(row != before) != 1:
            return False
        until = max(self._edited, now) + _SECONDS
        if until - now > _EDITS * _SECONDS:
            return False
        self._edited = until
        return True

    def _varies(self, row: Vector) -> bool:
        differs = row != self._base
        if np.count_nonzero(differs) > self._most:
            if not self._rows:
                self._base = row
            return False
        self._axes.update(np.flatnonzero(differs).tolist())
        self._rows += 1
        self.over = len(self._axes) > self._most or self._rows > _MOST
        return not self.over
