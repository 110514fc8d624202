"""Runs the rules of one phase over a transaction, in order: the plain path, which every faster one must equal."""

from __future__ import annotations

from waf.rules.seclang.compile import Phase
from waf.rules.seclang.transaction import Transaction

LOGGING = 5


def run_phase(phase: Phase, number: int, tx: Transaction) -> None:
    """Phases 1 to 4 end at the first disruptive rule; a jump whose marker is not in this phase goes on in the next."""
    tx.phase = number
    tx.views.clear()
    if tx.engine == "Off" or (tx.status and number != LOGGING):
        return
    if (tx.allow == "all" and number != LOGGING) or (tx.allow == "request" and number <= 2):
        return
    tx.allow = ""
    rules = phase.rules
    at = 0
    if tx.jump:
        at = _land(phase, -1, tx, len(rules))
    before = tx.status
    while at < len(rules):
        rule = rules[at]
        if (tx.removed_ids or tx.removed_tags or tx.removed_messages) and rule.is_removed(tx):
            at += 1
            continue
        if rule.run(tx):
            if tx.status != before or tx.allow:
                return
            if tx.jump:
                at = _land(phase, at, tx, len(rules))
                continue
            if tx.skip:
                at += tx.skip
                tx.skip = 0
        at += 1


def _land(phase: Phase, index: int, tx: Transaction, end: int) -> int:
    place = phase.after(index, tx.jump)
    if place is None:
        return end
    tx.jump = ""
    return place
