"""`waf test`: runs the tests that stand beside the rules, through the same program that traffic goes through."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from waf.cli.diagnosis import as_json as as_json_of
from waf.cli.diagnosis import diff, finding_of
from waf.cli.lazy import FINE, FOUND
from waf.cli.lint import BUILTIN
from waf.cli.output import plural, print_json
from waf.rules import build_ruleset, load_packs, pack_files
from waf.rules.operators import Context
from waf.rules.ruleset import SHIPPED
from waf.rules.spec import RuleSpec
from waf.rules.testing import Outcome, run_tests
from waf.shipped import path as shipped_path


@click.command("test", short_help="Run the tests inside the rules.")
@click.argument("paths", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
@click.option("--verbose", "-v", is_flag=True, help="Show rules, or files, that pass, too.")
@click.option("--watch", "-w", "again", is_flag=True, help="Run again whenever a rule file changes, until Ctrl-C.")
@click.option("--ftw", "suite", metavar="DIR", help="Run tests in the CRS's format (go-ftw YAML) instead.")
@click.option("--crs", type=click.Path(exists=True), metavar="DIR", help="With --ftw: the CRS to test.")
@click.option("--overrides", metavar="FILE", help="With --ftw: where this platform differs, and why.")
@click.option("--http", is_flag=True, help="With --ftw: over HTTP, through a `waf serve` that is started for it.")
@click.option("--url", metavar="URL", help="With --ftw: over HTTP, through the firewall at this address.")
@click.option("--events", metavar="FILE", help="With --url: the file that this firewall's events go to.")
@click.option("--backend", type=click.IntRange(0, 65535), metavar="PORT", help="With --url: start its upstream there.")
def test(paths: tuple[str, ...], as_json: bool, verbose: bool, again: bool, suite: str | None, **ftw: Any) -> int:
    """Runs every attack and benign example of the rules in files or folders; without any, of the shipped packs. Of a test
    that fails each condition is shown: the values it saw, what the transforms made of them, and how near it came.

    With --ftw: sends the requests of the CRS's regression tests through the CRS of --crs, or through these rules, and
    compares what is logged with what they expect. In process, unless --http or --url is given.
    """
    if suite is not None:
        from waf.cli.ftw import Options, run_suite

        if again:
            raise click.UsageError("--watch does not go with --ftw")
        return run_suite(Options(suite, paths, as_json=as_json, verbose=verbose, **ftw))
    if stray := [name for name, value in ftw.items() if value]:
        raise click.UsageError(f"--{stray[0]} goes with --ftw")
    given = paths or BUILTIN

    def once() -> int:
        return _run(given, as_json, verbose)

    if again:
        from waf.cli.watch import rerun

        watched = [shipped_path("rules") if path in SHIPPED else Path(path) for path in given]
        return rerun(once, list(dict.fromkeys(watched)))
    return once()


def _run(paths: tuple[str, ...], as_json: bool, verbose: bool) -> int:
    packs = load_packs(pack_files(paths), Context())
    rules = [rule for pack in packs for rule in pack.rules]
    outcomes = run_tests(build_ruleset(rules), rules)
    if as_json:
        print_json(_summary(rules, outcomes))
    else:
        _show(rules, outcomes, verbose)
    return FINE if outcomes and all(outcome.passed for outcome in outcomes) else FOUND


def _by_rule(rules: list[RuleSpec], outcomes: list[Outcome]) -> list[tuple[RuleSpec, list[Outcome]]]:
    found: dict[int, list[Outcome]] = {rule.id: [] for rule in rules}
    for outcome in outcomes:
        found[outcome.rule.id].append(outcome)
    return [(rule, found[rule.id]) for rule in rules]


def _summary(rules: list[RuleSpec], outcomes: list[Outcome]) -> dict[str, Any]:
    return {
        "passed": sum(o.passed for o in outcomes),
        "failed": sum(not o.passed for o in outcomes),
        "untested": sum(not own for _, own in _by_rule(rules, outcomes)),
        "rules": [
            {
                "id": rule.id,
                "name": rule.name,
                "passed": sum(o.passed for o in own),
                "failed": sum(not o.passed for o in own),
                "failures": [_failure(o) for o in own if not o.passed],
            }
            for rule, own in _by_rule(rules, outcomes)
        ],
    }


def _failure(outcome: Outcome) -> dict[str, Any]:
    place = outcome.fixture.place
    kind = "attack" if outcome.fixture.attack else "benign"
    finding = finding_of(outcome)
    return {
        "test": outcome.number,
        "kind": kind,
        "file": place.file,
        "line": place.line,
        "detail": outcome.detail,
        "condition": as_json_of(finding) if finding is not None else None,
    }


def _show(rules: list[RuleSpec], outcomes: list[Outcome], verbose: bool) -> None:
    failed_rules = untested = 0
    for rule, own in _by_rule(rules, outcomes):
        failures = [outcome for outcome in own if not outcome.passed]
        failed_rules += bool(failures)
        untested += not own
        if failures or verbose or not own:
            state = "FAIL" if failures else "pass" if own else "untested"
            count = f" {len(own) - len(failures)} of {len(own)}" if own else ""
            color = "red" if failures else "green" if own else "yellow"
            click.echo(click.style(f"{state} {rule.id} {rule.name}{count}", fg=color))
        for outcome in failures:
            place = outcome.fixture.place
            kind = "attack" if outcome.fixture.attack else "benign"
            click.echo(f"  {place.file}:{place.line}:{place.column}: {kind} test {outcome.number}: {outcome.detail}")
            for line in diff(outcome):
                click.echo(f"    {line}")
    passed = sum(outcome.passed for outcome in outcomes)
    click.echo(
        f"{plural(len(rules), 'rule')}, {plural(len(outcomes), 'test')}: {passed} passed, {len(outcomes) - passed} failed"
        f" in {plural(failed_rules, 'rule')}" + (f"; {plural(untested, 'rule')} without a test" if untested else "")
    )
