"""What was found, as plain values: `waf triage --json` prints them, and the text of the terminal is made from them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from waf.triage.actions import Proposal, propose
from waf.triage.clusters import Cluster, clusters
from waf.triage.event import CLASSES, Unread
from waf.triage.families import Families, Family, diffs, shared
from waf.triage.measure import Concentration, Judgement, concentration, judge
from waf.triage.sketch import Top
from waf.triage.surge import Busy, busiest, slow_down
from waf.triage.tally import SHOWN, Source, Tally
from waf.triage.timeline import SHAPES, Timeline, Window, shape

CELLS: Final = 60
"""Parts that the time of the log is drawn in."""
FAMILIES: Final = 8
DIFFS: Final = 3


class Row(msgspec.Struct, frozen=True):
    """One of the busiest of a dimension. `clean` is null where that is not counted."""

    name: str
    suspects: int
    clean: int | None
    share: float
    """Of all suspicious requests."""
    classes: dict[str, int]
    rules: list[str]
    addresses: int
    callers: int
    first: datetime
    last: datetime


class FamilyRow(msgspec.Struct, frozen=True):
    name: str
    requests: int
    suspects: int
    callers: int
    payloads: int
    """Different ones."""
    lengths: list[int]
    rules: list[str]
    origins: list[str]
    sample: str
    """The commonest text, where events hold texts."""
    diffs: list[str]


class Report(msgspec.Struct, frozen=True):
    events: int
    malformed: int
    too_long: int
    examples: list[str]
    first: datetime | None
    last: datetime | None
    window: dict[str, Any] | None
    """What was looked at closely; null: all of it."""
    classes: dict[str, int]
    suspects: int
    total: int
    """Requests in the window."""
    judgement: Judgement
    sources: Concentration
    targets: Concentration
    new_callers: float | None
    """Share of the suspicious callers who were not seen before the window; null where the log does not begin before it."""
    shape: str
    timeline: dict[str, Any]
    top: dict[str, list[Row]]
    uncertain: int
    """By how much a count may be too low; 0: all are exact."""
    families: list[FamilyRow]
    clusters: list[Cluster]
    common: list[str]
    """What the texts of the largest suspicious family have in common: what a rule could look for."""
    blind: bool
    """There are payloads, and neither texts nor digests of them, so that only equal ones are seen to belong together."""
    busiest: list[Busy]
    """Callers, by clean requests."""
    proposals: list[Proposal]


def report(tally: Tally, unread: Unread, most: int) -> Report:
    """`most`: rows of each list."""
    window = tally.window
    start = window.start if window is not None else tally.first
    end = min(window.end, tally.last) if window is not None else tally.last
    suspect, clean = tally.suspect["caller"], tally.clean["caller"]
    sources = _concentration(suspect)
    targets = _concentration(tally.suspect["first"])
    families = tally.families.largest(FAMILIES)
    surge = window is not None and window.found == "all"
    counts = [total if surge else suspects for total, suspects in tally.timeline.series(start, end, CELLS)]
    shaped = shape(counts)
    share = _in_families(tally.families, families)
    judgement = judge(
        sources, targets, tally.suspects, tally.total, families=share, clean=_concentration(clean), surge=surge
    )
    fresh = _fresh(tally, start)
    because = [*judgement.because]
    if judgement.verdict != "quiet":
        because.append(f"in time: {SHAPES[shaped]}")
        if fresh is not None and not surge:
            because.append(f"{fresh:.0%} of the callers were not seen before")
    places = {name: source.parts for name, source in suspect.records.items()}
    groups = clusters(families, places)
    members = {member for group in groups for member in group.members}
    return Report(
        events=tally.events,
        malformed=unread.malformed,
        too_long=unread.long,
        examples=unread.examples,
        first=_time(tally.first),
        last=_time(tally.last),
        window={"from": _time(window.start), "to": _time(window.end), "found": window.found} if window else None,
        classes={name: tally.classes[name] for name in CLASSES if tally.classes[name]},
        suspects=tally.suspects,
        total=tally.total,
        judgement=Judgement(judgement.verdict, because),
        sources=sources,
        targets=targets,
        new_callers=fresh,
        shape=shaped,
        timeline={
            "from": _time(tally.first),
            "to": _time(tally.last),
            "cells": tally.timeline.series(tally.first, tally.last, CELLS),
        },
        top={name: _rows(tally, name, most) for name in SHOWN},
        uncertain=max(top.lost for top in tally.suspect.values()),
        families=[_family(family) for family in families if family.count > 1],
        clusters=groups[:most],
        common=next((runs for family in families if family.suspects > 1 and (runs := shared(family))), []),
        blind=tally.families.blind,
        busiest=busiest(tally, most),
        proposals=_proposals(tally, judgement.verdict, members),
    )


def _proposals(tally: Tally, verdict: str, members: set[str]) -> list[Proposal]:
    if verdict == "quiet":
        return []
    return (
        slow_down(tally) if verdict == "surge" else propose(tally, members, campaign=verdict == "distributed campaign")
    )


def _concentration(top: Top[Any]) -> Concentration:
    return concentration(top.counts(), top.total, top.distinct.estimate())


def _in_families(families: Families, largest: list[Family]) -> float:
    """Share of the suspicious payloads that belongs to the three largest families."""
    total = families.suspects
    return sum(family.suspects for family in largest[:3]) / total if total else 0.0


def _fresh(tally: Tally, start: float) -> float | None:
    if tally.window is None or tally.first >= start:
        return None
    names = [name for name in tally.suspect["caller"].records if name in tally.known.records]
    fresh = sum(1 for name in names if tally.known.records[name].first >= start)
    return round(fresh / len(names), 4) if names else None


def _rows(tally: Tally, dimension: str, most: int) -> list[Row]:
    clean = tally.clean.get(dimension)
    return [_row(name, source, clean, tally) for name, source in tally.suspect[dimension].most(most)]


def _row(name: str, source: Source, clean: Top[Any] | None, tally: Tally) -> Row:
    other = clean.records.get(name) if clean is not None else None
    return Row(
        name=name,
        suspects=source.count,
        clean=None if clean is None else other.count if other is not None else 0,
        share=round(source.count / max(tally.suspects, 1), 4),
        classes=dict(source.classes.most_common()),
        rules=[rule for rule, _ in source.rules.most_common(3)],
        addresses=len(source.parts),
        callers=source.callers.estimate(),
        first=datetime.fromtimestamp(source.first, UTC),
        last=datetime.fromtimestamp(source.last, UTC),
    )


def _family(family: Family) -> FamilyRow:
    sample = family.texts.most_common(1)
    return FamilyRow(
        name=family.name,
        requests=family.count,
        suspects=family.suspects,
        callers=family.distinct.estimate(),
        payloads=family.payloads.estimate(),
        lengths=[family.shortest, family.longest] if family.longest else [],
        rules=[rule for rule, _ in family.rules.most_common(3)],
        origins=[origin for origin, _ in family.origins.most_common(3)],
        sample=sample[0][0] if sample else "",
        diffs=list(diffs(family, DIFFS)),
    )


def _time(seconds: float) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def window_of(timeline: Timeline, start: float | None, end: float | None) -> Window | None:
    """What is to be looked at: what was asked for, else what the log says."""
    if start is not None or end is not None:
        return Window(start if start is not None else 0.0, end if end is not None else 253_402_300_799.0, "asked")
    return timeline.window()
