"""Readings of what hardly changes: rows of numbers that are where the one before was, but for a little. Pure.

Steps as small as a sensor's tell nothing but a slope, and who takes as long over them as a sensor does gets few of them. So a
reading is the one before, until as much has gone by as a query of its own would be apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from waf.abuse.embed import Vector
from waf.abuse.profile import Growth, Pool, Profile
from waf.abuse.space import Space

_LITTLE: Final = 0.1
"""Part of what is usual between a query and the nearest of others that a reading is away from the one before."""
_SECONDS: Final = 10.0
"""Seconds that a reading takes, on average."""
_AT_ONCE: Final = 12
"""Readings that may come in one burst."""
_THINGS: Final = 12
"""Things that one caller may read: who goes on to the next once it knows the slopes at one is no sensor."""

_ROOM: Final = 1
"""Things up to which others may have the same readings."""


def readings(
    points: Vector,
    profiles: Sequence[Profile],
    slots: NDArray[np.intp],
    owners: NDArray[np.uint64],
    times: Sequence[float],
    space: Space,
    pool: Pool,
) -> Growth | None:
    """Which of [n, 32] points are readings; None where none of them is."""
    filled = max(profile.filled for profile in profiles)
    if not space.typical or not filled:
        return None
    squares, places = pool.beside(points, slots, filled)
    near = squares < (_LITTLE * space.typical) ** 2
    if not near.any():
        return None
    # What somebody else has sent just now as well is of one attack from many keys, which go on to the next thing together;
    # sensors in one room stay there.
    at = np.flatnonzero(near & np.array([len(profile.things) > _ROOM for profile in profiles]))
    if len(at):
        near[at] = space.late(points[at], owners[at]) >= (_LITTLE * space.typical) ** 2
    much, stored = np.zeros(len(points), dtype=np.bool_), np.array([profile.stored for profile in profiles])
    for i in np.flatnonzero(near).tolist():
        profile, place = profiles[i], int(places[i])
        thing, until = pool.number(profile, place), max(profile.read, times[i]) + _SECONDS
        if until - times[i] > _SECONDS * _AT_ONCE or (len(profile.things | {thing}) > _THINGS):
            near[i] = False
            continue
        profile.things.add(thing)
        profile.read, stored[i] = until, thing
        moved = float(pool.moved[profile.slot, place]) + float(squares[i])
        much[i] = moved >= space.typical**2
        pool.moved[profile.slot, place] = 0.0 if much[i] else moved
    return Growth(near & ~much, much, stored)
