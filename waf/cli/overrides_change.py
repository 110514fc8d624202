"""`waf deny|allow|limit|challenge add` and `remove`, and `waf overrides prune`."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from waf.cli.keys_file import day, span
from waf.cli.output import plural
from waf.cli.overrides_file import new_entry, rate, whoami
from waf.cli.overrides_place import place_of, place_options, unknown
from waf.overrides.entry import Action, Allowance, Entry, Scope, problems
from waf.overrides.order import UnknownIdError

_PARAMETERS = {
    "match": "",
    "match.key": "--key",
    "match.address": "--address",
    "match.model": "--model",
    "limit.requests": "--rate",
    "limit.window": "--rate",
    "until": "--for",
    "who": "--by",
    "why": "--why",
}


def _scope_options(command: Callable[..., Any]) -> Callable[..., Any]:
    options = [
        click.option("--key", default="", metavar="ID", help="Id of an API key, the 12 characters after `waf_`."),
        click.option("--subject", default="", help="Name of the caller, of its key, token or certificate."),
        click.option("--tenant", default="", help="Tenant of the caller."),
        click.option("--address", "network", default="", metavar="CIDR", help="Address or network of the client."),
        click.option("--for", "lasts", default="24h", show_default=True, metavar="SPAN", help="How long it holds."),
        click.option("--why", required=True, help="The reason, in one line, for whoever finds the entry."),
        click.option("--by", default="", metavar="NAME", help="Who says so; without it, the name of the account."),
    ]
    for option in reversed(options):
        command = option(command)
    return place_options(command)


_model = click.option("--model", default="", metavar="PATTERN", help="Model that is asked for, `gpt-*`.")


@click.command("add", short_help="Keep somebody or something out.")
@_scope_options
@_model
def add_deny(**options: Any) -> None:
    """Refuses with 403 whatever fits all that is given."""
    _add("deny", None, **options)


@click.command("add", short_help="Exempt a caller or an address.")
@_scope_options
def add_allow(**options: Any) -> None:
    """Exempts whoever fits all that is given from the other entries."""
    _add("allow", None, model="", **options)


@click.command("add", short_help="Slow somebody or something down.")
@_scope_options
@_model
@click.option("--rate", "allowed", required=True, metavar="N/SPAN", help="How much together: 10/1m, 600/1h.")
def add_limit(allowed: str, **options: Any) -> None:
    """Limits whatever fits all that is given, together."""
    _add("limit", rate(allowed), **options)


@click.command("add", short_help="Have somebody pay with work.")
@_scope_options
@_model
def add_challenge(**options: Any) -> None:
    """Asks for a proof of work with each request that fits all that is given."""
    _add("challenge", None, **options)


def _add(
    action: Action,
    allowance: Allowance | None,
    *,
    config: str | None,
    file: str | None,
    address: str | None,
    socket: str | None,
    token_file: Path | None,
    lasts: str,
    why: str,
    by: str,
    network: str,
    **scope: str,
) -> None:
    place = place_of(config, file, address, socket, token_file)
    scope["address"] = network
    entry = new_entry(action, Scope(**scope), allowance, who=whoami(by), why=why, now=time.time(), seconds=span(lasts))
    for member, message, hint in problems(entry):
        where = _PARAMETERS.get(member, f"--{member.rpartition('.')[2]}")
        text = f"{message} ({hint})" if hint else message
        raise click.BadParameter(text, param_hint=where or "--key, --subject, --tenant, --address, --model")
    (entry,) = place.add([entry])
    click.echo(f"{entry.id}: {describe(entry)} until {day(int(entry.until.timestamp()))} UTC")


def describe(entry: Entry) -> str:
    """`deny key=… address=…`, escaped: names in it may come from elsewhere."""
    allowance = f" to {entry.limit}" if entry.limit else ""
    return f"{entry.action} {entry.match}{allowance}"


def _remove(action: Action) -> click.Command:
    @click.command("remove", short_help="Take entries out again.")
    @click.argument("ids", nargs=-1, required=True)
    @place_options
    def remove(ids: tuple[str, ...], **where: Any) -> None:
        """Takes the entries with these IDS out."""
        place = place_of(**where)
        known = {entry.id for entry in place.read() if entry.action == action}
        try:
            for ident in ids:
                if ident not in known:
                    raise UnknownIdError(ident)
            place.remove(sorted(set(ids)), whoami(""))
        except UnknownIdError as error:
            raise unknown(error, action) from None
        click.echo(f"removed {plural(len(set(ids)), 'entry')}", err=True)

    return remove


remove_deny, remove_allow, remove_limit = _remove("deny"), _remove("allow"), _remove("limit")
remove_challenge = _remove("challenge")


@click.command("prune", short_help="Take out what has expired.")
@place_options
def prune(**where: Any) -> None:
    """Takes entries that have expired out. They do nothing either way."""
    place, now = place_of(**where), time.time()
    entries = place.read()
    expired = [entry.id for entry in entries if not entry.live(now)]
    if expired:
        place.remove(expired, whoami(""))
    click.echo(f"{len(expired)} expired, {len(entries) - len(expired)} kept", err=True)
