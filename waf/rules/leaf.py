"""The operator of one condition, as everything that evaluates conditions asks for it."""

from __future__ import annotations

from waf.rules.operators import OPERATORS, Context, Operator
from waf.rules.spec import Leaf


def operator_of(leaf: Leaf, context: Context) -> Operator:
    """The leaf's operator; with `negate` one that holds on the values that it does not hold on. Nothing is known of such
    values beforehand, so it is always evaluated."""
    made = OPERATORS[leaf.operator].make(leaf.argument, context)
    if not leaf.negate:
        return made
    test = made.test
    return Operator(test=lambda value: not test(value), wants=made.wants, steady=made.steady)
