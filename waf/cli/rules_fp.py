"""`waf rules fp`: how often rules match what they should not."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click
import msgspec

from waf.cli import baseline
from waf.cli.corpus import Shape, corpus
from waf.cli.lazy import FINE, FOUND, WRONG
from waf.cli.options import offline_engine, policy_options
from waf.cli.output import print_json, table
from waf.cli.scan import inspect
from waf.engine import Engine
from waf.errors import InputError, Problem
from waf.model import Match

EXAMPLES: Final = 5


class Count(msgspec.Struct):
    """One rule over a corpus. `lines` are the first few that it matched."""

    rule: int
    name: str
    matched: int = 0
    alone: int = 0
    """Requests that are blocked because of this rule alone: without it they would not be."""
    lines: list[int] = []


class Report(msgspec.Struct):
    requests: int = 0
    matched: int = 0
    blocked: int = 0
    refused: int = 0
    """Requests that the parser refuses, in every mode; no rule sees them."""
    rules: list[Count] = []


@click.command("fp")
@click.option("--corpus", "path", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Texts or requests, one JSON value a line.")  # fmt: skip
@click.option("--as", "shape", type=click.Choice(["generic", "chat"]), default="generic", show_default=True,
              help="What a bare text becomes: a generic JSON body (web input and prompt), or a chat message.")  # fmt: skip
@click.option("--max-blocked", type=click.FloatRange(0, 1), help="Exit 1 when a greater share is blocked.")
@click.option("--baseline", "known", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
              help="Exit 1 when a rule matches, or all of them block, more than this file says.")  # fmt: skip
@click.option("--write-baseline", "kept", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Write what was counted into this file.")  # fmt: skip
@policy_options
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
def fp(
    path: Path,
    shape: Shape,
    max_blocked: float | None,
    known: Path | None,
    kept: Path | None,
    config: str | None,
    as_json: bool,
    **options: Any,
) -> int:
    """Runs a corpus of benign texts or requests, one JSON value a line, and counts for each rule the share that it matches.

    Rules above the configured paranoia level are not counted; --paranoia 4 counts them all.
    """
    before = baseline.read(known) if known is not None else None
    engine = offline_engine(config, options)
    report = measure(engine, path, shape)
    if not report.requests:
        click.echo(f"waf: error: {path} holds no requests", err=True)
        return WRONG
    now = _baseline(report, engine, path, shape)
    if before is not None and (reasons := baseline.incomparable(before, now)):
        raise InputError([Problem(str(known), 0, 0, f"this baseline is of {', '.join(reasons)}", "write a new one")])
    worse = baseline.regressions(before, now, {count.rule: count.name for count in report.rules}) if before else []
    if as_json:
        print_json({**msgspec.to_builtins(report), **({"regressions": worse} if before else {})})
    else:
        _show(report)
        _show_worse(worse, before is not None)
    if kept is not None:
        baseline.write(kept, now)
    too_many = max_blocked is not None and report.blocked / report.requests > max_blocked
    return FOUND if worse or too_many else FINE


def _baseline(report: Report, engine: Engine, path: Path, shape: Shape) -> baseline.Baseline:
    policy = engine.config
    return baseline.Baseline(
        corpus=baseline.digest(path),
        shape=shape,
        paranoia=policy.paranoia,
        block_score=policy.block_score,
        requests=report.requests,
        blocked=report.blocked,
        refused=report.refused,
        rules={str(count.rule): count.matched for count in report.rules},
    )


def _show_worse(worse: list[baseline.Regression], compared: bool) -> None:
    for found in worse:
        what = f"rule {found.rule} {found.what}" if found.rule else found.what
        click.echo(click.style(f"worse than the baseline: {what}: {found.before} before, {found.now} now", fg="red"))
    if compared and not worse:
        click.echo("nothing is worse than the baseline")


def measure(engine: Engine, path: Path, shape: Shape) -> Report:
    """Counts over a corpus, rules with the most matches first. Raises InputError for a line that is no request."""
    report = Report()
    counts: dict[int, Count] = {}
    for line, request in corpus(path, shape):
        verdict = inspect(engine, request)
        decision = verdict.decision
        report.requests += 1
        report.refused += verdict.refusal is not None
        report.blocked += decision.would_block
        report.matched += bool(decision.matches)
        for match in decision.matches:
            count = counts.setdefault(match.rule, Count(match.rule, match.name))
            count.matched += 1
            count.alone += decision.would_block and _decides(match, decision.score, verdict.route.policy.block_score)
            if len(count.lines) < EXAMPLES:
                count.lines.append(line)
    report.rules = sorted(counts.values(), key=lambda count: (-count.matched, count.rule))
    return report


def _decides(match: Match, score: int, limit: int) -> bool:
    return match.action == "block" or score - match.score < limit


def _show(report: Report) -> None:
    def share(count: int) -> str:
        return f"{100 * count / report.requests:.2f}%"

    headers = ["rule", "name", "matched", "share", "blocks by itself", "lines"]
    rows = [(c.rule, c.name, c.matched, share(c.matched), c.alone, ", ".join(map(str, c.lines))) for c in report.rules]
    if rows:
        table(headers, rows, frozenset({"rule", "matched", "share", "blocks by itself"}))
    click.echo(
        f"{report.requests} requests: {report.matched} matched ({share(report.matched)}), "
        f"{report.blocked} blocked ({share(report.blocked)}), {report.refused} of them refused as unreadable"
    )
