"""What is odd about one query, beside the earlier ones of its caller and those of all others. Pure.

near     much nearer to an earlier query of its own than to anybody's: perturbed, synthesised (Papernot et al. 2017) or walked
novel    farther from everybody's than one query in fifty: noise, or another world's data (Orekondy et al. 2019)
walk     in line with the step before, or one element changed at a time: line searches, sweeps (Brendel et al. 2018)
shared   much nearer to a late query of somebody else than to what is usual: one attack from many keys
frame    the beginning or the end of several earlier texts, with something else in it: a template that is filled in
appetite asks for probabilities, or for answers of a token or two
order    behind the one before it, as in a sorted list
drift    the middle of its latest queries lies elsewhere than those of other callers
spread   distances to the nearest of its own that are not spread as those of natural queries are: PRADA (Juuti et al. 2019)
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from statistics import NormalDist
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from waf.abuse.embed import DIM, Vector
from waf.abuse.profile import RING, Pool, Profile
from waf.abuse.space import Distances, Space

NEAR: Final = 0.7
"""Part of the distance to others under which the nearest of its own is odd,"""
SHARED: Final = 0.6
"""and under which the nearest of somebody else's latest is: there are more of those."""
_IN_LINE: Final = 0.97
_MOST_FRAMES: Final = 48
_FRAME_SEEN: Final = 3
_LEAST_SPREAD: Final = 16
_NOUGHTS: Final = (0, 0)
_BITS: Final = tuple(1 << i for i in range(8))


class Query(NamedTuple):
    """One input of a request."""

    point: Vector
    digest: int
    """Hash of what was sent."""
    place: float
    """Where it would stand in a sorted list."""
    frames: tuple[int, ...] = ()
    """Of a text."""
    hungry: bool | None = None
    """Whether it has an appetite; None where its protocol has no such thing."""


class Weighed(NamedTuple):
    partner: int = 0
    """Hash of the caller with whom the query shares an attack, 0 for nobody."""
    found: Distances | None = None
    """None for a repetition, which was not looked at."""
    told: Mapping[str, bool] = {}
    """What could be said of the query, and whether it is so."""


_REPEATED: Final = Weighed()


def weigh(query: Query, profile: Profile, space: Space, pool: Pool, now: float) -> Weighed:
    """Adds the query to the profile."""
    point, digest, place, frames, hungry = query
    slot, filled = profile.slot, profile.filled
    _pace(profile, now)
    if filled and np.count_nonzero(pool.hashes[slot, :filled] == digest):
        return _REPEATED  # a retry, or a dashboard
    found = space.distances(point, profile.key[0])
    _, usual, latest, who, crowded = found
    partner, told = 0, {}
    if usual < math.inf:
        told["novel"] = novel = space.is_novel(point, usual)
        told["shared"] = shared = latest < SHARED * usual or (novel and latest < usual) or crowded
        partner = who if shared else 0
    if filled >= 4:
        ring = pool.points[slot, :filled]
        nearest = int((pool.lengths[slot, :filled] - 2.0 * (ring @ point)).argmin())
        step = ring[nearest] - point
        square = float(step @ step)
        own = math.sqrt(square)
        if usual < math.inf:
            # Nought as well: it was no repetition, so only what folding takes away has changed.
            told["near"] = own < NEAR * usual
        before = profile.step
        told["walk"] = own > 0 and before is not None and _in_line(step, before, square * profile.stride)
        profile.step, profile.stride = step, square
        pool.nearest[slot, profile.distances % RING] = own
        profile.distances += 1
    if frames:
        told["frame"] = max(map(profile.frames.get, frames, _NOUGHTS)) >= _FRAME_SEEN
        for frame in frames:
            if frame in profile.frames or len(profile.frames) < _MOST_FRAMES:
                profile.frames[frame] = profile.frames.get(frame, 0) + 1
            elif profile.queries % 4 == 0:
                profile.frames.pop(next(iter(profile.frames)))
    if hungry is not None:
        told["appetite"] = hungry
    if profile.stored:
        told["order"] = place > profile.before
    hits, comparable = profile.hits, profile.comparable
    for name, value in told.items():
        comparable[name] = comparable.get(name, 0) + 1
        if value:
            hits[name] = hits.get(name, 0.0) + 1
    profile.before = place
    profile.cells |= 1 << _cell(point)
    at = profile.stored % RING
    pool.points[slot, at], pool.hashes[slot, at], pool.lengths[slot, at] = point, digest, point @ point
    profile.stored += 1
    profile.filled = min(filled + 1, RING)
    profile.queries += 1
    profile.asked += 1
    return Weighed(partner, found, told)


def levels(profile: Profile, pool: Pool, space: Space) -> dict[str, float]:
    """The numbers of a profile that are no shares of queries, where there are enough to tell."""
    found = {"volume": math.log(max(profile.asked, 1))}
    if profile.queries:  # none, where only others have seen it
        found["coverage"] = _coverage(profile)
    apart = space.apart(pool.points[profile.slot, : profile.filled].mean(axis=0)) if profile.filled else None
    if apart is not None:
        # The mean of n is 32 / n away by chance alone, and callers differ by more than that.
        found["drift"] = math.log((apart + 0.1) / (DIM / profile.filled + 3))
    count = min(profile.distances, RING)
    distances = pool.nearest[profile.slot, :count]
    distances = distances[distances > 0]
    if len(distances) >= _LEAST_SPREAD:
        found["spread"] = unnatural(distances)
    if profile.gaps >= _LEAST_SPREAD:
        deviation = math.sqrt(profile.gap_squares / profile.gaps)
        found["regular"] = -math.log(deviation + 0.01)
    return found


def unnatural(distances: NDArray[np.float32]) -> float:
    """How far a sample is from a normal one: the statistic of Shapiro and Francia (1972) as a standard normal number
    (Royston 1993)."""
    ordered = np.sort(distances).astype(np.float64)
    ordered -= ordered.mean()
    scores = _normal_scores(len(ordered))
    length = float(ordered @ ordered)
    w = float(ordered @ scores) ** 2 / (length * float(scores @ scores)) if length > 1e-12 else 0.5
    u = math.log(len(ordered))
    v = math.log(u)
    mean = -1.2725 + 1.0521 * (v - u)
    deviation = 1.0308 - 0.26758 * (v + 2 / u)
    return (math.log(max(1 - w, 1e-9)) - mean) / deviation


@lru_cache(RING)
def _normal_scores(count: int) -> NDArray[np.float64]:
    normal = NormalDist()
    return np.array([normal.inv_cdf((i - 0.375) / (count + 0.25)) for i in range(1, count + 1)])


def _pace(profile: Profile, now: float) -> None:
    if profile.stored:
        gap = math.log(max(now - profile.last, 1e-4))
        profile.gaps += 1
        difference = gap - profile.gap_mean
        profile.gap_mean += difference / profile.gaps
        profile.gap_squares += difference * (gap - profile.gap_mean)
    profile.last = now


def _in_line(step: Vector, before: Vector, squares: float) -> bool:
    """`squares`: the product of their squared lengths."""
    product = float(step @ before)
    return product * product > _IN_LINE**2 * squares


def _cell(point: Vector) -> int:
    """One of 256 parts of the space."""
    return sum(bit for bit, value in zip(_BITS, point[:8].tolist(), strict=True) if value > 0)


def _coverage(profile: Profile) -> float:
    """How many parts of the space it has been in, beside how many a caller could by now; a logarithm."""
    possible = 256 * (1 - math.exp(-profile.queries / 256))
    return math.log(max(profile.cells.bit_count(), 1) / possible)
