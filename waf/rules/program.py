"""A compiled set of rules of one phase, and how it is run over the fields of one request. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import msgspec

from waf.model import FIELDS, Field, Match, RuleAction, Severity
from waf.rules.heat import Look, Scans, Steps
from waf.rules.operators import OperatorTimeout

Fields = Mapping[str, Sequence[Field]]
NOWHERE = Field("", "", "", "")
"""What a condition about absence points at."""


ANY_PATH: Final = "json:*"
"""Buckets of JSON members for paths with a wildcard begin with this; what the path begins with follows."""
_INDEX: Final = re.compile(r"\[\d+\]")
_NONE: Final[frozenset[int]] = frozenset()


class Run:
    """The state of one run: the fields, the path for exclusions, and where each condition has to look."""

    __slots__ = ("_named", "fields", "hot", "path")

    def __init__(self, fields: Fields, path: str) -> None:
        self.fields = fields
        self.path = path
        self.hot: dict[int, list[tuple[Field, Look]]] = {}
        self._named: dict[str, dict[str, list[Field]]] = {}

    def named(self, bucket: str, name: str) -> Sequence[Field]:
        """The bucket's fields of one name."""
        index = self._named.get(bucket)
        if index is None:
            index = self._named[bucket] = {}
            for field in self.fields.get(bucket, ()):
                index.setdefault(field.name, []).append(field)
        return index.get(name, ())


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


class Timing(msgspec.Struct, frozen=True):
    """Asks a run to measure its rules: `seconds` gets, by id, what evaluating each candidate took."""

    clock: Callable[[], float]
    seconds: dict[int, float]


class Program(msgspec.Struct, frozen=True):
    """Rules of one phase. `gates` gives for each condition's number the rule that it makes a candidate, if any."""

    rules: tuple[Rule, ...]
    always: frozenset[int]
    plans: tuple[tuple[str, BucketPlan], ...]
    gates: tuple[int | None, ...]
    paths: frozenset[str]
    """JSON paths that some rule names, as buckets."""
    prefixes: tuple[str, ...]
    """What the provenance of members begins with that paths with a wildcard may mean."""

    def run(self, fields: Fields, path: str, paranoia: int, timing: Timing | None = None) -> tuple[list[Match], int]:
        """Every rule that matches, in the rules' order, and how many were evaluated.

        With `timing` nothing that was remembered is used, so that the seconds are those of a request never seen before.
        """
        if self.paths or self.prefixes:
            fields = self._with_paths(fields)
        run = Run(fields, path)
        hot = run.hot
        candidates = set(self.always)
        scans: Scans = {}
        for bucket, plan in self.plans:
            found = fields.get(bucket)
            if found:
                candidates |= plan.present
                if plan.named:
                    for field in found:
                        candidates |= plan.named.get(field.name, _NONE)
                if plan.steps:
                    names = plan.names
                    for field in found:
                        value = field.name if names else field.value
                        text = value if type(value) is str else str(value)
                        for condition, selected, look in plan.steps.heat(text, scans, fresh=timing is not None):
                            if selected is None or selected(field):
                                hot.setdefault(condition, []).append((field, look))
        gates = self.gates
        for condition in hot:
            rule = gates[condition]
            if rule is not None:
                candidates.add(rule)
        matches: list[Match] = []
        for index in sorted(candidates):
            rule_ = self.rules[index]
            if rule_.paranoia <= paranoia:
                timed_out = False
                began = timing.clock() if timing is not None else 0.0
                try:
                    where = rule_.condition(run)
                except OperatorTimeout:
                    where, timed_out = NOWHERE, True
                if timing is not None:
                    timing.seconds[rule_.id] = timing.clock() - began
                if where is not None:
                    matches.append(_match(rule_, where, timed_out))
        return matches, len(candidates)

    def _with_paths(self, fields: Fields) -> Fields:
        """The fields, and beside them those at the JSON paths that rules name, each path as a bucket."""
        paths, prefixes = self.paths, self.prefixes
        found: dict[str, list[Field]] = {}
        for bucket in FIELDS["json"].buckets:
            for field in fields.get(bucket, ()):
                origin = field.origin
                if origin.startswith("json:$"):
                    general = general_path(origin)
                    if general in paths:
                        found.setdefault(general, []).append(field)
                    if origin.startswith(prefixes):
                        for prefix in prefixes:
                            if origin.startswith(prefix):
                                found.setdefault(ANY_PATH + prefix, []).append(field)
        return {**fields, **found} if found else fields


def general_path(origin: str) -> str:
    """The provenance of a JSON member with `[*]` for every index."""
    return _INDEX.sub("[*]", origin) if "[" in origin else origin


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
