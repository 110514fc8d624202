"""What other firewalls say is taken in: their counts of what callers did there, and the latest queries that they got. Pure.

A query is judged once, by the firewall that it came to. Its count is added to the caller's; its point is what later queries
here may be near to, of that caller's own and of others.
"""

from __future__ import annotations

import numpy as np

from waf.abuse.gossip import Count
from waf.abuse.latest import Shown, read
from waf.abuse.observer import JOINTLY, Observer
from waf.abuse.profile import HEARD_COMPARABLE, HEARD_HITS


def add_count(observer: Observer, count: Count, now: float) -> None:
    """What another firewall has seen of a caller. Callers that have no place here, and kinds of inputs that are not known
    here, are passed over."""
    found = observer.spaces.of_kind(count.kind)
    if found is None:
        return
    number, space = found
    profile = observer.place((count.who, number), space, now)
    if profile is None:
        return
    profile.heard += count.queries
    profile.asked += count.queries
    heard = observer.pool.counts[profile.slot]
    heard[HEARD_HITS] += count.hits
    heard[HEARD_COMPARABLE] += count.comparable
    cluster = observer.clusters.of(profile.key)
    if cluster is not None:
        cluster.queries += count.queries
        for name, column in JOINTLY:
            cluster.hits[name] = cluster.hits.get(name, 0.0) + count.hits[column]
        cluster.last = now
        observer.judge_cluster(cluster, space)
    observer.judge(profile, space)


def add_queries(observer: Observer, shown: Shown, now: float) -> int:
    """Queries that another firewall got. Returns how many are of use: none where their kind is not known here, or is measured by
    something else."""
    found, queries = observer.spaces.of_kind(shown.kind), read(shown)
    if found is None or queries is None:
        return 0
    number, space = found
    if not space.scale.ready or space.scale.number != shown.scale:
        return 0
    pool, profiles, placed = observer.pool, [], []
    for i, who in enumerate(queries.owners.tolist()):
        profile = observer.place((who, number), space, now)
        if profile is not None:
            profiles.append(profile)
            placed.append(i)
    if profiles:
        slots, digests = np.array([profile.slot for profile in profiles]), queries.digests[placed]
        new = np.flatnonzero(~pool.known(slots, digests))
        pool.keep([profiles[i] for i in new], slots[new], digests[new], queries.points[placed][new])
    space.remember(queries.points, queries.owners)
    return len(queries.owners)
