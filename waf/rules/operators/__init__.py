"""The operators of the rule language: one family a file, one table."""

from __future__ import annotations

from typing import Final

from waf.rules.operators.base import Context, Operator, OperatorSpec, OperatorTimeout
from waf.rules.operators.injection import INJECTION_OPERATORS
from waf.rules.operators.network import NETWORK_OPERATORS
from waf.rules.operators.number import NUMBER_OPERATORS
from waf.rules.operators.pattern import PATTERN_OPERATORS
from waf.rules.operators.structure import STRUCTURE_OPERATORS
from waf.rules.operators.text import TEXT_OPERATORS

OPERATORS: Final[dict[str, OperatorSpec]] = {
    spec.name: spec
    for family in (
        TEXT_OPERATORS,
        PATTERN_OPERATORS,
        NUMBER_OPERATORS,
        NETWORK_OPERATORS,
        STRUCTURE_OPERATORS,
        INJECTION_OPERATORS,
    )
    for spec in family
}

__all__ = ["OPERATORS", "Context", "Operator", "OperatorSpec", "OperatorTimeout"]
