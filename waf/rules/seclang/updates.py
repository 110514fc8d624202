"""SecRuleRemoveBy… and SecRuleUpdate…: collected while reading, applied to all rules afterwards.

As in libmodsecurity they hold for rules before and after them, tags and messages are compared whole, and targets are those
of the chain's first link.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from waf.rules.seclang import parse_rule
from waf.rules.seclang.parse_actions import id_ranges
from waf.rules.seclang.parse_variables import variables
from waf.rules.seclang.spec import Link, Place, Rule, Variable

Selects = Callable[[Rule], bool]


class Updates:
    """Removals and changes, in the order of the files."""

    def __init__(self) -> None:
        self._removed: list[Selects] = []
        self._targets: list[tuple[Selects, tuple[Variable, ...]]] = []
        self._actions: list[tuple[Selects, parse_rule.Actions]] = []
        self._directives: list[tuple[Place, str, list[Selects]]] = []

    def read(self, name: str, arguments: tuple[str, ...], place: Place) -> None:
        """Takes one of these directives. Raises ValueError for arguments it cannot have."""
        verb, _, by = name.removeprefix("SecRule").partition("By")
        if verb == "Remove":
            if not arguments:
                raise ValueError(f"{name} takes at least one argument")
            removed = [_selector(by, " ".join(arguments))] if by == "Id" else [_selector(by, a) for a in arguments]
            self._removed += removed
            self._directives.append((place, f"{name} {' '.join(arguments)}", removed))
            return
        if len(arguments) != 2:
            raise ValueError(f"{name} takes two arguments, not {len(arguments)}")
        selects = _selector(by, arguments[0])
        self._directives.append((place, f"{name} {arguments[0]}", [selects]))
        if verb == "UpdateTarget":
            self._targets.append((selects, variables(arguments[1])))
            return
        read = parse_rule.actions(arguments[1])
        if read.id is not None or read.phase is not None or read.chain:
            raise ValueError("SecRuleUpdateActionById cannot change id, phase or chain")
        self._actions.append((selects, read))

    def without_rule(self, rules: Sequence[Rule]) -> list[tuple[Place, str]]:
        """Directives that mean none of these rules: where they stand and how they begin."""
        return [
            (place, text)
            for place, text, every in self._directives
            if not any(selects(rule) for selects in every for rule in rules)
        ]

    def apply(self, rule: Rule) -> Rule | None:
        """The rule as it stands after all updates; None when it was removed."""
        if any(selects(rule) for selects in self._removed):
            return None
        added = [variable for selects, targets in self._targets if selects(rule) for variable in targets]
        if added:
            first = rule.links[0]
            first = msgspec.structs.replace(first, variables=(*first.variables, *added))
            rule = msgspec.structs.replace(rule, links=(first, *rule.links[1:]))
        for selects, read in self._actions:
            if selects(rule):
                rule = _updated(rule, read)
        return rule


def _updated(rule: Rule, read: parse_rule.Actions) -> Rule:
    first = rule.links[0]
    changes = {key: value for key, value in read.link.items() if value and not isinstance(value, tuple)}
    for key in ("setvars", "controls", "collections"):
        changes[key] = (*getattr(first, key), *read.link[key])
    transforms = list(first.transforms)
    for name in read.transforms:
        transforms = [] if name.lower() == "none" else [*transforms, name]
    link: Link = msgspec.structs.replace(first, **changes, transforms=tuple(transforms))
    said = dict(read.head)
    said["tags"] = (*rule.tags, *said["tags"])
    return msgspec.structs.replace(rule, links=(link, *rule.links[1:]), **said)


def _selector(by: str, text: str) -> Selects:
    if by == "Id":
        ranges = id_ranges(text)
        return lambda rule: any(low <= rule.id <= high for low, high in ranges)
    if by == "Tag":
        return lambda rule: text in rule.tags
    return lambda rule: rule.message == text
