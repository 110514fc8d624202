"""An attack and a benign test for a converted rule: guesses that were run."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from waf.errors import RuleError
from waf.rules.chains import ChainTable
from waf.rules.convert.base import Entry, Options, Plain
from waf.rules.convert.samples import of_pattern, satisfying, undone
from waf.rules.convert.write import pack, scalar
from waf.rules.fieldref import parse_field
from waf.rules.leaf import operator_of
from waf.rules.load import read_pack
from waf.rules.operators import Context, OperatorTimeout
from waf.rules.ruleset import build_ruleset
from waf.rules.spec import Fixture, Leaf, RuleSpec, leaves
from waf.rules.testing import run_tests

_TRIES: Final = 40
_NOTHING: Final[Plain] = {"request": {"path": "/"}}
_BENIGN: Final = ("an ordinary value", "ordinary", "1", "", "GET", "HTTP/1.1", "/", "200", "192.0.2.1")


def with_tests(entry: Entry, options: Options) -> Entry:
    """The entry with a test of each kind as far as one was found. Raises ValueError when the rule does not load."""
    if entry.rule is None:
        return entry
    (rule,) = read_pack(pack([entry], options, ""), "converted", Path()).rules
    by_place = iter(leaves(rule.match))
    attack = _first(rule, _attacks(entry.rule["match"], by_place), attack=True)
    benign = _first(rule, _benign(entry.rule["match"], attack), attack=False)
    tests = [{kind: data} for kind, data in (("attack", attack), ("benign", benign)) if data is not None]
    if tests:
        entry.rule["tests"] = tests
    return entry


def _first(rule: RuleSpec, candidates: Iterator[Plain], *, attack: bool) -> Plain | None:
    ruleset = build_ruleset([rule])
    for data in itertools.islice(candidates, _TRIES):
        fixture = Fixture(attack, data, rule.place)
        try:
            [scalar(text) for text in _all_texts(data)]
            passed = all(o.passed for o in run_tests(ruleset, [_only(rule, fixture)]))
        except ValueError:
            continue
        if passed:
            return data
    return None


def _only(rule: RuleSpec, fixture: Fixture) -> RuleSpec:
    return msgspec.structs.replace(rule, tests=(fixture,))


def _all_texts(data: Any) -> Iterator[Any]:
    for value in data.values() if isinstance(data, dict) else data if isinstance(data, list) else [data]:
        if isinstance(value, dict | list):
            yield from _all_texts(value)
        else:
            yield value


# --------------------------------------------------------------------------- attacks


def _attacks(match: Plain, specs: Iterator[Leaf]) -> Iterator[Plain]:
    """Field values that satisfy each link, the first choice of each together, then one of them changed at a time."""
    links = match.get("all", [match])
    choices = [list(itertools.islice(_link(link, specs), 8)) for link in links]
    if any(not found for found in choices):
        return
    for place, found in enumerate(choices):
        for choice in found if place == 0 else found[1:]:
            yield _merged([choice if place == at else other[0] for at, other in enumerate(choices)])


def _link(link: Plain, specs: Iterator[Leaf]) -> Iterator[Plain]:
    parts = link.get("any", [link])
    pairs = [(part, next(specs)) for part in parts]
    for part, spec in pairs:
        yield from _leaf(part, spec)


def _leaf(part: Plain, spec: Leaf) -> Iterator[Plain]:
    if part.get("exists") is False:
        yield {}
        return
    field = part["field"][0] if isinstance(part["field"], list) else part["field"]
    key = _key(field)
    low = max(spec.count.low, 1)
    if low > 1:
        yield {key: [f"x{number}" for number in range(low)]}
        return
    number = spec.fields[0].spec.kind == "number"
    for sample in satisfying(part):
        for value in undone(sample, list(spec.chain)):
            if number:
                yield {key: int(value) if value.lstrip("-").isdigit() else 1}
            elif _holds(spec, value):
                yield {key: value}
                break


def _holds(spec: Leaf, value: str) -> bool:
    table = ChainTable()
    views = table.compose(table.intern(spec.chain))(value)
    test = operator_of(spec, Context()).test
    try:
        return any(test(view) for view in (views if isinstance(views, list) else [views]))
    except OperatorTimeout:
        return False


def _key(field: str) -> str:
    """A field that a test can give: where names are chosen by a pattern, one that it matches."""
    ref = parse_field(field)
    if not ref.pattern or ref.spec.names:
        return ref.name if ref.pattern else field
    name = "x" if ref.pattern == "unlike" else of_pattern(ref.selector or "", 0)
    return f'{ref.name}["{name}"]' if name and re.fullmatch(r'[^"\]]+', name) else ref.name


def _merged(parts: list[Plain]) -> Plain:
    """All values together: a field that two links look at gets both."""
    merged: Plain = {}
    for part in parts:
        for key, value in part.items():
            known = merged.get(key)
            values = [] if known is None else known if isinstance(known, list) else [known]
            more = value if isinstance(value, list) else [value]
            joined = list(dict.fromkeys([*values, *more]))
            merged[key] = joined[0] if len(joined) == 1 else joined
    return merged or dict(_NOTHING)


def _benign(match: Plain, attack: Plain | None) -> Iterator[Plain]:
    """The attack's fields with ordinary values, what a negated condition allows, or a request with nothing in it."""
    if attack is not None and "request" not in attack:
        for value in _BENIGN:
            yield {key: 1 if isinstance(old, int) else value for key, old in attack.items()}
    for link in match.get("all", [match]):
        for part in link.get("any", [link]):
            if part.get("negate"):
                name = part["field"][0] if isinstance(part["field"], list) else part["field"]
                yield from ({_key(name): text} for text in satisfying({**part, "negate": False}))
    yield dict(_NOTHING)
    yield {"request": {"path": "/?q=ordinary", "headers": {"User-Agent": "test", "Accept": "*/*"}}}
    yield {"request.args": "ordinary"}
    yield {"response": {"status": 200, "body": "an ordinary answer"}}


def load_error(error: RuleError) -> str:
    """What is wrong with a rule that does not load, in one line."""
    return "; ".join(problem.message for problem in error.problems)
