"""What the watch costs: CPU time of one request, memory, and the longest stall, with a million distinct callers.

OMP_NUM_THREADS=1 python -m benchmarks.abuse.cost [--callers 1000000]
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import random
import resource
import tempfile
import time
from array import array
from collections.abc import Callable
from pathlib import Path

import numpy as np
from aiohttp.http import HttpVersion11, RawRequestMessage
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from waf.abuse.observer import MOST_WAITING, Observer
from waf.callers import Identity, Keys
from waf.edge.suspects import AbuseMonitor, Suspects
from waf.engine import Engine
from waf.identity.gate import Gate
from waf.identity.keyfile import write_keys
from waf.identity.keys import KeyRecord, digest, mint
from waf.limits.meter import KNOWN, OPENING, READ, Costs, Meter, place_of, who
from waf.model import Decision, Field, Parsed, Tensor
from waf.rules import load_ruleset
from waf.settings import Config
from waf.usage import Rate, Usage
from waf.verdict import Verdict

WORDS = "river stone lamp garden music paper window summer bread cloud letter train forest mirror candle silver".split()
ROUNDS = 5
ONE = Costs()
RATES = (
    Rate(name="guesses", by="address", limit=1_000_000, window=60),
    Rate(name="steady", by="caller", limit=1_000_000, window=60),
    Rate(name="tokens", by="tenant", cost="tokens", limit=10**12, period="month"),
)


def texts(count: int) -> list[Parsed]:
    """Chats whose last message has 1.5 KB."""
    draw = random.Random(1)
    return [
        Parsed(
            {"llm.user": [Field("llm.user", "u", " ".join(draw.choices(WORDS, k=230)), "json:$.u")]}, protocol="openai"
        )
        for _ in range(count)
    ]


def tensors(count: int, size: int) -> list[Parsed]:
    rng = np.random.default_rng(1)
    return [
        Parsed({}, protocol="kserve", tensors=[Tensor("x", array("d", rng.random(size)), (1, size))])
        for _ in range(count)
    ]


def ask(observer: Observer, who: str, request: Parsed, now: float) -> None:
    """As a busy firewall does; every 32nd request bears the price of all."""
    observer.look(observer.hash(who), "r", request, now)
    if observer.waiting >= MOST_WAITING:
        observer.settle()


def measure(name: str, requests: list[Parsed]) -> None:
    best: list[float] = []
    for _ in range(ROUNDS):
        observer = Observer(0.001, 8192, 1_000_000, 86_400, bytes(32))
        for i, request in enumerate(requests[:1000]):
            observer.observe(f"w{i % 100}", "r", request, i * 1.0)
        spent = []
        for i, request in enumerate(requests):
            began = time.thread_time_ns()
            ask(observer, f"c{i % 300}", request, 1000.0 + i)
            spent.append((time.thread_time_ns() - began) / 1000)
        spent.sort()
        found = [sum(spent) / len(spent), spent[len(spent) // 2], spent[len(spent) * 99 // 100], spent[-1]]
        best = found if not best else [min(pair) for pair in zip(best, found, strict=True)]
    mean, half, high, most = best
    print(f"{name:<22} mean {mean:6.1f}  p50 {half:6.1f}  p99 {high:6.1f}  longest {most:7.1f} us")


async def together() -> None:
    """Of a chat: an API key out of 300 is checked, three rates are counted and told, and the caller is watched."""
    draw = random.Random(4)
    with tempfile.TemporaryDirectory() as folder:
        path, pepper, keys = str(Path(folder) / "keys.json"), "a pepper that is long enough", []
        records = []
        for i in range(300):
            ident, key = mint(draw.randbytes(44))
            keys.append(key)
            records.append(KeyRecord(id=ident, name=f"team-{i}", hash=digest(key, pepper), tenant=f"t{i % 50}"))
        write_keys(path, records)
        config = Config(identity=Identity(keys=Keys(file=path, pepper=pepper)), usage=Usage(rates=RATES))
        engine = Engine(load_ruleset(config.rules), config)
        route = engine.routes.routes[0]
        gate, suspects = Gate(config, [route.settings], {}, bytes(32)), Suspects()
        monitor = AbuseMonitor(config, suspects)
    meter = Meter(config.usage, {}, bytes(32))
    headers = [(b"Host", b"x"), (b"Content-Type", b"application/json"), (b"User-Agent", b"x"), (b"Accept", b"*/*")]
    pairs = CIMultiDictProxy(CIMultiDict([("Host", "x"), ("Content-Type", "application/json")]))
    message = RawRequestMessage("POST", "/v1/chat", HttpVersion11, pairs, (), False, None, False, False, URL())
    best: list[float] = []
    asked = texts(3000 * ROUNDS)  # all different: repetitions cost less
    for turn in range(1, ROUNDS + 1):
        spent = []
        for i, parsed in enumerate(asked[3000 * (turn - 1) : 3000 * turn]):
            given, address, now = (
                [*headers, (b"Authorization", b"Bearer " + keys[i % 300].encode())],
                "192.0.2.1",
                1e6 * turn + i,
            )
            verdict = Verdict(Decision("allow", 0, "clean"), route, parsed=parsed)
            began = time.thread_time_ns()
            caller = gate.admit([route.settings], "POST", given, address, "", now)
            someone = who("default", place_of(address), caller)
            taken = meter.take(OPENING, someone, ONE, now, now)
            taken += meter.take(KNOWN, someone, ONE, now, now)
            taken += meter.take(READ, someone, Costs(1, 1500, 375), now, now)
            monitor.check_caller(caller, address, message, verdict)
            if i % MOST_WAITING == MOST_WAITING - 1:
                suspects.settle()
            meter.said(taken, now, now)
            monitor.answered(address, message, 200)
            spent.append((time.thread_time_ns() - began) / 1000)
        spent.sort()
        best = [min(pair) for pair in zip(best or spent, spent, strict=True)]
    print(
        f"identity, limits and abuse together, chat: mean {sum(best) / len(best):.1f}  p50 {best[len(best) // 2]:.1f} us"
    )


def crowd(callers: int) -> None:
    """Every caller a new one, then as many again at random."""
    requests = tensors(2000, 64)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    observer = Observer(0.001, 8192, 1_000_000, 86_400, bytes(32))
    draw = random.Random(2)
    who: list[Callable[[int], int]] = [lambda i: i, lambda _: draw.randrange(callers)]
    longest = total = 0
    for choose in who:
        for i in range(callers):
            name = f"key:{choose(i)}"
            began = time.thread_time_ns()
            ask(observer, name, requests[i % 2000], i * 0.01)
            took = time.thread_time_ns() - began
            total += took
            longest = max(longest, took)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(
        f"{callers:,} callers: {grown:.0f} MiB more, longest {longest / 1e6:.2f} ms, mean {total / callers / 2000:.1f} us, "
        f"{len(observer.pool):,} profiles"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--callers", type=int, default=1_000_000)
    asked = parser.parse_args()
    gc.disable()  # its pauses are those of everything in the process, and are measured elsewhere
    measure("text of 1.5 KB", texts(3000))
    for size in (30, 784, 150_528):
        measure(f"tensor of {size:,}", tensors(3000 if size < 10_000 else 60, size))
    asyncio.run(together())
    # As `waf serve` has it.
    gc.enable()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    crowd(asked.callers)


if __name__ == "__main__":
    main()
