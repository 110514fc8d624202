"""Thieves who are spread over several firewalls, with what these tell each other and without.

OMP_NUM_THREADS=1 python -m benchmarks.abuse.replicas [--worlds digits,wine] [--replicas 3] [--callers 300] [--seed 0]

Each request goes to one of them by chance. They tell each other every two seconds of simulated time, by what is sent in earnest.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from benchmarks.abuse.attackers import THIEVES
from benchmarks.abuse.population import DAY, day
from benchmarks.abuse.simulate import KEYS, TAGGED, UNSEEN, forked, parsed
from benchmarks.abuse.victims import WORLDS, World
from waf.abuse.gossip import Gathered, News, Seal
from waf.abuse.observer import Observer
from waf.misuse import Abuse

INTERVAL: Final = 2.0
SEAL: Final = Seal(bytes(32))
SHOWN: Final = ("jitter", "synthesis", "boundary", "random", "knockoff", "natural")


class Replicas:
    """`share`: whether they talk."""

    def __init__(self, count: int, seed: int, *, share: bool) -> None:
        self._draw = np.random.default_rng(seed)
        self.observers = [Observer(Abuse().false_alarms / 1000, 8192, 1_000_000, DAY, bytes(32)) for _ in range(count)]
        for one in self.observers if share else ():
            one.gathered = Gathered()
        self._share, self._next = share and count > 1, 0.0
        self.told = self.bytes = self.nanoseconds = 0

    def observe(self, who: str, parsed_: Any, now: float) -> float:
        if self._share and now >= self._next:
            self._next = now + INTERVAL
            self._talk(now)
        one = self.observers[int(self._draw.integers(len(self.observers)))]
        return one.observe(who, "predict", parsed_, now).risk

    def _talk(self, now: float) -> None:
        messages = [
            (one, SEAL.write(News(counts=counts)))
            for one in self.observers
            if one.gathered is not None and (counts := one.gathered.take(one.kinds))
        ]
        for teller, message in messages:
            self.bytes += len(message)
            for hearer in self.observers:
                news = SEAL.read(message) if hearer is not teller else None
                for count in news.counts if news is not None else ():
                    began = time.thread_time_ns()
                    hearer.hear(count, now)
                    self.nanoseconds += time.thread_time_ns() - began
                    self.told += 1


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
    for label, size, share in (
        ("one", 1, False), (f"{count} silent", count, False), (f"{count} that talk", count, True)
    ):  # fmt: skip
        columns[label] = replicas = Replicas(size, seed, share=share)
        alarms, queries = honest(world, replicas, callers, seed + 1)
        said = (
            f", {replicas.bytes / queries:.0f} bytes and {replicas.nanoseconds / 1000 / queries:.1f} us a query to hear"
        )
        print(
            f"{name}, {label}: {alarms} false alarms of {callers} callers, {queries} queries{said if share else ''}",
            flush=True,
        )
    print(
        f"  {'theft':<10}" + "".join(f"{label + ', ' + how:>24}" for label in columns for how in ("1 key", "50 keys"))
    )
    for attack in shown:
        row = []
        for replicas in columns.values():
            for keys, gap in ((1, 1.0), (KEYS, 0.3)):
                found = [
                    forked(lambda r=rep, k=keys, g=gap, a=attack, o=replicas: noticed(world, o, a, r, k, g))  # type: ignore[misc]
                    for rep in range(thefts)
                ]
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
