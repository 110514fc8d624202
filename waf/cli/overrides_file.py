"""What the commands about overrides share: who makes an entry, how much it allows, how long it holds."""

from __future__ import annotations

import getpass
import secrets

import click

from waf.cli.keys_file import span
from waf.overrides.entry import Action, Allowance, Entry, Scope, utc
from waf.overrides.order import new_id


def whoami(given: str) -> str:
    """Who makes an entry: what was said, else the name of the account."""
    if given:
        return given
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no such account: a container, say
        raise click.UsageError("say who you are: --by NAME") from None


def rate(text: str) -> Allowance:
    """`10/1m`. Raises BadParameter."""
    count, slash, window = text.partition("/")
    if not slash or not (count.isascii() and count.isdigit()):
        raise click.BadParameter(f"{text!r} is no rate: write 10/1m or 600/1h")
    return Allowance(int(count), float(span(window)))


def new_entry(
    action: Action, scope: Scope, allowance: Allowance | None, *, who: str, why: str, now: float, seconds: int
) -> Entry:
    at = int(now)
    return Entry(
        id=new_id(secrets.token_bytes),
        action=action,
        match=scope,
        limit=allowance,
        who=who,
        why=why,
        at=utc(at),
        until=utc(at + seconds),
    )
