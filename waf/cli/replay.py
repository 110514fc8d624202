"""`waf replay`: recorded traffic through changed rules. Which verdicts change, and which rules are why."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, Final

import click
import msgspec

from waf.cli.lazy import FINE, FOUND, WRONG
from waf.cli.options import offline_engine, policy_options
from waf.cli.output import plural, print_json, quoted
from waf.cli.recordings import Partial, Recorded, recordings
from waf.cli.replay_compare import KINDS, Change, Comparison, Difference, Kind

SHOWN: Final = 50
KEPT: Final = 10_000
"""Changes kept of one run; the counts are of all."""
ERRORS: Final = 5


class Report(msgspec.Struct):
    """What came of a run. `partial`: events, of which only parts can be replayed."""

    requests: int = 0
    partial: int = 0
    missing: int = 0
    """Values in events of which there is only a hash."""
    unreadable: int = 0
    errors: list[str] = []
    counts: dict[Kind, int] = {}
    gone: dict[int, int] = {}
    """By rule: events that it matched when they were written, and that the new rules can no longer say anything about."""
    changes: list[Change] = []


@click.command("replay", short_help="Recorded traffic through changed rules: which verdicts change, and why.")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--against", multiple=True, metavar="PATH",
              help="The old rules; without it, those of the configuration, or the shipped ones.")  # fmt: skip
@click.option("--against-config", metavar="FILE",
              help="The old configuration, CRS and all; without it, the same one.")  # fmt: skip
@policy_options
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text.")
@click.option("--all", "everything", is_flag=True, help="Every change, however many.")
def replay(
    files: tuple[Path, ...],
    against: tuple[str, ...],
    against_config: str | None,
    config: str | None,
    as_json: bool,
    everything: bool,
    **options: Any,
) -> int:
    """FILES are HAR files, or lines of JSON: access logs with headers and bodies, records as `waf scan` reads them, or
    events of this firewall. --rules names the new rules, or --against-config the old configuration. Nothing is sent anywhere.

    Events hold no bodies, headers or query strings, and matched values only as hashes unless `log.prompts: text` is set: of
    them the path and whole matched texts are replayed, and what is missing is counted. Exits with 1 when an action
    changes.
    """
    if not options["rules"] and against_config is None:
        raise click.UsageError(
            "--rules names the new rules, for instance --rules builtin --rules my-rules/, or --against-config the old file"
        )
    new = offline_engine(config, options)
    before = {**options, "rules": against}
    if against_config is not None:
        before |= {"crs": None, "crs_paranoia": None}
    old = offline_engine(against_config or config, before, warn=False)
    report = run(Comparison(old, new), files)
    if not report.requests:
        for error in report.errors:
            click.echo(error, err=True)
        click.echo("waf: error: nothing in there can be replayed", err=True)
        return WRONG
    if as_json:
        print_json(report)
    else:
        _show(report, None if everything else SHOWN)
    return FOUND if sum(report.counts.get(kind, 0) for kind in ("blocked", "released", "action")) else FINE


def run(comparison: Comparison, files: tuple[Path, ...]) -> Report:
    """Replays files one after the other. Raises InputError for one that is no recording at all."""
    report = Report()
    counts: Counter[Kind] = Counter()
    gone: Counter[int] = Counter()
    for file in files:
        for recorded in recordings(file):
            if recorded.item is None:
                report.unreadable += 1
                _note(report, file, recorded)
                continue
            report.requests += 1
            if isinstance(recorded.item, Partial):
                report.partial += 1
                report.missing += recorded.item.missing
                gone.update(comparison.gone(recorded.item))
            change = comparison.compare(recorded)
            if change is not None:
                counts[change.kind] += 1
                if len(report.changes) < KEPT:
                    report.changes.append(change)
    report.counts = {kind: counts[kind] for kind in KINDS}
    report.gone = dict(gone.most_common())
    return report


def _note(report: Report, file: Path, recorded: Recorded) -> None:
    if len(report.errors) < ERRORS:
        report.errors.append(f"{file}:{recorded.number}: cannot be replayed: {quoted(recorded.error, 200)[1:-1]}")


def _show(report: Report, most: int | None) -> None:
    changes = sorted(report.changes, key=lambda change: list(KINDS).index(change.kind))
    for change in changes[:most]:
        _show_change(change)
    if most is not None and len(changes) > most:
        click.echo(f"… and {len(changes) - most} more (--all shows them)\n")
    for error in report.errors:
        click.echo(error)
    if report.unreadable > len(report.errors):
        click.echo(f"… and {report.unreadable - len(report.errors)} more that cannot be replayed")
    if report.partial:
        _show_partial(report)
    same = report.requests - sum(report.counts.values())
    click.echo(f"{plural(report.requests, 'request')}: {same} as before")
    for kind, count in report.counts.items():
        if count:
            click.echo(click.style(f"  {count} {KINDS[kind]}", fg=_COLOURS[kind]))


_COLOURS: Final[dict[Kind, str]] = {"blocked": "red", "released": "green", "action": "yellow", "rules": "cyan"}


def _show_change(change: Change) -> None:
    def side(verdict: Any) -> str:
        would = " (would block)" if verdict.would_block and verdict.action != "block" else ""
        return f"{verdict.action}{would} {verdict.score}"

    head = f"{change.number}: {quoted(change.method, 20)[1:-1]} {quoted(change.path, 120)[1:-1]}"
    verdicts = f"{side(change.old)} → {side(change.new)}" + (" (parts only)" if change.partial else "")
    click.echo(f"{head}: {click.style(verdicts, fg=_COLOURS[change.kind])}")
    for rule in change.rules:
        name = f"{rule.rule} of the CRS ({quoted(rule.name, 80)[1:-1]})" if rule.crs else f"{rule.rule} {rule.name}"
        click.echo(f"  {_sign(rule)} rule {name} {rule.change}, {rule.why}{_where(rule)}")
    click.echo()


def _sign(rule: Difference) -> str:
    return {"matches now": "+", "no longer matches": "-"}.get(rule.change, "~")


def _where(rule: Difference) -> str:
    points = f" (+{rule.score})" if rule.score and rule.change == "matches now" else ""
    return points + (f", at {quoted(rule.origin, 100)[1:-1]}" if rule.origin else "")


def _show_partial(report: Report) -> None:
    hidden = plural(report.missing, "matched value")
    click.echo(
        f"{plural(report.partial, 'event')} among them. An event has no body, headers or query: its path and whole matched\n"
        f"texts were replayed, and {hidden} are not there as text (log.prompts: text keeps 512\n"
        "characters). What the new rules would find elsewhere in those requests is not known."
    )
    for rule, count in report.gone.items():
        click.echo(f"  rule {rule} matched {plural(count, 'event')} then and is not among the new rules")
