"""`waf check-config`: what is wrong with a configuration and its rules, and the two documents made from its table."""

from __future__ import annotations

from pathlib import Path

import click

from waf import opinion
from waf.classify.ood.judge import load_judges
from waf.cli.lazy import FINE, FOUND
from waf.cli.options import read_models, read_rules
from waf.cli.output import plural, print_json, problem_json
from waf.config import documentation, read, schema
from waf.engine import Engine
from waf.errors import InputError, Problem
from waf.identity.gate import gate_of
from waf.overrides.file import read_entries
from waf.routes import judged


@click.command("check-config", short_help="Check a waf.yaml and the rules that it names.")
@click.argument("file", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
@click.option("--schema", "show_schema", is_flag=True, help="Print the JSON schema of waf.yaml and stop.")
@click.option("--docs", "show_docs", is_flag=True, help="Print docs/configuration.md and stop.")
def check_config(file: str | None, as_json: bool, show_schema: bool, show_docs: bool) -> int:
    """Reads FILE as `waf serve` would: references, certificates and rules included. Without FILE, checks the defaults.

    Nothing that it prints shows what a ${env:…} or ${file:…} holds.
    """
    if show_docs:
        click.echo(documentation(), nl=False)
        return FINE
    if show_schema:
        print_json(schema())
        return FINE
    problems, facts, code = _check(file)
    if as_json:
        print_json({"valid": code == FINE, **facts, "problems": [problem_json(problem) for problem in problems]})
        return code
    for problem in problems:
        click.echo(str(problem))
    if code == FINE:
        rules, routes = plural(facts["rules"], "rule"), plural(facts["routes"], "route")
        warnings = plural(len(problems), "warning")
        click.echo(f"{file or 'the default configuration'} is valid: {rules}, {routes}, {warnings}")
    return code


def _check(file: str | None) -> tuple[list[Problem], dict[str, int], int]:
    """Problems and warnings, what was loaded, and the exit code. Raises OSError for a file that cannot be opened."""
    if file is not None:
        Path(file).open("rb").close()
    problems: list[Problem] = []
    try:
        loaded = read(file)
        problems += loaded.warnings
        ruleset = read_rules(loaded.config)
        problems += ruleset.warnings
        engine = Engine(
            ruleset,
            loaded.config,
            scorer=read_models(loaded.config),
            judges=load_judges(judged(loaded.config)),
            opinion=opinion.load(ruleset, loaded.config),
        )
        if loaded.config.overrides:
            read_entries(loaded.config.overrides, missing=True)
        gate_of(loaded.config, (route.settings for route in engine.routes.routes), {}, bytes(32))
    except InputError as error:
        return [*problems, *error.problems], {}, FOUND
    return problems, {"rules": len(ruleset.rules), "routes": len(engine.routes.routes)}, FINE
