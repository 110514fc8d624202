"""A compiled set of rules of one phase, and how it is run over the fields of one request. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import msgspec

from waf.model import Field, Match, RuleAction, Severity
from waf.rules.chains import Step, Views
from waf.rules.fold import fold
from waf.rules.literals import SPECIAL
from waf.rules.operators import OperatorTimeout
from waf.rules.prefilter import Prefilter

Fields = Mapping[str, Sequence[Field]]
SelectorTest = Callable[[Field], bool] | None
NOWHERE = Field("", "", "", "")
"""What a condition about absence points at."""


class Run:
    """The state of one run: the fields, the path for exclusions, and the values each condition has to look at."""

    __slots__ = ("fields", "hot", "memo", "path")

    def __init__(self, fields: Fields, path: str) -> None:
        self.fields = fields
        self.path = path
        self.hot: dict[int, list[tuple[Field, Views]]] = {}
        self.memo: dict[tuple[int, str], Views] = {}


Condition = Callable[[Run], Field | None]
"""The field on which it holds, or None. `NOWHERE` when it holds because something is absent."""


class Rule(msgspec.Struct, frozen=True, gc=False):
    """One compiled rule."""

    id: int
    name: str
    severity: Severity
    score: int
    category: str
    tags: tuple[str, ...]
    action: RuleAction
    monitored: bool
    paranoia: int
    condition: Condition


class Waiting(msgspec.Struct, frozen=True, gc=False):
    """A condition that wants to look at a step's text: once one of its literals is in it, or always if it has none."""

    condition: int
    selected: SelectorTest
    test: Callable[[Views], bool] | None
    """The condition's operator, if its answer may be remembered."""
    specials: frozenset[str] | None
    """Only true of texts with one of these characters; None for no such knowledge."""


class StepPlan(msgspec.Struct, frozen=True):
    """One transform step of a bucket, and who waits for its text."""

    parent: int
    apply: Step
    by_literal: Mapping[int, tuple[Waiting, ...]]
    always: tuple[Waiting, ...]


PROVED: Final = "\0proved"
"""Stands for a view on which the condition is already known to hold. Compared by identity."""
Heat = tuple[tuple[int, SelectorTest, Views], ...]
"""For one text: the conditions that have to look at it, and which view of it, or that hold on it (`PROVED`)."""


class BucketPlan(msgspec.Struct, frozen=True):
    """What a program does with the fields of one bucket."""

    present: frozenset[int]
    """Rules to evaluate as soon as the bucket has any field."""
    steps: tuple[StepPlan, ...]
    """Parents first; step 0 is the raw value. Empty when no condition looks at the bucket's texts."""
    names: bool
    """The fields' names are looked at instead of their values."""
    memo: dict[str, Heat]
    """Short texts seen before. Header values, cookies and argument names come again and again."""


_MEMO_TEXT = 256
_MEMO_SIZE = 4096
_SPECIAL_TEXT = 2048


class Program(msgspec.Struct, frozen=True):
    """Rules of one phase. `gates` gives for each condition's number the rule that it makes a candidate, if any."""

    rules: tuple[Rule, ...]
    always: frozenset[int]
    plans: tuple[tuple[str, BucketPlan], ...]
    gates: tuple[int | None, ...]
    prefilter: Prefilter

    def run(self, fields: Fields, path: str, paranoia: int) -> tuple[list[Match], int]:
        """Every rule that matches, in the rules' order, and how many were evaluated."""
        run = Run(fields, path)
        candidates = set(self.always)
        scans: dict[str, frozenset[int]] = {}
        for bucket, plan in self.plans:
            found = fields.get(bucket)
            if found:
                candidates |= plan.present
                if plan.steps:
                    for field in found:
                        self._heat_up(plan, field, run.hot, scans)
        gates = self.gates
        for condition in run.hot:
            rule = gates[condition]
            if rule is not None:
                candidates.add(rule)
        matches: list[Match] = []
        for index in sorted(candidates):
            rule_ = self.rules[index]
            if rule_.paranoia <= paranoia:
                timed_out = False
                try:
                    where = rule_.condition(run)
                except OperatorTimeout:
                    where, timed_out = NOWHERE, True
                if where is not None:
                    matches.append(_match(rule_, where, timed_out))
        return matches, len(candidates)

    def _heat_up(
        self,
        plan: BucketPlan,
        field: Field,
        hot: dict[int, list[tuple[Field, Views]]],
        scans: dict[str, frozenset[int]],
    ) -> None:
        """Notes which conditions have to look at one field."""
        value = field.name if plan.names else field.value
        text = value if type(value) is str else str(value)
        heat = plan.memo.get(text)
        if heat is None:
            wanted = self._wanted(plan, text, scans)
            if len(text) > _MEMO_TEXT:
                heat = tuple([(w.condition, w.selected, view) for w, view in wanted])
            else:
                heat = _settled(wanted)
                if len(plan.memo) >= _MEMO_SIZE:
                    plan.memo.clear()
                plan.memo[text] = heat
        for condition, selected, view in heat:
            if selected is None or selected(field):
                hot.setdefault(condition, []).append((field, view))

    def _wanted(self, plan: BucketPlan, text: str, scans: dict[str, frozenset[int]]) -> list[tuple[Waiting, Views]]:
        """Who has to look at which view of a text."""
        views: list[Views] = []
        hits: list[frozenset[int] | None] = []
        special: list[frozenset[str] | None] = []
        wanted: list[tuple[Waiting, Views]] = []
        view: Views = text
        for step in plan.steps:
            found: frozenset[int] | None = None
            chars: frozenset[str] | None = None
            if views:
                source = views[step.parent]
                view = step.apply(source)
                if view is source:
                    found, chars = hits[step.parent], special[step.parent]
            views.append(view)
            if step.by_literal:
                if found is None:
                    found = self._hits(view, scans)
                if found:
                    once = {id(w): w for number in found for w in step.by_literal.get(number, ())}
                    wanted.extend([(w, view) for w in once.values()])
            hits.append(found)
            if step.always:
                if chars is None:
                    chars = _specials_of(view)
                wanted.extend(
                    [(w, view) for w in step.always if w.specials is None or not chars.isdisjoint(w.specials)]
                )
            special.append(chars)
        return wanted

    def _hits(self, views: Views, scans: dict[str, frozenset[int]]) -> frozenset[int]:
        if type(views) is str:
            folded = fold(views)
            found = scans.get(folded)
            if found is None:
                found = scans[folded] = self.prefilter.hits(folded)
            return found
        return frozenset().union(*[self._hits(view, scans) for view in views])


def _specials_of(views: Views) -> frozenset[str]:
    """The special characters of a text. Of a long one, all of them: looking would cost more than it spares."""
    if type(views) is str:
        return SPECIAL.intersection(views) if len(views) <= _SPECIAL_TEXT else SPECIAL
    return frozenset().union(*map(_specials_of, views))


def _settled(wanted: list[tuple[Waiting, Views]]) -> Heat:
    """The conditions that hold on a short text, decided at once so that they can be remembered with it."""
    heat: list[tuple[int, SelectorTest, Views]] = []
    for waiting, view in wanted:
        if waiting.test is None:
            heat.append((waiting.condition, waiting.selected, view))
        elif waiting.test(view):
            heat.append((waiting.condition, waiting.selected, PROVED))
    return tuple(heat)


def _match(rule: Rule, where: Field, timed_out: bool) -> Match:
    return Match(
        rule=rule.id,
        name=rule.name,
        severity=rule.severity,
        score=rule.score,
        category=rule.category,
        tags=rule.tags,
        action=rule.action,
        mode="monitor" if rule.monitored else "enforce",
        bucket=where.bucket,
        origin=where.origin,
        timed_out=timed_out,
    )
