"""What a rule loads with and is wrong all the same: missing tests, tests that fail, patterns that run always."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from waf.errors import Problem
from waf.rules.backtracking import LIMIT, Runaway, runaway
from waf.rules.catalogues import meaning
from waf.rules.chains import ChainTable
from waf.rules.leaf import operator_of
from waf.rules.metadata import incomplete
from waf.rules.operators import Context
from waf.rules.overlap import overlaps, shut_off, useless_parts
from waf.rules.ruleset import build_ruleset
from waf.rules.spec import AnyOf, Condition, Exclusion, Leaf, Not, PackSpec, RuleSpec, leaves
from waf.rules.specials import PROSE
from waf.rules.testing import run_tests

_SAMPLE = [
    f"{word} said that item {n} of the list, priced {n * 7}.95, was sent to {word.lower()}@example.org on day {n}; please check. "
    for n, word in enumerate("Amara Bjorn Chiara Deniz Esther Farid Greta Hiro Ines Jonas Kofi Leila".split(), 3)
]
"""Distinct ordinary sentences on which the cost of a pattern without literals is measured."""


Clock = Callable[[], float]


def lint(packs: Iterable[PackSpec], clock: Clock, *, today: date | None = None, strict: bool = False) -> list[Problem]:
    """Every problem of the packs, in the order of files and lines. Warnings have `warning=True`.

    `clock` gives seconds; with it the cost of a pattern that runs on every value is measured. `today` decides which
    exclusions have expired; None lets none expire. `strict` adds what a pack needs before others adopt it.
    """
    packs = list(packs)
    rules = [rule for pack in packs for rule in pack.rules]
    exclusions = [exclusion for pack in packs for exclusion in pack.exclusions]
    problems = [p for rule in rules for p in _rule(rule, clock)]
    problems += [p for rule in rules for p in useless_parts(rule)]
    problems += [*overlaps(rules), *shut_off(rules, exclusions)]
    problems += [p for exclusion in exclusions for p in _exclusion(exclusion, today, strict)]
    if strict:
        problems += [p for rule in rules for p in incomplete(rule)]
    problems += [
        _at(
            o.rule,
            f"rule {o.rule.id}, test {o.number}: {o.detail}",
            line=o.fixture.place.line,
            column=o.fixture.place.column,
        )
        for o in run_tests(build_ruleset(rules))
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
    for tag in rule.tags:
        named = meaning(tag)
        if named is not None and not named[1]:
            found.append(_at(rule, f'the tag "{tag}" names nothing in {named[0].title}', warning=True))
    gated = _gated(rule.match)
    for leaf in leaves(rule.match):
        operator = operator_of(leaf, Context())
        if operator.warning and (leaf.operator == "regex" or not (gated or _gated(leaf))):
            cost = _cost(leaf, clock)
            found.append(_in(leaf, operator.warning, f"about {cost:.1f} µs a value"))
        if leaf.operator == "regex" and (slow := runaway(leaf.argument)) is not None:
            found.append(_runaway(leaf, slow))
    return found


def _in(leaf: Leaf, message: str, hint: str, *, warning: bool = True) -> Problem:
    return Problem(leaf.place.file, leaf.place.line, leaf.place.column, message, hint, warning)


def _runaway(leaf: Leaf, slow: Runaway) -> Problem:
    """A few characters that stop the search are an error: every request can carry them."""
    size = len(slow.body) * slow.times
    why = "so its time is exponential" if slow.exponential else "so its time grows faster than the text"
    message = f"this pattern runs for more than {LIMIT:g} s on {size:,} characters ({slow.body[:20]!r} repeated), {why}"
    hint = "no quantifier inside a quantifier, alternatives that begin differently, or `re2`"
    return _in(leaf, message, hint, warning=not slow.exponential)


def _exclusion(exclusion: Exclusion, today: date | None, strict: bool) -> Iterator[Problem]:
    place = exclusion.place

    def warn(message: str, hint: str = "") -> Problem:
        return Problem(place.file, place.line, place.column, message, hint, warning=True)

    if exclusion.expires is not None and today is not None and exclusion.expires < today:
        yield warn(f"this exclusion expired on {exclusion.expires} and no longer holds", exclusion.owner)
    if strict and exclusion.expires is None:
        yield warn("this exclusion never expires", "add `expires: YYYY-MM-DD`, so that somebody looks at it again")
    if strict and not exclusion.owner:
        yield warn("this exclusion has no owner", "add `owner:`, whom to ask about it")


def _gated(condition: Condition) -> bool:
    """Whether some literal, or a sign that is rare in prose, has to be seen before the rule is evaluated."""
    if isinstance(condition, Leaf):
        operator = operator_of(condition, Context())
        return all(
            part.literals is not None or (part.specials is not None and part.specials.isdisjoint(PROSE))
            for part in operator.parts or (operator,)
        )
    if isinstance(condition, Not):
        return False
    if isinstance(condition, AnyOf):
        return all(map(_gated, condition.parts))
    return any(map(_gated, condition.parts))


def _cost(leaf: Leaf, clock: Clock) -> float:
    """Median microseconds for one value of about 120 characters, chain included."""
    table = ChainTable()
    chain = table.compose(table.intern(leaf.chain))
    test = operator_of(leaf, Context(regex_timeout=1.0)).test
    times: list[float] = []
    for text in _SAMPLE:
        start = clock()
        views = chain(text)
        for view in views if isinstance(views, list) else [views]:
            test(view)
        times.append((clock() - start) * 1e6)
    return statistics.median(times)
