"""Operators that compare numbers, and equality, which also takes text."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

from waf.rules.fold import fold
from waf.rules.operators.base import Context, Operator, OperatorSpec

_ORDERED = frozenset({"number", "text"})


def number_of(value: Any) -> float | None:
    """A number, or text that is one (as the `length` transform gives), as a float; None when it is neither."""
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return math.inf if isinstance(value, int) and value > 0 else -math.inf if isinstance(value, int) else None
    return number


def numeric(argument: Any) -> float:
    """The argument as a finite number; ValueError otherwise."""
    if isinstance(argument, bool) or not isinstance(argument, int | float) or not math.isfinite(argument):
        raise ValueError("takes a number")
    return float(argument)


def _ordered(compare: Callable[[float, float], bool]) -> Callable[[Any, Context], Operator]:
    def make(argument: Any, _: Context) -> Operator:
        bound = numeric(argument)

        def test(value: Any) -> bool:
            number = number_of(value)
            return number is not None and compare(number, bound)

        return Operator(test=test, wants="any")

    return make


def _eq(argument: Any, _: Context) -> Operator:
    return _member((argument,))


def _in(argument: Any, _: Context) -> Operator:
    if not isinstance(argument, list | tuple) or not argument:
        raise ValueError("takes a list of texts or numbers")
    return _member(tuple(argument))


def _member(items: tuple[Any, ...]) -> Operator:
    if not all(isinstance(item, str | int | float) for item in items):
        raise ValueError("takes texts, numbers or true/false")
    members = frozenset((isinstance(item, bool), item) for item in items)
    literals = frozenset(fold(item) for item in items if isinstance(item, str) and len(item) >= 2)
    known = literals if all(isinstance(item, str) and len(item) >= 2 for item in items) else None
    return Operator(test=lambda value: (isinstance(value, bool), value) in members, wants="any", literals=known)


NUMBER_OPERATORS = (
    OperatorSpec(
        "eq", frozenset({"text", "number", "ip"}), _eq, "text, number or true/false", "The value is exactly this."
    ),
    OperatorSpec("in", frozenset({"text", "number", "ip"}), _in, "list", "The value is one of these."),
    OperatorSpec("lt", _ORDERED, _ordered(operator.lt), "number", "The value is a number below."),
    OperatorSpec("le", _ORDERED, _ordered(operator.le), "number", "The value is a number, at most this."),
    OperatorSpec("gt", _ORDERED, _ordered(operator.gt), "number", "The value is a number above."),
    OperatorSpec("ge", _ORDERED, _ordered(operator.ge), "number", "The value is a number, at least this."),
)
