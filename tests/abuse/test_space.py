"""Where many callers' latest queries are closer together than usual: a crowd."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from waf.abuse.embed import DIM
from waf.abuse.space import LATEST, SAMPLE, Space

Rng = np.random.Generator
_SPREAD = 0.6 ** np.arange(DIM)
"""Of natural inputs: a few directions matter."""


def natural(rng: Rng) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return (rng.normal(size=DIM) * _SPREAD).astype(np.float32)


def space(callers: int = 60) -> Space:
    """With a full sample, and the latest queries of so many callers."""
    made, rng = Space(0), np.random.default_rng(3)
    for i in range(4 * SAMPLE):
        remember(made, natural(rng), 1 + i % callers)
        if i % 2:
            keep(made, natural(rng), 1 + i)
    return made


def crowded(made: Space, ask: Callable[[], np.ndarray[tuple[int], np.dtype[np.float32]]], count: int = 200) -> float:
    """Share of queries of a newcomer that are in a crowd."""
    who = np.array([10_000], dtype=np.uint64)
    return float(np.mean([made.distances(ask()[None], who).crowded[0] for _ in range(count)]))


def remember(made: Space, point: np.ndarray[tuple[int], np.dtype[np.float32]], owner: int) -> None:
    made.remember(point[None], np.array([owner], dtype=np.uint64))


def keep(made: Space, point: np.ndarray[tuple[int], np.dtype[np.float32]], owner: int) -> None:
    owners = np.array([owner], dtype=np.uint64)
    made.keep([0], point[None], owners, made.distances(point[None], owners))


@pytest.mark.parametrize("callers", [5, 60, 1000])
def test_honest_queries_seldom_are(callers: int) -> None:
    rng = np.random.default_rng(4)
    assert crowded(space(callers), lambda: natural(rng), 600) <= 0.03


@pytest.mark.parametrize(("keys", "expected"), [(40, True), (3, False), (1, False)])
def test_variants_of_many_keys_are(keys: int, expected: bool) -> None:
    made, rng = space(), np.random.default_rng(5)
    seeds = [natural(rng) for _ in range(4)]

    def variant() -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        noise = rng.normal(size=DIM) * _SPREAD * 0.35
        return (seeds[rng.integers(4)] + noise).astype(np.float32)

    for i in range(LATEST * 2 // 3):
        remember(made, variant(), 5000 + i % keys)
    assert (crowded(made, variant) > 0.5) == expected


def test_a_small_sample_says_nothing() -> None:
    made, rng = Space(0), np.random.default_rng(6)
    for i in range(100):
        keep(made, natural(rng), i + 1)
    for i in range(LATEST):
        remember(made, np.zeros(DIM, dtype=np.float32) + 1e-3 * i, i + 1)
    assert crowded(made, lambda: natural(rng)) == 0


def test_those_that_are_asked_together_see_each_other_in_their_order() -> None:
    """As if each had been remembered before the next was asked."""
    made, rng = space(), np.random.default_rng(7)
    points = np.stack([natural(rng) for _ in range(12)])
    points[5] = points[2] + 0.01
    points[7] = points[3]
    owners = np.arange(5001, 5013, dtype=np.uint64)
    found = made.distances(points, owners)
    assert (found.whose[5], found.whose[2] != 5006) == (5003, True)
    for i in range(12):
        alone = made.distances(points[i : i + 1], owners[i : i + 1])
        assert np.allclose([x[i] for x in found[:3]], [x[0] for x in alone[:3]], atol=1e-3), i
        assert found.whose[i] == alone.whose[0]
        remember(made, points[i], int(owners[i]))
