"""Overrides that several firewalls share: each has a copy, renewed when they change on the server, used while it is away."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from waf.errors import ConfigError
from waf.overrides.entry import Entry
from waf.overrides.file import read_entries, write_entries
from waf.overrides.store import Change, ServerStore
from waf.record import oplog

INTERVAL: Final = 2.0
"""Seconds between two looks."""


class OverrideSync:
    """`path` is the copy. A `waf.overrides.store.Store`: a change goes to the server and into the copy."""

    def __init__(self, store: ServerStore, path: str) -> None:
        self._store = store
        self._path = path
        self._known: tuple[int, bytes] | None = None
        self._warned = False
        self._busy = threading.Lock()
        self._log = oplog.get("waf.edge")
        self._task: asyncio.Task[None] | None = None

    def start(self, changed: Callable[[], Awaitable[object]]) -> None:
        """`changed` is awaited when the copy was renewed."""
        self._task = asyncio.get_running_loop().create_task(self._run(changed))

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await asyncio.to_thread(self._store.close)

    async def _run(self, changed: Callable[[], Awaitable[object]]) -> None:
        while True:
            await asyncio.sleep(INTERVAL)
            if await asyncio.to_thread(self.pull):
                await changed()

    def pull(self) -> bool:
        """Look once; whether the copy is another one now. Blocking. What cannot be read or used changes nothing, and is said
        once."""
        with self._busy:
            try:
                found = self._pull()
                self._warned = False
            except (OSError, ConfigError) as error:
                if not self._warned:
                    self._log.error("shared overrides cannot be read, the copy stays", error=str(error))
                self._warned = True
                return False
            return found

    def read(self) -> tuple[Entry, ...]:
        return self._store.read()

    def change(self, change: Change) -> tuple[Entry, ...]:
        """Raises OSError while the server is away: what holds for all cannot be changed by one alone."""
        with self._busy:
            self._pull()  # a server that has lost its memory is told first
            entries = self._store.change(change)
            self._keep(entries)
            return entries

    def _pull(self) -> bool:
        version = self._store.version()
        if version == self._known:
            return False
        number, lineage = version
        copy = read_entries(self._path, missing=True)
        lost = self._known is not None and self._known[1] not in (b"", lineage)
        if not number or lost:
            # Nobody lifts all exceptions by losing them: what this firewall has still holds.
            now = time.time()
            held = [entry for entry in copy if entry.live(now)]
            if held:
                entries = self._store.change(lambda before: _joined(before, held))
                self._log.warning("the server had lost overrides, and has been told", entries=len(held))
                version = self._store.version()
            elif not number:
                self._known = version
                return False
            else:
                entries = self._store.read()
        else:
            entries = self._store.read()
        self._known = version
        if entries == copy:
            return False
        self._keep(entries)
        return True

    def _keep(self, entries: Sequence[Entry]) -> None:
        write_entries(self._path, entries)


def _joined(before: Sequence[Entry], held: Sequence[Entry]) -> list[Entry]:
    known = {entry.id for entry in before}
    return [*before, *(entry for entry in held if entry.id not in known)]
