"""Typed rules become closures, once, at load. Nothing is interpreted per request.

The idea of compiling a filter's tree to closures is wirefilter's; in Python it is worth a factor of four over walking it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from waf.model import SCORES
from waf.rules import conditions
from waf.rules.alphabet import EVERYTHING, mask
from waf.rules.candidates import Steps
from waf.rules.chains import ChainTable, unhinted
from waf.rules.exclusions import Excluded, excluded
from waf.rules.jsonpaths import JsonPaths
from waf.rules.leaf import operator_of
from waf.rules.operators import Context, Operator
from waf.rules.plan import SelectorTest, Spot, StepPlan, Waiting
from waf.rules.prefilter import Prefilter
from waf.rules.program import NOWHERE, BucketPlan, Condition, Program, Rule
from waf.rules.spec import All, AnyOf, Count, Exclusion, Leaf, Not, Place, RuleSpec
from waf.rules.spec import Condition as ConditionSpec

Present = dict[str, dict[str | None, set[int]]]
"""By bucket and name (None: any): the rules to evaluate when there is such a field."""
BucketKey = tuple[str, bool]
"""A bucket, and whether the fields' names are looked at."""

_FEW_VALUES = frozenset({"request.method", "request.protocol"})
"""Buckets in which most requests hold the same few values, so that a condition on them holds on many."""
_EVERYWHERE = frozenset({"headers", "request.target", "request.path", "request.line", *_FEW_VALUES})
"""Buckets that every request fills, so that their presence says nothing."""


_ONE = Count()
_ANYWHERE = Place("")
_PATTERNS = frozenset({"re2", "re2_bytes"})


class Atom(msgspec.Struct, frozen=True):
    """Something that must be so before a rule can match: a condition's text was found worth looking at, or there is a
    field in a bucket (of a certain name, unless that is None)."""

    condition: int | None
    places: frozenset[tuple[str, str | None]]
    cost: float


class _Want(msgspec.Struct, frozen=True):
    """A condition that looks at the texts of some steps of one bucket, with the operator or one of its alternatives."""

    steps: frozenset[int]
    condition: int
    selected: SelectorTest
    operator: Operator


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
        self.wants: dict[BucketKey, list[_Want]] = {}
        self.waiting: dict[tuple[int, SelectorTest, int, bool], Waiting] = {}
        """Most conditions wait in many buckets, in each for the same."""
        self.gates: list[int | None] = []
        self.looked_at: set[str] = set()

    def build(self, rules: Sequence[CompiledRule]) -> Program:
        compiled: list[Rule] = []
        always: set[int] = set()
        present: Present = {}
        for index, rule in enumerate(rules):
            condition, atoms = self._condition(rule.spec.match, excluded(rule.spec, rule.exclusions))
            compiled.append(_rule(rule, condition))
            if atoms is None:
                always.add(index)
            for atom in atoms or ():
                if atom.condition is not None:
                    self.gates[atom.condition] = index
                for bucket, name in atom.places:
                    present.setdefault(bucket, {}).setdefault(name, set()).add(index)
        keys = self._keys(present)
        prefilters = {group: Prefilter(self._literals(group)) for group in set(map(_group, keys))}
        plans: dict[str, tuple[BucketPlan, ...]] = {}
        for key in keys:
            plans[key[0]] = (*plans.get(key[0], ()), self._plan(key, present, prefilters[_group(key)]))
        return Program(tuple(compiled), frozenset(always), plans, tuple(self.gates), JsonPaths(self.looked_at))

    def _literals(self, group: bool) -> Iterator[str]:
        wants = (want for key, found in self.wants.items() if _group(key) == group for want in found)
        for operator in {id(want.operator): want.operator for want in wants}.values():
            yield from _literals(operator)
        for key, table in self.chains.items():
            if _group(key) == group:
                for _, transform, _ in table.steps:
                    yield from unhinted(transform)[0]

    def _keys(self, present: Present) -> list[BucketKey]:
        return sorted(self.wants.keys() | {(bucket, False) for bucket in present})

    def _plan(self, key: BucketKey, present: Present, prefilter: Prefilter) -> BucketPlan:
        bucket, names = key
        rules = {} if names else {name: frozenset(found) for name, found in present.get(bucket, {}).items()}
        here = rules.pop(None, frozenset())
        table = self.chains.get(key)
        if table is None:
            return BucketPlan(here, rules, names, Steps((), prefilter))
        waiting: list[list[Waiting]] = [[] for _ in table.steps]
        for want in self.wants.get(key, ()):
            who = (want.condition, want.selected, id(want.operator), _group(key))
            made = self.waiting.get(who)
            if made is None:
                made = self.waiting[who] = _waiting(want, prefilter)
            for step in want.steps:
                waiting[step].append(made)
        steps = []
        for (parent, name, apply), waits in zip(table.steps, waiting, strict=True):
            hints, cheaper = unhinted(name)
            numbers = frozenset(prefilter.numbers[hint] for hint in hints)
            steps.append(StepPlan(parent, name, apply, tuple(waits), numbers, cheaper))
        return BucketPlan(here, rules, names, Steps(tuple(steps), prefilter))

    # ------------------------------------------------------------------ conditions and their gates

    def _condition(self, spec: ConditionSpec, leave_out: Excluded | None) -> tuple[Condition, list[Atom] | None]:
        if isinstance(spec, Leaf):
            return self._leaf(spec, leave_out, (spec.chain,))
        if isinstance(spec, Not):
            part, _ = self._condition(spec.part, leave_out)
            return (lambda run: NOWHERE if part(run) is None else None), None
        if isinstance(spec, AnyOf):
            asked = _spellings(spec)
            parts = [
                self._leaf(part, leave_out, chains) if isinstance(part, Leaf) else self._condition(part, leave_out)
                for part, chains in asked
            ]
        else:
            parts = [self._condition(part, leave_out) for part in spec.parts]
        made = tuple(condition for condition, _ in parts)
        atoms = [gate for _, gate in parts]
        if isinstance(spec, All):
            known = [gate for gate in atoms if gate is not None]
            return conditions.all_of(made), min(known, key=_cost) if known else None
        if any(gate is None for gate in atoms):
            return conditions.any_of(made), None
        return conditions.any_of(made), [atom for gate in atoms if gate is not None for atom in gate]

    def _leaf(
        self, leaf: Leaf, leave_out: Excluded | None, chains: Sequence[tuple[str, ...]]
    ) -> tuple[Condition, list[Atom] | None]:
        """A leaf, asked in each of these spellings of a text."""
        operator = operator_of(leaf, self.context)
        number = len(self.gates)
        self.gates.append(None)
        sources = list(dict.fromkeys(source for ref in leaf.fields for source in conditions.sources(ref)))
        places = frozenset((source.bucket, source.name) for source in sources)
        self.looked_at.update(source.bucket for source in sources)
        buckets = {bucket for bucket, name in places if name is None}
        common = not _EVERYWHERE.isdisjoint(buckets)
        if operator.literals is not None or operator.wants == "text":
            for source in sources:
                key = (source.bucket, source.names)
                table = self.chains.setdefault(key, ChainTable())
                steps = frozenset(map(table.intern, chains))
                for part in operator.parts or (operator,):
                    self.wants.setdefault(key, []).append(_Want(steps, number, source.selected, part))
            holding = conditions.on_candidates(number, leave_out)
            cost = 1.0 if operator.literals and _FEW_VALUES.isdisjoint(buckets) else 1000.0 if common else 50.0
            atom = Atom(number, frozenset(), cost)
        else:
            table = ChainTable()
            chain = table.compose(table.intern(leaf.chain)) if leaf.chain else None
            holding = conditions.on_every_value(tuple(sources), chain, operator.test, leave_out)
            atom = Atom(None, places, 1000.0 if common else 10.0)
        gate = [atom] if leaf.count.low >= 1 else None
        return conditions.holds(holding, leaf), gate


def _spellings(spec: AnyOf) -> list[tuple[ConditionSpec, list[tuple[str, ...]]]]:
    """The parts of an `any:`, and the transforms of each. Leaves that differ in nothing else are one: where their transforms
    have nothing to do on a text it is looked at once."""
    found: list[tuple[ConditionSpec, ConditionSpec, list[tuple[str, ...]]]] = []
    for part in spec.parts:
        bare, chains = part, []
        if isinstance(part, Leaf):
            bare, chains = msgspec.structs.replace(part, chain=(), place=_ANYWHERE), [part.chain]
            same = next((known for other, _, known in found if other == bare), None)
            if same is not None and part.operator in _PATTERNS and part.count == _ONE:
                same.append(part.chain)
                continue
        found.append((bare, part, chains))
    return [(part, chains) for _, part, chains in found]


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


def _group(key: BucketKey) -> bool:
    """Buckets of one group share a prefilter, and so the scan of a text that is in several of them: most web input is a possible
    prompt as well. Text that only a model reads has one of its own, since prose is full of the words that matter to the others.
    """
    return key[0].startswith("llm.") and key[0] not in ("llm.prompt", "llm.tool_args")  # the latter speak shell


def _waiting(want: _Want, prefilter: Prefilter) -> Waiting:
    operator = want.operator

    numbers = prefilter.numbers_of
    return Waiting(
        want.condition,
        want.selected,
        _check(operator),
        operator.steady,
        numbers(operator.literals) if operator.literals is not None else None,
        numbers(_leads(operator)),
        tuple(map(numbers, operator.also)),
        operator.reach,
        operator.runs,
        mask(operator.specials) if operator.specials is not None else EVERYTHING,
        *map(mask, operator.signs),
    )


def _leads(operator: Operator) -> frozenset[str]:
    return operator.lead if operator.at is not None and operator.lead is not None else frozenset()


def _literals(operator: Operator) -> frozenset[str]:
    """All that the prefilter has to look for."""
    return frozenset().union(operator.literals or (), _leads(operator), *operator.also)


def _check(operator: Operator) -> Callable[[Any], bool]:
    """The operator on a text, on one whose interesting places are known, or on any of the views a decoder made.

    A function that called itself for each view would be a cycle, and the collector does not look at what a reload replaces."""
    test, at = operator.test, operator.at

    def one(seen: Any) -> bool:
        return at(seen.text, seen.places, seen.spans) if type(seen) is Spot and at is not None else test(seen)

    def check(seen: Any) -> bool:
        return any(map(one, seen)) if type(seen) is list else one(seen)

    return check
