"""What is remembered of one caller on one kind of query, and the pool that all of it lives in. Never grows."""

from __future__ import annotations

import math
import mmap
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from waf.abuse.clock import Clock
from waf.abuse.embed import DIM, Vector
from waf.abuse.growing import Growing
from waf.abuse.space import RATES
from waf.abuse.study import Study
from waf.abuse.template import Templates

RING: Final = 64
"""Queries of its own that each is compared with."""
FIRST_LOOK: Final = 12
"""Queries after which a caller is judged for the first time."""
HALVE: Final = 128
"""Queries at which all counts are halved, so that what is long ago counts for less."""
NOWHERE: Final = 1e12
"""Squared length of a place in a ring in which nothing is yet: it is near to nothing."""
HITS, COMPARABLE, HEARD_HITS, HEARD_COMPARABLE = range(4)
"""Rows of a profile's counts: how many of its queries had each of `RATES`, of how many it could be said, and the same of queries
that other firewalls got."""
_TRIES: Final = 8

Key = tuple[int, int]
"""Hash of the caller, number of the space."""


class Growth(NamedTuple):
    """Of [n] queries of different callers, which have grown from earlier ones, and from which."""

    little: NDArray[np.bool_]
    much: NDArray[np.bool_]
    places: NDArray[np.intp]


class Profile(msgspec.Struct, eq=False, gc=False):
    key: Key
    slot: int
    first: float
    last: float
    queries: int = 0
    """Of those that are no repetition; halved now and then, as all counts are."""
    asked: int = 0
    """The same, never halved."""
    heard: int = 0
    """Queries that other firewalls got."""
    stored: int = 0
    """Queries that were written into the ring so far."""
    filled: int = 0
    """Queries that are in the ring."""
    distances: int = 0
    """How many distances to its own nearest were measured."""
    given: int = 0
    """Queries in the space's sample."""
    gaps: int = 0
    gap_mean: float = 0.0
    gap_squares: float = 0.0
    """Running mean and sum of squares (Welford 1962) of the logarithm of the time between two queries."""
    cells: int = 0
    """Which parts of the space it has been in, one bit each."""
    before: float = math.inf
    """Where the last query would stand in a sorted list."""
    came: float = 0.0
    """When it came here; 0 before there was one."""
    templates: Templates | None = None
    """Beginnings and ends that its texts have in common."""
    growing: Growing | None = None
    """Which of its texts are still being written."""
    study: Study | None = None
    """The what-if study that its rows may belong to; rows of numbers only."""
    clock: Clock | None = None
    """Which elements of its rows tell the time."""
    read: float = 0.0
    """Leaky bucket of its readings: the second, on the observer's clock, up to which those it sent are spread out."""
    things: set[int] = set()
    """Stored queries, by number, that its readings follow."""
    look: int = FIRST_LOOK
    looks: int = 0
    """How often it was judged, or would have been if anything had been new."""
    looked: int = 0
    """Its queries when it was judged last."""
    seen: float = 0.0
    """How many of those were odd."""
    p: float = 1.0
    """Corrected for having looked repeatedly."""
    signals: dict[str, float] = {}
    """p-value of each signal when it was judged last."""
    risk: float = 0.0
    odd: tuple[str, ...] = ()
    """Signals that are odd, oddest first."""
    told: dict[str, float] = {}
    """What was given to the calibration."""


class Pool:
    """At most `size` profiles. When it is full, the least active of eight drawn at random gives its place up."""

    def __init__(self, size: int, seed: int) -> None:
        self._size = size
        self.points: NDArray[np.float32] = _pages((size, RING, DIM), np.float32)
        self.lengths: NDArray[np.float32] = _pages((size, RING), np.float32)
        """Squared, of each point."""
        self.hashes: NDArray[np.uint64] = _pages((size, RING), np.uint64)
        self.nearest: NDArray[np.float32] = _pages((size, RING), np.float32)
        self.moved: NDArray[np.float32] = _pages((size, RING), np.float32)
        """Squared distances that readings have gone from each point, together."""
        self.steps: NDArray[np.float32] = _pages((size, DIM), np.float32)
        """[size, 32]: from its nearest earlier query to the last one."""
        self.strides: NDArray[np.float32] = _pages((size,), np.float32)
        """[size]: squared length of that step; 0 before there is one."""
        self.counts: NDArray[np.float32] = _pages((size, 4, len(RATES)), np.float32)
        self._profiles: dict[Key, Profile] = {}
        self._slots: list[Profile] = []
        self._draw = np.random.default_rng(seed)

    def __len__(self) -> int:
        return len(self._profiles)

    def __iter__(self) -> Iterator[Profile]:
        return iter(self._slots)

    def get(self, key: Key) -> Profile | None:
        return self._profiles.get(key)

    def keep(
        self, profiles: Sequence[Profile], slots: NDArray[np.intp], digests: NDArray[np.uint64], points: Vector
    ) -> None:
        """In the rings of their callers, [n] queries; of several of one caller the later ones come last."""
        at = [_stored(profile) for profile in profiles]
        self.moved[slots, at] = 0.0
        self._put(at, slots, digests, points)

    def grow(
        self,
        profiles: Sequence[Profile],
        slots: NDArray[np.intp],
        digests: NDArray[np.uint64],
        points: Vector,
        places: NDArray[np.intp],
    ) -> None:
        """The same, in the `places` of earlier queries that these have grown from, as far as those are still there."""
        at = []
        for profile, place in zip(profiles, places.tolist(), strict=True):
            if profile.stored - RING <= place < profile.stored:
                at.append(place % RING)
            else:
                at.append(_stored(profile))
                self.moved[profile.slot, at[-1]] = 0.0
        self._put(at, slots, digests, points)

    def _put(self, at: list[int], slots: NDArray[np.intp], digests: NDArray[np.uint64], points: Vector) -> None:
        self.points[slots, at], self.lengths[slots, at] = points, np.einsum("ij,ij->i", points, points)
        self.hashes[slots, at] = digests

    def beside(
        self, points: Vector, slots: NDArray[np.intp], filled: int
    ) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
        """Squared distances of [n, 32] from the nearest of their callers' own, and the places of these. `filled`: no ring has
        more in it."""
        rings = self.points[slots, :filled]
        squares = self.lengths[slots, :filled] - 2.0 * np.matmul(rings, points[:, :, None])[:, :, 0]
        at = squares.argmin(axis=1)
        least = squares[np.arange(len(points)), at] + np.einsum("ij,ij->i", points, points)
        return np.maximum(least, 0.0), at

    def number(self, profile: Profile, place: int) -> int:
        """How many queries of a profile were stored before what is in this place."""
        last = profile.stored - 1
        return last - (last - place) % RING

    def measure(
        self, profiles: Sequence[Profile], slots: NDArray[np.intp], which: NDArray[np.bool_], distances: Vector
    ) -> None:
        """Those distances of [n] queries from the nearest of their callers' own that were measured."""
        at = []
        for i in np.flatnonzero(which).tolist():
            at.append(profiles[i].distances % RING)
            profiles[i].distances += 1
        self.nearest[slots[which], at] = distances[which]

    def known(self, slots: NDArray[np.intp], digests: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """[n]: which queries their callers have sent before."""
        return np.asarray((self.hashes[slots] == digests[:, None]).any(axis=1))

    def make(self, key: Key, now: float) -> tuple[Profile, Profile | None]:
        """A new profile, and the one that had to go for it."""
        gone: Profile | None = None
        slot = len(self._slots)
        if slot >= self._size:
            tried = self._draw.integers(slot, size=_TRIES).tolist()
            gone = min((self._slots[i] for i in tried), key=_worth)
            slot = gone.slot
            del self._profiles[gone.key]
        else:
            self._slots.append(Profile(key, slot, now, now))
        return self._fresh(key, slot, now), gone

    def renew(self, profile: Profile, now: float) -> Profile:
        """An empty one in the place of one that is out of date."""
        return self._fresh(profile.key, profile.slot, now)

    def begin_anew(self, profile: Profile) -> None:
        """As if nothing that it has sent had been looked at; what was concluded from that stays until it is looked at again."""
        self._clear(profile.slot)
        profile.queries = profile.heard = profile.stored = profile.filled = profile.distances = 0
        profile.cells, profile.looked, profile.seen, profile.look = 0, 0, 0.0, FIRST_LOOK
        profile.things = set()

    def _fresh(self, key: Key, slot: int, now: float) -> Profile:
        self._clear(slot)
        fresh = self._slots[slot] = self._profiles[key] = Profile(key, slot, now, now)
        return fresh

    def _clear(self, slot: int) -> None:
        self.lengths[slot], self.hashes[slot] = NOWHERE, 0
        self.steps[slot], self.strides[slot], self.counts[slot] = 0, 0, 0


def _stored(profile: Profile) -> int:
    """The next place in a profile's ring, which is taken."""
    profile.stored += 1
    profile.filled = min(profile.filled + 1, RING)
    return (profile.stored - 1) % RING


def _worth(profile: Profile) -> tuple[bool, float]:
    """What is under suspicion stays longest, then what was there last."""
    return profile.p < 0.01, profile.last


def _pages(shape: tuple[int, ...], kind: type[np.generic]) -> Any:
    """Zeros that the system only gives where they are touched, in small pages: to clear a huge one of two megabytes takes it
    milliseconds, and it would come with every 256th profile."""
    memory = mmap.mmap(-1, math.prod(shape) * np.dtype(kind).itemsize)
    if hasattr(mmap, "MADV_NOHUGEPAGE"):
        with suppress(OSError):  # a kernel that has none
            memory.madvise(mmap.MADV_NOHUGEPAGE)
    return np.frombuffer(memory, dtype=kind).reshape(shape)
