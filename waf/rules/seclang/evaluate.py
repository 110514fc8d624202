"""Runs the rules of one phase over a transaction, in order: the plain path, which every faster one must equal."""

from __future__ import annotations

from waf.rules.seclang.compile import Phase
from waf.rules.seclang.transaction import Transaction

LOGGING = 5


def run_phase(phase: Phase, number: int, tx: Transaction) -> None:
    """Phases 1 to 4 end at the first disruptive rule; a jump whose marker is not in this phase goes on in the next."""
    if begins(number, tx):
        run_rules(phase, tx, 0)


def begins(number: int, tx: Transaction) -> bool:
    """Whether the phase takes place, which it does not after a refusal or `allow`, or with the engine off."""
    tx.phase = number
    tx.views.clear()
    tx.named.clear()
    if tx.engine == "Off" or (tx.status and number != LOGGING):
        return False
    if (tx.allow == "all" and number != LOGGING) or (tx.allow == "request" and number <= 2):
        return False
    tx.allow = ""
    return True


def run_rules(phase: Phase, tx: Transaction, at: int) -> None:
    """Runs the rules from `at` on."""
    rules = phase.rules
    before = tx.status
    if tx.jump:
        at = following(phase, at - 1, tx)
    while at < len(rules):
        rule = rules[at]
        if ((tx.removed_ids or tx.removed_tags or tx.removed_messages) and rule.is_removed(tx)) or not rule.run(tx):
            at += 1
        elif tx.status != before or tx.allow:
            return
        else:
            at = following(phase, at, tx)


def following(phase: Phase, index: int, tx: Transaction) -> int:
    """Where to go on after rule `index` has matched: behind a jump or a skip, or at the next rule."""
    if tx.jump:
        place = phase.after(index, tx.jump)
        if place is None:
            return len(phase.rules)
        tx.jump = ""
        return place
    at = index + 1 + tx.skip
    tx.skip = 0
    return at
