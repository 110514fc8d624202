"""Scores that are remembered, the least recently used forgotten first."""

from __future__ import annotations

from waf.classify.scoring import Outcome


class Cache:
    """At most `size` finished scores by key; 0 remembers nothing. What came about without a stage that was wanted must not be
    put here, or it would be believed again when the stage is back."""

    __slots__ = ("_scores", "size")

    def __init__(self, size: int) -> None:
        self._scores: dict[bytes, Outcome] = {}
        self.size = size

    def get(self, key: bytes) -> Outcome | None:
        scores = self._scores
        found = scores.pop(key, None)
        if found is not None:
            scores[key] = found  # a dict keeps the order of insertion, so the last used is the last
        return found

    def put(self, key: bytes, outcome: Outcome) -> None:
        scores = self._scores
        scores.pop(key, None)
        scores[key] = outcome
        while len(scores) > self.size:
            del scores[next(iter(scores))]

    def __len__(self) -> int:
        return len(self._scores)
