"""What a rule loads with and is wrong all the same: missing tests, tests that fail, patterns that run always."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Iterable

from waf.errors import Problem
from waf.rules.chains import ChainTable
from waf.rules.operators import OPERATORS, Context
from waf.rules.ruleset import build_ruleset
from waf.rules.spec import AnyOf, Condition, Leaf, Not, PackSpec, RuleSpec, leaves
from waf.rules.testing import run_tests

_SAMPLE = [
    f"{word} said that item {n} of the list, priced {n * 7}.95, was sent to {word.lower()}@example.org on day {n}; please check. "
    for n, word in enumerate("Amara Bjorn Chiara Deniz Esther Farid Greta Hiro Ines Jonas Kofi Leila".split(), 3)
]
"""Distinct ordinary sentences on which the cost of a pattern without literals is measured."""


Clock = Callable[[], float]


def lint(packs: Iterable[PackSpec], clock: Clock) -> list[Problem]:
    """Every problem of the packs, in the order of files and lines. Warnings have `warning=True`.

    `clock` gives seconds; with it the cost of a pattern that runs on every value is measured.
    """
    packs = list(packs)
    rules = [rule for pack in packs for rule in pack.rules]
    ruleset = build_ruleset(rules)
    problems = [p for rule in rules for p in _rule(rule, clock)]
    problems += [
        _at(
            o.rule,
            f"rule {o.rule.id}, test {o.number}: {o.detail}",
            line=o.fixture.place.line,
            column=o.fixture.place.column,
        )
        for o in run_tests(ruleset)
        if not o.passed
    ]
    names = Counter(rule.name for rule in rules)
    problems += [
        _at(rule, f'the name "{rule.name}" is used by another rule too') for rule in rules if names[rule.name] > 1
    ]
    return sorted(problems)


def _at(
    rule: RuleSpec, message: str, hint: str = "", *, line: int = 0, column: int = 0, warning: bool = False
) -> Problem:
    return Problem(rule.place.file, line or rule.place.line, column or rule.place.column, message, hint, warning)


def _rule(rule: RuleSpec, clock: Clock) -> list[Problem]:
    found: list[Problem] = []
    for kind, attack in (("attack", True), ("benign", False)):
        if not any(test.attack == attack for test in rule.tests):
            found.append(
                _at(rule, f"rule {rule.id} has no {kind} test", f"add `- {{{kind}: {{field: value}}}}` under tests")
            )
    if sum(tag.startswith("attack.") for tag in rule.tags) != 1:
        found.append(_at(rule, f"rule {rule.id} needs exactly one attack.* tag: its score is kept under that name"))
    if not rule.references:
        found.append(_at(rule, f"rule {rule.id} has no references", "a CWE, CVE or OWASP identifier", warning=True))
    gated = _gated(rule.match)
    for leaf in leaves(rule.match):
        operator = OPERATORS[leaf.operator].make(leaf.argument, Context())
        if operator.warning and (leaf.operator == "regex" or not gated):
            cost = _cost(leaf, clock)
            found.append(
                _at(
                    rule,
                    operator.warning,
                    f"about {cost:.1f} µs a value",
                    line=leaf.place.line,
                    column=leaf.place.column,
                    warning=True,
                )
            )
    return found


def _gated(condition: Condition) -> bool:
    """Whether some literal has to be seen before the rule is evaluated."""
    if isinstance(condition, Leaf):
        return OPERATORS[condition.operator].make(condition.argument, Context()).literals is not None
    if isinstance(condition, Not):
        return False
    if isinstance(condition, AnyOf):
        return all(map(_gated, condition.parts))
    return any(map(_gated, condition.parts))


def _cost(leaf: Leaf, clock: Clock) -> float:
    """Median microseconds for one value of about 120 characters, chain included."""
    table = ChainTable()
    chain = table.compose(table.intern(leaf.chain))
    test = OPERATORS[leaf.operator].make(leaf.argument, Context(regex_timeout=1.0)).test
    times: list[float] = []
    for text in _SAMPLE:
        start = clock()
        views = chain(text)
        for view in views if isinstance(views, list) else [views]:
            test(view)
        times.append((clock() - start) * 1e6)
    return statistics.median(times)
