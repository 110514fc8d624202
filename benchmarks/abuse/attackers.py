"""Thieves. Each yields inputs one by one and is sent what the firewall let through: probabilities, or None.

jitter      seeds with a little noise              synthesis   Jacobian-based augmentation (Papernot et al. 2017)
random      anything in range                      boundary    bisection and steps along the boundary (Brendel et al. 2018)
active      of many, what the copy is unsure of    knockoff    natural data of another world (Orekondy et al. 2019)
probe       one element after the other            slopes      small steps in directions that are drawn
walker      small steps, each from the last one    natural     data of the model's own world
"""

from __future__ import annotations

import random
from collections.abc import Callable, Generator
from typing import Any

import numpy as np

from benchmarks.abuse.victims import VOCABULARY, Rng, World, shuffled

Thief = Generator[Any, Any, None]


def _fit(world: World, xs: list[Any], ys: list[Any]) -> Any:
    labels = [int(np.argmax(y)) for y in ys]
    if len(set(labels)) < 2:
        return None
    copy: Any = world.surrogate()
    return copy.fit(xs if world.is_text else np.stack(xs), labels)


def _seeds(world: World, rng: Rng, count: int) -> list[Any]:
    return [world.draw(i % world.classes, rng) for i in range(count)]


def _perturb(world: World, x: Any, rng: Rng, size: float) -> Any:
    if not world.is_text:
        return np.clip(x + rng.normal(size=x.shape) * size * (world.high - world.low), world.low, world.high)
    words = x.split()
    for _ in range(max(1, round(size * 20))):
        at = int(rng.integers(len(words)))
        choice = rng.random()
        if choice < 0.4:
            words[at] = str(rng.choice(VOCABULARY))
        elif choice < 0.7 and len(words) > 4:
            del words[at]
        else:
            words.insert(at, str(rng.choice(VOCABULARY)))
    return " ".join(words)


def jitter(world: World, rng: Rng) -> Thief:
    seeds = _seeds(world, rng, 2 * world.classes)
    for seed in seeds:  # noqa: UP028 - nothing can be sent to a list's iterator
        yield seed
    while True:
        yield _perturb(world, seeds[rng.integers(len(seeds))], rng, 0.05)


def uniform(world: World, rng: Rng) -> Thief:
    words = random.Random(int(rng.integers(1 << 30)))
    while True:
        yield shuffled(words) if world.is_text else world.low + rng.random(len(world.low)) * (world.high - world.low)


def synthesis(world: World, rng: Rng) -> Thief:
    xs: list[Any] = []
    ys: list[Any] = []
    wave = _seeds(world, rng, 3 * world.classes)
    while True:
        for x in wave:
            y = yield x
            xs.append(x)
            ys.append(y if y is not None else np.eye(world.classes)[0])
        copy = _fit(world, xs, ys)
        wave = []
        for i in rng.permutation(len(xs))[:200]:
            wave.append(_perturb(world, xs[i], rng, 0.1) if world.is_text else _step(world, copy, xs[i], rng))


def _step(world: World, copy: Any, x: Any, rng: Rng) -> Any:
    """A tenth of the range along the sign of the copy's gradient, found by differences."""
    span = world.high - world.low
    if copy is None:
        return x + 0.1 * span * rng.choice([-1, 1], len(x))
    base = copy.predict_proba(x[None])[0]
    moved = x + np.eye(len(x)) * span * 1e-3
    gradient = copy.predict_proba(moved)[:, base.argmax()] - base.max()
    return np.clip(x + 0.1 * span * np.sign(gradient), world.low, world.high)


def boundary(world: World, rng: Rng) -> Thief:
    while True:
        a, b = _seeds(world, rng, world.classes)[:2]
        if world.is_text:
            words = a.split()
            while len(words) > 2:  # which words matter, one left out at a time
                del words[int(rng.integers(len(words)))]
                yield " ".join(words)
            continue
        ya = yield a
        yield b
        for _ in range(6):
            middle = (a + b) / 2
            y = yield middle
            same = y is not None and ya is not None and np.argmax(y) == np.argmax(ya)
            a, b = (middle, b) if same else (a, middle)
        for _ in range(15):
            a = np.clip(a + rng.normal(size=a.shape) * 0.03 * (world.high - world.low), world.low, world.high)
            yield a


def active(world: World, rng: Rng) -> Thief:
    xs = _seeds(world, rng, 2 * world.classes)
    ys: list[Any] = []
    for x in xs:
        y = yield x
        ys.append(y if y is not None else np.eye(world.classes)[0])
    while True:
        copy = _fit(world, xs, ys)
        pool = [world.foreign(rng) for _ in range(200)]
        if copy is not None:
            unsure = copy.predict_proba(pool if world.is_text else np.stack(pool)).max(1)
            pool = [pool[i] for i in np.argsort(unsure)[:20]]
        for x in pool[:20]:
            y = yield x
            xs.append(x)
            ys.append(y if y is not None else np.eye(world.classes)[0])


def knockoff(world: World, rng: Rng) -> Thief:
    while True:
        yield world.foreign(rng)


def natural(world: World, rng: Rng) -> Thief:
    """Data of the very world that the victim is for: no input is odd by itself."""
    while True:
        yield world.draw(int(rng.integers(world.classes)), rng)


def sweep(world: World, rng: Rng) -> Thief:
    while True:
        x = _seeds(world, rng, 1)[0]
        if world.is_text:
            place = int(rng.integers(len(x.split())))
            for word in rng.permutation(VOCABULARY)[:30]:
                yield " ".join([*x.split()[:place], str(word), *x.split()[place + 1 :]])
            continue
        for feature in rng.permutation(len(x))[:4]:
            for value in np.linspace(world.low[feature], world.high[feature], 9):
                moved = x.copy()
                moved[feature] = value
                yield moved


def probe(world: World, rng: Rng) -> Thief:
    """How the answer changes where one element does, a little; of a text, one word after the other is left out."""
    while True:
        x = _seeds(world, rng, world.classes)[int(rng.integers(world.classes))]
        if world.is_text:
            words = x.split()
            for at in range(len(words)):
                yield " ".join([*words[:at], *words[at + 1 :]])
            continue
        for at in rng.permutation(len(x)):
            for step in (0.01, -0.01):
                moved = x.copy()
                moved[at] += step * (world.high - world.low)[at]
                yield moved


def slopes(world: World, rng: Rng) -> Thief:
    """The same in directions that are drawn (Ilyas et al. 2018); of a text, two words are exchanged for others."""
    while True:
        x = _seeds(world, rng, world.classes)[int(rng.integers(world.classes))]
        for _ in range(40):
            yield _perturb(world, x, rng, 0.1 if world.is_text else 0.01)


def walker(world: World, rng: Rng) -> Thief:
    """One small step after the other, from wherever the last one led; of a text, one word each time."""
    x = _seeds(world, rng, 1)[0]
    while True:
        yield x
        if world.is_text:
            words = x.split()
            words[int(rng.integers(len(words)))] = str(rng.choice(VOCABULARY))
            x = " ".join(words)
        else:
            x = np.clip(x + rng.normal(size=x.shape) * 0.01 * (world.high - world.low), world.low, world.high)


THIEVES: dict[str, Callable[[World, Rng], Thief]] = {
    "jitter": jitter,
    "synthesis": synthesis,
    "boundary": boundary,
    "sweep": sweep,
    "random": uniform,
    "active": active,
    "knockoff": knockoff,
    "natural": natural,
    "probe": probe,
    "slopes": slopes,
    "walker": walker,
}
