"""Where overrides are kept: in a file, or on a server that several firewalls ask. Blocking."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, Protocol

from waf.errors import ConfigError, Problem
from waf.identity.keyfile import locked
from waf.overrides.entry import Entry
from waf.overrides.file import encode_entries, parse_entries, read_entries, write_entries
from waf.usage import Redis

if TYPE_CHECKING:
    from waf.state.redis import SharedDocument

NAME: Final = "overrides"
_TRIES: Final = 20

Change = Callable[[Sequence[Entry]], Sequence[Entry]]
"""From the entries there are to those that shall be; pure, since it may be asked again when somebody else was faster."""


class Store(Protocol):
    """Raises ConfigError for what cannot be read, OSError where there is no reading or writing."""

    def read(self) -> tuple[Entry, ...]: ...

    def change(self, change: Change) -> tuple[Entry, ...]:
        """What holds from now on."""
        ...


class FileStore:
    """A file that is not there yet has no entries."""

    def __init__(self, path: str) -> None:
        self.path = path

    def read(self) -> tuple[Entry, ...]:
        return read_entries(self.path, missing=True)

    def change(self, change: Change) -> tuple[Entry, ...]:
        with locked(self.path):
            entries = tuple(change(self.read()))
            write_entries(self.path, entries)
        return entries


class ServerStore:
    """A document on a Redis or Valkey server. `lineage`: drawn by whoever writes the first one, so that a server which has lost
    its memory can be told from one that has new entries."""

    def __init__(self, settings: Redis) -> None:
        self._document = _document(settings)

    def read(self) -> tuple[Entry, ...]:
        number, data = self._document.read()
        return parse_entries(data, "the overrides on the server") if number else ()

    def change(self, change: Change) -> tuple[Entry, ...]:
        for _ in range(_TRIES):
            number, data = self._document.read()
            before = parse_entries(data, "the overrides on the server") if number else ()
            entries = tuple(change(before))
            if self._document.write(encode_entries(entries), number):
                return entries
        raise OSError("others change the overrides all the time; nothing was done")

    def version(self) -> tuple[int, bytes]:
        """Number and lineage of what is there; 0: nothing is."""
        return self._document.version()

    def close(self) -> None:
        self._document.close()


def _document(settings: Redis) -> SharedDocument:
    try:
        from waf.state.redis import SharedDocument  # an extra, which is only there when it is configured
    except ImportError:
        message = "needs the package redis, which is not installed"
        raise ConfigError([Problem("state.redis", 0, 0, message, "pip install 'mlwaf[redis]'")]) from None
    return SharedDocument(settings, NAME)
