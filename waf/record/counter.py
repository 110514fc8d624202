"""Counts by label values, with a ceiling on how many combinations are kept apart."""

from __future__ import annotations

from typing import Final

MAX_SERIES: Final = 5_000
"""Most label combinations of one metric; further ones are counted together, every label saying `other`."""

OTHER: Final = "other"


class Counter(dict[tuple[str, ...], float]):
    """A dict from label values to a running sum. Only names of the operator's own should reach it; the ceiling is for
    the day one does not."""

    __slots__ = ("labels",)

    def __init__(self, *labels: str) -> None:
        super().__init__()
        self.labels = labels

    def add(self, values: tuple[str, ...], amount: float = 1.0) -> None:
        if values in self:
            self[values] += amount
        elif len(self) < MAX_SERIES:
            self[values] = amount
        else:
            rest = (OTHER,) * len(self.labels)
            self[rest] = self.get(rest, 0.0) + amount
