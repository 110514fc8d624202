"""How far queries are from those of others, and how many callers' are near. Pure."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from waf.abuse.embed import Vector

_EQUAL, _HALVED = 1e-4, 1 - 2**-20
"""Points are equal where no more is between them than rounding leaves, or the half precision in which others show theirs."""
FAR: Final = 1e12
"""A squared distance that is out of reach."""


class Distances(NamedTuple):
    """Of queries from those of others, [n] each; inf where there are too few to tell."""

    nearest: NDArray[np.float32]
    """Distance to the nearest of the sample."""
    usual: NDArray[np.float32]
    """Distance to the second nearest of the sample: a single one, the seed of an attack that another key has sent, must not
    hide it."""
    latest: NDArray[np.float32]
    """Distance to the nearest of the latest queries."""
    whose: NDArray[np.uint64]
    """Hash of the caller who sent that one, 0 for nobody."""
    crowded: NDArray[np.bool_]
    """More callers sent one of the latest that is nearer than the fifth nearest of the sample than is usual."""
    near: NDArray[np.bool_]
    """[n, m]: which of the m latest are nearer than the fifth nearest of the sample."""
    owners: NDArray[np.uint64]
    """[m]: hashes of the callers who sent the latest."""

    def callers(self, at: int) -> int:
        """How many callers sent what is near to one of them: one caller's batch is no crowd."""
        return len(set(self.owners[self.near[at]].tolist()))


def before(points: Vector, lengths: Vector) -> NDArray[np.float32]:
    """[n, n]: squared distances to those before, less the length of each point; the others are far, and so are equal ones."""
    squares = -2.0 * (points @ points.T)
    squares += lengths
    return without(squares, _after(len(points)).copy(), lengths)


def without(squares: NDArray[np.float32], far: NDArray[np.bool_], lengths: Vector) -> NDArray[np.float32]:
    """[n, m] squared distances, less the length of each of n points, in which those that are `far`, and those to equal points,
    are out of reach. Both may be changed."""
    far |= squares < (_EQUAL - _HALVED * lengths)[:, None]
    np.copyto(squares, FAR, where=far)
    return squares


@lru_cache(64)
def _after(count: int) -> NDArray[np.bool_]:
    """[n, n]: those from itself on."""
    return np.triu(np.ones((count, count), dtype=np.bool_))
