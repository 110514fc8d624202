"""Where `waf triage` gets events from: files, stdin, or a firewall that runs."""

from __future__ import annotations

import http.client
import io
import os
import socket as sockets
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, Protocol

import click

from waf.config import parse_address
from waf.triage import event

TOKEN: Final = "WAF_ADMIN_TOKEN"  # noqa: S105 - the name of a variable
MAX_ANSWER: Final = 256 << 20
INTERVAL: Final = 5.0
TIMEOUT: Final = 10.0


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

    def __init__(self, connect: Callable[[], http.client.HTTPConnection], name: str, token: str) -> None:
        self._connect = connect
        self._name = name
        self._token = token
        self._data: bytes | None = None

    @classmethod
    def of(cls, address: str | None, socket: str | None, token_file: Path | None) -> Live | None:
        """None when neither is named. Raises UsageError."""
        if not address and not socket:
            return None
        if address and socket:
            raise click.UsageError("either --admin or --socket")
        token = token_file.read_text().strip() if token_file else os.environ.get(TOKEN, "")
        if socket:
            path = socket
            return cls(lambda: _UnixConnection(path), path, token)
        try:
            host, port = parse_address(address or "")
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--admin") from None
        if not token:
            raise click.UsageError(f"{TOKEN} or --token-file must give the token of `admin.token`")
        return cls(lambda: http.client.HTTPConnection(host, port, timeout=TIMEOUT), f"{host}:{port}", token)

    def events(self, unread: event.Unread) -> Iterator[event.Seen]:
        """Of one moment, however often it is asked; `watch` asks anew."""
        if self._data is None:
            self._data = self._fetch()
        yield from event.events(io.BytesIO(self._data), self._name, unread)

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
        connection = self._connect()
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        try:
            connection.request("GET", "/admin/events", headers=headers)
            answer = connection.getresponse()
            data = answer.read(MAX_ANSWER)
        except (OSError, http.client.HTTPException) as error:
            raise click.ClickException(f"{self._name} does not answer: {error}") from None
        finally:
            connection.close()
        if answer.status == 401:
            raise click.ClickException(f"{self._name} does not take the token")
        if answer.status == 404:
            raise click.ClickException(f"{self._name} keeps no events: set `admin.token` or `admin.socket`")
        if answer.status != 200:
            raise click.ClickException(f"{self._name} answers with status {answer.status}")
        return data


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=TIMEOUT)
        self._path = path

    def connect(self) -> None:
        self.sock = sockets.socket(sockets.AF_UNIX, sockets.SOCK_STREAM)
        self.sock.settimeout(TIMEOUT)
        self.sock.connect(self._path)
