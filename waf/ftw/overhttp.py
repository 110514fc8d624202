"""Requests over a socket: exact bytes out, an answer in, and what was logged looked up by the answer's request id."""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from typing import Final, Protocol
from urllib.parse import urlsplit

from waf.edge.httpwire import ResponseReader
from waf.errors import ConfigError, Problem, UpstreamError
from waf.ftw.inprocess import Log
from waf.ftw.values import Outcome

ANSWER_SECONDS: Final = 10.0
"""How long an answer is waited for, from the first byte sent to the last one read."""
MAX_ANSWER: Final = 64 << 20
REFUSED: Final = frozenset({400, 405, 408, 413, 414, 417, 431})


class Logs(Protocol):
    """Where what was logged can be read."""

    def of(self, headers: dict[str, str]) -> Log | None:
        """About the request whose answer had these headers, names in lower case. None when there is nothing about it."""
        ...


def address_of(url: str) -> tuple[str, int]:
    """Host and port of an http:// URL. Raises ConfigError."""
    try:
        parts = urlsplit(url)
        port = parts.port or 80
    except ValueError:
        parts, port = urlsplit(""), 0
    if parts.scheme != "http" or not parts.hostname:
        raise ConfigError([Problem("--url", 0, 0, f"{url!r} is not an http:// address", "http://127.0.0.1:8080")])
    return parts.hostname, port


class OverHttp:
    """An `Exchange` with a running firewall; one connection a request, as go-ftw has it."""

    def __init__(self, address: tuple[str, int], logs: Logs, seconds: float = ANSWER_SECONDS) -> None:
        self._address = address
        self._logs = logs
        self._seconds = seconds

    def __call__(self, data: bytes) -> Outcome:
        head = data.startswith(b"HEAD ")
        try:
            reader, raw = self._ask(data, head)
        except (OSError, UpstreamError) as error:
            return Outcome(error=f"no answer: {error}")
        headers = tuple([(_text(name), _text(value)) for name, value in reader.headers])
        log = self._logs.of({name.lower(): value for name, value in headers})
        ids, lines = (log.ids, log.lines) if log is not None else ((), ())
        refused = reader.status in REFUSED and (log is None or log.refused)
        return Outcome(reader.status, ids, lines, headers, raw, refused)

    def _ask(self, data: bytes, head: bool) -> tuple[ResponseReader, bytes]:
        """Raises OSError or UpstreamError when no whole answer comes in time."""
        reader = ResponseReader(head=head)
        raw = bytearray()
        until = time.monotonic() + self._seconds
        with socket.create_connection(self._address, timeout=self._seconds) as sock:
            # Refused before all of it was read? The answer may be there all the same.
            with suppress(BrokenPipeError, ConnectionResetError):
                sock.sendall(data)
            while not reader.complete:
                left = until - time.monotonic()
                if left <= 0:
                    raise TimeoutError("timed out")
                sock.settimeout(left)
                piece = sock.recv(65_536)
                raw += piece
                if len(raw) > MAX_ANSWER:
                    raise OSError("the answer is too long")
                if piece:
                    reader.feed(piece)
                else:
                    reader.eof()
        return reader, bytes(raw)


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
