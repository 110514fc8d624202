"""What the watch costs: CPU time of one request, memory, and the longest stall, with a million distinct callers.

OMP_NUM_THREADS=1 python -m benchmarks.abuse.cost [--callers 1000000]
"""

from __future__ import annotations

import argparse
import gc
import random
import resource
import time
from array import array
from collections.abc import Callable

import numpy as np

from waf.abuse.observer import Observer
from waf.model import Field, Parsed, Tensor

WORDS = "river stone lamp garden music paper window summer bread cloud letter train forest mirror candle silver".split()
ROUNDS = 5


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


def measure(name: str, requests: list[Parsed]) -> None:
    best: list[float] = []
    for _ in range(ROUNDS):
        observer = Observer(0.001, 8192, 1_000_000, 86_400, bytes(32))
        for i, request in enumerate(requests[:1000]):
            observer.observe(f"w{i % 100}", "r", request, i * 1.0)
        spent = []
        for i, request in enumerate(requests):
            began = time.thread_time_ns()
            observer.observe(f"c{i % 300}", "r", request, 1000.0 + i)
            spent.append((time.thread_time_ns() - began) / 1000)
        spent.sort()
        found = [sum(spent) / len(spent), spent[len(spent) // 2], spent[len(spent) * 99 // 100], spent[-1]]
        best = found if not best else [min(pair) for pair in zip(best, found, strict=True)]
    mean, half, high, most = best
    print(f"{name:<22} mean {mean:6.1f}  p50 {half:6.1f}  p99 {high:6.1f}  longest {most:7.1f} us")


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
            observer.observe(name, "r", requests[i % 2000], i * 0.01)
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
    gc.enable()
    crowd(asked.callers)


if __name__ == "__main__":
    main()
