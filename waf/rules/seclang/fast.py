"""The fast path: runs only the rules that can match, in the order and with the code of the plain one.

A phase is planned for the values of the variables its guards look at (paranoia levels, mostly): a plan knows which rules
these leave, and asks a gate for each collection whose first links match something. What a plan cannot foresee (a jump, a
ctl that removes rules) hands the rest of the phase to the plain path. A property test holds both equal.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, NamedTuple

from waf.rules.candidates import Scans
from waf.rules.seclang import evaluate, fold, recall
from waf.rules.seclang.compile import CompiledLink, CompiledRule, Phase
from waf.rules.seclang.gate import Family, Gate, prefilter
from waf.rules.seclang.parse_variables import MAPS, STORES
from waf.rules.seclang.profile import Profile, Values, decided_by, names_read
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

    __slots__ = ("always", "end", "families", "gates", "note_places", "noted", "profile", "runs")

    def __init__(
        self,
        rules: tuple[CompiledRule, ...],
        left: list[int],
        noted: tuple[Note, ...],
        end: int,
        facts: Facts,
        values: Values,
    ) -> None:
        """`end`: behind the last rule looked at."""
        self.noted = noted
        self.note_places = [note.place for note in noted]
        self.end = end
        self.profile = Profile([(place, facts.decided[place]) for place in left if place in facts.decided], values)
        left = [place for place in left if not self.profile.never >> place & 1]
        every = recall.runs(rules, left, self.note_places, facts.reads)
        self.runs = {place: run for run in every for place in left if run.mask >> place & 1}
        self.always = 0
        by_variable: dict[Variable, list[tuple[int, CompiledLink]]] = {}
        for place in left:
            link = facts.gating[place]
            if _is_gated(link):
                for variable in link.spec.variables:
                    if not variable.exclude:
                        by_variable.setdefault(variable, []).append((place, link))
            else:
                self.always |= 1 << place
        gates: list[tuple[Callable[[Transaction], Items], Gate]] = []
        families: dict[str, list[tuple[Variable, Gate]]] = {}
        for variable, links in by_variable.items():
            gate = Gate(links, facts.prefilter)
            if variable.collection in MAPS:
                families.setdefault(variable.collection, []).append((variable, gate))
            else:
                (target,) = compile_targets((variable,))
                gates.append((target.items, gate))
        self.gates = tuple(gates)
        self.families = tuple(Family(collection, members) for collection, members in families.items())

    def candidates(self, tx: Transaction) -> int:
        """One bit for each rule to run."""
        found = self.always
        scans: Scans = {}
        for items, gate in self.gates:
            for _, value in items(tx):
                found |= gate.mask(value, scans)
        for family in self.families:
            found |= family.mask(tx, scans)
        return found & ~self.profile.refused(tx)


class Facts:
    """What is known of the rules of a phase, whatever their plan. `reads` and `decided` are by place."""

    __slots__ = ("decided", "gating", "prefilter", "reads", "written")

    def __init__(self, rules: Sequence[CompiledRule], begin: int, everything: Sequence[CompiledRule]) -> None:
        """`begin`: how many are done at load; `everything`: the rules of all phases."""
        self.written = fold.Written(rules[begin:])
        self.decided = {at: links for at, rule in enumerate(rules) if (links := decided_by(rule, self.written))}
        self.reads: dict[int, recall.Reads] = {}
        for at, rule in enumerate(rules):
            found = recall.reads(rule, partial(_others, everything, rule))
            if found is not None:
                self.reads[at] = found
        self.gating = [_gating(rule, self.decided.get(at, ())) for at, rule in enumerate(rules)]
        """Of each rule the link whose values are looked at before it is run."""
        self.prefilter = prefilter([link for link in self.gating if _is_gated(link)])


def _gating(rule: CompiledRule, decided: Sequence[CompiledLink]) -> CompiledLink:
    """The first link that is not decided, if none before it sets anything."""
    for link in rule.links:
        if link not in decided or link.setvars or link.capture:
            return link
    return rule.links[0]


def _is_gated(link: CompiledLink) -> bool:
    if link.bind is not None or link.spec.operator is None or (link.negated and link.capture):
        return False  # with a negated operator captures are left by values that do not count as matches
    return not any(variable.count or variable.collection in _MAY_CHANGE for variable in link.spec.variables)


def _others(everything: Sequence[CompiledRule], but: CompiledRule) -> fold.Written:
    return fold.Written(rule for rule in everything if rule is not but)


class FastPhase:
    """One phase with its plans. `run` does what `evaluate.run_phase` does."""

    def __init__(self, phase: Phase, number: int, everything: Sequence[CompiledRule]) -> None:
        """`everything`: the rules of all phases."""
        self.phase = phase
        self.number = number
        self.start = fold.start(phase) if number == 1 else fold.Start(0)
        self.facts = Facts(phase.rules, self.start.rules, everything)
        self.guards = fold.guards(phase.rules, self.start.rules, self.facts.written)
        self._guard_bits = sum(1 << place for place in self.guards)
        self._removed_by: dict[tuple[tuple[int, int], ...], int] = {}
        read = names_read(link for links in self.facts.decided.values() for link in links)
        self._names = tuple(sorted(read.union(self.guards.values())))
        self._plans: dict[tuple[tuple[str, str] | None, ...], Plan] = {}

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
        rules, before, processor = self.phase.rules, tx.status, tx.processor
        places, runs, next_note = plan.note_places, plan.runs, 0
        todo = plan.candidates(tx)
        removed = self._removed(tx)
        last = self.start.rules - 1
        unknown: tuple[recall.Run, recall.Before] | None = None
        while todo:
            low = todo & -todo
            place = low.bit_length() - 1
            if unknown is not None and place > unknown[0].last:
                unknown[0].remember(unknown[1], tx)
                unknown = None
            run = runs.get(place) if unknown is None else None
            if run is not None and last < run.first:  # none of its rules has been run
                place = run.first
            else:
                run = None
            upto = bisect_left(places, place, next_note)
            if upto > next_note:
                last = self._note(plan, next_note, upto, last, removed, tx)
                next_note = upto
            if tx.matched_vars and _left_out(last, place, removed):
                tx.forget_matches()
            if run is not None and not run.mask & removed and run.may_recall(tx):
                recalled = run.recall(tx)
                if isinstance(recalled, int):
                    if recalled:  # perhaps to one of its own rules
                        last, todo = recalled - 1, todo & -1 << recalled
                        next_note = bisect_left(places, recalled, next_note)
                    else:
                        last, todo = run.last, todo & ~run.mask
                    continue
                unknown = run, recalled
                todo |= run.mask
            elif run is not None:
                place = low.bit_length() - 1
            todo &= ~(1 << place)
            if removed >> place & 1:
                continue
            if tx.matched_vars and _left_out(last, place, removed):
                tx.forget_matches()
            last = place
            if not rules[place].run(tx):
                continue
            if tx.status != before or tx.allow:
                return
            if place in self.guards:
                return  # the jump that it makes leads out of the phase
            to = self._jumps_to(plan, place, next_note, tx) if tx.jump else place + 1
            if not to or tx.skip or tx.processor is not processor or self._guards_removed(tx):
                evaluate.run_rules(self.phase, tx, evaluate.following(self.phase, place, tx))
                return
            if tx.jump:
                tx.jump = ""
                if unknown is not None:
                    unknown[0].remember(unknown[1], tx, to)
                    unknown = None
                last, todo = to - 1, todo & -1 << to
                next_note = bisect_left(places, to, next_note)
            removed = self._removed(tx)
        if unknown is not None:
            unknown[0].remember(unknown[1], tx)
        if next_note < len(places):
            last = self._note(plan, next_note, len(places), last, removed, tx)
        if tx.matched_vars and _left_out(last, plan.end, removed):
            tx.forget_matches()

    def _jumps_to(self, plan: Plan, place: int, next_note: int, tx: Transaction) -> int:
        """Where the jump that a rule has made leads to within the phase; 0 where the plan does not hold there, since a guard
        is jumped over that would itself have led further."""
        to = self.phase.after(place, tx.jump)
        if to is None or any(note.place < to < note.leads_to for note in plan.noted[next_note:]):
            return 0
        return to

    def _note(self, plan: Plan, begin: int, end: int, last: int, removed: int, tx: Transaction) -> int:
        """Does what some guards that match do, and gives the place before the one where the last of them leads to."""
        noted = plan.noted[begin:end]
        tx.matched.extend([note.id for note in noted])
        at = len(noted) - 1
        while at and not _left_out(noted[at - 1].leads_to - 1, noted[at].place, removed):
            at -= 1  # of MATCHED_VARS only those behind the last rule that was left out stay
        if tx.matched_vars and (at or _left_out(last, noted[0].place, removed)):
            tx.forget_matches()
        for note in noted[at:]:
            name, value = tx.tx[note.variable]
            tx.matched_var, tx.matched_var_name = value, f"TX:{name}"
            tx.matched_vars.append((tx.matched_var_name, value))
        return noted[-1].leads_to - 1

    def _removed(self, tx: Transaction) -> int:
        """Bits of the rules that a ctl has taken out by their ids."""
        if not tx.removed_ids:
            return 0
        key = tuple(tx.removed_ids)
        found = self._removed_by.get(key)
        if found is None:
            found = sum(1 << place for place, rule in enumerate(self.phase.rules) if rule.is_removed(tx))
            if len(self._removed_by) >= _MOST_PLANS:
                self._removed_by.clear()
            self._removed_by[key] = found
        return found

    def _guards_removed(self, tx: Transaction) -> bool:
        """Whether a ctl has, or may have, taken out a guard: what it skipped is no longer what the plan says."""
        if tx.removed_tags or tx.removed_messages:
            return True
        return bool(tx.removed_ids) and bool(self._removed(tx) & self._guard_bits)

    def _plan(self, tx: Transaction) -> Plan:
        values = tuple(map(tx.tx.get, self._names))
        plan = self._plans.get(values)
        if plan is None:
            if len(self._plans) >= _MOST_PLANS:
                self._plans = {}
            plan = self._plans[values] = self._make(dict(zip(self._names, values, strict=True)))
        return plan

    def _make(self, values: Values) -> Plan:
        """Follows the guards through the phase for these values."""
        rules = self.phase.rules
        left: list[int] = []
        noted: list[Note] = []
        at = end = self.start.rules
        while at < len(rules):
            name, end = self.guards.get(at), at + 1
            found = values[name] if name is not None else None
            link = rules[at].links[0]
            if name is None:
                left.append(at)
            elif found is not None and link.test.run.test(found[1]) is not link.negated:
                marker = link.spec.skip_after
                place = self.phase.after(at, marker) if marker else at + 1
                if place is None:
                    left.append(at)  # run for real: its jump goes on in the next phase
                    break
                noted.append(Note(at, rules[at].id, name, place))
                at = place
                continue
            at += 1
        return Plan(rules, left, tuple(noted), end, self.facts, values)


def _left_out(last: int, place: int, removed: int) -> bool:
    """Whether a rule between two that were run was left out because it does not match, which would clear MATCHED_VARS."""
    return place > last + 1 and ((1 << place) - (1 << (last + 1))) & ~removed != 0
