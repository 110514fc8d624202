"""Of the inputs of one wave: which are weighed, and which are set aside as known, a study's or a reading's. Pure but for the
profiles and the pool that it is given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from waf.abuse.embed import Vector
from waf.abuse.evidence import grow, what_ifs
from waf.abuse.profile import Growth, Pool, Profile
from waf.abuse.readings import readings
from waf.abuse.space import Space
from waf.abuse.waiting import Waiting


class Placed(NamedTuple):
    """Inputs whose callers have a profile; all three are as long."""

    profiles: list[Profile]
    at: list[int]
    """Where each input is in the wave."""
    slots: NDArray[np.intp]
    """Where each profile is in the pool."""

    def only(self, which: Iterable[int]) -> Placed:
        """Those at these places."""
        kept = list(which)
        return Placed([self.profiles[i] for i in kept], [self.at[i] for i in kept], self.slots[kept])


def placed(profiles: list[Profile], at: list[int]) -> Placed:
    """With their slots."""
    return Placed(profiles, at, np.array([profile.slot for profile in profiles], dtype=np.intp))


def without_known(
    some: Placed, wave: Sequence[Waiting], digests: NDArray[np.uint64], new: NDArray[np.bool_], pool: Pool
) -> Placed:
    """Less what a caller has sent before, and rows that belong to a study of its own. `digests` and `new` are of the whole
    wave; what is left out is no longer new."""
    if not some.profiles:
        return some
    known = pool.known(some.slots, digests[some.at])
    if wave[0].space.scale.elements:
        known |= what_ifs([wave[i].query for i in some.at], some.profiles, [wave[i].now for i in some.at])
    if not known.any():
        return some
    new[np.array(some.at)[known]] = False
    return some.only(np.flatnonzero(~known).tolist())


def without_growth(
    some: Placed,
    wave: Sequence[Waiting],
    points: Vector,
    digests: NDArray[np.uint64],
    owners: NDArray[np.uint64],
    new: NDArray[np.bool_],
    space: Space,
    pool: Pool,
) -> tuple[Placed, Growth | None]:
    """Less readings of a sensor and texts that have grown a little, which take the place of what they grew from. Returns the
    growth of those that are left, None where nothing has grown. `points` [n, 32], `digests`, `owners` and `new` are of the whole
    wave."""
    growth: Growth | None = None
    if some.profiles and space.scale.elements:
        times = [wave[i].now for i in some.at]
        growth = readings(points[some.at], some.profiles, some.slots, owners[some.at], times, space, pool)
    elif some.profiles:
        growth = grow([wave[i].query for i in some.at], some.profiles)
    if growth is None:
        return some, None
    little, kept = np.flatnonzero(growth.little), np.flatnonzero(~growth.little)
    grown = some.only(little.tolist())
    pool.grow(grown.profiles, grown.slots, digests[grown.at], points[grown.at], growth.places[little])
    new[grown.at] = False
    return some.only(kept.tolist()), Growth(growth.little[kept], growth.much[kept], growth.places[kept])
