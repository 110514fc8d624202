"""What a rule needs before a team that did not write it can adopt it. `waf lint --strict` asks for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from waf.errors import Problem
from waf.rules.catalogues import meaning
from waf.rules.spec import RuleSpec

TESTS: Final = 3
"""Attack tests, and benign ones, that a rule should have."""
_WEAKNESS: Final = re.compile(r"(?:cwe|cve|capec)[-.:]\d.*")


def incomplete(rule: RuleSpec) -> Iterator[Problem]:
    """A warning for each thing that is missing."""

    def warn(message: str, hint: str) -> Problem:
        place = rule.place
        return Problem(place.file, place.line, place.column, f"rule {rule.id} {message}", hint, warning=True)

    for kind, attack, hint in (
        ("attack", True, "one of them an evasion"),
        ("benign", False, "one of them as close to the attack as possible"),
    ):
        count = sum(test.attack == attack for test in rule.tests)
        if 0 < count < TESTS:
            yield warn(f"has {count} of {TESTS} {kind} tests", hint)
    if not rule.false_positives:
        yield warn("does not say whom it may hit by mistake", "add `false_positives:`")
    if not any(meaning(tag) or _WEAKNESS.fullmatch(tag) for tag in rule.tags):
        yield warn("has no tag that says what it covers", "for instance cwe-89, owasp.llm01-2025, atlas.aml.t0051")
