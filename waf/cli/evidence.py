"""Why a rule matched: its conditions evaluated once more, with the values they saw and what the transforms made of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from waf.model import Field
from waf.rules.chains import ChainTable
from waf.rules.fieldref import selector_test
from waf.rules.operators import OPERATORS, Context, OperatorTimeout
from waf.rules.reach import span
from waf.rules.spec import Leaf, RuleSpec, leaves


class Evidence(msgspec.Struct, frozen=True):
    """One condition of a rule and one value that satisfies it."""

    field: str
    """As the rule names it."""
    origin: str
    value: Any
    transforms: tuple[str, ...]
    view: Any
    """The value after the transforms, or the one view of several that satisfied the operator."""
    operator: str
    argument: Any
    span: tuple[int, int] | None = None
    """Where in the view the operator holds, in characters, when that is a place."""


def evidence(rule: RuleSpec, fields: Mapping[str, Sequence[Field]], context: Context) -> list[Evidence]:
    """What in `fields` satisfies the rule's conditions, each with its first value. A condition that holds because
    something is absent has no value to show."""
    return [found for leaf in leaves(rule.match) if (found := next(_seen(leaf, fields, context), None))]


def _seen(leaf: Leaf, fields: Mapping[str, Sequence[Field]], context: Context) -> Iterator[Evidence]:
    operator = OPERATORS[leaf.operator].make(leaf.argument, context)
    table = ChainTable()
    chain = table.compose(table.intern(leaf.chain))
    for ref in leaf.fields:
        selected = selector_test(ref)
        for bucket in ref.spec.buckets:
            for field in fields.get(bucket, ()):
                if selected is not None and not selected(field):
                    continue
                value: Any = field.name if ref.spec.names else field.value
                text = str(value) if operator.wants == "text" else value
                views = chain(text) if leaf.chain and isinstance(text, str) else text
                for view in views if isinstance(views, list) else [views]:
                    if _holds(operator.test, view):
                        place = span(leaf, view)
                        yield Evidence(
                            str(ref), field.origin, value, leaf.chain, view, leaf.operator, leaf.argument, place
                        )


def _holds(test: Any, view: Any) -> bool:
    try:
        return bool(test(view))
    except OperatorTimeout:
        return True
