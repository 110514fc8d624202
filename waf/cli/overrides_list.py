"""`waf deny|allow|limit|challenge list` and `waf overrides list`."""

from __future__ import annotations

import time

import click
import msgspec

from waf.cli.keys_file import day
from waf.cli.output import print_json, table
from waf.cli.overrides_file import file_of, file_options
from waf.overrides.file import read_entries


def _list(action: str) -> click.Command:
    @click.command("list", short_help="For whom, by whom, why and until when.")
    @file_options
    @click.option("--json", "as_json", is_flag=True, help="One JSON list instead of a table.")
    def show(config: str | None, file: str | None, as_json: bool) -> None:
        """Lists the entries of the file; one that has expired does nothing any more."""
        now = time.time()
        entries = [e for e in read_entries(file_of(config, file), missing=True) if action in ("", e.action)]
        if as_json:
            print_json([{**msgspec.to_builtins(e), "state": "live" if e.live(now) else "expired"} for e in entries])
            return
        headers = ("id", "action", "for", "limit", "state", "until", "who", "why")
        rows = [
            (
                entry.id,
                entry.action,
                str(entry.match),
                str(entry.limit or "-"),
                "live" if entry.live(now) else "expired",
                day(int(entry.until.timestamp())),
                entry.who,
                entry.why,
            )
            for entry in entries
        ]
        table(headers, rows)

    return show


list_deny, list_allow, list_limit = _list("deny"), _list("allow"), _list("limit")
list_challenge, list_all = _list("challenge"), _list("")
