"""Thieves who are spread over several firewalls, with what these tell each other and without.

OMP_NUM_THREADS=1 python -m benchmarks.abuse.replicas [--worlds digits,wine] [--replicas 3] [--callers 300] [--seed 0]

Each request goes to one of them by chance. They tell each other every two seconds of simulated time what callers did, and every
quarter of one what was sent, by what is sent in earnest.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Final

import numpy as np

from benchmarks.abuse.attackers import THIEVES
from benchmarks.abuse.population import DAY, day
from benchmarks.abuse.simulate import KEYS, TAGGED, UNSEEN, forked, parsed
from benchmarks.abuse.victims import WORLDS, World
from waf.abuse.gossip import News, Seal, adds_up
from waf.abuse.latest import Latest, sound
from waf.abuse.observer import Observer
from waf.abuse.peers import add_count, add_queries
from waf.misuse import Abuse

INTERVAL: Final = 2.0
OFTEN: Final = 0.25
NEWS: Final = Seal(bytes(32), News, adds_up)
LATEST: Final = Seal(bytes(32), Latest, sound, b"latest")
SHOWN: Final = ("jitter", "synthesis", "boundary", "random", "knockoff", "natural")


class Replicas:
    """`counts`, `latest`: what they tell each other, if anything."""

    def __init__(self, count: int, seed: int, *, counts: bool, latest: bool) -> None:
        self._draw = np.random.default_rng(seed)
        self.observers = [Observer(Abuse().false_alarms / 1000, 8192, 1_000_000, DAY, bytes(32)) for _ in range(count)]
        for one in self.observers if counts else ():
            one.share()
        self._counts, self._latest = counts and count > 1, latest and count > 1
        self._next = self._soon = 0.0
        self.told = self.bytes = self.nanoseconds = 0

    def observe(self, who: str, parsed_: Any, now: float) -> float:
        if self._latest and now >= self._soon:
            self._soon = now + OFTEN
            self._show(now)
        if self._counts and now >= self._next:
            self._next = now + INTERVAL
            self._talk(now)
        one = self.observers[int(self._draw.integers(len(self.observers)))]
        return one.observe(who, "predict", parsed_, now).risk

    def _show(self, now: float) -> None:
        """As `waf.edge.gossip` does: the first scale that is told is everybody's."""
        scales: dict[int, tuple[Any, Any]] = {}
        for one in self.observers:
            for kind, space in one.spaces.measured():
                if space.scale.ready and (kind not in scales or space.scale.settled):
                    scales[kind] = space.scale.centre, space.scale.factor
        for one in self.observers:
            for kind, (centre, factor) in scales.items():
                one.spaces.agree(kind, centre, factor)
        messages = [
            (one, LATEST.write(latest)) for one in self.observers if (latest := one.seen.take(one.spaces.kinds))
        ]
        for hearer, message in self._others(messages):
            began = time.thread_time_ns()
            found = LATEST.read(message)
            for shown in found.shown if found is not None else ():
                add_queries(hearer, shown, now)
            self.nanoseconds += time.thread_time_ns() - began

    def _talk(self, now: float) -> None:
        messages = [
            (one, NEWS.write(News(counts=counts)))
            for one in self.observers
            if one.gathered is not None and (counts := one.gathered.take(one.spaces.kinds))
        ]
        for hearer, message in self._others(messages):
            news = NEWS.read(message)
            for count in news.counts if news is not None else ():
                began = time.thread_time_ns()
                add_count(hearer, count, now)
                self.nanoseconds += time.thread_time_ns() - began

    def _others(self, messages: Sequence[tuple[Observer, bytes]]) -> Iterator[tuple[Observer, bytes]]:
        for teller, message in messages:
            self.bytes += len(message)
            yield from ((hearer, message) for hearer in self.observers if hearer is not teller)


def honest(world: World, replicas: Replicas, callers: int, seed: int) -> tuple[int, int]:
    alarms, queries = set(), 0
    for now, who, x in day(world, np.random.default_rng(seed), callers):
        queries += 1
        if replicas.observe(who, parsed(world, x), now) >= TAGGED:
            alarms.add(who)
    return len(alarms), queries


def noticed(world: World, replicas: Replicas, name: str, seed: int, keys: int, gap: float) -> int:
    """Queries, with all of them together, until the first alarm of any."""
    thief, rng = THIEVES[name](world, np.random.default_rng(1000 + seed)), np.random.default_rng(seed)
    x, now = next(thief), DAY
    for query in range(1, UNSEEN):
        now += float(rng.exponential(gap))
        if replicas.observe(f"thief-{seed}-{query % keys}", parsed(world, x), now) >= TAGGED:
            return query
        x = thief.send(world.model.predict_proba([x])[0])
    return UNSEEN


def compare(name: str, count: int, callers: int, thefts: int, seed: int, shown: Sequence[str]) -> None:
    world = WORLDS[name](seed)
    columns: dict[str, Replicas] = {}
    for label, size, counts, latest in (
        ("one", 1, False, False),
        (f"{count} silent", count, False, False),
        (f"{count} that count", count, True, False),
        (f"{count} that show", count, True, True),
    ):
        columns[label] = replicas = Replicas(size, seed, counts=counts, latest=latest)
        alarms, queries = honest(world, replicas, callers, seed + 1)
        said = (
            f", {replicas.bytes / queries:.0f} bytes and {replicas.nanoseconds / 1000 / queries:.1f} us a query to hear"
        )
        print(
            f"{name}, {label}: {alarms} false alarms of {callers} callers, {queries} queries{said if counts else ''}",
            flush=True,
        )
    print(
        f"  {'theft':<10}" + "".join(f"{label + ', ' + how:>24}" for label in columns for how in ("1 key", "50 keys"))
    )
    for attack in shown:
        row = []
        for replicas in columns.values():
            for keys, gap in ((1, 1.0), (KEYS, 0.3)):
                found = [forked(partial(noticed, world, replicas, attack, rep, keys, gap)) for rep in range(thefts)]
                median = statistics.median(found)
                row.append("-" if median == UNSEEN else f"{median:.0f}")
        print(f"  {attack:<10}" + "".join(f"{cell:>24}" for cell in row), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", default=",".join(WORLDS))
    parser.add_argument("--replicas", type=int, default=3)
    parser.add_argument("--callers", type=int, default=300)
    parser.add_argument("--thefts", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    for name in asked.worlds.split(","):
        compare(name, asked.replicas, asked.callers, asked.thefts, asked.seed, SHOWN)


if __name__ == "__main__":
    main()
