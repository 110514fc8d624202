"""What is known of a caller: the worst of its profiles, and of the clusters that these belong to. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from waf.abuse.clusters import Clusters
from waf.abuse.profile import Key, Pool


class Assessment(NamedTuple):
    """What is known of a caller after a request. `p`: of being so odd by chance, corrected."""

    risk: float = 0.0
    p: float = 1.0
    signals: tuple[str, ...] = ()
    """What is odd, oddest first."""
    queries: int = 0
    cluster: int = 0
    """Number of the cluster of callers it belongs to, 0 for none."""
    members: int = 0
    """Callers in that cluster."""


UNKNOWN: Final = Assessment()


def assess(keys: Sequence[Key], pool: Pool, clusters: Clusters, oldest: float) -> Assessment:
    """The worst that is known by profiles that were asked about since `oldest`."""
    worst = UNKNOWN
    for key in keys:
        profile = pool.get(key)
        if profile is None or profile.last < oldest:
            continue
        cluster = clusters.of(key)
        if cluster is None:
            known = Assessment(profile.risk, profile.p, profile.odd, profile.queries)
        else:
            worse = cluster if cluster.p < profile.p else profile
            members = len(cluster.members)
            known = Assessment(worse.risk, worse.p, worse.odd, profile.queries, cluster.number, members)
        worst = known if len(keys) == 1 else max(known, worst)
    return worst
