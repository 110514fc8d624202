"""Typed rules become closures, once, at load. Nothing is interpreted per request.

The idea of compiling a filter's tree to closures is wirefilter's; in Python it is worth a factor of four over walking it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fnmatch import translate
from re import compile as re_compile
from typing import Any

import msgspec

from waf.model import SCORES, Field
from waf.rules.chains import ChainTable, Step
from waf.rules.fieldref import selector_test
from waf.rules.heat import GATE, LEAD, SelectorTest, Spot, StepPlan, Steps, Waiting
from waf.rules.operators import OPERATORS, Context, Operator
from waf.rules.prefilter import Prefilter
from waf.rules.program import ANY_PATH, NOWHERE, BucketPlan, Condition, Program, Rule, Run, general_path
from waf.rules.spec import All, Exclusion, FieldRef, Leaf, Not, RuleSpec, selects
from waf.rules.spec import Condition as ConditionSpec

Excluded = Callable[[Run, Field], bool]
Present = dict[str, dict[str | None, set[int]]]
"""By bucket and name (None: any): the rules to evaluate when there is such a field."""
BucketKey = tuple[str, bool]
"""A bucket, and whether the fields' names are looked at."""

_EVERYWHERE = frozenset(
    {"headers", "request.method", "request.target", "request.path", "request.line", "request.protocol"}
)
"""Buckets that every request fills, so that their presence says nothing."""


class Atom(msgspec.Struct, frozen=True):
    """Something that must be so before a rule can match: a condition's text was found worth looking at, or there is a
    field in a bucket (of a certain name, unless that is None)."""

    condition: int | None
    places: frozenset[tuple[str, str | None]]
    cost: float


class Source(msgspec.Struct, frozen=True):
    """One place where a condition takes values from."""

    bucket: str
    names: bool
    selected: SelectorTest
    name: str | None = None
    """The one name that `selected` lets through, if it is about names."""


class CompiledRule(msgspec.Struct, frozen=True):
    """A rule with its mode decided, ready to be put into a program."""

    spec: RuleSpec
    monitored: bool
    exclusions: tuple[Exclusion, ...]


def compile_program(rules: Sequence[CompiledRule], context: Context) -> Program:
    """Builds the program of one phase. Arguments were checked by the loader, so a factory does not fail here."""
    return _Builder(context).build(rules)


class _Builder:
    def __init__(self, context: Context) -> None:
        self.context = context
        self.chains: dict[BucketKey, ChainTable] = {}
        self.waiting: list[tuple[BucketKey, int, Waiting, Operator]] = []
        self.gates: list[int | None] = []

    def build(self, rules: Sequence[CompiledRule]) -> Program:
        compiled: list[Rule] = []
        always: set[int] = set()
        present: Present = {}
        for index, rule in enumerate(rules):
            condition, atoms = self._condition(rule.spec.match, _excluded(rule))
            compiled.append(_rule(rule, condition))
            if atoms is None:
                always.add(index)
            for atom in atoms or ():
                if atom.condition is not None:
                    self.gates[atom.condition] = index
                for bucket, name in atom.places:
                    present.setdefault(bucket, {}).setdefault(name, set()).add(index)
        keys = self._keys(present)
        literals = {key: frozenset(t for k, _, _, op in self.waiting if k == key for t in _roles(op)) for key in keys}
        prefilters = {texts: Prefilter(texts) for texts in literals.values()}  # equal sets share one, and its scans
        plans = [(key[0], self._plan(key, present, prefilters[literals[key]])) for key in keys]
        paths = frozenset(bucket for bucket, _ in plans if bucket.startswith("json:"))
        return Program(tuple(compiled), frozenset(always), tuple(plans), tuple(self.gates), paths)

    def _keys(self, present: Present) -> list[BucketKey]:
        return sorted({key for key, *_ in self.waiting} | {(bucket, False) for bucket in present})

    def _plan(self, key: BucketKey, present: Present, prefilter: Prefilter) -> BucketPlan:
        bucket, names = key
        rules = {} if names else {name: frozenset(found) for name, found in present.get(bucket, {}).items()}
        here = rules.pop(None, frozenset())
        table = self.chains.get(key)
        if table is None:
            return BucketPlan(here, rules, names, Steps((), prefilter))
        by_literal: list[dict[int, list[tuple[Waiting, int]]]] = [{} for _ in table.steps]
        always: list[list[Waiting]] = [[] for _ in table.steps]
        for waiting_key, step, waiting, operator in self.waiting:
            if waiting_key == key:
                if operator.literals is None:
                    always[step].append(waiting)
                for literal, roles in _roles(operator).items():
                    by_literal[step].setdefault(prefilter.numbers[literal], []).append((waiting, roles))
        steps = tuple(
            StepPlan(parent, name, apply, {n: tuple(w) for n, w in literals.items()}, tuple(waits))
            for (parent, name, apply), literals, waits in zip(table.steps, by_literal, always, strict=True)
        )
        return BucketPlan(here, rules, names, Steps(steps, prefilter))

    # ------------------------------------------------------------------ conditions and their gates

    def _condition(self, spec: ConditionSpec, excluded: Excluded | None) -> tuple[Condition, list[Atom] | None]:
        if isinstance(spec, Leaf):
            return self._leaf(spec, excluded)
        if isinstance(spec, Not):
            part, _ = self._condition(spec.part, excluded)
            return (lambda run: NOWHERE if part(run) is None else None), None
        parts = [self._condition(part, excluded) for part in spec.parts]
        conditions = tuple(condition for condition, _ in parts)
        atoms = [gate for _, gate in parts]
        if isinstance(spec, All):
            known = [gate for gate in atoms if gate is not None]
            return _all(conditions), min(known, key=_cost) if known else None
        if any(gate is None for gate in atoms):
            return _any(conditions), None
        return _any(conditions), [atom for gate in atoms if gate is not None for atom in gate]

    def _leaf(self, leaf: Leaf, excluded: Excluded | None) -> tuple[Condition, list[Atom] | None]:
        operator = OPERATORS[leaf.operator].make(leaf.argument, self.context)
        number = len(self.gates)
        self.gates.append(None)
        sources = list(dict.fromkeys(source for ref in leaf.fields for source in _sources(ref)))
        places = frozenset((source.bucket, source.name) for source in sources)
        common = any(bucket in _EVERYWHERE and name is None for bucket, name in places)
        if operator.literals is not None or operator.wants == "text":
            for source in sources:
                key = (source.bucket, source.names)
                step = self.chains.setdefault(key, ChainTable()).intern(leaf.chain)
                for part in operator.parts or (operator,):
                    self.waiting.append((key, step, _waiting(number, source, part), part))
            holding = _hot(number, excluded)
            atom = Atom(number, frozenset(), 1.0 if operator.literals else 1000.0 if common else 50.0)
        else:
            table = ChainTable()
            chain = table.compose(table.intern(leaf.chain)) if leaf.chain else None
            holding = _every(tuple(sources), chain, operator.test, excluded)
            atom = Atom(None, places, 1000.0 if common else 10.0)
        gate = [atom] if leaf.count.low >= 1 else None
        return _holds(holding, leaf), gate


def _sources(ref: FieldRef) -> list[Source]:
    """Where a field expression takes its values from. A JSON path is a bucket of its own, made when a request has it."""
    if ref.spec.selector == "path" and ref.selector is not None:
        path = f"json:{ref.selector}"
        if ".*" in path:
            return [Source(ANY_PATH, False, selector_test(ref))]
        general = general_path(path)
        return [Source(general, False, selector_test(ref) if general != path else None)]
    anywhere = ref.selector is not None and ref.selector.startswith("//")
    name = None if anywhere else ref.selector
    return [Source(bucket, ref.spec.names, selector_test(ref), name) for bucket in ref.spec.buckets]


def _cost(gate: list[Atom]) -> float:
    return sum(atom.cost for atom in gate)


def _rule(rule: CompiledRule, condition: Condition) -> Rule:
    spec = rule.spec
    return Rule(
        id=spec.id,
        name=spec.name,
        severity=spec.severity,
        score=SCORES[spec.severity] if spec.action in ("score", "block") else 0,
        category=spec.category,
        tags=spec.tags,
        action=spec.action,
        monitored=rule.monitored,
        paranoia=spec.paranoia,
        condition=condition,
    )


def _all(conditions: tuple[Condition, ...]) -> Condition:
    def condition(run: Run) -> Field | None:
        first: Field | None = None
        for part in conditions:
            where = part(run)
            if where is None:
                return None
            if first is None or first is NOWHERE:
                first = where
        return first

    return condition


def _any(conditions: tuple[Condition, ...]) -> Condition:
    def condition(run: Run) -> Field | None:
        for part in conditions:
            where = part(run)
            if where is not None:
                return where
        return None

    return condition


# ---------------------------------------------------------------------- the fields on which a condition holds

Holding = Callable[[Run], Iterator[Field]]


def _waiting(number: int, source: Source, operator: Operator) -> Waiting:
    roles = GATE | LEAD if operator.at is not None else GATE
    return Waiting(number, source.selected, _check(operator), operator.steady, roles, operator.specials)


def _roles(operator: Operator) -> dict[str, int]:
    """The operator's literals, and what each of them is good for."""
    roles: dict[str, int] = dict.fromkeys(operator.literals or (), GATE)
    if operator.at is not None:
        for literal in operator.lead or ():
            roles[literal] = roles.get(literal, 0) | LEAD
    return roles


def _check(operator: Operator) -> Callable[[Any], bool]:
    """The operator on a text, on one whose interesting places are known, or on any of the views a decoder made."""
    test, at = operator.test, operator.at

    def check(seen: Any) -> bool:
        kind = type(seen)
        if kind is Spot and at is not None:
            return at(seen.text, seen.places)
        if kind is list:
            return any(map(test, seen))
        return test(seen)

    return check


def _hot(number: int, excluded: Excluded | None) -> Holding:
    """Among the texts that the prefilter found worth looking at: with one of the condition's literals, if it has any."""

    def holding(run: Run) -> Iterator[Field]:
        for field, look in run.hot.get(number, ()):
            if (excluded is None or not excluded(run, field)) and (look is None or look()):
                yield field

    return holding


def _every(
    sources: tuple[Source, ...], chain: Step | None, test: Callable[[Any], bool], excluded: Excluded | None
) -> Holding:
    """Among all values of the condition's fields, for operators on numbers and shapes."""

    def holding(run: Run) -> Iterator[Field]:
        for source in sources:
            fields: Iterable[Field]
            if source.name is not None:
                fields = run.named(source.bucket, source.name)
            else:
                fields = run.fields.get(source.bucket, ())
                if source.selected is not None:
                    fields = filter(source.selected, fields)
            for field in fields:
                value: object = field.name if source.names else field.value
                if chain is not None and type(value) is str:
                    value = chain(value)
                holds = any(map(test, value)) if type(value) is list else test(value)
                if holds and (excluded is None or not excluded(run, field)):
                    yield field

    return holding


def _holds(holding: Holding, leaf: Leaf) -> Condition:
    low, high = leaf.count.low, leaf.count.high
    if low == 1 and high is None:
        return lambda run: next(holding(run), None)

    def counted(run: Run) -> Field | None:
        found = {id(field): field for field in holding(run)}
        if len(found) < low or (high is not None and len(found) > high):
            return None
        return next(iter(found.values()), NOWHERE)

    return counted


# ---------------------------------------------------------------------- exclusions


def path_matcher(pattern: str) -> Callable[[str], bool]:
    """A route's path pattern as a predicate; `*` stands for anything, `/` included, and nothing else is special."""
    if pattern in ("*", "/*"):
        return lambda _path: True
    literal = pattern.replace("[", "[[]").replace("?", "[?]")
    matches = re_compile(translate(literal)).match
    return lambda path: matches(path) is not None


def _excluded(rule: CompiledRule) -> Excluded | None:
    applying = [exclusion for exclusion in rule.exclusions if selects(exclusion.rules, rule.spec)]
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
