"""Rules that only look at TX, done at load: what they set before the request matters, and which rules they skip."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from waf.rules.seclang.compile import CompiledLink, CompiledRule, Phase
from waf.rules.seclang.transaction import Transaction

_ORDERED: Final = frozenset({"eq", "lt", "le", "gt", "ge", "streq"})


class Start(msgspec.Struct, frozen=True):
    """The state behind the rules at the beginning of a phase that are the same for every request."""

    rules: int
    tx: dict[str, tuple[str, str]] = {}
    matched: tuple[int, ...] = ()
    matched_vars: tuple[tuple[str, str], ...] = ()
    """MATCHED_VARS, which stay until a rule does not match."""


def _text_is_of_tx(text: str) -> bool:
    """Whether every macro in a text stands for a variable of TX."""
    lower = text.lower()
    return lower.count("%{") == lower.count("%{tx.")


def _is_of_tx(link: CompiledLink) -> bool:
    """Whether a link reads nothing but TX."""
    spec = link.spec
    texts = [spec.operator.argument] if spec.operator is not None else []
    return all(variable.collection == "TX" for variable in spec.variables) and all(map(_text_is_of_tx, texts))


def _sets_tx(link: CompiledLink) -> bool:
    """Whether what a link does is to set TX from TX, and nothing else."""
    spec = link.spec
    own = all(item.collection == "TX" and _text_is_of_tx(item.name + item.value) for item in spec.setvars)
    return own and not spec.controls and not spec.collections and not spec.skip and not spec.capture


_MACROS: Final = re.compile(r"%\{tx\.([^{}]+)\}")


def tx_names(text: str) -> frozenset[str] | None:
    """The variables of TX that the macros of a text stand for, None where one stands for something else."""
    lower = text.lower()
    found = [name.strip() for name in _MACROS.findall(lower)]
    return frozenset(found) if len(found) == lower.count("%{") else None


class Written:
    """What some rules may set in TX: by setvar, and by capture the numbers."""

    __slots__ = ("_beginnings", "_names")

    def __init__(self, rules: Iterable[CompiledRule]) -> None:
        links = [link for rule in rules for link in rule.links]
        self._names: set[str] = set()
        self._beginnings: set[str] = set()
        if any(link.capture for link in links):
            self._names.update("0123456789")
        for link in links:
            for item in (*link.spec.setvars, *link.spec.collections):
                if item.collection == "TX":
                    begin, macro, _ = item.name.lower().partition("%{")
                    (self._beginnings if macro else self._names).add(begin)

    def may_set(self, name: str) -> bool:
        """Of a name with a macro its beginning tells."""
        return name in self._names or name.startswith(tuple(self._beginnings))

    def may_set_any(self, beginning: str) -> bool:
        """Whether a variable that begins like this may be set."""
        if any(name.startswith(beginning) for name in self._names):
            return True
        return any(b.startswith(beginning) or beginning.startswith(b) for b in self._beginnings)


def start(phase: Phase) -> Start:
    """Runs the phase's first rules as far as they are the same for every request."""
    tx = Transaction("DetectionOnly")
    tx.phase = 1
    at = 0
    while at < len(phase.rules):
        rule = phase.rules[at]
        if not _is_of_tx(rule.links[0]):
            break
        if not _matches(rule.links[0], rule, tx):
            tx.matched_vars.clear()
            at += 1
            continue
        plain = not rule.spec.log and rule.spec.disruptive == "pass"
        if not plain or not all(_is_of_tx(link) and _sets_tx(link) for link in rule.links):
            break
        marker = next((link.spec.skip_after for link in rule.links if link.spec.skip_after), "")
        place = phase.after(at, marker) if marker else at + 1
        if place is None:
            break
        rule.run(tx)
        tx.jump = ""
        at = place
    return Start(at, dict(tx.tx), tuple(tx.matched), tuple(tx.matched_vars))


def _matches(link: CompiledLink, rule: CompiledRule, tx: Transaction) -> bool:
    """Whether a link would match, tried on a copy."""
    copy = Transaction("DetectionOnly")
    copy.tx.update(tx.tx)
    return link.run(copy, rule)


# --------------------------------------------------------------------------- guards


def guards(rules: Sequence[CompiledRule], begin: int, written: Written) -> dict[int, str]:
    """Rules that do nothing but skip others by a variable of TX that no rule of the phase sets: place → variable."""
    found = {}
    for place, rule in enumerate(rules):
        if place >= begin and (name := _guard(rule)) and not written.may_set(name):
            found[place] = name
    return found


def _guard(rule: CompiledRule) -> str:
    """The variable that decides a guard, empty when the rule is none."""
    link = rule.links[0]
    spec, call = link.spec, link.spec.operator
    if (
        len(rule.links) > 1
        or call is None
        or call.name not in _ORDERED
        or link.bind is not None
        or len(spec.variables) != 1
    ):
        return ""
    variable = spec.variables[0]
    quiet = not rule.spec.log and rule.spec.disruptive == "pass"
    bare = not (spec.setvars or spec.controls or spec.collections or spec.skip or spec.capture or spec.multi_match)
    named = variable.collection == "TX" and variable.kind == "name" and not variable.count
    return variable.selector if quiet and bare and named and link.chain is None else ""
