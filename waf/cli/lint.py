"""`waf lint`: everything that is wrong in rule packs, at once, each with its line and a caret."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import click

from waf.cli.lazy import FINE, FOUND
from waf.cli.output import plural, print_json, problem_json, show_problems
from waf.errors import Problem, RuleError
from waf.rules import load_packs, pack_files
from waf.rules.lint import lint as lint_packs
from waf.rules.operators import Context
from waf.rules.spec import PackSpec

BUILTIN = ("builtin", "leak")


@click.command("lint", short_help="Find what is wrong in rule packs.")
@click.argument("paths", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
@click.option(
    "--strict", is_flag=True, help="Warnings count as problems, and what a published pack needs is asked for."
)
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Exclusions expire as on this day instead of today.",
)
def lint(paths: tuple[str, ...], as_json: bool, strict: bool, today: datetime | None) -> int:
    """Checks rule files and folders of them; without any, the shipped packs. A rule that cannot be read, has no attack
    or no benign test, or fails one, is an error; so is a `regex` that a few characters keep busy. Warnings are about what
    costs time, lacks an explanation, has expired, or makes no difference.

    With --strict also: fewer than three attack or benign tests, no note on false positives, no tag of a public
    list, exclusions without an owner or an end.
    """
    files = pack_files(paths or BUILTIN)
    packs, problems = read_packs(files)
    day = (today or datetime.now(UTC)).date()
    problems = sorted({*problems, *lint_packs(packs, perf_counter, today=day, strict=strict)})
    errors = sum(not problem.warning for problem in problems)
    warnings = len(problems) - errors
    rules = sum(len(pack.rules) for pack in packs)
    if as_json:
        print_json(
            {
                "files": len(files),
                "rules": rules,
                "errors": errors,
                "warnings": warnings,
                "problems": [problem_json(problem) for problem in problems],
            }
        )
    else:
        show_problems(problems)
        size = f"{plural(len(files), 'file')}, {plural(rules, 'rule')}"
        click.echo(f"{size}: {plural(errors, 'error')}, {plural(warnings, 'warning')}")
    return FOUND if errors or (strict and warnings) else FINE


def read_packs(files: Sequence[Path]) -> tuple[list[PackSpec], list[Problem]]:
    """The packs that can be read, and what is wrong with all others, or between them."""
    try:
        return load_packs(files, Context()), []
    except RuleError as error:
        problems = list(error.problems)
    packs: list[PackSpec] = []
    for file in files:
        try:
            packs += load_packs([file], Context())
        except RuleError:
            continue  # its problems are among those of all files together
    return packs, problems
