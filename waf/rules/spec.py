"""The typed form of a rule, after reading and before compiling. Whatever a pack was written in ends up here."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

import msgspec

from waf.fields import FieldSpec
from waf.model import Mode, Phase, RuleAction, Severity


class Place(msgspec.Struct, frozen=True):
    """Where in an operator's file something stands; line and column count from 1."""

    file: str
    line: int = 0
    column: int = 0


class FieldRef(msgspec.Struct, frozen=True):
    """`request.headers["user-agent"]`: the field's spec and what stood in the brackets."""

    name: str
    spec: FieldSpec
    selector: str | None = None
    pattern: Literal["", "like", "unlike"] = ""
    """`request.args[/^q/]`, `request.args[!/^q/]`: the selector is a pattern that a name matches, or does not."""

    def __str__(self) -> str:
        if self.selector is None:
            return self.name
        if self.pattern:
            return f"{self.name}[{'!' if self.pattern == 'unlike' else ''}/{self.selector}/]"
        return f'{self.name}["{self.selector}"]'


class Count(msgspec.Struct, frozen=True):
    """How many values must satisfy a leaf: bounds inclusive, `high` None for no bound."""

    low: int = 1
    high: int | None = None


class Leaf(msgspec.Struct, frozen=True):
    """One condition: some value of one of `fields`, after `chain`, satisfies `operator`, or does not where `negate` is set."""

    fields: tuple[FieldRef, ...]
    chain: tuple[str, ...]
    operator: str
    argument: Any
    count: Count
    place: Place
    negate: bool = False


class All(msgspec.Struct, frozen=True):
    parts: tuple[Condition, ...]


class AnyOf(msgspec.Struct, frozen=True):
    parts: tuple[Condition, ...]


class Not(msgspec.Struct, frozen=True):
    part: Condition


Condition = Leaf | All | AnyOf | Not


class Fixture(msgspec.Struct, frozen=True):
    """One test of a rule: a set of field values, or a whole request or response, and whether the rule must match it."""

    attack: bool
    data: dict[str, Any]
    place: Place


class RuleSpec(msgspec.Struct, frozen=True):
    """One rule as written."""

    id: int
    name: str
    title: str
    pack: str
    severity: Severity
    paranoia: int
    confidence: str
    maturity: str
    tags: tuple[str, ...]
    references: tuple[str, ...]
    match: Condition
    action: RuleAction
    mode: Mode
    phase: Phase
    false_positives: tuple[str, ...]
    tests: tuple[Fixture, ...]
    place: Place

    @property
    def category(self) -> str:
        """Name under which the score is kept: the first `attack.X` tag's X, else the pack's first word."""
        return next((t[7:] for t in self.tags if t.startswith("attack.")), self.pack.split(".")[0])


class Exclusion(msgspec.Struct, frozen=True):
    """Rules that do not look at certain fields, or at all, on certain routes; kept apart from the rules themselves."""

    rules: tuple[str, ...]
    """Rule ids, `tag:NAME` or `pack:NAME`."""
    fields: tuple[FieldRef, ...]
    """Empty means every field."""
    route: str
    """A path pattern; `*` holds everywhere."""
    reason: str
    owner: str
    expires: date | None
    place: Place


class PackSpec(msgspec.Struct, frozen=True):
    """One rule file."""

    name: str
    file: str
    rules: tuple[RuleSpec, ...]
    exclusions: tuple[Exclusion, ...]


def leaves(condition: Condition) -> list[Leaf]:
    """Every leaf below a condition, left to right."""
    if isinstance(condition, Leaf):
        return [condition]
    if isinstance(condition, Not):
        return leaves(condition.part)
    return [leaf for part in condition.parts for leaf in leaves(part)]


def reads_models(rule: RuleSpec) -> bool:
    """Whether the rule is about what the classifier says."""
    return any(ref.name.startswith("ml.") for leaf in leaves(rule.match) for ref in leaf.fields)


def reads_ood(rule: RuleSpec) -> bool:
    """Whether the rule is about inputs out of distribution, and about nothing else that a model says."""
    names = {ref.name for leaf in leaves(rule.match) for ref in leaf.fields if ref.name.startswith("ml.")}
    return bool(names) and names <= {"ml.ood_p", "ml.flagged.ood", "ml.ood_missing", "ml.ood_refused"}


def reads_head(rule: RuleSpec) -> bool:
    """Whether the rule is about what the web-attack head says."""
    return any(ref.name.endswith("web_attack") for leaf in leaves(rule.match) for ref in leaf.fields)


def needs_models(condition: Condition) -> bool:
    """Whether the condition cannot hold where the classifier said nothing."""
    if isinstance(condition, Leaf):
        return condition.count.low >= 1 and all(ref.name.startswith("ml.") for ref in condition.fields)
    if isinstance(condition, Not):
        return False
    return (any if isinstance(condition, All) else all)(map(needs_models, condition.parts))


def selects(selectors: tuple[str, ...], rule: RuleSpec) -> bool:
    """Whether one of the selectors (id, `tag:NAME`, `pack:NAME`; `pack:web` also takes in `web.sqli`) means this rule."""
    for selector in selectors:
        kind, _, name = selector.partition(":")
        if not name:
            if selector == str(rule.id):
                return True
        elif kind == "tag":
            if name in rule.tags:
                return True
        elif rule.pack == name or rule.pack.startswith(name + "."):
            return True
    return False
