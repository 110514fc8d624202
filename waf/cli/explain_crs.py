"""The part of `waf explain` about the OWASP CRS: what scored, what decided, and what only kept the books."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from waf.cli.output import plural, quoted

if TYPE_CHECKING:
    from waf.engine import Engine
    from waf.verdict import Verdict


def as_json(engine: Engine, verdict: Verdict) -> list[dict[str, Any]]:
    """Each rule that matched, in order; `logged` false: it said `nolog`."""
    if engine.crs is None or verdict.crs is None:
        return []
    known = {rule.id: rule for rule in engine.crs.rules}
    logged = {line.id: line for line in verdict.crs.rules}
    found = []
    for number in dict.fromkeys(verdict.crs.matched):
        rule, line = known[number], logged.get(number)
        found.append(
            {
                "rule": number,
                "kind": rule.kind,
                "phase": rule.phase,
                "paranoia": rule.paranoia,
                "severity": rule.severity,
                "message": line.message if line else rule.message,
                "data": line.data if line else "",
                "target": line.target if line else "",
                "file": rule.file,
                "line": rule.line,
                "logged": line is not None,
            }
        )
    return found


def show(engine: Engine, verdict: Verdict) -> None:
    """Scores against thresholds, the rules that scored or blocked, and how many kept the books."""
    found = verdict.crs
    if engine.crs is None or found is None:
        return
    rows = as_json(engine, verdict)
    say = f"refuses with {found.would_status}, by rule {found.blocked_by}" if found.would_status else "does not refuse"
    click.echo(
        f"\n{engine.crs.signature or 'CRS'}: {say}; inbound score {found.inbound} of {found.inbound_threshold}"
        f" (by level {', '.join(map(str, found.paranoia_scores))})"
    )
    for row in rows:
        if row["kind"] != "bookkeeping":
            notes = [row["kind"], f"phase {row['phase']}", f"paranoia {row['paranoia']}", row["severity"]]
            click.echo(f"  rule {row['rule']}: {', '.join(note for note in notes if note)}")
            click.echo(f"    {quoted(row['message'], 200)[1:-1]}")
            if row["data"]:
                click.echo(f"    {quoted(row['data'], 200)[1:-1]}")
    books = sum(row["kind"] == "bookkeeping" for row in rows)
    click.echo(f"  {plural(books, 'bookkeeping rule')} matched as well: set-up, paranoia levels, sums")
