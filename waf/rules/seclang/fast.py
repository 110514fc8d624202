"""The fast path: runs only the rules that can match, in the order and with the code of the plain one.

A phase is planned for the values of the variables its guards look at (paranoia levels, mostly): a plan knows which rules
these leave, and asks a gate for each collection whose first links match something. What a plan cannot foresee (a jump, a
ctl that removes rules) hands the rest of the phase to the plain path. A property test holds both equal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from waf.rules.heat import Scans
from waf.rules.prefilter import Prefilter
from waf.rules.seclang import evaluate, fold
from waf.rules.seclang.compile import CompiledLink, CompiledRule, Phase
from waf.rules.seclang.gate import Gate, prefilter
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


class Note(NamedTuple):
    """A guard that matches: its place and id, the variable it looks at, and where it leads to."""

    place: int
    id: int
    variable: str
    leads_to: int


class Plan:
    """`always`: rules that are run whatever the request holds; `noted`: guards that match, with their places."""

    __slots__ = ("always", "end", "gates", "noted")

    def __init__(
        self, rules: tuple[CompiledRule, ...], left: list[int], noted: tuple[Note, ...], end: int, prefilter: Prefilter
    ) -> None:
        """`end`: behind the last rule looked at."""
        self.noted = noted
        self.end = end
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
            gates.append((target.items, Gate(links, prefilter)))
        self.gates = tuple(gates)

    def candidates(self, tx: Transaction) -> int:
        """One bit for each rule to run."""
        found = self.always
        scans: Scans = {}
        for items, gate in self.gates:
            for _, value in items(tx):
                found |= gate.mask(value, scans)
        return found


def _is_gated(link: CompiledLink) -> bool:
    if link.bind is not None or link.spec.operator is None or (link.negated and link.capture):
        return False  # with a negated operator captures are left by values that do not count as matches
    return not any(variable.count or variable.collection in _MAY_CHANGE for variable in link.spec.variables)


class FastPhase:
    """One phase with its plans. `run` does what `evaluate.run_phase` does."""

    def __init__(self, phase: Phase, number: int, steps: int) -> None:
        self.phase = phase
        self.number = number
        self.start = fold.start(phase, steps) if number == 1 else fold.Start(0)
        self.guards = fold.guards(phase.rules, self.start.rules)
        self._guard_ids = tuple(phase.rules[place].id for place in self.guards)
        self._names = tuple(dict.fromkeys(self.guards.values()))
        self._plans: dict[tuple[str | None, ...], Plan] = {}
        firsts = [rule.links[0] for rule in phase.rules]
        self._prefilter = prefilter([link for link in firsts if _is_gated(link)])

    def run(self, tx: Transaction) -> None:
        if not evaluate.begins(self.number, tx):
            return
        begin = 0
        if self.number == 1 and not tx.tx:
            begin = self.start.rules
            tx.tx.update(self.start.tx)
            tx.matched.extend(self.start.matched)
            if self.start.matched_vars:
                tx.matched_vars.extend(self.start.matched_vars)
                tx.matched_var_name, tx.matched_var = tx.matched_vars[-1]
        if tx.jump or begin != self.start.rules or self._guards_removed(tx):
            evaluate.run_rules(self.phase, tx, begin)
            return
        self._run(self._plan(tx), tx)

    def _run(self, plan: Plan, tx: Transaction) -> None:
        rules, before = self.phase.rules, tx.status
        noted, next_note = plan.noted, 0
        todo = plan.candidates(tx)
        last = self.start.rules - 1
        while todo:
            low = todo & -todo
            todo ^= low
            place = low.bit_length() - 1
            while next_note < len(noted) and noted[next_note].place < place:
                last = self._note(noted[next_note], last, tx)
                next_note += 1
            if tx.removed_ids and rules[place].is_removed(tx):
                continue
            if tx.matched_vars and self._left_out(last, place, tx):
                tx.forget_matches()
            last = place
            if not rules[place].run(tx):
                continue
            if tx.status != before or tx.allow:
                return
            if place in self.guards:
                return  # the jump that it makes leads out of the phase
            if tx.jump or tx.skip or self._guards_removed(tx):
                evaluate.run_rules(self.phase, tx, evaluate.following(self.phase, place, tx))
                return
        for note in noted[next_note:]:
            last = self._note(note, last, tx)
        if tx.matched_vars and self._left_out(last, plan.end, tx):
            tx.forget_matches()

    def _note(self, note: Note, last: int, tx: Transaction) -> int:
        """Does what a guard that matches does, and gives the place before the one where it leads to."""
        if tx.matched_vars and self._left_out(last, note.place, tx):
            tx.forget_matches()
        name, value = tx.tx[note.variable]
        tx.matched_var, tx.matched_var_name = value, f"TX:{name}"
        tx.matched_vars.append((tx.matched_var_name, value))
        tx.matched.append(note.id)
        return note.leads_to - 1

    def _left_out(self, last: int, place: int, tx: Transaction) -> bool:
        """Whether a rule between two that were run was left out because it does not match, which would clear MATCHED_VARS."""
        between = self.phase.rules[last + 1 : place]
        return not all(rule.is_removed(tx) for rule in between) if tx.removed_ids else bool(between)

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
        noted: list[Note] = []
        at = end = self.start.rules
        while at < len(rules):
            name, end = self.guards.get(at), at + 1
            value = values[name] if name is not None else None
            link = rules[at].links[0]
            if name is None:
                left.append(at)
            elif value is not None and link.test.run.test(value) is not link.negated:
                marker = link.spec.skip_after
                place = self.phase.after(at, marker) if marker else at + 1
                if place is None:
                    left.append(at)  # run for real: its jump goes on in the next phase
                    break
                noted.append(Note(at, rules[at].id, name, place))
                at = place
                continue
            at += 1
        return Plan(rules, left, tuple(noted), end, self._prefilter)
