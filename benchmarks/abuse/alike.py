"""Honest callers that do what thieves do: which of them are taken for one, and by what.

OMP_NUM_THREADS=1 python -m benchmarks.abuse.alike [--worlds wine] [--kinds sensor,editor] [--callers 300] [--each 5] [--seed 0]

A day of ordinary callers (`population`), and with them `--each` of every kind below. What is counted is who of them was ever
at a risk of a half.
"""

from __future__ import annotations

import argparse
import heapq
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import numpy as np

from benchmarks.abuse.population import DAY, day
from benchmarks.abuse.simulate import TAGGED, ask, parsed
from benchmarks.abuse.victims import VOCABULARY, WORLDS, Rng, World
from waf.abuse.observer import Observer
from waf.misuse import Abuse

QUERIES: Final = 120
Caller = Callable[[World, Rng], Iterator[tuple[float, Any]]]


def _drawn(world: World, rng: Rng) -> Any:
    return world.draw(int(rng.integers(world.classes)), rng)


def _changed(world: World, x: Any, rng: Rng, size: float) -> Any:
    """One word, or one element by a part of its range."""
    if world.is_text:
        words = x.split()
        words[int(rng.integers(len(words)))] = str(rng.choice(VOCABULARY))
        return " ".join(words)
    at = int(rng.integers(len(x)))
    moved = x.copy()
    moved[at] = np.clip(x[at] + rng.normal() * size * (world.high - world.low)[at], world.low[at], world.high[at])
    return moved


def _between(rng: Rng, low: float, high: float) -> float:
    """Anything between, as often within a factor as within any other."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def sensor(world: World, rng: Rng) -> Iterator[tuple[float, Any]]:
    """Readings that hardly change, of one sensor or several in turns, each a walk or back to its mean; of texts, reports whose
    number does."""
    gap, count, back = _between(rng, 10, 900), int(rng.integers(1, 7)), rng.choice([0.0, 0.1])
    size, parts = _between(rng, 0.001, 0.01), rng.choice([0.3, 1.0])
    means = [_drawn(world, rng) for _ in range(count)]
    xs = list(means)
    for i in range(QUERIES):
        at = i % count
        if world.is_text:
            yield i * gap, f"{xs[at]} Reading {rng.normal(20, 2):.2f}."
            continue
        moved = rng.normal(size=len(xs[at])) * size * (rng.random(len(xs[at])) < parts) * (world.high - world.low)
        xs[at] = np.clip(xs[at] + moved + back * (means[at] - xs[at]), world.low, world.high)
        yield i * gap, xs[at]


def clock(world: World, rng: Rng) -> Iterator[tuple[float, Any]]:
    """A dashboard of some panels that polls, with the time in each of its inputs: of the day, or since long ago."""
    gap, count = _between(rng, 2, 600), int(rng.integers(2, 12))
    panels = [_drawn(world, rng) for _ in range(count)]
    at, start, speed = (
        (0, 0.0, 0.0) if world.is_text else (int(rng.integers(len(world.low))), rng.random(), rng.random())
    )
    for i in range(QUERIES):
        x = panels[i % count]
        if world.is_text:
            minutes = int(i * gap / 60)
            yield i * gap, f"{x} As of {minutes // 60:02}:{minutes % 60:02}."
            continue
        x = x.copy()
        x[at] = world.low[at] + (world.high[at] - world.low[at]) * ((start + speed * i / QUERIES) % 1.0)
        yield i * gap, x


def stamped(world: World, rng: Rng) -> Iterator[tuple[float, Any]]:
    """A program whose inputs are as everybody's, but for the time in them."""
    at = 0 if world.is_text else int(rng.integers(len(world.low)))
    now = 0.0
    for i in range(QUERIES):
        now += float(rng.exponential(30))
        x = _drawn(world, rng)
        if world.is_text:
            yield now, f"{int(now) // 3600:02}:{int(now) // 60 % 60:02} {x}"
            continue
        x = x.copy()
        x[at] = world.low[at] + (world.high[at] - world.low[at]) * i / QUERIES
        yield now, x


def editor(world: World, rng: Rng) -> Iterator[tuple[float, Any]]:
    """Somebody who changes an input step by step, and looks at what it does; a new one after some steps. Of a text a word in
    its midst is another one, there is one more, or one less; it is sent after each of them."""
    now, gap, last = 0.0, _between(rng, 5, 60), int(rng.integers(6, 30))
    long = int(rng.integers(1, 6))

    def begin() -> Any:
        return " ".join(_drawn(world, rng) for _ in range(long)) if world.is_text else _drawn(world, rng)

    x = begin()
    for _ in range(QUERIES // 2):
        now += 1.0 + float(rng.exponential(gap))
        yield now, x
        if rng.random() < 1 / last:
            x = begin()
        elif not world.is_text or rng.random() < 0.7:
            x = _changed(world, x, rng, 0.2)
        else:
            words = x.split()
            at = int(rng.integers(len(words)))
            words[at : at + 1] = [words[at], str(rng.choice(VOCABULARY))] if rng.random() < 0.7 else []
            x = " ".join(words)


def grid(world: World, rng: Rng) -> Iterator[tuple[float, Any]]:
    """What if: two or three elements over their ranges, or as many words of a sentence, all else as it was; in order or not."""
    x, gap = _drawn(world, rng), _between(rng, 0.2, 5)
    axes = int(rng.integers(2, 4))
    levels = int(rng.integers(4, 6 if axes == 3 else 12))
    words = x.split() if world.is_text else []
    places = rng.choice(len(words or x), axes, replace=False)
    choices = [rng.choice(VOCABULARY, levels) for _ in places]
    cells = list(np.ndindex(*[levels] * axes))
    if rng.random() < 0.5:
        cells = [cells[i] for i in rng.permutation(len(cells))]
    for i, cell in enumerate(cells[:QUERIES]):
        if world.is_text:
            for place, some, level in zip(places, choices, cell, strict=True):
                words[place] = str(some[level])
            yield i * gap, " ".join(words)
            continue
        moved = x.copy()
        for at, level in zip(places, cell, strict=True):
            moved[at] = world.low[at] + (world.high[at] - world.low[at]) * level / (levels - 1)
        yield i * gap, moved


def template(world: World, rng: Rng) -> Iterator[tuple[float, Any]]:
    """A program whose inputs have half in common: its instruction, or what it knows of its one customer."""
    common = " ".join(_drawn(world, rng) for _ in range(3)) if world.is_text else _drawn(world, rng)
    now = 0.0
    for _ in range(QUERIES):
        now += float(rng.exponential(60))
        x = _drawn(world, rng)
        yield now, f"{common} {x}" if world.is_text else np.where(np.arange(len(x)) % 2, x, common)


def several(world: World, rng: Rng) -> Iterator[tuple[float, Any]]:
    """Such a program with three instructions."""
    programs = [template(world, rng) for _ in range(3)]
    for i in range(QUERIES):
        yield i * 60.0, next(programs[i % 3])[1]


def fleet(world: World, rng: Rng) -> Iterator[tuple[float, Any]]:
    """Such a program that has a key for each of its users: all of them have one instruction."""
    common = " ".join(_drawn(world, np.random.default_rng(i)) for i in range(3)) if world.is_text else None
    now = 0.0
    for _ in range(QUERIES // 4):
        now += float(rng.exponential(600))
        x = _drawn(world, rng)
        yield now, f"{common} {x}" if common else x


def typist(world: World, rng: Rng) -> Iterator[tuple[float, Any]]:
    """Suggestions while somebody types: each text is the one before and a few words more, or one less. Numbers: as `editor`."""
    if not world.is_text:
        yield from editor(world, rng)
        return
    now = 0.0
    for _ in range(QUERIES // 12):
        words = " ".join(_drawn(world, rng) for _ in range(3)).split()
        typed = 1
        while typed < len(words):
            now += float(rng.exponential(3))
            yield now, " ".join(words[:typed])
            typed = max(1, typed - 1) if rng.random() < 1 / 12 else typed + int(rng.integers(1, 5))
        now += float(rng.exponential(600))


def completion(world: World, rng: Rng) -> Iterator[tuple[float, Any]]:
    """An editor that asks what comes next, with the last 160 words before the place where somebody writes."""
    if not world.is_text:
        yield from editor(world, rng)
        return
    now, words = 0.0, " ".join(_drawn(world, rng) for _ in range(12)).split()
    for _ in range(QUERIES):
        now += float(rng.exponential(6))
        yield now, " ".join(words[-160:])
        more = " ".join(_drawn(world, rng) for _ in range(2)).split()
        words += more[: int(rng.integers(1, 10))]


def pairs(world: World, rng: Rng) -> Iterator[tuple[float, Any]]:
    """An A/B test: an input, and the same a little changed."""
    now = 0.0
    for _ in range(QUERIES // 2):
        now += float(rng.exponential(60))
        x = _drawn(world, rng)
        yield now, x
        yield now + 1.0, _changed(world, x, rng, 0.1)


def harness(world: World, rng: Rng) -> Iterator[tuple[float, Any]]:
    """A suite of tests or an evaluation that each change of a program starts, in order and fast: what was there, but for a
    tenth that is new, and a few that somebody has put right in one place."""
    gap, asks = _between(rng, 0.1, 3), "Answer with one word, positive or negative. "
    suite = [_drawn(world, rng) for _ in range(40)]
    for run_of in range(4):
        for i, x in enumerate(suite):
            yield run_of * 1800.0 + i * gap, asks + x if world.is_text else x
        for i in rng.choice(len(suite), 6, replace=False).tolist():
            suite[i] = _drawn(world, rng) if rng.random() < 0.7 else _changed(world, suite[i], rng, 0.05)


def storm(world: World, rng: Rng) -> Iterator[tuple[float, Any]]:
    """Retries of what is not answered, two to eight of an input, farther and farther apart, with their number in each."""
    now, at = 0.0, 0 if world.is_text else int(rng.integers(len(world.low)))
    for _ in range(QUERIES // 5):
        now += float(rng.exponential(60))
        x, wait = _drawn(world, rng), _between(rng, 0.2, 2)
        for attempt in range(int(rng.integers(2, 9))):
            if world.is_text:
                yield now, f"{x} (attempt {attempt + 1}, request {int(rng.integers(16**6)):06x})"
            else:
                tried = x.copy()
                tried[at] = world.low[at] + (world.high[at] - world.low[at]) * attempt / 10
                yield now, tried
            now, wait = now + wait, wait * 2


def camera(world: World, rng: Rng) -> Iterator[tuple[float, Any]]:
    """What is seen or heard goes over into something else, picture by picture with a little noise; of texts, the last words
    that were said, some more each time and as many gone."""
    gap, steps = _between(rng, 0.2, 30), int(rng.integers(8, 40))
    if world.is_text:
        words = " ".join(_drawn(world, rng) for _ in range(30)).split()
        for i in range(min(QUERIES, (len(words) - 40) // 3)):
            yield i * gap, " ".join(words[3 * i : 3 * i + 40])
        return
    before, after = _drawn(world, rng), _drawn(world, rng)
    for i in range(QUERIES):
        if i and i % steps == 0:
            before, after = after, _drawn(world, rng)
        part = i % steps / steps
        noise = rng.normal(size=len(before)) * 0.003 * (world.high - world.low)
        yield i * gap, np.clip((1 - part) * before + part * after + noise, world.low, world.high)


def twins(world: World, rng: Rng) -> Iterator[tuple[float, Any]]:
    """Sensors in one room, a key each: the same readings but for noise."""
    gap, room = _between(rng, 10, 900), _drawn(world, np.random.default_rng(4))
    for i in range(QUERIES):
        now = i * gap + float(rng.random())
        if world.is_text:
            yield now, f"{room} Reading {rng.normal(20, 2):.2f}."
            continue
        moved = (np.sin(i / 20) * 0.01 + rng.normal(size=len(room)) * 0.003) * (world.high - world.low)
        yield now, np.clip(room + moved, world.low, world.high)


ALIKE: Final[dict[str, Caller]] = {
    "sensor": sensor, "clock": clock, "stamped": stamped, "editor": editor, "grid": grid, "template": template,
    "several": several, "fleet": fleet, "pairs": pairs, "typist": typist, "completion": completion,
    "harness": harness, "storm": storm, "camera": camera, "twins": twins,
}  # fmt: skip


def events(world: World, kinds: Sequence[str], callers: int, each: int, seed: int) -> Iterator[tuple[float, str, Any]]:
    """(time, caller, input) of a day, in order of time."""

    def one(kind: str, number: int) -> Iterator[tuple[float, str, Any]]:
        rng = np.random.default_rng([seed, number, *kind.encode()])
        # When the ordinary ones have begun, so that there is something to compare with.
        start = float(rng.uniform(0.1, 0.4)) * DAY
        for at, x in ALIKE[kind](world, rng):
            yield start + at, f"{kind}-alike-{number}", x

    streams = [one(kind, number) for kind in kinds for number in range(each)]
    return heapq.merge(day(world, np.random.default_rng(seed), callers), *streams, key=lambda event: event[0])


def run(name: str, kinds: Sequence[str], callers: int, each: int, seed: int) -> None:
    world = WORLDS[name](seed)
    observer = Observer(Abuse().false_alarms / 1000, 8192, 1_000_000, DAY, bytes(32))
    flagged: dict[str, tuple[int, tuple[str, ...]]] = {}
    asked: dict[str, int] = {}
    for now, who, x in events(world, kinds, callers, each, seed + 1):
        asked[who] = asked.get(who, 0) + 1
        found = ask(observer, who, parsed(world, x), now)
        if found.risk >= TAGGED:
            flagged.setdefault(who, (asked[who], found.signals))
    print(f"\n{name}: {callers} ordinary callers, {sum('alike' not in who for who in flagged)} of them flagged")
    for kind in kinds:
        ours = [flagged[who] for who in flagged if who.startswith(f"{kind}-alike")]
        signals = sorted({signal for _, odd in ours for signal in odd[:2]})
        after = (
            f", after {np.median([queries for queries, _ in ours]):.0f} queries ({', '.join(signals)})" if ours else ""
        )
        print(f"  {kind:<10}{len(ours):>3} of {each}{after}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", default=",".join(WORLDS))
    parser.add_argument("--kinds", default=",".join(ALIKE))
    parser.add_argument("--callers", type=int, default=300)
    parser.add_argument("--each", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    for name in asked.worlds.split(","):
        run(name, asked.kinds.split(","), asked.callers, asked.each, asked.seed)


if __name__ == "__main__":
    main()
