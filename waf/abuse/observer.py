"""Looks at every request that was read, and says how much its caller is under suspicion. Sans-IO; clocks are handed in.

Memory: a table of counts for all callers, profiles for those of them that ask more than a few times, and 64 spaces.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import islice
from typing import Final, NamedTuple

from waf.abuse.clusters import Cluster, Clusters
from waf.abuse.embed import embed_text
from waf.abuse.evidence import Query, weigh
from waf.abuse.gossip import Count, Gathered
from waf.abuse.inputs import hungry, rows, texts
from waf.abuse.judge import JOINT, conclude, judge, judge_cluster, withdraw
from waf.abuse.profile import Key, Pool, Profile
from waf.abuse.space import RATES, Distances, Space, warm_up
from waf.limits.table import Table
from waf.model import Parsed

MOST_SPACES: Final = 64
PROMOTED: Final = 5.0
"""Requests after which a caller gets a profile when there is none to spare."""
_SHARE: Final = 2.0


class Assessment(NamedTuple):
    """What is known of a caller after a request. `p`: of being so odd by chance, corrected."""

    risk: float = 0.0
    p: float = 1.0
    signals: tuple[str, ...] = ()
    """What is odd, oddest first."""
    queries: int = 0
    cluster: int = 0
    """Number of the cluster it belongs to, 0 for none,"""
    members: int = 0
    """and how many callers that are."""


UNKNOWN: Final = Assessment()
DISOWNED: Final = 128
"""Members of a cluster that are taken out of what is usual at once; a few milliseconds."""
HASHED: Final = 8_192
"""Names whose hashes are remembered."""


class Observer:
    """`budget`: false alarms that a caller may expect (0.001 is one per thousand callers). `profiles`: how many callers are
    remembered in detail, `callers` how many are counted; `forget`: seconds. `secret` keys the hashes."""

    def __init__(self, budget: float, profiles: int, callers: int, forget: float, secret: bytes) -> None:
        self.budget = budget
        self._forget = forget
        self._hasher = blake2b(digest_size=8, key=secret)
        self._table = Table(callers)
        self.pool = Pool(profiles, int.from_bytes(secret[:8]))
        self._profiles = profiles
        self.clusters = Clusters()
        self.spaces: dict[tuple[str, int], tuple[int, Space]] = {}
        self._numbers = 0
        self.kinds: dict[int, int] = {}
        """Hash of each space's name, the same with all firewalls that share a secret, by its number."""
        self.gathered: Gathered | None = None
        """What others are told; None where there are none."""
        self.hash = lru_cache(HASHED)(self._hash)
        """Of a name, keyed; 64 bits."""
        warm_up()

    def _hash(self, caller: str) -> int:
        hasher = self._hasher.copy()
        hasher.update(caller.encode("utf-8", "surrogatepass"))
        return int.from_bytes(hasher.digest()) or 1

    def observe(self, caller: str, route: str, parsed: Parsed, now: float) -> Assessment:
        """`now` is monotonic, in seconds."""
        return self.look(self.hash(caller), route, parsed, now)

    def look(self, who: int, route: str, parsed: Parsed, now: float) -> Assessment:
        """The same by the hash of the caller."""
        slot = self._table.slot(who, now)
        # A leaky bucket: what a caller asked is forgotten little by little.
        step = self._forget / PROMOTED
        until = max(self._table.number(slot), now) + step
        self._table.put(slot, until)
        asked = (until - now) / step
        worst = UNKNOWN
        for row in rows(parsed):
            number, space = self._space(route, row.size, len(row.values), now)
            point = space.embed(row.values, who)
            if point is not None:
                query = Query(point, row.digest, row.place)
                worst = max(worst, self._one((who, number), space, query, asked, now))
        if worst is UNKNOWN:
            hunger = hungry(parsed)
            for text in texts(parsed):
                number, space = self._space(route, 0, 0, now)
                query = Query(embed_text(text.folded), text.digest, text.place, text.frames, hunger)
                worst = max(worst, self._one((who, number), space, query, asked, now))
        return worst

    def _one(self, key: Key, space: Space, query: Query, asked: float, now: float) -> Assessment:
        profile = self._profile(key, space, asked, now)
        if profile is None:
            found = space.distances(query.point, key[0]) if asked <= _SHARE else None
            self._give(space, query, key[0], found)
            return UNKNOWN
        partner, found, told = weigh(query, profile, space, self.pool, now)
        cluster = self.clusters.of(key)
        suspected = profile.p <= self.budget or (cluster is not None and cluster.p <= self.budget)
        wanted = profile.given < space.share() and not suspected
        profile.given += self._give(space, query, key[0], found if wanted else None)
        if partner:
            other = self.pool.get((partner, key[1]))
            if other is not None:
                self.clusters.join(profile, other, now)
        if found is not None and self.gathered is not None:
            self.gathered.add(key, told)
        if profile.queries + profile.heard >= profile.look:
            self._judge(profile, space)
        cluster = self.clusters.of(key)
        if cluster is None:
            return Assessment(profile.risk, profile.p, profile.odd, profile.queries)
        return self._of_cluster(cluster, profile, space, told, now)

    def hear(self, count: Count, now: float) -> None:
        """What another firewall has seen of a caller. Callers that have no place here, and kinds of inputs that are not known
        here, are passed over."""
        number = next((number for number, kind in self.kinds.items() if kind == count.kind), 0)
        space = next((space for known, space in self.spaces.values() if known == number), None)
        if space is None:
            return
        key = count.who, number
        known = self.pool.get(key)
        if known is None and len(self.pool) >= self._profiles:
            return
        profile = self._profile(key, space, PROMOTED, now)
        if profile is None:
            return
        profile.heard += count.queries
        _add(profile.heard_hits, count.hits)
        _add(profile.heard_comparable, count.comparable)
        profile.asked += count.queries
        profile.last = now
        cluster = self.clusters.of(key)
        if cluster is not None:
            cluster.queries += count.queries
            _add(cluster.hits, count.hits)
            cluster.last = now
            self._judge_cluster(cluster, space)
        if profile.queries + profile.heard >= profile.look:
            self._judge(profile, space)

    def _judge(self, profile: Profile, space: Space) -> None:
        judge(profile, space, self.pool)
        conclude(profile, self.budget)
        cluster = self.clusters.of(profile.key)
        if profile.p <= self.budget or (cluster is not None and cluster.p <= self.budget):
            self._disown(profile, space)

    def _judge_cluster(self, cluster: Cluster, space: Space) -> None:
        """When its look has come."""
        if cluster.queries < cluster.look:
            return
        before = cluster.p
        judge_cluster(cluster, space)
        conclude(cluster, self.budget)
        if cluster.p <= self.budget < before:
            # Those beyond, if there are so many, when they are looked at themselves.
            for key in list(islice(cluster.members, DISOWNED)):
                profile = self.pool.get(key)
                if profile is not None:
                    self._disown(profile, space)

    def _disown(self, profile: Profile, space: Space) -> None:
        """It is no example of what is usual, and neither is what it sent."""
        withdraw(profile, space)
        space.forget(profile.key[0])

    def _of_cluster(
        self, cluster: Cluster, profile: Profile, space: Space, told: Mapping[str, bool], now: float
    ) -> Assessment:
        cluster.last = now
        cluster.queries += 1
        for name in JOINT:
            if told.get(name):
                cluster.hits[name] = cluster.hits.get(name, 0.0) + 1
        self._judge_cluster(cluster, space)
        worse: Profile | Cluster = cluster if cluster.p < profile.p else profile
        return Assessment(worse.risk, worse.p, worse.odd, profile.queries, cluster.number, len(cluster.members))

    def _give(self, space: Space, query: Query, who: int, found: Distances | None) -> bool:
        """Remember a query, in the sample as well if it is wanted there; `found`: None where it is not, whatever it is."""
        space.remember(query.point, who)
        if found is None or not space.wants(query.point, found, query.digest):
            return False
        space.keep(query.point, who)
        return True

    def _profile(self, key: Key, space: Space, asked: float, now: float) -> Profile | None:
        profile = self.pool.get(key)
        if profile is not None and now - profile.last <= self._forget:
            return profile
        if profile is not None:
            self.clusters.leave(key)
            withdraw(profile, space)
            return self.pool.renew(profile, now)
        if asked < PROMOTED and len(self.pool) >= self._profiles:
            return None
        profile, gone = self.pool.make(key, now)
        space.callers += 1
        if gone is not None:
            self.clusters.leave(gone.key)
        return profile

    def _space(self, route: str, size: int, elements: int, now: float) -> tuple[int, Space]:
        found = self.spaces.get((route, size))
        if found is None:
            if len(self.spaces) >= MOST_SPACES:
                oldest = min(self.spaces, key=lambda name: self.spaces[name][1].used)
                del self.kinds[self.spaces.pop(oldest)[0]]
            self._numbers += 1
            self.kinds[self._numbers] = self._hash(f"{route}\0{size}")
            found = self.spaces[route, size] = (self._numbers, Space(elements))
        found[1].used = now
        return found


def _add(counts: dict[str, float], more: Sequence[int]) -> None:
    for name, number in zip(RATES, more, strict=True):
        if number:
            counts[name] = counts.get(name, 0) + number
