"""What the elements of a tensor are measured by: learned from the first rows, or taken over from another firewall. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

from waf.abuse.embed import Vector, embed_rows, scale_of

WARM: Final = 32
"""Rows from which a scale is learned, before any of them is compared."""
SHARE: Final = 2
"""Rows that each caller gives to that, once there are many callers."""

Warm = list[tuple[int, Vector]]


class Scale:
    """Centre and factor of each of `size` elements; 0 for texts, which need none."""

    __slots__ = ("_seen", "_warm", "centre", "elements", "factor", "number", "ready", "settled")

    def __init__(self, size: int) -> None:
        self.elements = size
        self.ready = size == 0
        """False while it is not known yet."""
        self.centre: Vector = np.zeros(size, dtype=np.float32)
        self.factor: Vector = np.ones(size, dtype=np.float32)
        self.number = 0
        """Tells scales apart: points are near to each other only where they were measured by the same one."""
        self.settled = self.ready
        """Whether it is the one that all firewalls have, as far as this one has heard."""
        self._warm: Warm = []
        self._seen = 0

    def embed(self, rows: Sequence[Vector]) -> Vector:
        """[n, 32], once it is ready."""
        return embed_rows(np.stack(rows), self.centre, self.factor)

    def is_(self, centre: Vector, factor: Vector) -> bool:
        return np.array_equal(self.centre, centre) and np.array_equal(self.factor, factor)

    def learn(self, row: Vector, owner: int, callers: int) -> Warm:
        """One of the first rows. Returns the owners and rows that it was learned from once it is ready, else nothing."""
        if self.ready:
            return []
        self._seen += 1
        mine = sum(1 for who, _ in self._warm if who == owner)
        if mine < max(SHARE, WARM // (2 * max(callers, 1))):
            self._warm.append((owner, row))
        if len(self._warm) >= WARM or (self._seen >= 2 * WARM and len(self._warm) >= WARM // 2):
            return self.take(*scale_of(np.stack([row for _, row in self._warm])))
        return []

    def take(self, centre: NDArray[np.float32], factor: NDArray[np.float32]) -> Warm:
        """Measure by this from now on. Returns the rows that have come meanwhile."""
        self.centre, self.factor = centre, factor
        hashed = blake2b(centre.tobytes() + factor.tobytes(), digest_size=8)
        self.number, self.ready = int.from_bytes(hashed.digest()) or 1, True
        warm, self._warm = self._warm, []
        return warm
