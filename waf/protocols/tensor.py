"""Numeric arrays become one set of `tensor.*` fields each, never one field a number.

A nested list is a tensor when every innermost list holds numbers (booleans count, null is a missing value). Its shape
has -1 where sizes differ (a ragged array).
"""

from __future__ import annotations

from array import array
from itertools import chain
from math import isfinite
from typing import Any, Final, NamedTuple

import numpy as np

from waf.model import Field, Tensor
from waf.protocols.sink import Sink

MAX_RANK: Final = 8
"""Deeper nesting is read as several tensors; it also bounds what one attempt at a list of no numbers costs."""
_SMALL: Final = 48
"""Elements up to which plain Python beats numpy's cost per call."""


class Stats(NamedTuple):
    """Of the finite elements; `bad` counts NaN and infinities. All zero when nothing is finite."""

    low: float
    high: float
    mean: float
    bad: int


def stats(values: array[float]) -> Stats:
    """Minimum, maximum, mean and count of non-finite elements of a non-empty array."""
    if len(values) <= _SMALL:
        total = sum(values)
        if isfinite(total):
            return Stats(min(values), max(values), total / len(values), 0)
    numbers = np.frombuffer(values, dtype=np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        total = float(np.add.reduce(numbers))
        if isfinite(total):
            return Stats(float(np.minimum.reduce(numbers)), float(np.maximum.reduce(numbers)), total / len(numbers), 0)
        finite = numbers[np.isfinite(numbers)]
        if not len(finite):
            return Stats(0.0, 0.0, 0.0, len(numbers))
        # Dividing first keeps the mean of very large numbers finite.
        mean = float(np.add.reduce(finite / len(finite)))
        return Stats(float(finite.min()), float(finite.max()), mean, len(numbers) - len(finite))


def read(value: list[Any], numeric: dict[int, array[float]]) -> tuple[array[float], tuple[int, ...]] | None:
    """Elements in row-major order and the shape, or None where the list is not a tensor."""
    flat = numeric.get(id(value))
    if flat is not None:
        return flat, (len(value),)
    rows: list[Any] = value
    shape = [len(value)]
    for _ in range(MAX_RANK):
        if not rows or type(rows[0]) is not list or set(map(type, rows)) != {list}:
            return None
        sizes = set(map(len, rows))
        shape.append(sizes.pop() if len(sizes) == 1 else -1)
        leaves = [numeric.get(id(row)) for row in rows if row]
        if leaves and None not in leaves:
            joined: array[float] = array("d")
            for leaf in leaves:
                joined.extend(leaf)  # type: ignore[arg-type]
            return joined, tuple(shape)
        rows = list(chain.from_iterable(rows))
    return None


def emit(sink: Sink, name: str, path: str, values: array[float], shape: tuple[int, ...], dtype: str = "json") -> None:
    """The tensor's fields. `shape` is what the request declares or, undeclared, what it holds."""
    origin = "json:" + path
    found = stats(values)
    sink.tensors.append(Tensor(name, values, shape))
    fields = sink.fields
    fields["tensor.shape"].append(Field("tensor.shape", name, shape, origin))
    fields["tensor.dtype"].append(Field("tensor.dtype", name, dtype, origin))
    fields["tensor.size"].append(Field("tensor.size", name, len(values), origin))
    fields["tensor.min"].append(Field("tensor.min", name, found.low, origin))
    fields["tensor.max"].append(Field("tensor.max", name, found.high, origin))
    fields["tensor.mean"].append(Field("tensor.mean", name, found.mean, origin))
    fields["tensor.nan_count"].append(Field("tensor.nan_count", name, found.bad, origin))
