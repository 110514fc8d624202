"""Sizes and durations as people write them: `8MiB`, `500ms`."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

SIZES: Final = {
    "B": 1,
    "kB": 1000,
    "KB": 1000,
    "MB": 10**6,
    "GB": 10**9,
    "KiB": 1 << 10,
    "MiB": 1 << 20,
    "GiB": 1 << 30,
}
DURATIONS: Final = {
    "us": Fraction(1, 10**6),
    "ms": Fraction(1, 1000),
    "s": Fraction(1),
    "m": Fraction(60),
    "h": Fraction(3600),
}
HINTS: Final = {
    "bytes": "write bytes or a size such as 512KiB or 8MiB",
    "seconds": "write seconds or a time such as 500ms, 30s or 5m",
}

_NUMBER: Final = r"([0-9]{1,15}(?:\.[0-9]{1,9})?)"
SIZE_PATTERN: Final = rf"{_NUMBER} ?({'|'.join(SIZES)})"
DURATION_PATTERN: Final = rf"{_NUMBER} ?({'|'.join(DURATIONS)})"
_SIZE: Final = re.compile(SIZE_PATTERN, re.ASCII)
_DURATION: Final = re.compile(DURATION_PATTERN, re.ASCII)


def size(text: str) -> int | None:
    """Bytes; None when the text is no size, or not a whole number of bytes."""
    found = _SIZE.fullmatch(text)
    if not found:
        return None
    number = Fraction(found[1]) * SIZES[found[2]]
    return int(number) if number.denominator == 1 else None


def duration(text: str) -> float | None:
    """Seconds; None when the text is no duration."""
    found = _DURATION.fullmatch(text)
    return float(Fraction(found[1]) * DURATIONS[found[2]]) if found else None


def show(value: int | float, unit: str) -> str:
    """A default or a bound in the unit people would choose; what no unit fits stays a bare number."""
    if unit == "bytes":
        for name in ("GiB", "MiB", "KiB"):
            if value and value % SIZES[name] == 0:
                return f"{int(value) // SIZES[name]}{name}"
    if unit == "seconds":
        exact = Fraction(str(value))
        for name in ("h", "m", "s", "ms", "us"):
            if exact and (exact / DURATIONS[name]).denominator == 1:
                return f"{int(exact / DURATIONS[name])}{name}"
    return f"{value:.12g}" if isinstance(value, float) else str(value)
