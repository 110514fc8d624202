"""Where `waf triage` gets events from: files, stdin, or a firewall that runs."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, Protocol

import click

from waf.cli.admin_client import AdminClient
from waf.triage import event

INTERVAL: Final = 5.0


class Source(Protocol):
    """`twice`: whether `events` can be asked again."""

    twice: bool

    def events(self, unread: event.Unread) -> Iterator[event.Seen]: ...


class Files:
    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths
        self.twice = all(path.is_file() for path in paths)

    def events(self, unread: event.Unread) -> Iterator[event.Seen]:
        for path in self._paths:
            with path.open("rb") as file:
                yield from event.events(file, str(path), unread)


class Stdin:
    twice = False

    def events(self, unread: event.Unread) -> Iterator[event.Seen]:
        yield from event.events(sys.stdin.buffer, "stdin", unread)


class Live:
    """The recent events of a firewall, by its own listener."""

    twice = True

    def __init__(self, client: AdminClient) -> None:
        self._client = client
        self._data: bytes | None = None

    def events(self, unread: event.Unread) -> Iterator[event.Seen]:
        """Of one moment, however often it is asked; `watch` asks again."""
        if self._data is None:
            self._data = self._fetch()
        yield from event.events(io.BytesIO(self._data), self._client.name, unread)

    def watch(self, show: Callable[[], None], rounds: int = -1, interval: float = INTERVAL) -> int:
        """Until Ctrl-C, or so many rounds."""
        while rounds:
            self._data = None
            click.clear()
            show()
            rounds -= 1
            if rounds:
                time.sleep(interval)
        return 0

    def _fetch(self) -> bytes:
        """Raises ClickException."""
        status, data = self._client.ask("GET", "/admin/events")
        if status == 404:
            raise click.ClickException(f"{self._client.name} keeps no events: set `admin.token` or `admin.socket`")
        if status != 200:
            raise click.ClickException(f"{self._client.name} answers with status {status}")
        return data
