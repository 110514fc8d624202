"""Requests in which nothing is suspicious but their number: who sends them, and how to slow that down."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Final

import msgspec

from waf.identity.networks import packed
from waf.overrides.entry import MAX_REQUESTS, Allowance, Scope
from waf.triage.actions import MOST, Proposal, named
from waf.triage.tally import Tally

GROWN: Final = 5.0
"""Times its rate outside the window, from which on a caller is part of a surge."""
LARGE: Final = 0.1
"""Share of the window's requests that it makes then."""
LEAST: Final = 10
"""Requests a minute that a limit leaves at least."""


class Busy(msgspec.Struct, frozen=True):
    """One of the busiest callers of the window, by clean requests. Rates are requests a minute."""

    name: str
    requests: int
    share: float
    """Of all requests of the window."""
    rate: float
    before: float | None
    """Outside the window; null where there is nothing outside."""
    first: datetime
    """When it was first seen, in the whole log."""


def busiest(tally: Tally, most: int) -> list[Busy]:
    inside, outside = _minutes(tally)
    made = []
    for name, record in tally.clean["caller"].most(most):
        known = tally.known.records.get(name)
        suspect = tally.suspect["caller"].records.get(name)
        others = (
            (known.count if known is not None else 0) - record.count - (suspect.count if suspect is not None else 0)
        )
        made.append(
            Busy(
                name=name,
                requests=record.count,
                share=round(record.count / max(tally.total, 1), 4),
                rate=round(record.count / inside, 2),
                before=round(max(0, others) / outside, 2) if outside else None,
                first=datetime.fromtimestamp(known.first if known is not None else record.first, UTC),
            )
        )
    return made


def slow_down(tally: Tally) -> list[Proposal]:
    """A limit for each caller that has grown, at twice of what it sent before."""
    inside, _ = _minutes(tally)
    made = []
    for busy in busiest(tally, MOST):
        kind, _, value = busy.name.partition(":")
        scope = named(busy.name) or (Scope(address=value) if kind == "address" and packed(value) else None)
        grown = busy.before is not None and busy.rate >= GROWN * busy.before
        if scope is None or not grown or busy.share < LARGE or busy.before is None:
            continue
        allowed = min(max(LEAST, math.ceil(2 * busy.before)), MAX_REQUESTS)
        over = max(0, round(busy.requests - allowed * inside))
        if over:
            why = f"{busy.rate:g} requests a minute, {busy.before:g} before; {busy.share:.0%} of all"
            share = round(over / max(tally.total, 1), 4)
            made.append(Proposal("limit", scope, Allowance(allowed, 60.0), over, share, 0, why))
    return made


def _minutes(tally: Tally) -> tuple[float, float]:
    """How long the window is, and how long the log is besides; a second at least."""
    whole = max(tally.last - tally.first, 1.0)
    window = tally.window
    if window is None:
        return whole / 60, 0.0
    inside = max(min(window.end, tally.last) - max(window.start, tally.first), 1.0)
    return inside / 60, max(0.0, whole - inside) / 60
