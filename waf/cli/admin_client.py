"""Asking a firewall that runs, by its own listener: with its token, or over its Unix socket."""

from __future__ import annotations

import http.client
import os
import socket as sockets
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from waf.config import parse_address
from waf.files import head

F = TypeVar("F", bound=Callable[..., Any])

TOKEN: Final = "WAF_ADMIN_TOKEN"  # noqa: S105 - the name of a variable
MAX_ANSWER: Final = 256 << 20
MAX_TOKEN: Final = 4_096
TIMEOUT: Final = 10.0


def admin_options(command: F) -> F:
    """--admin, --socket and --token-file."""
    for option in (
        click.option(
            "--token-file",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help=f"File with the token of `admin.token`; without it, {TOKEN}.",
        ),
        click.option("--socket", metavar="PATH", help="The same over the Unix socket of its own listener."),
        click.option("--admin", "address", metavar="HOST:PORT", help="Ask a firewall that runs, by its own listener."),
    ):
        command = option(command)
    return command


def _token(file: Path | None) -> str:
    """Raises UsageError, which never shows any of it, and OSError."""
    where = str(file) if file else TOKEN
    given = head(file, MAX_TOKEN).decode("utf-8", "replace").strip() if file else os.environ.get(TOKEN, "")
    if len(given) > MAX_TOKEN or not given.isascii() or not given.isprintable():
        raise click.UsageError(f"{where} holds no token: one line of printable ASCII, at most {MAX_TOKEN:,} characters")
    return given


class AdminClient:
    """`name` is what it is called in messages."""

    def __init__(self, connect: Callable[[], http.client.HTTPConnection], name: str, token: str) -> None:
        self._connect = connect
        self.name = name
        self._token = token

    @classmethod
    def of(cls, address: str | None, socket: str | None, token_file: Path | None) -> AdminClient | None:
        """None when neither is named. Raises UsageError."""
        if not address and not socket:
            return None
        if address and socket:
            raise click.UsageError("either --admin or --socket")
        token = _token(token_file)
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

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        """Status and body of the answer. Raises ClickException when there is none, or the token is not taken."""
        connection = self._connect()
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        if body is not None:
            headers["Content-Type"] = "application/json"
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            data = answer.read(MAX_ANSWER)
        except (OSError, http.client.HTTPException) as error:
            raise click.ClickException(f"{self.name} does not answer: {error}") from None
        finally:
            connection.close()
        if answer.status == 401:
            raise click.ClickException(f"{self.name} does not take the token")
        return answer.status, data


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=TIMEOUT)
        self._path = path

    def connect(self) -> None:
        self.sock = sockets.socket(sockets.AF_UNIX, sockets.SOCK_STREAM)
        self.sock.settimeout(TIMEOUT)
        self.sock.connect(self._path)
