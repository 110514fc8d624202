"""`waf keys add`, `rotate` and `revoke`. A key goes to stdout alone, what else there is to say to stderr."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence

import click
import msgspec

from waf.cli.keys_file import chosen, day, needed, place, place_options, span
from waf.cli.output import plural
from waf.identity.keys import LIVE, MODEL, NAME, KeyRecord, digest, mint


@click.command("add", short_help="Make a key. It is shown this once.")
@click.argument("name")
@place_options
@click.option("--subject", default="", help="What the caller is called; without it, NAME.")
@click.option("--tenant", default="", help="The tenant it belongs to.")
@click.option("--role", "roles", multiple=True, help="A role; repeat for several.")
@click.option("--scope", "scopes", multiple=True, help="A scope; repeat for several.")
@click.option("--model", "models", multiple=True, help="Pattern of models it may ask for, `gpt-*`; repeat for several.")
@click.option("--expires", default="", metavar="SPAN", help="How long it is good, 90d say; without it, for ever.")
def add(
    name: str,
    config: str | None,
    file: str | None,
    redis: str | None,
    subject: str,
    tenant: str,
    roles: tuple[str, ...],
    scopes: tuple[str, ...],
    models: tuple[str, ...],
    expires: str,
) -> None:
    """Makes a key for NAME and shows it on stdout. Only its hash is kept, so nobody can show it again."""
    for word in (name, *filter(None, (subject, tenant)), *roles, *scopes):
        if not NAME.fullmatch(word):
            raise click.BadParameter(f"{word!r} is no name: letters, digits and _ . @ : / -, at most 128")
    for word in models:
        if not MODEL.fullmatch(word):
            raise click.BadParameter(f"{word!r} is no pattern of model names")
    where, now = place(config, file, redis), int(time.time())
    pepper = needed(where.pepper)
    ident, key = mint(secrets.token_bytes(44))
    record = KeyRecord(
        id=ident,
        name=name,
        hash=digest(key, pepper),
        subject=subject,
        tenant=tenant,
        roles=roles,
        scopes=scopes,
        models=models,
        created=now,
        expires=now + span(expires) if expires else 0,
    )
    with where.keys.changing() as keys:
        records = keys.records
        if any(other.name == name and other.live(now) for other in records):
            raise click.UsageError(f"{name} has a live key; `waf keys rotate {name}` makes its successor")
        keys.write((*records, record))
    _show(record, key)


@click.command("rotate", short_help="Make the successor of a key; the old one stays good for a while.")
@click.argument("name")
@place_options
@click.option("--overlap", default="24h", show_default=True, metavar="SPAN", help="How long the old key stays good.")
@click.option("--expires", default="", metavar="SPAN", help="How long the new one is good; without it, for ever.")
def rotate(name: str, config: str | None, file: str | None, redis: str | None, overlap: str, expires: str) -> None:
    """Makes a new key with everything that NAME's key has, and lets the old one expire."""
    where, now = place(config, file, redis), int(time.time())
    pepper = needed(where.pepper)
    until = now + span(overlap)
    ident, key = mint(secrets.token_bytes(44))
    with where.keys.changing() as keys:
        records = keys.records
        group = chosen(records, name)[-1].name
        live = [record for record in records if record.name == group and record.live(now)]
        if not live:
            raise click.UsageError(f"{name} has no live key; `waf keys add` makes one")
        if len(live) >= LIVE:
            raise click.UsageError(f"{live[0].name} has {LIVE} live keys; revoke {live[0].id} first")
        old = live[0]
        fresh = msgspec.structs.replace(
            old, id=ident, hash=digest(key, pepper), created=now, expires=now + span(expires) if expires else 0
        )
        ending = msgspec.structs.replace(old, expires=min(old.expires or until, until))
        keys.write([*(ending if record is old else record for record in records), fresh])
    _show(fresh, key)
    click.echo(f"{old.id}: good until {day(ending.expires)} UTC", err=True)


@click.command("revoke", short_help="End a key, or every key of a name, at once.")
@click.argument("name")
@place_options
def revoke(name: str, config: str | None, file: str | None, redis: str | None) -> None:
    """Ends the key with the id NAME, or every key of that name. A firewall that runs takes it in within a second or two."""
    where, now = place(config, file, redis), int(time.time())
    with where.keys.changing() as keys:
        records: Sequence[KeyRecord] = keys.records
        ended = {record.id for record in chosen(records, name) if not record.revoked}
        keys.write([msgspec.structs.replace(r, revoked=now) if r.id in ended else r for r in records])
    click.echo(f"revoked {plural(len(ended), 'key')}", err=True)


def _show(record: KeyRecord, key: str) -> None:
    until = f"good until {day(record.expires)} UTC" if record.expires else "does not expire"
    click.echo(f"{record.id}: {record.name}, {until}. The key is shown this once:", err=True)
    click.echo(key)
