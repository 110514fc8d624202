"""`waf rules coverage`: which items of the public lists of risks have rules, as their tags say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click
import msgspec

from waf.cli.options import load_config, load_rules, policy_options
from waf.cli.output import print_json, table
from waf.rules.catalogues import CATALOGUES, Catalogue, meaning
from waf.rules.spec import RuleSpec


class Item(msgspec.Struct, frozen=True):
    """One item of a list, the rules whose tags name it, and those tags."""

    id: str
    title: str
    rules: list[int]
    tags: list[str]


class Covered(msgspec.Struct, frozen=True):
    """One list."""

    name: str
    title: str
    covered: int
    items: list[Item]


@click.command("coverage")
@click.argument("names", nargs=-1, metavar="[LIST]...")
@click.option("--gaps", is_flag=True, help="Only items without a rule.")
@policy_options
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of tables.")
def coverage(names: tuple[str, ...], gaps: bool, config: str | None, as_json: bool, **options: Any) -> None:
    """Shows for OWASP Top 10:2025, API 2023, LLM 2025 and ML 2023, AISVS 1.0 and MITRE ATLAS which items the loaded rules
    name in their tags. A LIST is named by the beginning of its short name, for instance owasp-llm or mitre.

    That a rule names an item says that it finds something of it, not that it finds all of it.
    """
    chosen = [c for c in CATALOGUES if not names or c.name.startswith(names)]
    if not chosen:
        known = ", ".join(catalogue.name for catalogue in CATALOGUES)
        raise click.BadParameter(f"there are {known}", param_hint="LIST")
    rules = load_rules(load_config(config, options).config).rules
    found = [covered(catalogue, rules) for catalogue in chosen]
    unknown = unknown_tags(rules)
    if as_json:
        print_json({"catalogues": found, "unknown_tags": unknown})
        return
    for one in found:
        _show(one, gaps)
    for tag, ids in unknown.items():
        click.echo(click.style(f"{tag} names nothing: rules {', '.join(map(str, ids))}", fg="yellow"))


def covered(catalogue: Catalogue, rules: Sequence[RuleSpec]) -> Covered:
    """Each item of a list with the rules that name it, in the order of their ids."""
    by_item: dict[str, dict[int, None]] = {}
    tags: dict[str, dict[str, None]] = {}
    for rule in sorted(rules, key=lambda rule: rule.id):
        for tag in rule.tags:
            item = catalogue.item(tag)
            if item:
                by_item.setdefault(item, {})[rule.id] = None
                tags.setdefault(item, {})[tag] = None
    items = [
        Item(item, title, list(by_item.get(item, ())), sorted(tags.get(item, ())))
        for item, title in catalogue.items.items()
    ]
    return Covered(catalogue.name, catalogue.title, len(by_item), items)


def unknown_tags(rules: Sequence[RuleSpec]) -> dict[str, list[int]]:
    """Tags that look like an item of a list and are none."""
    found: dict[str, list[int]] = {}
    for rule in rules:
        for tag in rule.tags:
            named = meaning(tag)
            if named is not None and not named[1]:
                found.setdefault(tag, []).append(rule.id)
    return found


def _show(found: Covered, gaps: bool) -> None:
    click.echo(click.style(f"{found.title}: {found.covered} of {len(found.items)}", bold=True) + f" ({found.name})")
    rows = [
        (item.id, item.title, len(item.rules) or "–", " ".join(map(str, item.rules[:4])) + " …" * (len(item.rules) > 4))
        for item in found.items
        if not (gaps and item.rules)
    ]
    if rows:
        table(["item", "title", "rules", "for instance"], rows, frozenset({"rules"}))
    click.echo()
