"""Looks at every request that was read, and says how much its caller is under suspicion. Sans-IO; clocks are handed in.

A request is only noted while it waits for its answer, and looked at soon after together with those that came meanwhile, which
costs a third of looking at each by itself. What is said of a caller is therefore a few requests old.

Memory: a table of counts for all callers, profiles for those of them that ask more than a few times, and 64 spaces.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b, sha256
from itertools import compress, islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

from waf.abuse.assessment import Assessment, assess
from waf.abuse.clusters import Cluster, Clusters
from waf.abuse.embed import Vector
from waf.abuse.evidence import Weighed, pace, weigh
from waf.abuse.gossip import Gathered
from waf.abuse.inputs import Digest, Query, rows, texts
from waf.abuse.judge import JOINT, conclude, judge, judge_cluster, withdraw, worth_it
from waf.abuse.latest import Queries, Seen
from waf.abuse.profile import Key, Pool, Profile
from waf.abuse.space import RATES, Space, warm_up
from waf.abuse.spaces import Spaces
from waf.abuse.waiting import Waiting, embed, untimed, waves
from waf.abuse.wave import placed, without_growth, without_known
from waf.limits.table import Table
from waf.model import Parsed

PROMOTED: Final = 5.0
"""Requests after which a caller gets a profile when there is none to spare."""
MOST_WAITING: Final = 32
"""Inputs that wait to be looked at, at most."""
MOST_OWN: Final = 4
"""Requests of one caller that wait, at most."""
_SHARE: Final = 2.0
"""Requests up to which a caller without a profile may add to the sample of what is usual."""
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
        self._secret = secret
        self._hasher = blake2b(digest_size=8, key=secret)
        self._table = Table(callers)
        self.pool = Pool(profiles, int.from_bytes(secret[:8]))
        self._profiles = profiles
        self.clusters = Clusters(self.pool)
        self._waiting: list[Waiting] = []
        self._own: dict[int, int] = {}
        """How many requests of each caller wait."""
        self._risks: dict[int, float] = {}
        self.spaces = Spaces(self._hash)
        self.gathered: Gathered | None = None
        """What others are told; None where there are none."""
        self.seen = Seen()
        self._digest: Digest = hash
        self.hash = lru_cache(HASHED)(self._hash)
        """Of a name, keyed; 64 bits."""
        warm_up()

    def share(self) -> None:
        """There are other firewalls, who are to be told what this one sees."""
        self.gathered = Gathered()
        keyed = sha256(blake2b(key=self._secret, person=b"query").digest())

        def digest(data: bytes) -> int:
            made = keyed.copy()
            made.update(data)
            return int.from_bytes(made.digest()[:8])

        self._digest = digest

    def _hash(self, caller: str) -> int:
        hasher = self._hasher.copy()
        hasher.update(caller.encode("utf-8", "surrogatepass"))
        return int.from_bytes(hasher.digest()) or 1

    @property
    def waiting(self) -> int:
        """How many inputs wait to be looked at."""
        return len(self._waiting)

    def observe(self, caller: str, route: str, parsed: Parsed, now: float) -> Assessment:
        """What is known of a caller with this request, which is looked at straight away. `now` is monotonic, in seconds."""
        keys = self._note(self.hash(caller), route, parsed, now)
        self.settle()
        return assess(keys, self.pool, self.clusters, now - self._forget)

    def look(self, who: int, route: str, parsed: Parsed, now: float) -> Assessment:
        """Notes a request of the caller with this hash; what is known of it by its earlier ones. The last few of these may not
        be in it yet: `settle` is to be called once `MOST_WAITING` wait, and soon in any case."""
        if self._own.get(who, 0) >= MOST_OWN:
            self._settle()
        return assess(self._note(who, route, parsed, now), self.pool, self.clusters, now - self._forget)

    def _note(self, who: int, route: str, parsed: Parsed, now: float) -> list[Key]:
        """Returns which profiles the request belongs to."""
        found: list[Key] = []
        for row in rows(parsed, self._digest):
            number, space = self.spaces.get(route, row.size, len(row.values), now)
            found.append((who, number))
            self._waiting.append(Waiting(found[-1], space, row, now))
        if not found and (said := texts(parsed, self._digest)):
            number, space = self.spaces.get(route, 0, 0, now)
            found = [(who, number)]
            self._waiting += [Waiting(found[0], space, text, now) for text in said]
        if found:
            self._own[who] = self._own.get(who, 0) + 1
        return found

    def settle(self) -> dict[int, float]:
        """Looks at all that waits. Returns the risks of callers, by their hashes, that were looked at since this was last asked
        and have one."""
        self._settle()
        risks, self._risks = self._risks, {}
        return risks

    def _settle(self) -> None:
        waiting, self._waiting, self._own = self._waiting, [], {}
        by_space: dict[int, list[Waiting]] = {}
        for one in waiting:
            by_space.setdefault(one.key[1], []).append(untimed(one, self.pool, self._digest))
        for group in by_space.values():
            points = embed(group, self.pool)
            if points is not None:
                for wave in waves(group):
                    self._look_at([group[i] for i in wave], points[wave] if len(wave) < len(group) else points)

    def _look_at(self, wave: Sequence[Waiting], points: Vector) -> None:
        """Inputs of one kind, of different callers; `points` [n, 32] are theirs."""
        space = wave[0].space
        profiles, at, strangers = self._profiles_of(wave)
        owners = np.array([one.key[0] for one in wave], dtype=np.uint64)
        digests = np.array([one.query.digest for one in wave], dtype=np.uint64)
        new = np.ones(len(wave), dtype=np.bool_)
        if strangers:
            self._give([wave[i] for i in strangers], points[strangers], owners[strangers])
        some = without_known(placed(profiles, at), wave, digests, new, self.pool)
        some, growth = without_growth(some, wave, points, digests, owners, new, space, self.pool)
        if some.profiles:
            ours = points if len(some.at) == len(wave) else points[some.at]
            queries = [wave[i].query for i in some.at]
            found = weigh(queries, ours, digests[some.at], some.profiles, some.slots, space, self.pool, growth)
            self._offer(some.profiles, queries, ours, owners[some.at], found, space)
            partners = found.partners.tolist()
            for i, (where, profile) in enumerate(zip(some.at, some.profiles, strict=True)):
                self._conclude(profile, wave[where], found, i, partners[i])
        space.remember(points, owners)
        if self.gathered is not None and new.any():
            self.seen.add(wave[0].key[1], space.scale.number, Queries(owners[new], digests[new], points[new]))

    def _profiles_of(self, wave: Sequence[Waiting]) -> tuple[list[Profile], list[int], list[int]]:
        """The callers' profiles, where in the wave each one's input is, and where those of callers are that have none and
        have hardly asked."""
        space = wave[0].space
        profiles: list[Profile] = []
        at: list[int] = []
        strangers: list[int] = []
        for i, one in enumerate(wave):
            profile = self.pool.get(one.key)
            if profile is not None:
                profile = self._living(profile, space, one.now)
            else:
                asked = self._count(one.key[0], one.now)
                if asked >= PROMOTED or len(self.pool) < self._profiles:
                    profile = self._make(one.key, space, one.now)
                elif asked <= _SHARE:
                    strangers.append(i)
            if profile is not None:
                pace(profile, one.now)
                profiles.append(profile)
                at.append(i)
        if len(self.pool) >= self._profiles:  # one of them may have got its place from another
            here = [self.pool.get(wave[i].key) is made for i, made in zip(at, profiles, strict=True)]
            profiles, at = list(compress(profiles, here)), list(compress(at, here))
        return profiles, at, strangers

    def _offer(
        self,
        profiles: Sequence[Profile],
        queries: Sequence[Query],
        points: Vector,
        owners: NDArray[np.uint64],
        found: Weighed,
        space: Space,
    ) -> None:
        """To the sample what of [n] queries is wanted there."""
        share, kept = space.share(), []
        for i, profile in enumerate(profiles):
            if profile.given < share and not self._suspected(profile, self.clusters.of(profile.key)):
                known, novel = bool(found.comparable[i, _NOVEL]), bool(found.hits[i, _NOVEL])
                if space.wants(known, float(found.distances.nearest[i]), novel, queries[i].digest):
                    profile.given += 1
                    kept.append(i)
        space.keep(kept, points, owners, found.distances)

    def _conclude(self, profile: Profile, one: Waiting, found: Weighed, at: int, partner: int) -> None:
        """What follows from one query that was weighed. `partner`: hash of the caller with whom it shares an attack."""
        key, space = one.key, one.space
        if partner:
            other = self.pool.get((partner, key[1]))
            if other is not None:
                self.clusters.join(profile, other, one.now)
        if self.gathered is not None:
            self.gathered.add(key, found.comparable[at].tolist(), found.hits[at].tolist())
        if profile.queries + profile.heard >= profile.look:
            self.judge(profile, space)
        risk, cluster = profile.risk, self.clusters.of(key)
        if cluster is not None:
            cluster.last = one.now
            cluster.queries += 1
            for name, column in JOINTLY:
                if found.hits[at, column]:
                    cluster.hits[name] = cluster.hits.get(name, 0.0) + 1
            self.judge_cluster(cluster, space)
            risk = max(risk, cluster.risk)
        if risk:
            self._risks[key[0]] = max(risk, self._risks.get(key[0], 0.0))

    def _suspected(self, profile: Profile, cluster: Cluster | None) -> bool:
        return profile.p <= self.budget or (cluster is not None and cluster.p <= self.budget)

    def place(self, key: Key, space: Space, now: float) -> Profile | None:
        """For what is heard of a caller; None where there is no room for one more."""
        known = self.pool.get(key)
        if known is None and len(self.pool) >= self._profiles:
            return None
        profile = self._living(known, space, now) or self._make(key, space, now)
        profile.last = now
        return profile

    def judge(self, profile: Profile, space: Space) -> None:
        """When its look has come."""
        if profile.queries + profile.heard < profile.look or not worth_it(profile, self.pool):
            return
        judge(profile, space, self.pool)
        conclude(profile, self.budget)
        cluster = self.clusters.of(profile.key)
        if self._suspected(profile, cluster):
            self._disown(profile, space)

    def judge_cluster(self, cluster: Cluster, space: Space) -> None:
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

    def _living(self, profile: Profile | None, space: Space, now: float) -> Profile | None:
        """It, or an empty one in its place where it is out of date."""
        if profile is None or now - profile.last <= self._forget:
            return profile
        self.clusters.leave(profile.key)
        withdraw(profile, space)
        return self.pool.renew(profile, now)

    def _make(self, key: Key, space: Space, now: float) -> Profile:
        profile, gone = self.pool.make(key, now)
        space.callers += 1
        if gone is not None:
            self.clusters.leave(gone.key)
            # Its requests were not counted while it had a profile: it gets one again when it comes back.
            self._table.put(self._table.slot(gone.key[0], now), gone.last + self._forget)
        return profile

    def _count(self, who: int, now: float) -> float:
        """How much a caller without a profile has asked. A leaky bucket: it is forgotten little by little."""
        slot, step = self._table.slot(who, now), self._forget / PROMOTED
        until = max(self._table.number(slot), now) + step
        self._table.put(slot, until)
        return (until - now) / step

    def _give(self, some: Sequence[Waiting], points: Vector, owners: NDArray[np.uint64]) -> None:
        """Queries of callers that are only counted to the sample, those that are wanted there."""
        space = some[0].space
        found = space.distances(points, owners)
        known, novel = found.usual < np.inf, space.novel(points, found.usual)
        kept = [
            i
            for i, one in enumerate(some)
            if space.wants(bool(known[i]), float(found.nearest[i]), bool(novel[i]), one.query.digest)
        ]
        space.keep(kept, points, owners, found)


_NOVEL: Final = RATES.index("novel")
JOINTLY: Final = tuple((name, RATES.index(name)) for name in JOINT)
