"""Models that anybody can follow: they know a few words."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np

from waf.classify.scorer import Scorer
from waf.classify.types import SURFACES, Cascade, Windows

WORDS = {"attack": 1, "jail": 2, "maybe": 3, "hardly": 4, "really": 5, "broken": 6, "nan": 7}
GATE = {1: (0.97, 0.02), 2: (0.03, 0.98), 3: (0.6, 0.1), 4: (0.3, 0.1)}
"""Injection and jailbreak for a word, by its number; the highest of a window's words counts."""
DEEP = {1: (0.99, 0.01), 5: (0.9, 0.05)}
BAND = (0.2, 0.8)
SECRET = b"k" * 16


class FakeStage:
    """A position is a word. `hold`: runs wait until it is set. Fails on `broken`."""

    def __init__(
        self, table: dict[int, tuple[float, float]], sha256: str, positions: int = 8, budget: int = 64
    ) -> None:
        self.sha256 = sha256
        self.positions = positions
        self.budget = budget
        self.table = table
        self.hold = threading.Event()
        self.hold.set()
        self.started = threading.Event()
        self.runs: list[int] = []
        """Windows of each run."""
        self.texts: list[str] = []
        self.threads: set[str] = set()

    def windows(self, text: str) -> Windows:
        self.texts.append(text)
        ids = [WORDS.get(word, 0) for word in text.lower().split()] or [0]
        step = self.positions // 2
        starts = range(0, max(1, len(ids) - step), step)
        kept = starts[: self.budget]
        return Windows([np.array(ids[s : s + self.positions], np.int32) for s in kept], len(starts) > len(kept))

    def all_windows(self, texts: Sequence[str]) -> list[Windows]:
        return [self.windows(text) for text in texts]

    def score(self, ids: Sequence[Any], surfaces: Sequence[int]) -> Any:
        self.threads.add(threading.current_thread().name)
        self.started.set()
        assert self.hold.wait(10)
        self.runs.append(len(ids))
        if any(6 in window for window in ids):
            raise RuntimeError("broken")
        rows = [[max(self.table.get(int(i), (0.01, 0.01))[k] for i in window) for k in (0, 1)] for window in ids]
        scores = np.array(rows, np.float32).reshape(len(ids), 2)
        if any(7 in window for window in ids):
            scores[:] = np.nan
        return scores


def cascade(*, deep: bool = True, **options: Any) -> Cascade:
    return Cascade(
        FakeStage(GATE, "a" * 64, **options),
        FakeStage(DEEP, "b" * 64, **options) if deep else None,
        dict.fromkeys(SURFACES, BAND),
        {**dict.fromkeys(SURFACES, 0.8), "system": 0.98},
        "fake",
    )


def scorer(made: Cascade | None = None, **options: Any) -> Scorer:
    return Scorer(made or cascade(), SECRET, views=lambda text: [text], **options)


class Meter:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.scores: list[tuple[str, float]] = []
        self.batches: list[tuple[str, int]] = []
        self.cached: dict[str, int] = {}
        self.missed: list[str] = []

    def ml_score(self, model: str, probability: float) -> None:
        self.scores.append((model, probability))

    def ml_batch(self, model: str, size: int, queue_seconds: float, run_seconds: float) -> None:
        assert queue_seconds >= 0
        assert run_seconds >= 0
        self.batches.append((model, size))

    def ml_cache(self, result: str, count: int) -> None:
        self.cached[result] = self.cached.get(result, 0) + count

    def unscored(self, reason: str) -> None:
        self.missed.append(reason)
