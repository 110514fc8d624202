"""Exclusions as predicates: on this path, does this rule leave this field alone?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fnmatch import translate
from re import compile as re_compile

from waf.model import Field
from waf.rules.fieldref import selector_test
from waf.rules.program import Run
from waf.rules.spec import Exclusion, RuleSpec, selects

Excluded = Callable[[Run, Field], bool]


def path_matcher(pattern: str) -> Callable[[str], bool]:
    """A route's path pattern as a predicate; `*` stands for anything, `/` included, and nothing else is special."""
    if pattern in ("*", "/*"):
        return lambda _path: True
    literal = pattern.replace("[", "[[]").replace("?", "[?]")
    matches = re_compile(translate(literal)).match
    return lambda path: matches(path) is not None


def excluded(rule: RuleSpec, exclusions: Iterable[Exclusion]) -> Excluded | None:
    """The exclusions of one rule as one predicate, or None when it has none."""
    applying = [exclusion for exclusion in exclusions if selects(exclusion.rules, rule)]
    if not applying:
        return None
    tests = [
        (path_matcher(e.route), tuple((frozenset(f.spec.buckets), selector_test(f)) for f in e.fields))
        for e in applying
    ]

    def excluded(run: Run, field: Field) -> bool:
        for on_route, fields in tests:
            if on_route(run.path) and (
                not fields or any(field.bucket in b and (sel is None or sel(field)) for b, sel in fields)
            ):
                return True
        return False

    return excluded
