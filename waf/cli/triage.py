"""`waf triage`: what an event log says about an incident, and what to do about it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click

from waf.cli.admin_client import AdminClient, admin_options
from waf.cli.keys_file import span
from waf.cli.lazy import FINE, FOUND, WRONG
from waf.cli.output import print_json
from waf.cli.overrides_place import Running, kept
from waf.cli.triage_apply import apply, write_draft
from waf.cli.triage_source import Files, Live, Source, Stdin
from waf.cli.triage_text import render
from waf.triage.event import Unread
from waf.triage.report import Report, report, window_of
from waf.triage.tally import Tally
from waf.triage.timeline import Window

MOST: Final = 100


@click.command("triage", short_help="What an event log says about an incident, and what to do about it.")
@click.argument("files", nargs=-1, type=click.Path(dir_okay=False, path_type=Path, allow_dash=True))
@admin_options
@click.option("--watch", is_flag=True, help="Ask again every few seconds, until Ctrl-C.")
@click.option("--last", metavar="SPAN", help="Look at the last 30m, 6h, … of the log.")
@click.option("--from", "start", metavar="TIME", help="Look at what is not before this time, 2026-11-30T07:00Z say.")
@click.option("--to", "end", metavar="TIME", help="Look at what is not after this time.")
@click.option("--everything", is_flag=True, help="Look at all of it, not only at the window of the incident.")
@click.option("--top", "most", type=click.IntRange(1, MOST), default=5, show_default=True, help="Rows of each list.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text.")
@click.option("--apply", "applies", is_flag=True, help="Ask about each proposal, and write what is wanted.")
@click.option("--yes", is_flag=True, help="With --apply: write all of them without asking.")
@click.option(
    "--for", "lasts", default="24h", show_default=True, metavar="SPAN", help="How long what is written holds."
)
@click.option("--by", default="", metavar="NAME", help="Who writes it; without it, the name of the account.")
@click.option("--draft", type=click.Path(dir_okay=False, path_type=Path),
              help="Write a rule for the largest family of texts into this new file.")  # fmt: skip
@click.option("--config", "-c", metavar="FILE", help="Configuration with `overrides`.")
@click.option("--file", "file", metavar="FILE", help="The file of overrides, over the configuration's.")
def triage(
    files: tuple[Path, ...],
    address: str | None,
    socket: str | None,
    token_file: Path | None,
    watch: bool,
    most: int,
    as_json: bool,
    applies: bool,
    yes: bool,
    lasts: str,
    by: str,
    draft: Path | None,
    config: str | None,
    file: str | None,
    **when: Any,
) -> int:
    """FILES are event logs of this firewall; `-` or nothing reads stdin. Says who sends what looks like an attack, whether it is
    one caller or many, what their payloads have in common, and what could be done, with what each step would stop and hit.

    Exit code 1 when there is something that looks like an incident, 2 when no line is an event.
    """
    if yes and not applies:
        raise click.UsageError("--yes goes with --apply")
    if applies and as_json and not yes:
        raise click.UsageError("--json cannot ask: --apply --yes")
    client, seconds = AdminClient.of(address, socket, token_file), span(lasts)
    live = Live(client) if client is not None else None
    if watch and (live is None or applies or as_json or draft):
        raise click.UsageError("--watch goes with --admin or --socket, and only shows")
    if live is not None and files:
        raise click.UsageError("either FILES, or --admin or --socket")
    # What a firewall that runs has seen is applied there, unless another place is named.
    place = (
        (Running(client) if client is not None and not (config or file) else kept(config, file)) if applies else None
    )
    source: Source = live or (Files(files) if files and files != (Path("-"),) else Stdin())
    choose = _chooser(when, twice=source.twice)
    if watch and live is not None:
        return live.watch(lambda: click.echo(render(_look(live, choose, most)[0], most)))
    found, tally = _look(source, choose, most)
    if as_json:
        print_json(found)
    else:
        click.echo(render(found, most))
    if draft is not None:
        write_draft(tally, draft)
    if place is not None:
        apply(found.proposals, place, seconds=seconds, by=by, yes=yes)
    if not found.events and found.malformed + found.too_long:
        return WRONG  # another file, or another encoding: that nothing was found in it means nothing
    return FINE if found.judgement.verdict == "quiet" else FOUND


Choose = Callable[[Tally], Window | None]


def _look(source: Source, choose: Choose, most: int) -> tuple[Report, Tally]:
    """One pass for when it happened, and one for what happened then."""
    unread = Unread()
    window = None
    if source.twice:
        first = Tally(Window(0.0, -1.0, "asked"))  # nothing is looked at closely yet
        for seen in source.events(Unread()):
            first.add(seen)
        window = choose(first)
    else:
        window = choose(Tally())
    tally = Tally(window)
    for seen in source.events(unread):
        tally.add(seen)
    return report(tally, unread, most), tally


def _chooser(when: dict[str, Any], *, twice: bool) -> Choose:
    start, end = _moment(when["start"], "--from"), _moment(when["end"], "--to")
    last = span(when["last"]) if when["last"] else None
    if sum(map(bool, (last, start is not None or end is not None, when["everything"]))) > 1:
        raise click.UsageError("one of --last, --from and --to, or --everything")
    if start is not None and end is not None and end < start:
        raise click.UsageError("--to is before --from")
    if last and not twice:
        raise click.UsageError("--last needs a file that can be read twice; --from works on stdin")
    if when["everything"]:
        return lambda tally: None
    if last:
        return lambda tally: window_of(tally.timeline, tally.last - last, None)
    return lambda tally: window_of(tally.timeline, start, end)


def _moment(text: str | None, option: str) -> float | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        example = datetime.fromtimestamp(time.time(), UTC).strftime("%Y-%m-%dT%H:%MZ")
        raise click.BadParameter(f"{text!r} is no time: write {example} (UTC)", param_hint=option) from None
