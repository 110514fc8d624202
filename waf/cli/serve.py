"""`waf serve`: the sidecar, in the foreground. SIGTERM drains, SIGHUP reloads."""

from __future__ import annotations

from typing import Any

import click

from waf.cli.options import edge_options, overrides, policy_options
from waf.config import read
from waf.edge.run import serve as run
from waf.record import oplog
from waf.settings import Config


@click.command("serve", short_help="The sidecar: inspect requests and forward them.")
@policy_options
@click.option("--upstream", "-u", metavar="URL", help="The model server, http:// or https://.")
@edge_options
def serve(config: str | None, **options: Any) -> None:
    """Listens, inspects each request and forwards it to the model server, or refuses it. Every setting has a default:
    `waf serve --upstream http://127.0.0.1:8000` needs no file.

    SIGTERM and Ctrl-C let requests in flight end. SIGHUP, or a change of the configuration or a rule file, reloads
    both; what does not load changes nothing. One process uses one core: start more with `reuse_port: true`.
    """
    given = overrides(options)
    log = oplog.get("waf.config")

    def load() -> Config:
        loaded = read(config, given)
        oplog.configure(loaded.config.log.level)
        for warning in loaded.warnings:
            log.warning(str(warning))
        return loaded.config

    run(load, config)
