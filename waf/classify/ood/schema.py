"""Rows of numbers and tables as vectors: what the columns are, which values are usual, what is missing.

A row is a flat or nested list of numbers, a list of columns, or an object of named ones. A number column is one feature; a
category is how surprising its value is, and a flag for each common one; where the reference has missing values, so is that a
value is missing. What does not fit at all (another length, a text among numbers, an unknown column) has no vector.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

MAX_SIZE: Final = 65_536
"""Numbers of one row."""
MAX_COLUMNS: Final = 1024
MAX_CATEGORIES: Final = 1024
"""Values of a category that are told apart, the most common ones."""
FLAGS: Final = 12
"""Common values with a flag of their own: those that two rows in a hundred have."""
_NUMBERS: Final = frozenset((int, float, bool, type(None)))
_SCALARS: Final = _NUMBERS | {str}


class Column(msgspec.Struct, frozen=True):
    """One column of a table."""

    name: str
    middle: float = 0.0
    """What stands for a missing number."""
    categories: dict[str, int] | None = None
    """How often each value occurs; None for numbers."""
    missing: int = 0
    """In how many reference rows it was missing."""


class Schema(msgspec.Struct, frozen=True):
    """How rows become vectors. Without columns: `size` numbers of one kind."""

    rows: int
    size: int = 0
    columns: tuple[Column, ...] = ()
    named: bool = False
    missing: int = 0
    """Reference rows with a missing number, where there are no columns."""
    middle: float = 0.0

    @property
    def width(self) -> int:
        """Features of a vector."""
        if not self.columns:
            return self.size + (self.missing > 0)
        return sum(
            (column.missing > 0) + (1 if column.categories is None else 1 + len(self._flags(column)))
            for column in self.columns
        )

    def vectors(self, rows: Sequence[Any], own: int = 0) -> tuple[Array, npt.NDArray[np.bool_]]:
        """float64 [n, width], and which rows fit; the others are zeros. `own`: 1 for rows that are among the counted ones, and
        are to look as they would had they not been."""
        out, fits = np.zeros((len(rows), self.width)), np.zeros(len(rows), bool)
        for number, row in enumerate(rows):
            vector = self._tabular(row, own) if self.columns else self._plain(row, own)
            if vector is not None:
                out[number], fits[number] = vector, True
        return out, fits

    def _plain(self, row: Any, own: int) -> Array | None:
        numbers = flat(row, self.size)
        if numbers is None or len(numbers) != self.size:
            return None
        gone = np.isnan(numbers)
        count = int(gone.sum())
        if count:
            if self.missing <= own:
                return None
            numbers[gone] = self.middle
        return np.append(numbers, math.log1p(count)) if self.missing else numbers

    def _tabular(self, row: Any, own: int) -> list[float] | None:
        if isinstance(row, dict):
            if not self.named or not row.keys() <= {column.name for column in self.columns}:
                return None
            values = [row.get(column.name) for column in self.columns]
        elif isinstance(row, list) and len(row) == len(self.columns):
            values = row
        else:
            return None
        out: list[float] = []
        for column, value in zip(self.columns, values, strict=True):
            features = self._feature(column, value, own)
            if features is None:
                return None
            out += features
        return out

    def _feature(self, column: Column, value: Any, own: int) -> list[float] | None:
        if type(value) not in _SCALARS:
            return None
        gone = value is None or value == "" or (type(value) is float and math.isnan(value))
        out: list[float] = []
        if column.missing:
            if gone and column.missing <= own:
                return None
            share = self._without(column.missing if gone else self.rows - column.missing, own) + 1
            out.append(math.log((self.rows + 2) / share))
        elif gone:
            return None
        if column.categories is None:
            number = column.middle if gone else _number(value)
            return None if number is None else [number, *out]
        known = self._without(column.categories.get("" if gone else _category(value), 0), own)
        flags = [float(not gone and _category(value) == name) for name in self._flags(column)]
        return [0.0 if gone else math.log((self.rows + 1) / (known + 0.5)), *flags, *out]

    def _flags(self, column: Column) -> list[str]:
        return [name for name, count in (column.categories or {}).items() if count >= self._common][:FLAGS]

    @property
    def _common(self) -> int:
        return max(3, self.rows // 50)

    def _without(self, count: int, own: int) -> int:
        """A count without the row itself where that matters. Common values keep theirs: rows that have one would otherwise all
        lie a hair beside those to come, and a hair is much where nothing else varies."""
        return count if count >= self._common else max(0, count - own)


def infer(rows: Sequence[Any]) -> Schema:
    """From reference rows, at least one, all of one make. Raises ValueError that says what is wrong with them."""
    first = rows[0]
    named = isinstance(first, dict)
    size = 0 if named else _leaves(first)
    mixed = not named and any(type(value) is str for row in rows for value in (row if isinstance(row, list) else ()))
    if named or mixed:
        return _table(rows, named=named)
    if not 1 <= size <= MAX_SIZE:
        raise ValueError(f"a row has {size} numbers; 1 to {MAX_SIZE} can be calibrated")
    numbers = [flat(row, size) for row in rows]
    if any(found is None or len(found) != size for found in numbers):
        raise ValueError("rows differ in how many numbers they have, or hold something else")
    joined = np.array(numbers)
    gone = np.isnan(joined)
    middle = float(np.median(joined[~gone])) if not gone.all() else 0.0
    return Schema(len(rows), size, missing=int(gone.any(1).sum()), middle=middle)


def _table(rows: Sequence[Any], *, named: bool) -> Schema:
    if not all(isinstance(row, dict if named else list) and (named or len(row) == len(rows[0])) for row in rows):
        raise ValueError("rows differ in their columns")
    names = list(dict.fromkeys(name for row in rows for name in row)) if named else list(map(str, range(len(rows[0]))))
    if not 1 <= len(names) <= MAX_COLUMNS:
        raise ValueError(f"the table has {len(names)} columns; 1 to {MAX_COLUMNS} can be calibrated")
    columns = []
    for i, name in enumerate(names):
        values = [row.get(name) if named else row[i] for row in rows]
        if not set(map(type, values)) <= _SCALARS:
            raise ValueError(f"column {name!r} holds lists or objects")
        there = [v for v in values if v is not None and v != "" and not (type(v) is float and math.isnan(v))]
        columns.append(_column(name, there, len(values) - len(there)))
    return Schema(len(rows), columns=tuple(columns), named=named)


def _column(name: str, values: list[Any], missing: int) -> Column:
    numbers = [_number(value) for value in values]
    if all(number is not None for number in numbers):
        middle = float(np.median([number for number in numbers if number is not None])) if numbers else 0.0
        return Column(name, middle, missing=missing)
    counts = Counter(map(_category, values))
    return Column(name, categories=dict(counts.most_common(MAX_CATEGORIES)), missing=missing)


def _number(value: Any) -> float | None:
    if type(value) is str or value is None:
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _category(value: Any) -> str:
    """One spelling for each value: 3, 3.0 and "3" are the same."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value[:256] if isinstance(value, str) else str(value).lower()[:256]


def flat(value: Any, most: int) -> Array | None:
    """Numbers of a nested list in order, null as NaN; None where it holds anything else, or more than `most`."""
    rows = [value]
    while rows and all(type(row) is list and row and type(row[0]) is list for row in rows):
        if sum(map(len, rows)) > most or any(set(map(type, row)) != {list} for row in rows):
            return None
        rows = [child for row in rows for child in row]
    out: list[Any] = []
    for row in rows:
        items = row if type(row) is list else [row]
        if len(out) + len(items) > most or not set(map(type, items)) <= _NUMBERS:
            return None
        out += items
    try:
        return np.array(out, float)
    except OverflowError:
        return np.array([math.nan if v is None else _number(v) for v in out], float)


def _leaves(value: Any) -> int:
    count, stack = 0, [value]
    while stack:
        one = stack.pop()
        if type(one) is list:
            stack += one
        else:
            count += 1
    return count
