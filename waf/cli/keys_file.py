"""What the commands of `waf keys` share: which file, which pepper, which keys."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

import click

from waf.config import read
from waf.config.texts import MIN_SECRET
from waf.identity.keyfile import read_keys
from waf.identity.keys import KeyRecord

PEPPER: Final = "WAF_KEY_PEPPER"
F = TypeVar("F", bound=Callable[..., Any])

_SPAN: Final = re.compile(r"([1-9][0-9]{0,5}|0)([smhdw])", re.ASCII)
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


class Place(NamedTuple):
    path: str
    pepper: str
    """Empty when it is not known."""


def place_options(command: F) -> F:
    """--config and --file."""
    command = click.option("--file", "file", metavar="FILE", help="The file of keys, over the configuration's.")(
        command
    )
    return click.option("--config", "-c", metavar="FILE", help="Configuration with `identity.keys`.")(command)


def place(config: str | None, file: str | None) -> Place:
    """Raises UsageError when no file is named, ConfigError when the configuration cannot be used."""
    keys = read(config).config.identity.keys if config else None
    path = file or (keys.file if keys else "")
    if not path:
        raise click.UsageError("name the file of keys: --config FILE with identity.keys.file in it, or --file FILE")
    return Place(path, (keys.pepper if keys else "") or os.environ.get(PEPPER, ""))


def needed(pepper: str) -> str:
    """The pepper. Raises UsageError when there is none."""
    if len(pepper.encode("utf-8", "surrogateescape")) < MIN_SECRET:
        raise click.UsageError(f"{PEPPER} must hold the pepper, at least {MIN_SECRET} bytes (or use --config)")
    return pepper


def existing(path: str) -> tuple[KeyRecord, ...]:
    """The keys in the file; none when there is no file yet. Raises ConfigError."""
    return read_keys(path) if Path(path).exists() else ()


def chosen(records: Sequence[KeyRecord], name: str) -> list[KeyRecord]:
    """The keys of that name, or the one with that id. Raises UsageError when there is none."""
    found = [record for record in records if name in (record.name, record.id)]
    if not found:
        raise click.UsageError(f"there is no key with the name or id {name!r}")
    return found


def span(text: str) -> int:
    """`90d` in seconds. Raises BadParameter."""
    match = _SPAN.fullmatch(text)
    if match is None:
        raise click.BadParameter(f"{text!r} is no span of time: write 30m, 12h, 90d or 52w")
    return int(match[1]) * _SECONDS[match[2]]


def day(seconds: int) -> str:
    """For people; `-` for no time."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M") if seconds else "-"
