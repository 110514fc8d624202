"""Where the commands about overrides find them: in a file, on the server that firewalls share, or with one that runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

import click
import msgspec

from waf.cli.admin_client import AdminClient, admin_options
from waf.config import read
from waf.overrides.entry import Entry
from waf.overrides.file import parse_entries
from waf.overrides.order import MOST, Order, UnknownIdError, Wish, added, encode_order, without
from waf.overrides.store import FileStore, ServerStore, Store

F = TypeVar("F", bound=Callable[..., Any])

PATH: Final = "/admin/overrides"


class Place(Protocol):
    """Raises ClickException, or what `Store` does, when there is no reading or writing."""

    def read(self) -> tuple[Entry, ...]: ...

    def add(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        """Returns them as they are kept: a firewall that runs dates them itself."""
        ...

    def remove(self, ids: Sequence[str], who: str) -> None:
        """Raises UnknownIdError."""
        ...


class Kept:
    """In a file or on a server."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def read(self) -> tuple[Entry, ...]:
        with _reachable():
            return self._store.read()

    def add(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        with _reachable():
            self._store.change(added(entries))
        return entries

    def remove(self, ids: Sequence[str], who: str) -> None:
        with _reachable():
            self._store.change(without(ids))


class Running:
    """With a firewall that runs."""

    def __init__(self, client: AdminClient) -> None:
        self._client = client

    def read(self) -> tuple[Entry, ...]:
        return parse_entries(self._ask("GET"), self._client.name)

    def add(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        made: list[Entry] = []
        for start in range(0, len(entries), MOST):
            some = entries[start : start + MOST]
            wishes = tuple(
                Wish(
                    action=entry.action,
                    match=entry.match,
                    limit=entry.limit,
                    why=entry.why,
                    seconds=int((entry.until - entry.at).total_seconds()),
                )
                for entry in some
            )
            answer = self._ask("POST", Order(who=some[0].who, apply=wishes))
            made += msgspec.convert(msgspec.json.decode(answer)["applied"], list[Entry])
        return made

    def remove(self, ids: Sequence[str], who: str) -> None:
        for start in range(0, len(ids), MOST):
            self._ask("POST", Order(who=who, why="taken out by hand", withdraw=tuple(ids[start : start + MOST])))

    def _ask(self, method: str, order: Order | None = None) -> bytes:
        status, data = self._client.ask(method, PATH, encode_order(order) if order is not None else None)
        if status == 200:
            return data
        try:
            problems = "; ".join(map(str, msgspec.json.decode(data)["problems"]))
        except (msgspec.DecodeError, KeyError, TypeError):
            problems = "no policy can be changed there: set `admin.token` or `admin.socket`, and `overrides`"
        raise click.ClickException(f"{self._client.name}: {problems}")


def place_options(command: F) -> F:
    """--config, --file, and those of a firewall that runs."""
    command = click.option("--file", "file", metavar="FILE", help="The file of overrides, over the configuration's.")(
        admin_options(command)
    )
    return click.option("--config", "-c", metavar="FILE", help="Configuration with `overrides`.")(command)


def place_of(
    config: str | None, file: str | None, address: str | None, socket: str | None, token_file: Path | None
) -> Place:
    """Raises UsageError when none is named, or two are, and ConfigError when the configuration cannot be used."""
    client = AdminClient.of(address, socket, token_file)
    if client is not None:
        if config or file:
            raise click.UsageError("either --config or --file, or --admin or --socket")
        return Running(client)
    return kept(config, file)


def kept(config: str | None, file: str | None) -> Kept:
    """The same without a firewall."""
    loaded = read(config).config if config else None
    if loaded is not None and loaded.state.overrides and not file:
        return Kept(ServerStore(loaded.state.redis))
    path = file or (loaded.overrides if loaded else "")
    if not path:
        raise click.UsageError("name the file of overrides: --config FILE with `overrides` in it, or --file FILE")
    return Kept(FileStore(path))


def unknown(error: UnknownIdError, action: str = "overrides") -> click.UsageError:
    return click.UsageError(f"there is no {action} with the id {error.args[0]!r}; `waf {action} list` shows them")


@contextmanager
def _reachable() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        raise click.ClickException(f"the overrides cannot be reached: {where}{error.strerror or error}") from None
