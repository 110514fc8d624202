"""The latest queries, which firewalls show each other so that each knows what is near to what. Pure.

A query is shown as the point that it is compared by, with keyed hashes of its caller and of what was sent: as much as a firewall
remembers of it itself. Points of tensors mean something only to those who measure by the same scale, which is agreed on first.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Annotated, Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from waf.abuse.embed import DIM, WIDE, Vector
from waf.abuse.spaces import MOST_SPACES

MOST_QUERIES: Final = 512
"""Queries in one message, as many as a space remembers: some 40 KiB. Of more the latest are shown."""
FARTHEST: Final = 2_048.0
"""No element of a point is farther from 0: 1,024 elements of a tensor, each up to 8, by the square root of 32."""
_HALF: Final = np.dtype("<f2")
_FULL: Final = np.dtype("<f4")
_HASH: Final = np.dtype("<u8")
_CENTRE: Final = 1e20
_FACTOR: Final = 1e-20, 1e10
"""Bounds of what a scale can be made of: no element is larger, and none that varies less counts as varying."""

Hash = Annotated[int, msgspec.Meta(ge=1)]


class Shown(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """[n] queries of a kind, oldest first: who sent each, a digest of it, and its point [n, 32] in half precision. `scale`: the
    number of what they were measured by."""

    kind: Hash
    scale: Annotated[int, msgspec.Meta(ge=0)]
    owners: bytes
    digests: bytes
    points: bytes


class Latest(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    shown: Annotated[tuple[Shown, ...], msgspec.Meta(max_length=MOST_SPACES)] = ()

    def __bool__(self) -> bool:
        return bool(self.shown)

    def __len__(self) -> int:
        return sum(len(some.owners) // _HASH.itemsize for some in self.shown)


class Measure(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What a kind is measured by: centre and factor of each element."""

    kind: Hash
    centre: bytes
    factor: bytes


class Queries(NamedTuple):
    """Those of a `Shown`, as numbers."""

    owners: NDArray[np.uint64]
    digests: NDArray[np.uint64]
    points: Vector


def read(shown: Shown) -> Queries | None:
    """None for what cannot be."""
    count, rest = divmod(len(shown.owners), _HASH.itemsize)
    if rest or len(shown.digests) != len(shown.owners) or len(shown.points) != count * DIM * _HALF.itemsize:
        return None
    owners, digests = np.frombuffer(shown.owners, _HASH), np.frombuffer(shown.digests, _HASH)
    points = np.frombuffer(shown.points, _HALF).astype(np.float32).reshape(count, DIM)
    # What is not finite is not within it either.
    if not (owners.all() and digests.all() and (np.abs(points) <= FARTHEST).all()):
        return None
    return Queries(owners.astype(np.uint64), digests.astype(np.uint64), points)


def sound(latest: Latest) -> bool:
    return len(latest) <= MOST_QUERIES and all(read(shown) is not None for shown in latest.shown)


def measure(kind: int, centre: Vector, factor: Vector) -> Measure:
    return Measure(kind, centre.astype(_FULL).tobytes(), factor.astype(_FULL).tobytes())


def scale_in(told: Measure) -> tuple[Vector, Vector] | None:
    """Centre and factor; None for what cannot be."""
    if len(told.centre) != len(told.factor) or len(told.centre) % _FULL.itemsize or not told.centre:
        return None
    if len(told.centre) > WIDE * _FULL.itemsize:
        return None
    centre, factor = (np.frombuffer(part, _FULL).astype(np.float32) for part in (told.centre, told.factor))
    fits = (np.abs(centre) <= _CENTRE).all() and (factor >= _FACTOR[0]).all() and (factor <= _FACTOR[1]).all()
    return (centre, factor) if fits else None


def measures(told: Measure) -> bool:
    return scale_in(told) is not None


class Seen:
    """Queries since they were last shown."""

    def __init__(self) -> None:
        self._waves: deque[tuple[int, int, Queries]] = deque()
        self._count = 0
        self.lost = 0
        """Queries that were too many to be shown, since this was last set to 0."""

    def add(self, number: int, scale: int, queries: Queries) -> None:
        """Some of the kind with this number, fewer than a message holds."""
        self._waves.append((number, scale, queries))
        self._count += len(queries.owners)
        while self._count > MOST_QUERIES:
            gone = len(self._waves.popleft()[2].owners)
            self._count -= gone
            self.lost += gone

    def take(self, kinds: Mapping[int, int]) -> Latest:
        """`kinds`: hashes of kinds by their numbers; of others nothing is shown."""
        waves, self._waves, self._count = self._waves, deque(), 0
        by_kind: dict[tuple[int, int], list[Queries]] = {}
        for number, scale, queries in waves:
            if number in kinds:
                by_kind.setdefault((kinds[number], scale), []).append(queries)
        return Latest(
            tuple(
                Shown(
                    kind,
                    scale,
                    b"".join(one.owners.astype(_HASH).tobytes() for one in some),
                    b"".join(one.digests.astype(_HASH).tobytes() for one in some),
                    b"".join(one.points.astype(_HALF).tobytes() for one in some),
                )
                for (kind, scale), some in by_kind.items()
            )
        )
