"""A compiled set of rules of one phase, and how it is run over the fields of one request. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import msgspec

from waf.model import Field, Match, RuleAction, Severity
from waf.rules.candidates import Candidates, Look, Scans, Steps
from waf.rules.jsonpaths import JsonPaths
from waf.rules.operators import OperatorTimeout

Fields = Mapping[str, Sequence[Field]]
NOWHERE = Field("", "", "", "")
"""What a condition about absence points at."""


_NONE: Final[frozenset[int]] = frozenset()
_FORGOTTEN: Final[Mapping[str, Candidates]] = {}


class Run:
    """The state of one run: the fields, the path for exclusions, and where each condition has to look."""

    __slots__ = ("fields", "looks", "path")

    def __init__(self, fields: Fields, path: str) -> None:
        self.fields = fields
        self.path = path
        self.looks: dict[int, list[tuple[Field, Look]]] = {}
        """By condition: the fields on which it may hold, each with what decides that, None where it does."""


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
    named: Mapping[str | None, frozenset[int]]
    """Rules to evaluate when there is a field of this name."""
    names: bool
    """The fields' names are looked at instead of their values."""
    steps: Steps
    """The transforms, and the conditions that look at what comes out."""


def as_text(value: object) -> str:
    """A value that is no text as JSON writes it."""
    return str(value).lower() if type(value) is bool else str(value)


class Timing(msgspec.Struct, frozen=True):
    """Asks a run to measure its rules: `seconds` gets, by id, what evaluating each candidate took."""

    clock: Callable[[], float]
    seconds: dict[int, float]


class Program(msgspec.Struct, frozen=True):
    """Rules of one phase. `gates` gives for each condition's number the rule that it makes a candidate, if any."""

    rules: tuple[Rule, ...]
    always: frozenset[int]
    plans: Mapping[str, tuple[BucketPlan, ...]]
    """By bucket: what to do with its fields' values, or names."""
    gates: tuple[int | None, ...]
    paths: JsonPaths
    """JSON paths that some rule names."""

    def run(self, fields: Fields, path: str, paranoia: int, timing: Timing | None = None) -> tuple[list[Match], int]:
        """Every rule that matches, in the rules' order, and how many were evaluated.

        With `timing` nothing that was remembered is used, so that the seconds are those of a request never seen before.
        """
        if self.paths:
            fields = self.paths.added_to(fields)
        run = Run(fields, path)
        candidates = self._candidates(run, timing)
        matches: list[Match] = []
        for index in sorted(candidates):
            rule = self.rules[index]
            if rule.paranoia <= paranoia:
                timed_out = False
                began = timing.clock() if timing is not None else 0.0
                try:
                    where = rule.condition(run)
                except OperatorTimeout:
                    where, timed_out = NOWHERE, True
                if timing is not None:
                    timing.seconds[rule.id] = timing.clock() - began
                if where is not None:
                    matches.append(_match(rule, where, timed_out))
        return matches, len(candidates)

    def _candidates(self, run: Run, timing: Timing | None) -> set[int]:
        """The rules that can match at all, by their place: those that always might, those that a field's presence makes one,
        and those with a condition that has to look at some text, which is noted in `run.looks`."""
        candidates = set(self.always)
        scans: Scans = {}
        looks, plans = run.looks, self.plans
        for bucket, found in run.fields.items():
            for plan in plans.get(bucket, ()):
                candidates |= plan.present
                if plan.named:
                    for field in found:
                        candidates |= plan.named.get(field.name, _NONE)
                steps, names = plan.steps, plan.names
                if not steps:
                    continue
                remembered = steps.remembered if timing is None else _FORGOTTEN
                for field in found:
                    value = field.name if names else field.value
                    text = value if type(value) is str else as_text(value)
                    conditions = remembered.get(text)
                    if conditions is None:
                        conditions = steps.candidates(text, scans, fresh=timing is not None)
                    for condition, selected, look in conditions:
                        if selected is None or selected(field):
                            looks.setdefault(condition, []).append((field, look))
        gates = self.gates
        for condition in looks:
            rule = gates[condition]
            if rule is not None:
                candidates.add(rule)
        return candidates


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
