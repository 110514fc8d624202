"""The rule language read straight from its definition: no prefilter, no sharing, no closures. Slow, obvious, and what the
compiled programs are held against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from waf.model import Field
from waf.rules.fieldref import selector_test
from waf.rules.operators import OPERATORS, Context
from waf.rules.spec import All, AnyOf, Condition, Leaf, RuleSpec
from waf.transform import DECODERS, TRANSFORMS

Fields = Mapping[str, Sequence[Field]]


def matching(rules: Sequence[RuleSpec], fields: Fields) -> list[int]:
    """Ids of the rules that match, in order."""
    return [rule.id for rule in rules if holds(rule.match, fields)]


def holds(condition: Condition, fields: Fields) -> bool:
    if isinstance(condition, Leaf):
        return _leaf(condition, fields)
    if isinstance(condition, All):
        return all(holds(part, fields) for part in condition.parts)
    if isinstance(condition, AnyOf):
        return any(holds(part, fields) for part in condition.parts)
    return not holds(condition.part, fields)


def _leaf(leaf: Leaf, fields: Fields) -> bool:
    operator = OPERATORS[leaf.operator].make(leaf.argument, Context())
    wanted = not leaf.negate
    satisfied = set()
    for ref in leaf.fields:
        selected = selector_test(ref)
        for bucket in ref.spec.buckets:
            for number, field in enumerate(fields.get(bucket, ())):
                if selected is not None and not selected(field):
                    continue
                value = field.name if ref.spec.names else field.value
                if isinstance(value, str) or operator.wants == "text" or operator.literals is not None:
                    values: list[object] = list(_views(str(value), leaf.chain))
                else:
                    values = [value]
                if any(operator.test(v) is wanted for v in values):
                    satisfied.add((bucket, number))
    return len(satisfied) >= leaf.count.low and (leaf.count.high is None or len(satisfied) <= leaf.count.high)


def _views(text: str, chain: Sequence[str]) -> list[str]:
    views = [text]
    for name in chain:
        if name in DECODERS:
            views = [*views, *(more for view in views for more in DECODERS[name].apply(view))]
        elif name != "none":
            views = [TRANSFORMS[name].apply(view) for view in views]
    return views
