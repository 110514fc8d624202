"""A rule's conditions evaluated one by one over some fields: what each saw, how near it came, and what proves a match."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from waf.model import Field
from waf.rules.chains import ChainTable
from waf.rules.fieldref import selector_test
from waf.rules.leaf import operator_of
from waf.rules.operators import Context, OperatorTimeout
from waf.rules.program import as_text
from waf.rules.reach import Reach, reach, span
from waf.rules.spec import All, Condition, Leaf, Not, leaves

Fields = Mapping[str, Sequence[Field]]
_MOST_LOOKS: Final = 200


class Look(msgspec.Struct, frozen=True):
    """One value that a condition looked at."""

    field: str
    """As the rule names it."""
    origin: str
    value: Any
    view: Any
    """After the transforms; of several views the one that holds or comes nearest."""
    holds: bool
    near: Reach | None = None
    """How far the operator came, when it does not hold."""
    span: tuple[int, int] | None = None
    """Where in the view it holds, when that is a place."""


class Evidence(msgspec.Struct, frozen=True):
    """One condition of a rule and one value that satisfies it, as `waf explain` shows them."""

    field: str
    origin: str
    value: Any
    transforms: tuple[str, ...]
    view: Any
    operator: str
    argument: Any
    span: tuple[int, int] | None = None


class Finding(msgspec.Struct, frozen=True):
    """A condition: whether it holds, and why."""

    holds: bool
    kind: str
    """`all`, `any`, `not`, or the operator of a single condition."""
    leaf: Leaf | None = None
    looks: tuple[Look, ...] = ()
    parts: tuple[Finding, ...] = ()


def diagnose(condition: Condition, fields: Fields, context: Context) -> Finding:
    """Every part of a condition, evaluated."""
    if isinstance(condition, Leaf):
        seen = tuple(_bounded(looks(condition, fields, context)))
        count = len({(look.origin, str(look.value)) for look in seen if look.holds})
        high = condition.count.high
        holds = count >= condition.count.low and (high is None or count <= high)
        return Finding(holds, condition.operator, condition, seen)
    if isinstance(condition, Not):
        part = diagnose(condition.part, fields, context)
        return Finding(not part.holds, "not", parts=(part,))
    parts = tuple(diagnose(part, fields, context) for part in condition.parts)
    if isinstance(condition, All):
        return Finding(all(part.holds for part in parts), "all", parts=parts)
    return Finding(any(part.holds for part in parts), "any", parts=parts)


def nearest(finding: Finding) -> Finding | None:
    """Of the conditions that keep a finding from holding the one that came nearest; None when it holds."""
    return max(_missing(finding), key=_share, default=None)


def _missing(finding: Finding) -> Iterator[Finding]:
    if finding.holds:
        return
    if finding.leaf is not None or finding.kind == "not":
        yield finding
        return
    for part in finding.parts:
        yield from _missing(part)


def _share(finding: Finding) -> float:
    if finding.kind == "not":
        return 0.0
    if not finding.looks:
        return -1.0
    return max(look.near.share if look.near else 0.0 for look in finding.looks)


def _bounded(looks: Iterator[Look]) -> Iterator[Look]:
    for number, look in enumerate(looks):
        if number == _MOST_LOOKS:
            return
        yield look


def looks(leaf: Leaf, fields: Fields, context: Context, *, near: bool = True) -> Iterator[Look]:
    """Every value that a condition looks at, in order. `near`: also how far the operator came where it does not hold."""
    operator = operator_of(leaf, context)
    table = ChainTable()
    chain = table.compose(table.intern(leaf.chain))
    for ref in leaf.fields:
        selected = selector_test(ref)
        for bucket in ref.spec.buckets:
            for field in fields.get(bucket, ()):
                if selected is not None and not selected(field):
                    continue
                value: Any = field.name if ref.spec.names else field.value
                text = as_text(value) if operator.wants == "text" or (leaf.chain and type(value) is not str) else value
                views = chain(text) if leaf.chain and isinstance(text, str) else text
                yield _best(
                    str(ref),
                    field.origin,
                    value,
                    views if isinstance(views, list) else [views],
                    leaf,
                    operator.test,
                    near=near,
                )


def evidence(condition: Condition, fields: Fields, context: Context) -> list[Evidence]:
    """What in `fields` satisfies the single conditions, each with its first value. One that holds because something is
    absent has no value to show."""
    return [
        Evidence(look.field, look.origin, look.value, leaf.chain, look.view, _said(leaf), leaf.argument, look.span)
        for leaf in leaves(condition)
        if (look := next((look for look in looks(leaf, fields, context, near=False) if look.holds), None))
    ]


def _said(leaf: Leaf) -> str:
    return f"not {leaf.operator}" if leaf.negate else leaf.operator


def _best(name: str, origin: str, value: Any, views: list[Any], leaf: Leaf, test: Any, *, near: bool) -> Look:
    for view in views:
        if _holds(test, view):
            return Look(name, origin, value, view, True, span=None if leaf.negate else span(leaf, view))
    if not near or leaf.negate:
        return Look(name, origin, value, views[-1], False)
    view, reached = max(((view, reach(leaf, view)) for view in views), key=lambda pair: pair[1].share)
    return Look(name, origin, value, view, False, reached)


def _holds(test: Any, view: Any) -> bool:
    try:
        return bool(test(view))
    except OperatorTimeout:
        return True
