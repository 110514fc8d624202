"""Specs → rules that run: every text of a rule is looked at once, here, and never again while requests are inspected."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from waf.crs import LoggedRule
from waf.errors import Problem
from waf.rules.operators.base import OperatorTimeout
from waf.rules.seclang import operators
from waf.rules.seclang.actions import Effect, after_match, before_setvars, setvar
from waf.rules.seclang.chains import Chain, Chains
from waf.rules.seclang.macros import RuleFacts, Text, compile_text, fill, has_macro
from waf.rules.seclang.spec import Link, Rule
from waf.rules.seclang.targets import Target, Views, compile_targets, selects
from waf.rules.seclang.transaction import Transaction

Bind = Callable[[Transaction], operators.Test]


class CompiledLink:
    """One link. `run` looks at every item of every target, as libmodsecurity does: each match sets variables again."""

    __slots__ = ("after", "bind", "capture", "chain", "multi_match", "negated", "setvars", "spec", "targets", "test")

    def __init__(
        self,
        spec: Link,
        targets: tuple[Target, ...],
        chain: Chain | None,
        test: operators.Test,
        bind: Bind | None,
        setvars: tuple[Effect, ...],
        after: tuple[Effect, ...],
    ) -> None:
        """`bind` gives the test where the operator's argument holds macros."""
        self.spec = spec
        self.targets = targets
        self.chain = chain
        self.test = test
        self.bind = bind
        self.negated = spec.operator is not None and spec.operator.negated
        self.capture = spec.capture
        self.multi_match = spec.multi_match
        self.setvars = setvars
        self.after = after

    def run(self, tx: Transaction, rule: CompiledRule) -> bool:
        if self.spec.operator is None:
            for effect in self.setvars:
                effect(tx)
            return True
        test = self.test if self.bind is None else self.bind(tx)
        found = False
        chain = self.chain
        removed = rule.removed_targets(tx) if tx.removed_targets else None
        for target in self.targets:
            items = target.items(tx)
            if not items:
                continue
            if removed:
                items = [item for item in items if not _is_removed(removed, target, item[0])]
            for key, value in items:
                if self.multi_match and chain is not None:
                    for view in chain.views(value, tx):
                        found |= self._try(tx, rule, test, target, key, view)
                else:
                    view = value if chain is None else chain.run(value, tx)
                    found |= self._try(tx, rule, test, target, key, view)
        return found

    def _try(
        self, tx: Transaction, rule: CompiledRule, test: operators.Test, target: Target, key: str, value: str
    ) -> bool:
        try:
            hit = test.run.test(value)
        except OperatorTimeout:
            hit = not self.negated
        if hit and self.capture and test.groups is not None:
            for number, text in enumerate(test.groups(value)):
                if text is not None:
                    tx.tx[str(number)] = (str(number), text)
        if hit is self.negated:
            return False
        name = target.name(key)
        tx.matched_var, tx.matched_var_name = value, name
        tx.matched_vars.append((name, value))
        for effect in self.setvars:
            effect(tx)
        if self.multi_match and rule.quirks:
            rule.write(tx)
        return True


def _is_removed(removed: list[tuple[str, Callable[[str], bool]]], target: Target, key: str) -> bool:
    return any(collection == target.collection and drops(key) for collection, drops in removed)


class CompiledRule:
    """A rule with its chain. `run` is all that a phase needs to know."""

    __slots__ = ("_data", "_effects", "_message", "id", "links", "quirks", "spec")

    def __init__(
        self, spec: Rule, links: tuple[CompiledLink, ...], message: Text | str, data: Text | str, *, quirks: bool
    ) -> None:
        self.quirks = quirks
        self.id = spec.id
        self.spec = spec
        self.links = links
        self._message = message
        self._data = data
        self._effects = tuple(effect for link in reversed(links) for effect in link.after)

    def run(self, tx: Transaction) -> bool:
        """Whether the whole chain matched; everything that follows from that has been done."""
        for link in self.links:
            if not link.run(tx, self):
                if tx.matched_vars:
                    tx.forget_matches()
                return False
        for effect in self._effects:
            effect(tx)
        tx.matched.append(self.id)
        if not (self.quirks and self.links[0].multi_match):
            self.write(tx)
        disruptive = self.spec.disruptive
        if disruptive in ("deny", "drop") and not tx.would_status:
            tx.would_status = self.spec.status
            tx.blocked_by = self.id
        if tx.engine == "On":
            if disruptive in ("deny", "drop"):
                tx.status = self.spec.status
            elif disruptive == "allow":
                tx.allow = self.spec.allow or "all"
        return True

    def write(self, tx: Transaction) -> None:
        """The line in the log, unless the rule says `nolog`."""
        spec = self.spec
        if spec.log:
            message, data = fill(self._message, tx), fill(self._data, tx)
            tx.logged.append(LoggedRule(spec.id, message, data, spec.severity, spec.tags, tx.matched_var_name))

    def is_removed(self, tx: Transaction) -> bool:
        """Whether a ctl has taken the rule out of this transaction."""
        number = self.id
        if any(low <= number <= high for low, high in tx.removed_ids):
            return True
        return not tx.removed_tags.isdisjoint(self.spec.tags) or self.spec.message in tx.removed_messages

    def removed_targets(self, tx: Transaction) -> list[tuple[str, Callable[[str], bool]]]:
        """(collection, which keys) of what a ctl has taken from this rule."""
        spec = self.spec
        found = []
        for applies, variable in tx.removed_targets:
            if applies(spec.id, spec.tags, spec.message):
                collection = f"XML:{variable.selector}" if variable.collection == "XML" else variable.collection
                drops = (lambda _key: True) if variable.collection == "XML" else selects(variable)
                found.append((collection, drops))
        return found


class Compiler:
    """Compiles rules one after the other; what is wrong is collected in `problems`."""

    def __init__(self, context: operators.Context) -> None:
        self.context = context
        self.chains = Chains()
        self.views = Views()
        self.problems: list[Problem] = []

    def rule(self, spec: Rule) -> CompiledRule | None:
        """The compiled rule; None, and a problem, where it cannot be."""
        facts = RuleFacts(
            id=str(spec.id), msg=spec.message, ver=spec.version, severity=str(max(spec.severity, 0)), logdata=spec.data
        )
        try:
            links = tuple(self._link(link, facts, spec) for link in spec.links)
            return CompiledRule(
                spec,
                links,
                compile_text(spec.message, facts),
                compile_text(spec.data, facts),
                quirks=self.context.multiline,
            )
        except ValueError as error:
            self.problems.append(Problem(spec.place.file, spec.place.line, 1, f"rule {spec.id}: {error}"))
            return None

    def _link(self, link: Link, facts: RuleFacts, spec: Rule) -> CompiledLink:
        test = operators.make("unconditionalmatch", "", self.context)
        bind: Bind | None = None
        call = link.operator
        if call is not None:
            if call.name in operators.ASKS_ELSEWHERE:
                self.problems.append(
                    Problem(
                        spec.place.file,
                        spec.place.line,
                        1,
                        f"rule {spec.id}: @{call.name} never matches here",
                        "it asks a database outside of the request",
                        warning=True,
                    )
                )
            if has_macro(call.argument) and call.name not in operators.ASKS_ELSEWHERE:
                bind = _bound(call.name, compile_text(call.argument, facts), self.context.multiline)
                operators.make(call.name, "0", self.context)
            else:
                test = operators.make(call.name, call.argument, self.context)
        return CompiledLink(
            link,
            compile_targets(link.variables, self.views),
            self.chains.chain(link.transforms),
            test,
            bind,
            (*before_setvars(link, facts), *(setvar(item, facts) for item in link.setvars)),
            after_match(link, facts),
        )


def _bound(name: str, argument: Any, multiline: bool) -> Bind:
    return lambda tx: operators.expanded(name, fill(argument, tx), multiline)


class Phase(msgspec.Struct, frozen=True):
    """The rules of one phase in order, and behind which of them each marker stands."""

    rules: tuple[CompiledRule, ...]
    markers: tuple[tuple[int, str], ...]
    """(index of the rule before which it stands, name), in order."""

    def after(self, index: int, marker: str) -> int | None:
        """Where to go on after a jump from rule `index`; None when the marker does not follow in this phase."""
        return next((place for place, name in self.markers if name == marker and place > index), None)
