"""A compiled set of rules of one phase, and how it is run over the fields of one request. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from waf.model import Field, Match, RuleAction, Severity
from waf.rules.chains import Step, Views
from waf.rules.fold import fold
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


class BucketPlan(msgspec.Struct, frozen=True):
    """What a program does with the fields of one bucket."""

    present: frozenset[int]
    """Rules to evaluate as soon as the bucket has any field."""
    steps: tuple[tuple[int, Step], ...]
    """Transform steps, parents first; step 0 is the raw value."""
    looked_up: tuple[Mapping[int, tuple[tuple[int, SelectorTest], ...]] | None, ...]
    """Per step: for each literal's number the conditions waiting for it; None where no condition reads that step."""
    names: bool
    """The fields' names are looked at instead of their values."""


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
                        self._scan(plan, field, run, scans)
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

    def _scan(self, plan: BucketPlan, field: Field, run: Run, scans: dict[str, frozenset[int]]) -> None:
        """Finds the conditions whose literals occur in one field, after each chain that somebody wants."""
        value = field.name if plan.names else field.value
        text: Views = value if type(value) is str else str(value)
        views: list[Views] = []
        hits: list[frozenset[int] | None] = []
        for (parent, step), lookup in zip(plan.steps, plan.looked_up, strict=True):
            found: frozenset[int] | None = None
            if views:
                source = views[parent]
                text = step(source)
                if text is source:
                    found = hits[parent]
            views.append(text)
            if lookup is None:
                hits.append(found)
                continue
            if found is None:
                found = self._hits(text, scans)
            hits.append(found)
            for number in found:
                waiting = lookup.get(number)
                if waiting is not None:
                    self._heat(waiting, field, text, run)

    def _hits(self, views: Views, scans: dict[str, frozenset[int]]) -> frozenset[int]:
        if type(views) is str:
            folded = fold(views)
            found = scans.get(folded)
            if found is None:
                found = scans[folded] = self.prefilter.hits(folded)
            return found
        return frozenset().union(*[self._hits(view, scans) for view in views])

    @staticmethod
    def _heat(waiting: tuple[tuple[int, SelectorTest], ...], field: Field, views: Views, run: Run) -> None:
        for condition, selected in waiting:
            if selected is None or selected(field):
                values = run.hot.get(condition)
                if values is None:
                    run.hot[condition] = [(field, views)]
                elif values[-1][0] is not field or values[-1][1] is not views:
                    values.append((field, views))


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
