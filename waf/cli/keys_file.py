"""What the commands of `waf keys` share: which file, which pepper, which keys."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol, TypeVar

import click

from waf.config import read
from waf.config.texts import CHECKS, MIN_SECRET
from waf.identity.keyfile import encode_keys, locked, parse_keys, read_keys, write_keys
from waf.identity.keys import KeyRecord
from waf.usage import Redis

PEPPER: Final = "WAF_KEY_PEPPER"
LONGEST: Final = 36_525 * 86_400
"""Seconds. Dates have four digits for their year."""
F = TypeVar("F", bound=Callable[..., Any])

_SPAN: Final = re.compile(r"([1-9][0-9]{0,5}|0)([smhdw])", re.ASCII)
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


class Change(Protocol):
    """The keys as they are, and the way to replace them while nobody else does."""

    @property
    def records(self) -> tuple[KeyRecord, ...]: ...

    def write(self, records: Sequence[KeyRecord]) -> None: ...


class KeyFile:
    """Keys in a file."""

    def __init__(self, path: str) -> None:
        self._path = path

    @property
    def missing(self) -> str:
        """Its name, when there is no file yet; else nothing."""
        return "" if Path(self._path).exists() else self._path

    @property
    def records(self) -> tuple[KeyRecord, ...]:
        """None when there is no file yet. Raises ConfigError."""
        return () if self.missing else read_keys(self._path)

    def write(self, records: Sequence[KeyRecord]) -> None:
        write_keys(self._path, records)

    @contextmanager
    def changing(self) -> Iterator[Change]:
        with locked(self._path):
            yield self


class KeyServer:
    """Keys on a Redis or Valkey server."""

    def __init__(self, settings: Redis) -> None:
        try:
            from waf.state.redis import SharedDocument
        except ImportError:
            raise click.UsageError("keys on a server need the package redis: pip install 'mlwaf[redis]'") from None
        self.missing = ""
        self._document = SharedDocument(settings, "keys")
        self._number = 0

    @property
    def records(self) -> tuple[KeyRecord, ...]:
        """Raises ConfigError, and UsageError when the server is away."""
        try:
            self._number, data = self._document.read()
        except OSError as error:
            raise click.UsageError(f"the server cannot be asked: {error}") from None
        return parse_keys(data, "the keys on the server") if self._number else ()

    def write(self, records: Sequence[KeyRecord]) -> None:
        try:
            written = self._document.write(encode_keys(records), self._number)
        except OSError as error:
            raise click.UsageError(f"the server cannot be asked: {error}") from None
        if not written:
            raise click.UsageError("somebody else changed the keys at the same time; nothing was done, try again")

    @contextmanager
    def changing(self) -> Iterator[Change]:
        yield self


class Place(NamedTuple):
    keys: KeyFile | KeyServer
    pepper: str
    """Empty when it is not known."""


def place_options(command: F) -> F:
    """--config, --file and --redis."""
    for option in (
        click.option("--redis", "redis", metavar="URL", help="The server with the keys, over the configuration's."),
        click.option("--file", "file", metavar="FILE", help="The file of keys, over the configuration's."),
        click.option("--config", "-c", metavar="FILE", help="Configuration with `identity.keys`."),
    ):
        command = option(command)
    return command


def place(config: str | None, file: str | None, redis: str | None) -> Place:
    """Raises UsageError when no place is named, or two are, and ConfigError when the configuration cannot be used."""
    loaded = read(config).config if config else None
    keys = loaded.identity.keys if loaded else None
    pepper = (keys.pepper if keys else "") or os.environ.get(PEPPER, "")
    if file and redis:
        raise click.UsageError("keys are in a file or on a server: --file or --redis")
    if redis and (complaint := CHECKS["redis"](redis)):
        raise click.BadParameter(f"{complaint.message}: {complaint.hint}", param_hint="--redis")
    if redis or (keys and keys.shared and not file):
        settings = loaded.state.redis if loaded else Redis()
        return Place(KeyServer(replace(settings, url=redis) if redis else settings), pepper)
    path = file or (keys.file if keys else "")
    if not path:
        raise click.UsageError("name the file of keys: --config FILE with identity.keys.file in it, or --file FILE")
    return Place(KeyFile(path), pepper)


def needed(pepper: str) -> str:
    """The pepper. Raises UsageError when there is none."""
    if len(pepper.encode("utf-8", "surrogateescape")) < MIN_SECRET:
        raise click.UsageError(f"{PEPPER} must hold the pepper, at least {MIN_SECRET} bytes (or use --config)")
    return pepper


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
    seconds = int(match[1]) * _SECONDS[match[2]]
    if seconds > LONGEST:
        raise click.BadParameter(f"{text!r} is more than a hundred years")
    return seconds


def day(seconds: int) -> str:
    """For people; `-` for no time."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M") if seconds else "-"
