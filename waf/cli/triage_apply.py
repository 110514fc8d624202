"""Doing what `waf triage` proposes: entries in the file of overrides, and a rule to begin with."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from waf.cli.keys_file import day
from waf.cli.overrides_file import new_entry, whoami
from waf.cli.overrides_place import Place
from waf.cli.scaffold import FIRST_OWN_ID
from waf.cli.triage_text import proposed
from waf.overrides.entry import MAX_WHY, Entry, problems
from waf.rules import build_ruleset
from waf.rules.load import load_pack
from waf.rules.testing import run_tests
from waf.triage.actions import Proposal
from waf.triage.draft import draft
from waf.triage.tally import Tally


def apply(proposals: Sequence[Proposal], place: Place, *, seconds: int, by: str, yes: bool) -> Sequence[Entry]:
    """Asks about each, unless `yes`, and writes what is wanted in one step. What holds already is left out."""
    now, who = time.time(), whoami(by)
    holds = {(entry.action, entry.match) for entry in place.read() if entry.live(now)}
    wanted: Sequence[Entry] = []
    for proposal in proposals:
        scopes = [scope for scope in proposal.scopes if (proposal.action, scope) not in holds]
        if not scopes:
            click.echo(f"left out: {proposal.action} {proposal.match}: it holds already", err=True)
            continue
        why = f"triage: {proposal.why}"[:MAX_WHY]
        made = [
            new_entry(proposal.action, scope, proposal.limit, who=who, why=why, now=now, seconds=seconds)
            for scope in scopes
        ]
        for member, message, _ in (problem for entry in made for problem in problems(entry)):
            raise click.UsageError(f"{member} {message}")
        if yes or click.confirm(proposed(proposal), err=True):
            wanted = [*wanted, *made]
    if wanted:
        wanted = place.add(wanted)
    for entry in wanted:
        click.echo(f"{entry.id}: {entry.action} {entry.match} until {day(int(entry.until.timestamp()))} UTC", err=True)
    if not wanted:
        click.echo("nothing was changed", err=True)
    return wanted


def write_draft(tally: Tally, path: Path) -> None:
    """A rule for the largest family whose texts have something in common. Raises UsageError when there is none."""
    today = datetime.now(UTC).strftime("%Y-%m-%d")
    for family in tally.families.largest(8):
        if family.suspects and (text := draft(family, FIRST_OWN_ID, today)):
            break
    else:
        message = "no family has texts with something in common; events hold texts with `log.prompts: text`"
        raise click.UsageError(message)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    pack = load_pack(path)
    failed = [outcome for outcome in run_tests(build_ruleset(pack.rules, pack.exclusions)) if not outcome.passed]
    click.echo(f"{path}: a rule that monitors, {len(failed)} of its tests fail", err=True)
