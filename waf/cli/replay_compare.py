"""Two engines over one recorded request: what they decide, and which rules make the difference."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from waf.cli.recordings import Partial, Recorded
from waf.cli.scan import inspect
from waf.crs import LoggedRule
from waf.engine import Engine
from waf.model import Match, Request
from waf.verdict import Verdict

Kind = Literal["blocked", "released", "action", "rules"]
KINDS: Final[dict[Kind, str]] = {
    "blocked": "would be blocked now, and was not",
    "released": "would no longer be blocked",
    "action": "other action",
    "rules": "other rules, same action",
}


class Side(msgspec.Struct, frozen=True):
    """What one ruleset says."""

    action: str
    would_block: bool
    score: int
    rules: list[int]
    crs: list[int] = []
    """Rules of the CRS that scored or blocked, and were logged."""


class Difference(msgspec.Struct, frozen=True):
    """One rule that speaks for one side only, or not in the same way."""

    rule: int
    name: str
    change: Literal["matches now", "no longer matches", "counts differently"]
    why: str
    score: int
    """Points on the side where it matches; on the new one if on both. 0 for the CRS's, which have scores of their own."""
    origin: str
    crs: bool = False


class Change(msgspec.Struct, frozen=True):
    """One recorded request on which the rulesets differ."""

    number: int
    kind: Kind
    method: str
    path: str
    old: Side
    new: Side
    rules: list[Difference]
    partial: bool


class Comparison:
    """The old rules and the new ones, ready to be asked."""

    def __init__(self, old: Engine, new: Engine) -> None:
        self.old = old
        self.new = new
        self._old_ids = {rule.id for rule in old.ruleset.rules}
        self._new_ids = {rule.id for rule in new.ruleset.rules}
        self._old_crs, self._new_crs = _telling(old), _telling(new)

    def gone(self, partial: Partial) -> list[int]:
        """Rules that matched when the event was written and that the new rules do not have."""
        return [rule for rule in partial.rules if rule not in self._new_ids]

    def compare(self, recorded: Recorded) -> Change | None:
        """None when both say the same."""
        item = recorded.item
        if item is None:
            return None
        before, after = _verdict(self.old, item), _verdict(self.new, item)
        old_crs, new_crs = _logged(before, self._old_crs), _logged(after, self._new_crs)
        old, new = _side(before, old_crs), _side(after, new_crs)
        rules = self._differences(before.decision.matches, after.decision.matches)
        rules += self._crs_differences(old_crs, new_crs)
        if old == new and not rules:
            return None
        kind: Kind
        if old.would_block != new.would_block:
            kind = "blocked" if new.would_block else "released"
        else:
            kind = "action" if old.action != new.action else "rules"
        path = item.target if isinstance(item, Request) else item.path
        return Change(recorded.number, kind, item.method, path, old, new, rules, isinstance(item, Partial))

    def _differences(self, before: list[Match], after: list[Match]) -> list[Difference]:
        old, new = {match.rule: match for match in before}, {match.rule: match for match in after}
        found = []
        for number, match in new.items():
            was = old.get(number)
            if was is None:
                why = "changed" if number in self._old_ids else "a new rule"
                found.append(_difference(match, "matches now", why))
            elif (was.score, was.mode, was.action) != (match.score, match.mode, match.action):
                found.append(_difference(match, "counts differently", f"{_weight(was)}, now {_weight(match)}"))
        for number, match in old.items():
            if number not in new:
                why = "changed" if number in self._new_ids else "is not there any more"
                found.append(_difference(match, "no longer matches", why))
        return sorted(found, key=lambda difference: difference.rule)

    def _crs_differences(self, old: dict[int, LoggedRule], new: dict[int, LoggedRule]) -> list[Difference]:
        found = []
        for number in sorted(old.keys() ^ new.keys()):
            now = number in new
            known, absent = (self._old_crs, "a new rule") if now else (self._new_crs, "is not there any more")
            why = "the CRS's files, settings or level changed" if number in known else absent
            line = new[number] if now else old[number]
            change: Literal["matches now", "no longer matches"] = "matches now" if now else "no longer matches"
            found.append(Difference(number, line.message, change, why, 0, line.target, crs=True))
        return found


def _telling(engine: Engine) -> frozenset[int]:
    """The rules of the CRS that do more than to keep the books."""
    rules = engine.crs.rules if engine.crs is not None else ()
    return frozenset(rule.id for rule in rules if rule.kind != "bookkeeping")


def _logged(verdict: Verdict, telling: frozenset[int]) -> dict[int, LoggedRule]:
    found = verdict.crs.rules if verdict.crs is not None else ()
    return {line.id: line for line in found if line.id in telling}


def _difference(
    match: Match, change: Literal["matches now", "no longer matches", "counts differently"], why: str
) -> Difference:
    return Difference(match.rule, match.name, change, why, match.score, match.origin)


def _weight(match: Match) -> str:
    return f"{match.action} {match.score} {match.mode}"


def _verdict(engine: Engine, item: Request | Partial) -> Verdict:
    if isinstance(item, Request):
        return inspect(engine, item)
    return engine.inspect_fields(engine.routes.find(item.method, item.path), item.path, item.fields)


def _side(verdict: Verdict, crs: dict[int, LoggedRule]) -> Side:
    decision = verdict.decision
    rules = [match.rule for match in decision.matches]
    return Side(decision.action, decision.would_block, decision.score, rules, list(crs))
