"""Callers that behave as one: keys whose queries are nearer to each other's than to what is usual. Bounded.

Callers are joined only while both of them look like it, and a cluster is judged by what its members send *after* they have
joined, so that it is not made of the very evidence that it is judged by.
"""

from __future__ import annotations

from typing import Final

import msgspec

from waf.abuse.profile import COMPARABLE, FIRST_LOOK, HEARD_COMPARABLE, HEARD_HITS, HITS, Key, Pool, Profile
from waf.abuse.space import RATES

MOST_CLUSTERS: Final = 512
MOST_MEMBERS: Final = 16_384
_LEAST: Final = 3
_SHARE: Final = 0.5
_SHARED: Final = RATES.index("shared")


class Cluster(msgspec.Struct, eq=False):
    number: int
    members: set[Key]
    last: float
    queries: int = 0
    hits: dict[str, float] = {}
    look: int = FIRST_LOOK
    looks: int = 0
    p: float = 1.0
    signals: dict[str, float] = {}
    risk: float = 0.0
    odd: tuple[str, ...] = ()


class Clusters:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._of: dict[Key, Cluster] = {}
        self._clusters: dict[int, Cluster] = {}
        self._next = 1

    def __len__(self) -> int:
        return len(self._clusters)

    def of(self, key: Key) -> Cluster | None:
        return self._of.get(key)

    def join(self, one: Profile, other: Profile, now: float) -> None:
        """Both of them send what is near to what the other sends."""
        if not (self._looks_shared(one) and self._looks_shared(other)):
            return
        mine, theirs = self._of.get(one.key), self._of.get(other.key)
        if mine is not None and mine is theirs:
            return
        if mine is None and theirs is None:
            mine = self._open(now)
        if mine is None or (theirs is not None and len(theirs.members) > len(mine.members)):
            mine, theirs = theirs, mine
        if mine is None:
            return
        for key in theirs.members if theirs is not None else ():
            self._of[key] = mine
        if theirs is not None:
            mine.members |= theirs.members
            mine.queries += theirs.queries
            mine.hits = {k: mine.hits.get(k, 0) + theirs.hits.get(k, 0) for k in mine.hits | theirs.hits}
            if theirs.p < mine.p:
                mine.p, mine.signals, mine.risk, mine.odd = theirs.p, theirs.signals, theirs.risk, theirs.odd
            del self._clusters[theirs.number]
        for profile in (one, other):
            if profile.key not in self._of and len(self._of) < MOST_MEMBERS:
                mine.members.add(profile.key)
                self._of[profile.key] = mine

    def leave(self, key: Key) -> None:
        """The profile is forgotten."""
        cluster = self._of.pop(key, None)
        if cluster is not None:
            cluster.members.discard(key)
            if len(cluster.members) < 2:
                self._close(cluster)

    def _looks_shared(self, profile: Profile) -> bool:
        counts = self._pool.counts[profile.slot]
        hits = float(counts[HITS, _SHARED] + counts[HEARD_HITS, _SHARED])
        return hits >= _LEAST and hits >= _SHARE * float(
            counts[COMPARABLE, _SHARED] + counts[HEARD_COMPARABLE, _SHARED]
        )

    def _open(self, now: float) -> Cluster:
        if len(self._clusters) >= MOST_CLUSTERS:
            self._close(min(self._clusters.values(), key=lambda cluster: cluster.last))
        cluster = self._clusters[self._next] = Cluster(self._next, set(), now)
        self._next += 1
        return cluster

    def _close(self, cluster: Cluster) -> None:
        self._clusters.pop(cluster.number, None)
        for key in cluster.members:
            self._of.pop(key, None)
