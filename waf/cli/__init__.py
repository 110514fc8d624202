"""The command `waf`: one file per command, each imported only when it is run.

Exit codes: 0 fine, 1 problems found, 2 wrong usage or input that is unreadable as a whole.
"""

from __future__ import annotations

import click

from waf.cli.lazy import Cli, Entry

__all__ = ["main"]

COMMANDS = {
    "demo": Entry(
        "waf.cli.demo", "demo", "A small model server with the firewall before it; needs nothing.", one_core=True
    ),
    "serve": Entry(
        "waf.cli.serve", "serve", "The sidecar: inspect requests and forward them to a model server.", one_core=True
    ),
    "scan": Entry(
        "waf.cli.scan", "scan", "Decide about requests offline: JSON lines in, JSON lines out.", one_core=True
    ),
    "explain": Entry("waf.cli.explain", "explain", "Show why one request is blocked, tagged or allowed."),
    "keys": Entry("waf.cli.keys", "keys", "Make, list, rotate and revoke API keys."),
    "triage": Entry("waf.cli.triage", "triage", "What an event log says about an incident, and what to do about it."),
    "deny": Entry("waf.cli.overrides", "deny", "Keep a caller, an address or a model out for a while."),
    "allow": Entry("waf.cli.overrides", "allow", "Exempt a caller or an address from the other entries."),
    "limit": Entry("waf.cli.overrides", "limit", "Slow a caller, an address or a model down for a while."),
    "challenge": Entry(
        "waf.cli.overrides", "challenge", "Have a caller, an address or a model pay with work for a while."
    ),
    "overrides": Entry("waf.cli.overrides", "overrides", "The file of exceptions as a whole: list, prune, schema."),
    "check-config": Entry("waf.cli.check_config", "check_config", "Check a waf.yaml and the rules that it names."),
    "lint": Entry("waf.cli.lint", "lint", "Find what is wrong in rule packs."),
    "test": Entry("waf.cli.test", "test", "Run the tests that stand beside the rules."),
    "replay": Entry("waf.cli.replay", "replay", "Recorded traffic through changed rules: what changes, and why."),
    "rules": Entry("waf.cli.rules", "rules", "List rules, count false positives, measure costs, print the schema."),
    "train": Entry("waf.cli.train", "train", "Rebuild the classifier's models from the corpus."),
    "fit-scoring": Entry("waf.cli.fit_scoring", "fit_scoring", "Fit learned scoring to recorded traffic."),
    "eval": Entry("waf.cli.eval", "evaluate", "Measure the classifier on labelled texts."),
    "calibrate": Entry("waf.cli.calibrate", "calibrate", "Learn what a route's usual inputs look like."),
    "bench": Entry("waf.cli.bench", "bench", "Measure what the firewall costs on this machine."),
}


@click.command(
    cls=Cli, entries=COMMANDS, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.version_option(package_name="mlwaf", prog_name="waf")
def main() -> None:
    """A web application firewall for machine-learning endpoints.

    \b
    waf demo                                      try it, without a file or a network
    waf serve --upstream http://127.0.0.1:8000    protect a model server
    waf explain 'curl …'                          why is this blocked?
    """
