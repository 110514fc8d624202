"""Honest callers: most ask little, a few ask a lot; some repeat themselves, work through files or watch a dashboard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from benchmarks.abuse.victims import Rng, World

DAY = 86_400.0
KINDS = ("person", "person", "person", "person", "person", "person", "app", "app", "batch", "dashboard")


def caller(world: World, rng: Rng, kind: str) -> Iterator[tuple[float, Any]]:
    """(seconds into the day, input), in order."""
    taste = rng.dirichlet(np.full(world.classes, 0.7))
    start = rng.random() * DAY * 0.8
    count = int(np.clip(rng.lognormal(2.3, 1.2), 1, 400))
    if kind == "batch":
        count, gap = int(rng.integers(50, 500)), float(rng.uniform(0.2, 5))
        for i in range(count):
            yield start + i * gap * rng.uniform(0.95, 1.05), world.draw(int(rng.choice(world.classes, p=taste)), rng)
        return
    if kind == "dashboard":
        panels = [world.draw(int(rng.choice(world.classes, p=taste)), rng) for _ in range(int(rng.integers(3, 12)))]
        for i in range(300):
            if rng.random() < 0.03:  # somebody edits a panel
                panels[int(rng.integers(len(panels)))] = world.draw(int(rng.choice(world.classes, p=taste)), rng)
            yield start + i * 30.0, panels[i % len(panels)]
        return
    now = start
    drift = world.draw(int(rng.choice(world.classes, p=taste)), rng)
    for _ in range(count * (4 if kind == "app" else 1)):
        now += float(rng.exponential(5 if kind == "app" else 60))
        x = world.draw(int(rng.choice(world.classes, p=taste)), rng)
        if not world.is_text and kind == "person":
            x = 0.85 * x + 0.15 * drift  # inputs of one person have something in common
        yield now, x
        while rng.random() < 0.05:  # a retry
            now += float(rng.exponential(2))
            yield now, x


def day(world: World, rng: Rng, callers: int) -> Iterator[tuple[float, str, Any]]:
    """(time, caller, input) of a day, in order of time."""
    events: list[tuple[float, int, str, Any]] = []
    for i in range(callers):
        kind = KINDS[int(rng.integers(len(KINDS)))]
        events += [(at, len(events) + j, f"{kind}-{i}", x) for j, (at, x) in enumerate(caller(world, rng, kind))]
    events.sort(key=lambda event: event[:2])
    for at, _, who, x in events:
        yield at, who, x
