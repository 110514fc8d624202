"""What batching is worth: 64 chats at once, scored one by one and in batches, and how long the event loop was held up.

    python benchmarks/classifier_batch.py [--models stand-in|builtin|FOLDER] [--chats 64] [--seconds 3] [--characters 1500]

Every text is new, so nothing is remembered. Four ways in turn, the median of three rounds each:

- `idle`: nothing but the watch over the loop, which shows what else the machine is busy with;
- `unbatched`: each chat waits for the models in a thread pool, as a firewall without a batcher would have it;
- `one by one`: the batcher with one text to a run;
- `batched`: as configured by default.

The stand-in is a pooled embedding with two layers behind it, about as dear as a gate is; its deep stage is never asked.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
import uvloop

from waf.bench.material import Material
from waf.classify.batcher import Batcher, batch_limits
from waf.classify.cache import Cache
from waf.classify.load import load_cascade
from waf.classify.queueing import Limits
from waf.classify.scorer import Scorer
from waf.classify.segments import Segment
from waf.classify.types import SURFACES, USER, Cascade, Windows
from waf.inference import Classifier
from waf.record import Metrics

ROWS, WIDTH = 1 << 15, 64
TICK = 0.001
"""Seconds between two looks at the loop."""

Way = Callable[[str], Awaitable[object]]


class StandIn:
    """Hashed trigrams of bytes, their embeddings averaged by window, two layers."""

    sha256 = "0" * 64
    positions = 512

    def __init__(self) -> None:
        draw = np.random.default_rng(7)
        self._table = draw.standard_normal((ROWS, WIDTH)).astype(np.float32)
        self._first = draw.standard_normal((WIDTH, WIDTH)).astype(np.float32)
        self._second = draw.standard_normal((WIDTH, 2)).astype(np.float32)

    def windows(self, text: str) -> Windows:
        raw = np.frombuffer(text.lower().encode() + b"  ", np.uint8).astype(np.int32)
        ids = ((raw[:-2] * 961 + raw[1:-1] * 31 + raw[2:]) % ROWS).astype(np.int32)
        step = self.positions * 3 // 4
        return Windows([ids[s : s + self.positions] for s in range(0, max(1, len(ids) - step), step)], False)

    def all_windows(self, texts: Sequence[str]) -> list[Windows]:
        return [self.windows(text) for text in texts]

    def score(self, ids: Sequence[Any], surfaces: Sequence[int]) -> Any:
        longest = max(map(len, ids))
        block = np.zeros((len(ids), longest), np.int32)
        for row, window in enumerate(ids):
            block[row, : len(window)] = window
        hidden = np.maximum(self._table[block].mean(1) @ self._first, 0)
        return (1 / (1 + np.exp(-np.clip(hidden @ self._second - 30, -30, 30)))).astype(np.float32)


def models(name: str, settings: Classifier) -> Cascade:
    if name == "stand-in":
        everywhere = dict.fromkeys(SURFACES, 0.5)
        return Cascade(StandIn(), None, dict.fromkeys(SURFACES, (0.2, 0.8)), everywhere, "stand-in")
    return load_cascade(settings)


class Round(NamedTuple):
    """`rate`: chats a second; `cpu`: processor time of one in µs, all threads; `tail`, `worst`: how late the loop was, in ms."""

    rate: float
    cpu: float
    tail: float
    worst: float


async def measured(way: Way, chats: int, seconds: float, texts: Callable[[], str]) -> Round:
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    done = 0
    stalls: list[float] = []

    async def chat() -> None:
        nonlocal done
        while loop.time() < end:
            await way(texts())
            done += 1

    async def watch() -> None:
        while loop.time() < end:
            due = loop.time() + TICK
            await asyncio.sleep(TICK)
            stalls.append((loop.time() - due) * 1e3)

    began, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(watch(), *(chat() for _ in range(chats)))
    cpu = time.process_time() - cpu
    tail = statistics.quantiles(stalls, n=100)[98]
    return Round(done / (time.perf_counter() - began), cpu / done * 1e6, tail, max(stalls))


async def run(given: argparse.Namespace) -> None:
    settings = Classifier(enabled=True, models=given.models, cache=0)
    scorer = Scorer(models(given.models, settings), b"benchmark" * 2)
    material, draw = Material(), random.Random(6)
    number = iter(range(1 << 60))
    prose = [material.prose(draw, given.characters) for _ in range(400)]

    def texts() -> str:
        text, cut = draw.choice(prose), draw.randrange(100, 300)
        return f"{next(number)} {text[cut:]}{text[:cut]}"

    pool = ThreadPoolExecutor(2)
    loop = asyncio.get_running_loop()

    def in_batches(batcher: Batcher) -> Way:
        return lambda text: batcher.score(
            scorer,
            scorer.keyed([Segment(text, USER, "bench")], "bench"),
            caller=str(draw.randrange(given.chats)),
            seconds=60,
        )

    plain = batch_limits(settings)
    batchers = [
        Batcher(Limits(plain.waiting, 1, plain.cost), Cache(0), Metrics()),
        Batcher(plain, Cache(0), Metrics()),
    ]
    ways: dict[str, Way] = {
        "idle": lambda _: asyncio.sleep(given.seconds),
        "unbatched": lambda text: loop.run_in_executor(pool, scorer.score, [Segment(text, USER, "bench")]),
        "one by one": in_batches(batchers[0]),
        "batched": in_batches(batchers[1]),
    }
    found: dict[str, list[Round]] = {name: [] for name in ways}
    for _ in range(3):
        for name, way in ways.items():
            found[name].append(await measured(way, given.chats, given.seconds, texts))
    medians = {name: Round(*map(statistics.median, zip(*rounds, strict=True))) for name, rounds in found.items()}
    for name, median in medians.items():
        work = f"{median.rate:.0f} chats/s {median.cpu:6.0f} CPU µs each" if name != "idle" else ""
        print(f"{name:<11}{work:>33}   loop late by {median.tail:.1f} ms (p99), {median.worst:.1f} ms (worst)")
    for name in ("unbatched", "one by one"):
        rate, cpu = medians["batched"].rate / medians[name].rate, medians[name].cpu / medians["batched"].cpu
        print(f"batched against {name}: {rate:.2f} times the chats, {cpu:.2f} times the chats for the same CPU time")
    for batcher in batchers:
        await batcher.close()
    pool.shutdown()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", default="stand-in")
    parser.add_argument("--chats", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--characters", type=int, default=1500)
    sys.setswitchinterval(0.001)  # as `waf serve` has it
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
