"""What to do about it: each proposal says how much of the attack it would stop, and whom it would hit by mistake."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

import msgspec

from waf.identity.networks import packed
from waf.overrides.entry import KEY_ID, Action, Allowance, Scope
from waf.triage.event import MAX_KEY
from waf.triage.sketch import Top, Tracked
from waf.triage.tally import Source, Tally

MOST: Final = 12
GROUP: Final = 500
"""Most callers that are denied together."""
LEAST_SHARE: Final = 0.02
"""Of the suspicious requests, that a proposal must stop."""
LEAST: Final = 5
DENY: Final = 0.8
"""Share of suspicious ones among a caller's requests from which on it is denied rather than limited."""
TOGETHER: Final = 3
"""Addresses of a network from which on the network is named."""
_HASHED: Final = re.compile(r"~[0-9a-f]{16}$")
SLOW: Final = Allowance(10, 60.0)


class Proposal(msgspec.Struct, frozen=True):
    action: Action
    match: Scope
    limit: Allowance | None
    stops: int
    """Suspicious requests of the window that it is about; of a surge, the requests over the limit."""
    share: float
    """Of all suspicious requests."""
    hits: int
    """Other requests of the window that it is about."""
    why: str
    others: list[Scope] = []
    """Whom it is about besides: callers of a campaign are denied together, however little each of them sent."""

    @property
    def scopes(self) -> list[Scope]:
        return [self.match, *self.others]


def propose(tally: Tally, members: Collection[str], *, campaign: bool) -> list[Proposal]:
    """The most useful first. Each suspicious request is counted for one proposal: for its caller's key or subject where it has
    one, else for its network or address. `members`: callers that belong together by what they sent; `campaign`: many callers
    do the same thing."""
    tenants = _tenants(tally)
    done = {proposal.match.tenant for proposal in tenants}
    together = _together(tally, done, members) if campaign else []
    scopes = {scope for proposal in together for scope in proposal.scopes}
    alone = [proposal for proposal in _callers(tally, done) if proposal.match not in scopes]
    found = [*tenants, *together, *alone, *_places(tally)]
    least = max(LEAST, LEAST_SHARE * tally.suspects)
    kept = [proposal for proposal in found if proposal.stops >= least]
    return sorted(kept, key=lambda proposal: (-proposal.stops, str(proposal.match)))[:MOST]


def _tenants(tally: Tally) -> list[Proposal]:
    """A tenant most of whose requests are suspicious and come from several keys."""
    made = []
    for name, source in tally.suspect["tenant"].most(MOST):
        if (
            _whole(name)
            and source.callers.estimate() >= TOGETHER
            and _share(source, tally.clean["tenant"], name) >= DENY
        ):
            made.append(_proposal(tally, Scope(tenant=name), source, tally.clean["tenant"], name))
    return made


def _callers(tally: Tally, tenants: set[str]) -> list[Proposal]:
    made = []
    for name, source in tally.suspect["caller"].most(4 * MOST):
        scope = named(name)
        if scope is not None and not (source.tenant and source.tenant in tenants):
            made.append(_proposal(tally, scope, source, tally.clean["caller"], name))
    return made


def _together(tally: Tally, tenants: set[str], members: Collection[str]) -> list[Proposal]:
    """Callers of a campaign: they trip over what it trips over, have sent hardly anything else, and have done it twice or belong
    together by what they sent."""
    ((first, _),) = tally.suspect["first"].most(1)
    clean = tally.clean["caller"]
    chosen: list[tuple[Scope, Source]] = []
    hits = 0
    for name, source in tally.suspect["caller"].most(GROUP):
        scope = named(name)
        fits = source.rules[first] * 2 > source.count and (source.count > 1 or name in members)
        if scope is None or not fits or _share(source, clean, name) < DENY or source.tenant in tenants - {""}:
            continue
        chosen.append((scope, source))
        other = clean.records.get(name)
        hits += other.count if other is not None else 0
    if len(chosen) < TOGETHER:
        return []
    stops = sum(source.count for _, source in chosen)
    why = f"{len(chosen)} callers of one campaign ({first}), {stops} suspicious requests together"
    share = round(stops / max(tally.suspects, 1), 4)
    scopes = [scope for scope, _ in chosen]
    return [Proposal("deny", scopes[0], None, stops, share, hits, why, scopes[1:])]


def named(caller: str) -> Scope | None:
    """The caller of a name that requests are counted by. None for one of whom no more than the address is known, and for what
    can be no name."""
    kind, _, value = caller.partition(":")
    if kind == "key" and KEY_ID.fullmatch(value):
        return Scope(key=value)
    return Scope(subject=value) if kind == "subject" and _whole(value) else None


def _whole(name: str) -> bool:
    """Whether it is the name itself: what is no plain name stands hashed in events, and long ones are cut."""
    return name.isprintable() and not _HASHED.search(name) and "…" not in name and len(name) < MAX_KEY


def _places(tally: Tally) -> list[Proposal]:
    """Addresses of callers that nobody knows, by network where several of one are at it."""
    known = tally.suspect["caller"].records
    made, taken = [], set()
    for name, source in tally.suspect["place"].most(4 * MOST):
        alone = {part for part in source.parts if f"address:{part}" in known}
        if len(alone) < TOGETHER:
            continue
        taken |= alone
        made.append(_proposal(tally, Scope(address=name), source, tally.clean["network"], name))
    for name, source in tally.suspect["caller"].most(4 * MOST):
        kind, _, value = name.partition(":")
        if (
            kind == "address"
            and value not in taken
            and tally.suspect["address"].records.get(value)
            and packed(value) is not None
        ):
            made.append(_proposal(tally, Scope(address=value), source, tally.clean["address"], value))
    return made


def _proposal(tally: Tally, scope: Scope, source: Source, clean: Top[Tracked], name: str) -> Proposal:
    share = _share(source, clean, name)
    other = clean.records.get(name)
    hits = other.count if other is not None else 0
    # A proof of work is the milder thing for a place that others share: each of them pays for itself.
    mild: Action = "challenge" if scope.address else "limit"
    action: Action = "deny" if share >= DENY else mild
    kinds = ", ".join(f"{count} {kind}" for kind, count in source.classes.most_common(3))
    return Proposal(
        action=action,
        match=scope,
        limit=SLOW if action == "limit" else None,
        stops=source.count,
        share=round(source.count / max(tally.suspects, 1), 4),
        hits=hits,
        why=f"{source.count} suspicious requests ({kinds}), {share:.0%} of all it sent",
    )


def _share(source: Source, clean: Top[Tracked], name: str) -> float:
    other = clean.records.get(name)
    return source.count / (source.count + (other.count + clean.lost if other is not None else clean.lost))
