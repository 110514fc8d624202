"""The fast path: runs only the rules that can match, in the order and with the code of the plain one.

A phase is planned for the values of the variables its guards look at (paranoia levels, mostly): a plan knows which rules
these leave, and asks a gate for each collection whose first links match something. What a plan cannot foresee (a jump, a
ctl that removes rules) hands the rest of the phase to the plain path. A property test holds both equal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from waf.rules.seclang import evaluate, fold
from waf.rules.seclang.compile import CompiledLink, CompiledRule, Phase
from waf.rules.seclang.gate import Gate
from waf.rules.seclang.parse_variables import STORES
from waf.rules.seclang.spec import Variable
from waf.rules.seclang.targets import compile_targets
from waf.rules.seclang.transaction import Items, Transaction

_MOST_PLANS: Final = 64
_MAY_CHANGE: Final = STORES | {
    "MATCHED_VAR",
    "MATCHED_VAR_NAME",
    "MATCHED_VARS",
    "MATCHED_VARS_NAMES",
    "REQBODY_PROCESSOR",
}
"""Collections that rules change while a phase runs."""


class Plan:
    """`always`: rules that are run whatever the request holds; `noted`: guards that match, with their places."""

    __slots__ = ("always", "ends_at", "gates", "noted")

    def __init__(
        self, rules: tuple[CompiledRule, ...], left: list[int], noted: tuple[tuple[int, int], ...], ends_at: int
    ) -> None:
        """`ends_at`: the guard that skips the rest of the phase, -1 for none."""
        self.noted = noted
        self.ends_at = ends_at
        self.always = 0
        by_variable: dict[Variable, list[tuple[int, CompiledLink]]] = {}
        for place in left:
            link = rules[place].links[0]
            if _is_gated(link):
                for variable in link.spec.variables:
                    if not variable.exclude:
                        by_variable.setdefault(variable, []).append((place, link))
            else:
                self.always |= 1 << place
        gates: list[tuple[Callable[[Transaction], Items], Gate]] = []
        for variable, links in by_variable.items():
            (target,) = compile_targets((variable,))
            gates.append((target.items, Gate(links)))
        self.gates = tuple(gates)

    def candidates(self, tx: Transaction) -> int:
        """One bit for each rule to run."""
        found = self.always
        for items, gate in self.gates:
            for _, value in items(tx):
                found |= gate.mask(value, tx)
        return found


def _is_gated(link: CompiledLink) -> bool:
    if link.bind is not None or link.spec.operator is None:
        return False
    return not any(variable.count or variable.collection in _MAY_CHANGE for variable in link.spec.variables)


class FastPhase:
    """One phase with its plans. `run` does what `evaluate.run_phase` does."""

    def __init__(self, phase: Phase, number: int, steps: int) -> None:
        self.phase = phase
        self.number = number
        self.start = fold.start(phase, steps) if number == 1 else fold.Start(0, {}, ())
        self.guards = fold.guards(phase.rules, self.start.rules)
        self._guard_ids = tuple(phase.rules[place].id for place in self.guards)
        self._names = tuple(dict.fromkeys(self.guards.values()))
        self._plans: dict[tuple[str | None, ...], Plan] = {}

    def run(self, tx: Transaction) -> None:
        if not evaluate.begins(self.number, tx):
            return
        begin = 0
        if self.number == 1 and not tx.tx:
            begin = self.start.rules
            tx.tx.update(self.start.tx)
            tx.matched.extend(self.start.matched)
        if tx.jump or begin != self.start.rules or self._guards_removed(tx):
            evaluate.run_rules(self.phase, tx, begin)
            return
        self._run(self._plan(tx), tx)

    def _run(self, plan: Plan, tx: Transaction) -> None:
        rules, before = self.phase.rules, tx.status
        noted, next_note = plan.noted, 0
        todo = plan.candidates(tx)
        last = -1
        while todo:
            low = todo & -todo
            todo ^= low
            place = low.bit_length() - 1
            while next_note < len(noted) and noted[next_note][0] < place:
                tx.matched.append(noted[next_note][1])
                next_note += 1
            if place != last + 1:
                tx.matched_vars.clear()
                tx.matched_var = tx.matched_var_name = ""
            last = place
            if tx.removed_ids and rules[place].is_removed(tx):
                continue
            if not rules[place].run(tx):
                continue
            if tx.status != before or tx.allow:
                return
            if place in self.guards:
                if plan.ends_at == place:
                    return
                tx.jump = ""  # the plan has made it
            if tx.jump or tx.skip or self._guards_removed(tx):
                evaluate.run_rules(self.phase, tx, evaluate.following(self.phase, place, tx))
                return
        tx.matched.extend(number for _, number in noted[next_note:])

    def _guards_removed(self, tx: Transaction) -> bool:
        """Whether a ctl has, or may have, taken out a guard: what it skipped is no longer what the plan says."""
        if tx.removed_tags or tx.removed_messages:
            return True
        return any(low <= number <= high for low, high in tx.removed_ids for number in self._guard_ids)

    def _plan(self, tx: Transaction) -> Plan:
        values = tuple([found[1] if (found := tx.tx.get(name)) is not None else None for name in self._names])
        plan = self._plans.get(values)
        if plan is None:
            if len(self._plans) >= _MOST_PLANS:
                self._plans = {}
            plan = self._plans[values] = self._make(dict(zip(self._names, values, strict=True)))
        return plan

    def _make(self, values: dict[str, str | None]) -> Plan:
        """Follows the guards through the phase for these values."""
        rules = self.phase.rules
        left: list[int] = []
        noted: list[tuple[int, int]] = []
        at, ends_at = self.start.rules, -1
        while at < len(rules):
            name = self.guards.get(at)
            value = values[name] if name is not None else None
            link = rules[at].links[0]
            if name is None:
                left.append(at)
            elif value is not None and link.test.run.test(value) is not link.negated:
                marker = link.spec.skip_after
                place = self.phase.after(at, marker) if marker else at + 1
                if place is None or place not in self.guards:
                    left.append(at)  # what follows might look at what the guard matched, so it is run for real
                    if place is None:
                        ends_at = at
                        break
                else:
                    noted.append((at, rules[at].id))
                at = place
                continue
            at += 1
        return Plan(rules, left, tuple(noted), ends_at)
