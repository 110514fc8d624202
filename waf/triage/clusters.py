"""Callers that belong together because they send the same things."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from waf.triage.families import Family
from waf.triage.tally import network_of

ALIKE: Final = 0.5
"""Share of the smaller group of callers that two families must have in common to be of one cluster."""


class Cluster(msgspec.Struct, frozen=True):
    callers: int
    """As estimated; `members` are at most 256 of them."""
    requests: int
    families: list[str]
    networks: int
    members: list[str]
    first: float
    last: float


def clusters(families: Iterable[Family], places: dict[str, set[str]]) -> list[Cluster]:
    """Of families with several callers. `places`: addresses of callers, as far as they are known."""
    groups: list[list[Family]] = []
    for family in families:
        if len(family.callers) < 2 or not family.suspects:
            continue
        mine = set(family.callers)
        for group in groups:
            theirs = set().union(*(other.callers for other in group))
            if len(mine & theirs) >= ALIKE * min(len(mine), len(theirs)):
                group.append(family)
                break
        else:
            groups.append([family])
    made = [_cluster(group, places) for group in groups]
    return sorted(made, key=lambda cluster: (-cluster.requests, cluster.families))


def _cluster(group: list[Family], places: dict[str, set[str]]) -> Cluster:
    members = sorted(set().union(*(family.callers for family in group)))
    networks = {network_of(address) for member in members for address in places.get(member, ())} - {""}
    return Cluster(
        callers=max(len(members), *(family.distinct.estimate() for family in group)),
        requests=sum(family.suspects for family in group),
        families=[family.name for family in group],
        networks=len(networks),
        members=members[:256],
        first=min(family.first for family in group),
        last=max(family.last for family in group),
    )
