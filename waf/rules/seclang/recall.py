"""Runs of rules that only reckon with TX (the sums of scores), remembered by the values that they read.

What such a run leaves behind is a function of what it reads. For ordinary requests that is the same every time: it is looked
up, and the rules are not run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from waf.rules.seclang.compile import CompiledLink, CompiledRule
from waf.rules.seclang.fold import Written, tx_names
from waf.rules.seclang.spec import SetVar, Variable
from waf.rules.seclang.transaction import Transaction

_REPEATED: Final = frozenset({"REQUEST_HEADERS_NAMES", "REQUEST_METHOD", "REQUEST_PROTOCOL"})
"""Collections that nothing changes and that hold the same for many requests."""
_BY_NAME: Final = frozenset({"REQUEST_HEADERS", "RESPONSE_HEADERS"})
"""Collections of which a member named by a rule often holds the same."""
_MOST_KNOWN: Final = 256
_LARGEST: Final = 4096
_MOST_MATCHED: Final = 2
"""MATCHED_VARS in front of a run: what the guard before it has left."""
_BEGINNING: Final = re.compile(r"\^([A-Za-z0-9_-]+)")


Others = Callable[[], Written]
"""What all other rules of the rule set may set, worked out for those who ask."""


class Reads(NamedTuple):
    """All that the effect of a rule depends on, besides the rule: variables of TX, collections and members of collections."""

    names: frozenset[str]
    collections: frozenset[str]
    members: frozenset[tuple[str, str]]


def reads(rule: CompiledRule, others: Others) -> Reads | None:
    """What a rule reads, None for one whose effect depends on more or is more than to set TX."""
    found = _Found(set(), set(), set())
    names = found.names
    if rule.quirks and rule.links[0].multi_match:
        return None
    for link in rule.links:
        call = link.spec.operator
        if call is not None:
            used = tx_names(call.argument)
            if used is None or not (link.test.run.steady if link.bind is None else call.name != "rx"):
                return None
            names |= used
        if link.capture:
            names.update("0123456789")
        if not (all(_reads(v, found, others) for v in link.spec.variables) and _sets(link, names, others)):
            return None
    return Reads(frozenset(found.names), frozenset(found.collections), frozenset(found.members))


class _Found(NamedTuple):
    names: set[str]
    collections: set[str]
    members: set[tuple[str, str]]


def _reads(variable: Variable, found: _Found, others: Others) -> bool:
    if variable.exclude:
        return False
    if variable.collection == "TX":
        if variable.kind == "name":
            found.names.add(variable.selector)
            return True
        begin = _BEGINNING.fullmatch(variable.selector)
        return variable.kind == "regex" and begin is not None and not _may_set(others, begin[1].lower())
    if variable.collection in _BY_NAME and variable.kind == "name":
        found.members.add((variable.collection, variable.selector))
        return True
    found.collections.add(variable.collection)
    return variable.collection in _REPEATED


def _may_set(others: Others, beginning: str) -> bool:
    """Whether anybody else may set a variable that begins like this; a capture sets numbers."""
    return beginning.isdigit() or others().may_set_any(beginning)


def _sets(link: CompiledLink, names: set[str], others: Others) -> bool:
    return all(_set(item, names, others) for item in link.spec.setvars)


def _set(item: SetVar, names: set[str], others: Others) -> bool:
    if item.collection != "TX" or item.how == "delete":
        return False
    begin, macro, _ = item.name.lower().partition("%{")
    used = tx_names(_without_matched(item.name + item.value))
    if used is None or (macro and (not begin or _may_set(others, begin))):
        return False
    names |= used
    if not macro:
        names.add(begin)
    return True


def _without_matched(text: str) -> str:
    """MATCHED_VAR and MATCHED_VAR_NAME in setvar are those of the link itself."""
    return re.sub(r"(?i)%\{MATCHED_VAR(?:_NAME)?\}", "", text)


class _Left(NamedTuple):
    """What a run leaves behind."""

    tx: dict[str, tuple[str, str]]
    matched: tuple[int, ...]
    matched_vars: tuple[tuple[str, str], ...]
    to: int
    """The place where a jump leads to that the last rule of it made; 0 for none."""


class Before(NamedTuple):
    """The state before a run that is not known yet."""

    key: Any
    tx: dict[str, tuple[str, str]]
    matched: int
    logged: int


class Run:
    """Neighbours, `first` to `last`, among the rules of a plan. `mask` has their bits."""

    __slots__ = ("_acting", "_collections", "_known", "_members", "_names", "first", "last", "mask")

    def __init__(self, rules: Sequence[CompiledRule], places: Sequence[int], all_read: Sequence[Reads]) -> None:
        self.first, self.last = places[0], places[-1]
        self.mask = sum(1 << place for place in places)
        self._names = tuple(sorted(frozenset[str]().union(*(read.names for read in all_read))))
        self._collections = tuple(sorted(frozenset[str]().union(*(read.collections for read in all_read))))
        self._members = tuple(sorted(frozenset[tuple[str, str]]().union(*(read.members for read in all_read))))
        self._acting = frozenset(rules[place].id for place in places if _acts(rules[place]))
        """Rules that do more than to set TX when they match."""
        self._known: dict[Any, _Left] = {}

    def recall(self, tx: Transaction) -> Before | int:
        """Does what the rules would do, and gives where their jump leads to (0: they make none); where that is not known, what
        `remember` wants."""
        variables = tx.tx
        key: Any = [len(tx.matched_vars), *tx.matched_vars, *map(variables.get, self._names)]
        for name in self._collections:
            key.append(tuple(tx.maps.get(name, ())) or tx.scalars.get(name))
        for name, member in self._members:
            key.append(tuple(tx.by_name(name).get(member, ())))
        key = tuple(key)
        left = self._known.get(key)
        if left is None:
            return Before(key, dict(variables), len(tx.matched), len(tx.logged))
        variables.update(left.tx)
        tx.matched.extend(left.matched)
        tx.matched_vars[:] = left.matched_vars
        tx.matched_var_name, tx.matched_var = left.matched_vars[-1] if left.matched_vars else ("", "")
        return left.to

    def may_recall(self, tx: Transaction) -> bool:
        """Whether the rules' effect depends on nothing but what they read; none of them may have been removed."""
        if len(tx.matched_vars) > _MOST_MATCHED:
            return False
        removed = tx.removed_targets
        reads = {"TX", *self._collections, *(name for name, _ in self._members)}
        return not removed or not any(v.collection in reads for _, v in removed)

    def remember(self, before: Before, tx: Transaction, to: int = 0) -> None:
        """Called behind the last rule of a run whose rules were all run, or behind one that jumps to the place `to`."""
        matched = tuple(tx.matched[before.matched :])
        if len(tx.logged) != before.logged or not self._acting.isdisjoint(matched):
            return
        changed = {name: item for name, item in tx.tx.items() if before.tx.get(name) != item}
        if _size(before.key) + _size(changed.values()) + _size(tx.matched_vars) > _LARGEST:
            return
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[before.key] = _Left(changed, matched, tuple(tx.matched_vars), to)


def _acts(rule: CompiledRule) -> bool:
    """Whether a match of the rule does more than to set TX and to jump."""
    if rule.spec.log or rule.spec.disruptive != "pass":
        return True
    return any(link.after and (link.spec.controls or link.spec.collections or link.spec.skip) for link in rule.links)


def _size(value: Any) -> int:
    """Characters of all texts in it."""
    if isinstance(value, str):
        return len(value)
    return sum(map(_size, value)) if value and not isinstance(value, int) else 0


def runs(
    rules: Sequence[CompiledRule], left: Sequence[int], breaks: Sequence[int], known: dict[int, Reads]
) -> tuple[Run, ...]:
    """The runs among the rules that are left. `breaks`: places between which nothing is joined; `known`: by place, what a
    rule reads."""
    found: list[list[int]] = [[]]
    for place in left:
        here = place in known
        joined = here and found[-1] and not any(found[-1][-1] < at < place for at in breaks)
        if not joined:
            found.append([])
        if here:
            found[-1].append(place)
    return tuple(Run(rules, places, [known[place] for place in places]) for places in found if places)
