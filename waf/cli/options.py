"""Options that several commands share, and how they become a configuration and an engine."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import click

from waf import opinion
from waf.classify.load import load_scorer
from waf.classify.ood.judge import load_judges
from waf.classify.scorer import Scorer
from waf.cli.output import complain
from waf.config import Loaded, read
from waf.engine import Engine
from waf.routes import judged
from waf.rules import Ruleset, load_ruleset
from waf.settings import Config

F = TypeVar("F", bound=Callable[..., Any])

SETTINGS: Final = {
    "mode": "mode",
    "paranoia": "paranoia",
    "block_score": "block_score",
    "rules": "rules.packs",
    "scoring": "scoring",
    "crs": "crs.path",
    "crs_paranoia": "crs.paranoia",
    "upstream": "upstream.url",
    "listen": "listen",
    "admin": "admin.listen",
    "events": "log.events",
}
"""Which setting each option stands for. Values are checked where the file's are."""

_POLICY: Final = (
    click.option("--config", "-c", metavar="FILE", help="Configuration file; without one, the default policy."),
    click.option("--mode", type=click.Choice(["off", "monitor", "enforce"]), help="Mode, over the file's."),
    click.option("--paranoia", type=int, metavar="1-4", help="Paranoia level, over the file's."),
    click.option("--block-score", type=int, metavar="N", help="Score at which a request is blocked, over the file's."),
    click.option(
        "--rules", multiple=True, metavar="PATH", help="Rule file or folder, `builtin` or `leak`; repeat for several."
    ),
    click.option("--crs", metavar="DIR", help="Folder of the OWASP CRS, over the file's `crs.path`."),
    click.option("--crs-paranoia", type=int, metavar="1-4", help="The CRS's paranoia level, over the file's."),
)
_EDGE: Final = (
    click.option("--listen", "-l", metavar="HOST:PORT", help="Address of the firewall."),
    click.option("--admin", metavar="HOST:PORT", help="Address of /healthz, /readyz and /metrics; empty for none."),
    click.option("--events", metavar="PLACE", help="Where events go: stdout, stderr, none or a file."),
)


def _decorate(command: F, options: tuple[Callable[[F], F], ...]) -> F:
    for option in reversed(options):
        command = option(command)
    return command


def policy_options(command: F) -> F:
    """--config, --mode, --paranoia, --block-score and --rules: what decides about a request."""
    return _decorate(command, _POLICY)


def edge_options(command: F) -> F:
    """--listen, --admin and --events: for commands that open sockets."""
    return _decorate(command, _EDGE)


def overrides(options: Mapping[str, Any]) -> dict[str, object]:
    """The options that were given, as dotted settings."""
    given = {name: value for name, value in options.items() if value is not None and value != ()}
    return {SETTINGS[name]: value for name, value in given.items() if name in SETTINGS}


def load_config(config: str | None, options: Mapping[str, Any]) -> Loaded:
    """The configuration with options laid over it; its warnings are printed. Raises ConfigError."""
    loaded = read(config, overrides(options))
    complain(loaded.warnings)
    return loaded


def read_rules(config: Config) -> Ruleset:
    """The rules that the configuration names, as of today. Raises RuleError."""
    return load_ruleset(config.rules, today=datetime.now(UTC).date(), crs=config.crs)


def load_rules(config: Config) -> Ruleset:
    """As `read_rules`; the warnings are printed."""
    ruleset = read_rules(config)
    complain(ruleset.warnings)
    return ruleset


def offline_engine(config: str | None, options: Mapping[str, Any], *, warn: bool = True) -> Engine:
    """An engine for commands without sockets. No deadline applies, so that the same input gives the same verdict.

    `warn`: whether warnings of the configuration and the rules are printed.
    """
    loaded = (load_config(config, options) if warn else read(config, overrides(options))).config
    patient = replace(loaded, rules=replace(loaded.rules, regex_timeout=3600.0))
    ruleset = load_rules(patient) if warn else read_rules(patient)
    judges = load_judges(judged(patient))
    return Engine(ruleset, patient, scorer=read_models(patient), judges=judges, opinion=opinion.load(ruleset, patient))


def read_models(config: Config) -> Scorer | None:
    """The classifier, for use without an event loop; None when it is off. A model that fails raises ModelError."""
    return load_scorer(config.classifier, secrets.token_bytes(32), lambda error: None)
