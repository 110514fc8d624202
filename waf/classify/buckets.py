"""Which windows are run together: those of about one length, so that little of a run is padding. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_SHORTEST: Final = 16
"""Positions; shorter windows are not worth a run of their own."""
_FEW: Final = 4_096
"""Positions, padding included, that go in one run whatever their lengths: another run would cost more than the padding."""


def bucket(length: int) -> int:
    """The length to which a window may be padded: the next of 16, 24, 32, 48, 64, 96, 128, … Padding is at most a third."""
    size = _SHORTEST
    while size < length:
        half = size + size // 2
        if length <= half:
            return half
        size *= 2
    return size


def runs(lengths: Sequence[int], *, rows: int, positions: int) -> list[list[int]]:
    """Indices of `lengths`, each exactly once: a few in one run, more in runs of one bucket, shortest first.

    A run has at most `rows` windows and, unless it is a single one, `positions` positions with its padding.
    """
    if lengths and bucket(max(lengths)) * len(lengths) <= min(_FEW, positions) and len(lengths) <= rows:
        return [list(range(len(lengths)))]
    found: dict[int, list[int]] = {}
    for index, length in enumerate(lengths):
        found.setdefault(bucket(length), []).append(index)
    made = []
    for size in sorted(found):
        step = max(1, min(rows, positions // size))
        members = found[size]
        made += [members[start : start + step] for start in range(0, len(members), step)]
    return made
