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
from collections.abc import Sequence
from functools import lru_cache
from statistics import NormalDist
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from waf.abuse.distances import Distances
from waf.abuse.embed import DIM, Vector
from waf.abuse.growing import Growing, Grown
from waf.abuse.inputs import Query, Row, Text
from waf.abuse.profile import COMPARABLE, HEARD_HITS, HITS, RING, Growth, Pool, Profile
from waf.abuse.space import RATES, Space
from waf.abuse.study import Study
from waf.abuse.template import Templates

NEAR: Final = 0.7
"""A caller's own nearest query is odd when it is nearer than this part of the distance to others."""
SHARED: Final = 0.6
"""The same for the nearest of somebody else's latest queries; stricter, since there are more of those."""
_IN_LINE: Final = 0.97
_LEAST_RING: Final = 4
"""Earlier queries of its own from which on a query is compared with them."""
_FRAME_SEEN: Final = 3
_LEAST_SPREAD: Final = 16
_NEAR, _NOVEL, _WALK, _SHARED, _FRAME, _APPETITE, _ORDER = map(
    RATES.index, ("near", "novel", "walk", "shared", "frame", "appetite", "order")
)


class Weighed(NamedTuple):
    """What could be said of [n] queries of different callers, and whether it is so: [n, 7] in the order of `RATES`."""

    comparable: NDArray[np.bool_]
    hits: NDArray[np.bool_]
    distances: Distances
    """From those of others."""
    partners: NDArray[np.uint64]
    """Hash of the caller with whom each shares an attack, 0 for nobody."""


def weigh(
    queries: Sequence[Query],
    points: Vector,
    digests: NDArray[np.uint64],
    profiles: Sequence[Profile],
    slots: NDArray[np.intp],
    space: Space,
    pool: Pool,
    growth: Growth | None = None,
) -> Weighed:
    """Adds queries to the profiles, [n] of different callers each, `points` [n, 32]; none of them is a repetition, or has grown
    a little only."""
    count = len(queries)
    grown = growth.much if growth is not None else np.zeros(count, dtype=np.bool_)
    owners = np.array([profile.key[0] for profile in profiles], dtype=np.uint64)
    filled = np.array([profile.filled for profile in profiles])
    others = space.distances(points, owners)
    usual, latest = others.usual, others.latest
    known, own = usual < np.inf, filled >= _LEAST_RING
    novel = space.novel(points, usual) & known
    counted = np.zeros((count, 2, len(RATES)), dtype=np.bool_)
    hits, comparable = counted[:, HITS], counted[:, COMPARABLE]
    comparable[:, _NOVEL], hits[:, _NOVEL] = known, novel
    shared = (latest < SHARED * usual) | (novel & (latest < usual)) | others.crowded
    shared &= known
    comparable[:, _SHARED], hits[:, _SHARED] = known, shared
    if own.any():
        measured = own & ~grown
        distances, in_line = _beside_own(points, slots, measured, pool, int(filled.max()))
        pool.measure(profiles, slots, measured, distances)
        # Nought as well: it was no repetition, so only what folding takes away has changed.
        comparable[:, _NEAR], hits[:, _NEAR] = own & known, measured & known & (distances < NEAR * usual)
        comparable[:, _WALK], hits[:, _WALK] = own, in_line
    comparable[:, _ORDER] = filled > 0
    comparable[:, _FRAME:_ORDER], hits[:, _FRAME:] = _alone(queries, profiles, grown)
    pool.counts[slots, :HEARD_HITS] += counted
    if growth is None:
        pool.keep(profiles, slots, digests, points)
    else:
        pool.grow(profiles, slots, digests, points, growth.places)
    cells = np.packbits(points[:, :8] > 0, axis=1)[:, 0].tolist()
    for profile, cell in zip(profiles, cells, strict=True):
        profile.cells |= 1 << cell
        profile.queries += 1
        profile.asked += 1
    return Weighed(comparable, hits, others, np.where(shared, others.whose, np.uint64(0)))


def grow(queries: Sequence[Query], profiles: Sequence[Profile]) -> Growth | None:
    """None where none of them has grown."""
    found: list[tuple[Grown, int]] = []
    for query, profile in zip(queries, profiles, strict=True):
        if not isinstance(query, Text):
            return None
        if profile.growing is None:
            profile.growing = Growing()
        found.append(profile.growing.add(query.folded, profile.stored))
    kinds = [kind for kind, _ in found]
    if not any(kinds):
        return None
    of = np.array(kinds)
    return Growth(of == Grown.LITTLE, of == Grown.MUCH, np.array([place for _, place in found]))


def what_ifs(queries: Sequence[Query], profiles: Sequence[Profile], times: Sequence[float]) -> NDArray[np.bool_]:
    """[n]: which rows belong to a study of their callers', or are edits."""
    found = np.zeros(len(queries), dtype=np.bool_)
    for i, (query, profile) in enumerate(zip(queries, profiles, strict=True)):
        if isinstance(query, Row):
            if profile.study is None:
                profile.study = Study(query.values, times[i])
            else:
                found[i] = profile.study.add(query.values, times[i])
    return found


def _beside_own(
    points: Vector, slots: NDArray[np.intp], own: NDArray[np.bool_], pool: Pool, filled: int
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Distances to the nearest earlier query of each one's own, and whether the step from there is in line with the last one;
    nothing where `own` is false. `filled`: no ring has more in it."""
    rings = pool.points[slots, :filled]
    squares = pool.lengths[slots, :filled] - 2.0 * np.matmul(rings, points[:, :, None])[:, :, 0]
    steps = (rings[np.arange(len(points)), squares.argmin(axis=1)] - points) * own[:, None]
    strides = np.einsum("ij,ij->i", steps, steps)
    products = np.einsum("ij,ij->i", steps, pool.steps[slots])
    in_line = products * products > _IN_LINE**2 * strides * pool.strides[slots]
    pool.steps[slots], pool.strides[slots] = steps, strides
    return np.sqrt(strides), in_line


def _alone(
    queries: Sequence[Query], profiles: Sequence[Profile], grown: NDArray[np.bool_]
) -> tuple[list[tuple[bool, bool]], list[tuple[bool, bool, bool]]]:
    """What can be said of each without the others: of which it could be said whether they have a frame that was often there and
    an appetite, and whether they have, and stand behind the one before."""
    comparable, hits = [], []
    for query, profile, more in zip(queries, profiles, grown.tolist(), strict=True):
        framed = False
        if isinstance(query, Text) and not more:
            if profile.templates is None:
                profile.templates = Templates()
            framed = profile.templates.learn(query.folded, query.frames) >= _FRAME_SEEN
        comparable.append((isinstance(query, Text), query.hungry is not None))
        hits.append((framed, query.hungry is True, query.place > profile.before))
        profile.before = query.place
    return comparable, hits


def pace(profile: Profile, now: float) -> None:
    """A query has come, a repetition or not."""
    if profile.came:
        gap = math.log(max(now - profile.came, 1e-4))
        profile.gaps += 1
        difference = gap - profile.gap_mean
        profile.gap_mean += difference / profile.gaps
        profile.gap_squares += difference * (gap - profile.gap_mean)
    profile.last = profile.came = now


def levels(profile: Profile, pool: Pool, space: Space) -> dict[str, float]:
    """The numbers of a profile that are no shares of queries, where there are enough to tell."""
    found = {"volume": math.log(max(profile.asked, 1))}
    if profile.queries:  # none, where only others have seen it
        found["coverage"] = _coverage(profile)
    apart = None
    if profile.filled:
        apart = space.apart(np.add.reduce(pool.points[profile.slot, : profile.filled]) / profile.filled)
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
    ordered -= np.add.reduce(ordered) / len(ordered)
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


def _coverage(profile: Profile) -> float:
    """How many of 256 parts of the space it has been in, beside how many a caller could by now; a logarithm."""
    possible = 256 * (1 - math.exp(-profile.queries / 256))
    return math.log(max(profile.cells.bit_count(), 1) / possible)
