"""Does one condition hold whenever another one does? Yes, or not known.

The linter asks, so a wrong "not known" only costs a warning. Nothing that runs on traffic depends on this.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from waf.rules import dialect
from waf.rules.leaf import operator_of
from waf.rules.operators import Context, OperatorTimeout
from waf.rules.spec import All, AnyOf, Condition, Count, FieldRef, Leaf, Not

_SPELLED: Final = frozenset({"eq", "in", "contains", "contains_any", "starts_with", "ends_with"})
"""Operators that hold only on values with one of their texts inside."""
_MOST_COMPARED: Final = 100_000
"""Pairs of texts; longer lists are only compared as sets."""
_ONCE: Final = Count()


def texts(leaf: Leaf) -> tuple[Any, ...]:
    """The leaf's argument as a tuple, whether it was written as one value or as a list."""
    return tuple(leaf.argument) if isinstance(leaf.argument, list | tuple) else (leaf.argument,)


def implies(one: Condition, other: Condition) -> bool:
    """Whether `other` certainly holds on every request on which `one` holds."""
    if one == other:
        return True
    if isinstance(one, AnyOf):
        return all(implies(part, other) for part in one.parts)
    if isinstance(other, All):
        return all(implies(one, part) for part in other.parts)
    if isinstance(one, All) and any(implies(part, other) for part in one.parts):
        return True
    if isinstance(other, AnyOf):
        return any(implies(one, part) for part in other.parts)
    if isinstance(one, Not) and isinstance(other, Not):
        return implies(other.part, one.part)
    return isinstance(one, Leaf) and isinstance(other, Leaf) and _leaf_implies(one, other)


def _leaf_implies(one: Leaf, other: Leaf) -> bool:
    if one.chain != other.chain or one.count.low < 1 or other.count != _ONCE or one.negate or other.negate:
        return False
    if not all(any(_covers(wide, ref) for wide in other.fields) for ref in one.fields):
        return False
    return _operator_implies(one, other)


@lru_cache(maxsize=4096)
def _alternatives(pattern: str) -> frozenset[str]:
    """Remembered, because each pattern is compared with those of all other rules."""
    return frozenset(dialect.alternatives(pattern))


def _covers(wide: FieldRef, ref: FieldRef) -> bool:
    """Whether every value of `ref` is one of `wide`."""
    if wide == ref:
        return True
    if wide.pattern or (ref.pattern and wide.selector is not None):
        return False
    same_side = wide.spec.names == ref.spec.names and wide.spec.selector != "path" and ref.spec.selector != "path"
    within = set(ref.spec.buckets) <= set(wide.spec.buckets)
    return same_side and within and (wide.selector is None or wide.selector == ref.selector)


def _operator_implies(one: Leaf, other: Leaf) -> bool:
    here, there = texts(one), texts(other)
    if one.operator == other.operator:
        if one.argument == other.argument:
            return True
        if one.operator == "re2":
            return _alternatives(one.argument) <= _alternatives(other.argument)
        if one.operator in ("gt", "ge"):
            return bool(one.argument >= other.argument)
        if one.operator in ("lt", "le"):
            return bool(one.argument <= other.argument)
        if one.operator == "words":
            return {word.lower() for word in here} <= {word.lower() for word in there}
        if one.operator in ("in", "cidr", "contains_any", "starts_with", "ends_with") and set(here) <= set(there):
            return True
    if one.operator in ("eq", "in"):
        return _holds_on_all(other, here)
    if one.operator not in _SPELLED or len(here) * len(there) > _MOST_COMPARED:
        return False
    inside = _INSIDE.get((one.operator, other.operator)) or _INSIDE.get(("", other.operator))
    return inside is not None and all(any(inside(text, part) for part in there) for text in here)


_INSIDE: Final[dict[tuple[str, str], Callable[[str, str], bool]]] = {
    ("starts_with", "starts_with"): lambda text, part: text.startswith(part),
    ("ends_with", "ends_with"): lambda text, part: text.endswith(part),
    ("", "contains"): lambda text, part: part in text,
    ("", "contains_any"): lambda text, part: part in text,
}
"""By the two operators ("": any of `_SPELLED`): whether a value chosen for the text has the part where it must be."""


def _holds_on_all(leaf: Leaf, values: tuple[Any, ...]) -> bool:
    operator = operator_of(leaf, Context())
    if operator.wants == "text" and not all(isinstance(value, str) for value in values):
        return False
    try:
        return all(operator.test(value) for value in values)
    except (OperatorTimeout, TypeError):
        return False
