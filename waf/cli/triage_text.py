"""The report of `waf triage` for a terminal. What comes from the log is escaped: it was written by attackers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

import click

from waf.cli.output import plural
from waf.triage.actions import Proposal
from waf.triage.event import CLASSES
from waf.triage.measure import VERDICTS
from waf.triage.report import FamilyRow, Report, Row
from waf.triage.surge import Busy

_BLOCKS: Final = " ▁▂▃▄▅▆▇█"
_WIDTH: Final = 110
_WINDOWS: Final = {
    "suspicious": "nine of ten suspicious requests are in it",
    "all": "half of all requests are in it",
    "asked": "as asked",
}
_SECTIONS: Final = {
    "caller": "Callers", "tenant": "Tenants", "network": "Networks", "address": "Addresses", "rule": "What they trip over",
    "route": "Routes", "path": "Paths", "model": "Models",
}  # fmt: skip


def safe(text: str, width: int = _WIDTH) -> str:
    """On one line, cut, and with everything escaped that a terminal would obey or hide."""
    shown = "".join(
        c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode() for c in text[:width]
    )
    return shown + ("…" if len(text) > width else "")


def render(found: Report, most: int) -> str:
    return "\n".join(_lines(found, most))


def _lines(found: Report, most: int) -> Iterator[str]:
    yield from _head(found)
    if not found.total:
        return
    verdict = found.judgement.verdict
    yield ""
    yield click.style(f"{verdict}: {VERDICTS[verdict]}", bold=True, fg="green" if verdict == "quiet" else "red")
    yield from (f"  - {line}" for line in found.judgement.because)
    if verdict == "quiet":
        return
    if verdict == "surge":
        yield from _busiest(found.busiest)
    for name, title in _SECTIONS.items():
        yield from _section(title, found.top[name])
    yield from _families(found.families[:most])
    for number, cluster in enumerate(found.clusters, 1):
        yield "" if number > 1 else f"\n{click.style('Clusters', bold=True)}: callers that send the same things\n"
        yield (
            f"  {number}. {plural(cluster.callers, 'caller')} in {plural(cluster.networks, 'network')}, "
            f"{plural(cluster.requests, 'request')}: {safe(', '.join(cluster.members[:4]), 80)}"
        )
    if found.proposals:
        yield f"\n{click.style('Proposals', bold=True)} (--apply asks about each)\n"
        yield from (f"  {number}. {proposed(p)}" for number, p in enumerate(found.proposals, 1))
    yield from _hints(found)


def _hints(found: Report) -> Iterator[str]:
    if found.common:
        quoted = ", ".join(f'"{safe(run, 60)}"' for run in found.common[:2])
        yield f"\n--draft FILE writes a rule that looks for what the texts of a family have in common: {quoted}"
    if found.blind:
        yield "\nOnly equal payloads are seen to belong together: `log.similarity` or `log.prompts: text` would show variations."


def _head(found: Report) -> Iterator[str]:
    if not found.events:
        yield "no events"
    else:
        yield f"{plural(found.events, 'event')}, {_time(found.first)} to {_time(found.last)} UTC"
    if found.malformed or found.too_long:
        yield click.style(
            f"{plural(found.malformed, 'line')} could not be read, {found.too_long} too long:", fg="yellow"
        )
        yield from (f"  {safe(line)}" for line in found.examples)
    if found.events:
        cells = found.timeline["cells"]
        yield f"all         {_graph([total for total, _ in cells])}"
        yield f"suspicious  {_graph([suspects for _, suspects in cells])}"
    if found.window is not None:
        how = _WINDOWS[found.window["found"]]
        yield f"looked at: {_time(found.window['from'])} to {_time(found.window['to'])} ({how})"
    if found.total:
        yield "  ".join(f"{count} {name}" for name, count in found.classes.items())
    if found.uncertain:
        yield f"more than fits was counted: a count may be up to {found.uncertain} too low"


def _section(title: str, rows: list[Row]) -> Iterator[str]:
    if not rows:
        return
    yield f"\n{click.style(title, bold=True)}"
    names = [safe(row.name, 60) for row in rows]
    width = max(map(len, names))
    for name, row in zip(names, rows, strict=True):
        clean = "" if row.clean is None else f"  {row.clean:>7} clean"
        kinds = ", ".join(f"{count} {kind}" for kind, count in list(row.classes.items())[:3] if kind in CLASSES)
        callers = plural(row.callers, "caller")
        yield f"  {name:<{width}}  {row.suspects:>7} suspicious  {row.share:>4.0%}{clean}  {callers:>12}  {kinds}"


def _busiest(rows: list[Busy]) -> Iterator[str]:
    yield f"\n{click.style('Busiest callers', bold=True)}"
    for row in rows:
        before = f"{row.before:g} before" if row.before is not None else ""
        yield f"  {safe(row.name, 60)}  {plural(row.requests, 'request')}  {row.share:.0%}  {row.rate:g} a minute, {before}"


def _families(rows: list[FamilyRow]) -> Iterator[str]:
    if rows:
        yield f"\n{click.style('Families of payloads', bold=True)}"
    for row in rows:
        lengths = f", {row.lengths[0]} to {row.lengths[1]} bytes" if row.lengths else ""
        size = f"{plural(row.requests, 'request')}, {row.suspects} suspicious, {plural(row.callers, 'caller')}"
        rules = safe(", ".join(row.rules), 40)
        yield f"  {safe(row.name, 16)}  {size}, {plural(row.payloads, 'payload')}{lengths}  {rules}"
        if row.sample:
            yield f"    {safe(row.sample)}"
        yield from (f"    {safe(diff)}" for diff in row.diffs)


def proposed(proposal: Proposal) -> str:
    """One proposal: what, how much it stops and hits, and why."""
    limit = f" to {proposal.limit}" if proposal.limit else ""
    more = f" and {len(proposal.others)} more" if proposal.others else ""
    what = f"{proposal.action} {safe(str(proposal.match))}{more}{limit}"
    effect = f"stops {proposal.stops} suspicious requests ({proposal.share:.0%}), hits {proposal.hits} others"
    return f"{what}: {effect}. {proposal.why}"


def _graph(counts: list[int]) -> str:
    """One character a count, as high as it is to the greatest; what is not nothing is seen."""
    most = max(counts, default=0)
    if not most:
        return "·" * len(counts)
    return "".join(_BLOCKS[max(1, round(count / most * 8))] if count else "·" for count in counts) + f"  most {most}"


def _time(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S") if moment is not None else "-"
