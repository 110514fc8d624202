"""What the commands about overrides share: which file, who, how long, and writing it."""

from __future__ import annotations

import getpass
import secrets
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar

import click

from waf.cli.keys_file import span
from waf.config import read
from waf.identity.keyfile import locked
from waf.overrides.entry import Action, Allowance, Entry, Scope, utc
from waf.overrides.file import read_entries, write_entries

F = TypeVar("F", bound=Callable[..., Any])

_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz234567"


def file_options(command: F) -> F:
    """--config and --file."""
    command = click.option("--file", "file", metavar="FILE", help="The file of overrides, over the configuration's.")(
        command
    )
    return click.option("--config", "-c", metavar="FILE", help="Configuration with `overrides`.")(command)


def file_of(config: str | None, file: str | None) -> str:
    """Raises UsageError when no file is named, ConfigError when the configuration cannot be used."""
    path = file or (read(config).config.overrides if config else "")
    if not path:
        raise click.UsageError("name the file of overrides: --config FILE with `overrides` in it, or --file FILE")
    return path


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
    ident = "".join(_ALPHABET[byte & 31] for byte in secrets.token_bytes(10))
    at = int(now)
    return Entry(
        id=ident, action=action, match=scope, limit=allowance, who=who, why=why, at=utc(at), until=utc(at + seconds)
    )


def append(path: str, entries: Iterable[Entry]) -> None:
    """Raises ConfigError, and OSError when the file cannot be written."""
    with locked(path):
        write_entries(path, [*read_entries(path, missing=True), *entries])
