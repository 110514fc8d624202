"""What this firewall has to tell others about callers, and what becomes of what they tell."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Final

from waf.abuse.gossip import (
    MOST_ATTACKS,
    MOST_QUERIES,
    MOST_STANDINGS,
    MOST_TRIED,
    Attack,
    News,
    Stand,
    Tries,
    bitmap,
    packed,
    unpacked,
)
from waf.abuse.judge import risk_of
from waf.abuse.latest import Latest, Measure, measure, scale_in
from waf.abuse.peers import add_count, add_queries
from waf.edge.suspects import TRIED, Suspects

_PIECE: Final = 32
"""Counts of others that are added at once; a millisecond."""
_AGAIN: Final = 60.0
"""Seconds after which a scale is told again, so that it is still there for a firewall that starts then."""


class PeerReports:
    """Sans-IO, but for the clock."""

    def __init__(self, suspects: Suspects) -> None:
        self._suspects = suspects
        self._told: dict[int, float] = {}
        """When the scale of each kind was told."""

    def news(self) -> News | None:
        """What the others should know; None where nobody observes."""
        suspects, now = self._suspects, time.monotonic()
        observer = suspects.active_observer
        if observer is None or observer.gathered is None:
            return None
        suspects.settle()
        attacks, suspects.attacks = suspects.attacks, []
        return News(
            tuple(Stand(*one) for one in suspects.standings.changed(MOST_STANDINGS, now)),
            observer.gathered.take(observer.spaces.kinds),
            tuple(Attack(who, packed(point)) for who, point in attacks[:MOST_ATTACKS]),
            tuple(
                Tries(who, bitmap(credentials), bitmap(paths), min(requests, MOST_QUERIES), min(missing, MOST_QUERIES))
                for who, credentials, paths, requests, missing in suspects.tried(MOST_TRIED)
            ),
        )

    def take_news(self, news: News) -> Iterator[None]:
        """What another firewall says, a little at a time."""
        suspects, now = self._suspects, time.monotonic()
        observer, abuse = suspects.active_observer, suspects.abuse
        if observer is None:
            return
        for stand in news.standings:
            suspects.standings.hear(stand.who, stand.risk, stand.seconds, abuse.respond, now)
        yield
        for number, count in enumerate(news.counts):
            add_count(observer, count, now)
            if number % _PIECE == 0:
                yield
        for attack in news.attacks:
            point = unpacked(attack.point)
            if point is not None:
                suspects.campaigns.add(point, attack.who)
        yield
        misuse, budget = suspects.misuse(abuse), abuse.false_alarms / 1000
        for one in news.tried:
            bits = int.from_bytes(one.credentials), int.from_bytes(one.paths)
            found = misuse.hear(one.who, *bits, one.requests, one.missing, now)
            if found.signal:
                suspects.standings.note(one.who ^ TRIED, risk_of(found.p, budget), abuse.respond, now)

    def latest(self) -> Latest | None:
        """The queries since this was last asked; None where nobody observes."""
        suspects = self._suspects
        observer = suspects.active_observer
        if observer is None or observer.gathered is None:
            return None
        suspects.settle()
        return observer.seen.take(observer.spaces.kinds)

    def lost(self) -> int:
        """How many queries were too many to be shown since this was last asked."""
        observer = self._suspects.active_observer
        if observer is None:
            return 0
        lost, observer.seen.lost = observer.seen.lost, 0
        return lost

    def take_latest(self, latest: Latest) -> Iterator[int]:
        """Those of another firewall, a kind at a time: how many of them are of use."""
        observer, now = self._suspects.active_observer, time.monotonic()
        if observer is not None:
            for shown in latest.shown:
                yield add_queries(observer, shown, now)

    def measures(self) -> dict[int, Measure | None]:
        """By kind, those that are to be agreed on, or told again; None for one that is still being learned."""
        observer, now = self._suspects.active_observer, time.monotonic()
        found: dict[int, Measure | None] = {}
        for kind, space in observer.spaces.measured() if observer is not None else ():
            scale = space.scale
            if not scale.settled or now >= self._told.get(kind, 0.0) + _AGAIN:
                found[kind] = measure(kind, scale.centre, scale.factor) if scale.ready else None
        return found

    def agree(self, found: dict[int, Measure]) -> None:
        """What all measure these kinds by."""
        observer, now = self._suspects.active_observer, time.monotonic()
        if observer is None:
            return
        for kind, told in found.items():
            read = scale_in(told) if told.kind == kind else None
            if read is not None:
                observer.spaces.agree(kind, *read)
                self._told[kind] = now
        self._told = {kind: at for kind, at in self._told.items() if observer.spaces.of_kind(kind) is not None}
