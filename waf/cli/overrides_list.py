"""`waf deny|allow|limit|challenge list` and `waf overrides list`."""

from __future__ import annotations

import time
from typing import Any

import click
import msgspec

from waf.cli.keys_file import day
from waf.cli.output import print_json, table
from waf.cli.overrides_place import place_of, place_options


def _list(action: str) -> click.Command:
    @click.command("list", short_help="For whom, by whom, why and until when.")
    @place_options
    @click.option("--json", "as_json", is_flag=True, help="One JSON list instead of a table.")
    def show(as_json: bool, **where: Any) -> None:
        """Lists the entries there are; one that has expired does nothing any more."""
        now = time.time()
        entries = [e for e in place_of(**where).read() if action in ("", e.action)]
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
