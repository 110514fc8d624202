"""What-ifs: rows of numbers that differ from one row in a few elements. Pure.

Who varies up to three elements of one row sees how a model goes there, in a slice of it; that is what a what-if is for, and no
copy comes of it. So one such study of a caller is one query. Who varies a fourth element, or another row as well, is looked at.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from waf.abuse.embed import Vector

_AXES: Final = 3
"""Elements that a study varies, at most, and no more than a quarter of them."""
_MOST: Final = 1_000
"""Rows of a study."""


class Study:
    """Of one caller, whose first row is given."""

    __slots__ = ("_axes", "_base", "_most", "_rows", "over")

    def __init__(self, row: Vector) -> None:
        self._base = row
        """What is varied; the latest row, while nothing is."""
        self._most = min(_AXES, max(1, len(row) // 4))
        self._axes: set[int] = set()
        self._rows = 0
        self.over = False

    def add(self, row: Vector) -> bool:
        """One more row, of as many elements. Whether it belongs to the study."""
        if self.over:
            return False
        differs = row != self._base
        if np.count_nonzero(differs) > self._most:
            if not self._rows:
                self._base = row
            return False
        self._axes.update(np.flatnonzero(differs).tolist())
        self._rows += 1
        self.over = len(self._axes) > self._most or self._rows > _MOST
        return not self.over
