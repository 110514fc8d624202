"""`waf keys list`."""

from __future__ import annotations

import time

import click
import msgspec

from waf.cli.keys_file import day, place, place_options
from waf.cli.output import print_json, table
from waf.identity.keys import KeyRecord


@click.command("list", short_help="The keys there are: who they are for, and until when.")
@place_options
@click.option("--json", "as_json", is_flag=True, help="One JSON list instead of a table.")
def list_keys(config: str | None, file: str | None, redis: str | None, as_json: bool) -> None:
    """Lists the keys without their hashes."""
    now = time.time()
    keys = place(config, file, redis).keys
    if keys.missing:
        raise click.UsageError(f"{keys.missing}: no such file; waf keys add makes it")
    records = keys.records
    if as_json:
        print_json([{**_plain(record), "state": _state(record, now)} for record in records])
        return
    headers = ("id", "name", "state", "subject", "tenant", "roles", "models", "created", "expires")
    rows = [
        (
            record.id,
            record.name,
            _state(record, now),
            record.subject or record.name,
            record.tenant or "-",
            ",".join(record.roles) or "-",
            ",".join(record.models) or "-",
            day(record.created),
            day(record.expires),
        )
        for record in records
    ]
    table(headers, rows)


def _plain(record: KeyRecord) -> dict[str, object]:
    members: dict[str, object] = msgspec.to_builtins(record)
    return {name: value for name, value in members.items() if name != "hash"}


def _state(record: KeyRecord, now: float) -> str:
    if record.revoked:
        return "revoked"
    return "live" if record.live(now) else "expired"
