"""`waf rules`: what is loaded, what it costs, how often it is wrong, and the schema of a rule file."""

from __future__ import annotations

import click

from waf.cli.lazy import Entry, LazyGroup

COMMANDS = {
    "list": Entry("waf.cli.rules_list", "list_rules", "The rules that are loaded, or those that a selector means."),
    "fp": Entry("waf.cli.rules_fp", "fp", "How often each rule matches in a corpus of benign texts or requests."),
    "bench": Entry("waf.cli.rules_bench", "bench", "What each rule costs, in microseconds a text."),
    "coverage": Entry("waf.cli.rules_coverage", "coverage", "Which items of OWASP, AISVS and ATLAS have rules."),
    "new": Entry("waf.cli.rules_new", "new", "A new rule with tests, to fill in."),
    "convert": Entry("waf.cli.rules_convert", "convert", "ModSecurity's SecLang to our YAML."),
    "schema": Entry("waf.cli.rules_schema", "print_schema", "The JSON schema of rule files, for editors."),
    "docs": Entry("waf.cli.rules_docs", "docs", "A page about every rule, or one for each, in Markdown."),
}


@click.command(cls=LazyGroup, entries=COMMANDS, short_help="Work with rule packs.")
def rules() -> None:
    """Lists rules, counts false positives, measures costs, begins new ones, prints the schema and the documentation."""
