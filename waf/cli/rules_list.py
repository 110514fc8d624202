"""`waf rules list`."""

from __future__ import annotations

from typing import Any

import click

from waf.cli.options import load_config, load_rules, policy_options
from waf.cli.output import plural, print_json, table
from waf.model import SCORES
from waf.rules.spec import RuleSpec, selects


@click.command("list")
@click.argument("selectors", nargs=-1)
@policy_options
@click.option("--json", "as_json", is_flag=True, help="One JSON array instead of a table.")
def list_rules(selectors: tuple[str, ...], config: str | None, as_json: bool, **options: Any) -> None:
    """The rules that are loaded, or of those the ones that a selector means: an id, tag:NAME or pack:NAME."""
    ruleset = load_rules(load_config(config, options).config)
    chosen = [rule for rule in ruleset.rules if not selectors or selects(selectors, rule)]
    if as_json:
        print_json([_json(rule) for rule in chosen])
        return
    headers = ["id", "name", "pack", "severity", "paranoia", "phase", "title"]
    rows = [(r.id, r.name, r.pack, r.severity.value, r.paranoia, r.phase, r.title) for r in chosen]
    table(headers, rows, frozenset({"id", "paranoia"}))
    click.echo(plural(len(chosen), "rule"))


def _json(rule: RuleSpec) -> dict[str, Any]:
    return {
        "id": rule.id,
        "name": rule.name,
        "title": rule.title,
        "pack": rule.pack,
        "severity": rule.severity,
        "score": SCORES[rule.severity],
        "paranoia": rule.paranoia,
        "confidence": rule.confidence,
        "maturity": rule.maturity,
        "phase": rule.phase,
        "action": rule.action,
        "mode": rule.mode,
        "tags": rule.tags,
        "references": rule.references,
        "false_positives": rule.false_positives,
        "file": rule.place.file,
        "line": rule.place.line,
    }
