"""The file of overrides as a running firewall has it: asked on the way in, read again when it changes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from waf.edge.job import Job
from waf.edge.reload import FileWatcher
from waf.errors import ConfigError
from waf.limits.table import Table
from waf.overrides.book import ADDRESS, CALLER, MODEL, Book, Live, limited, take
from waf.overrides.entry import Entry
from waf.overrides.file import MAX_ENTRIES, read_entries
from waf.record import Metrics, oplog
from waf.state.protocol import WINDOW, Ask, SharedState, Take
from waf.verdict import Verdict


class Overrides:
    """Outlives reloads of everything else, since in an incident the rest need not be read again. Raises ConfigError for a file
    that cannot be used; one that is not there yet has no entries. Reads the file: make it in a thread.

    `shared`, `prefix`: where limits are counted together with other firewalls; None: each counts for itself.
    """

    def __init__(self, path: str, metrics: Metrics, shared: SharedState | None = None, prefix: str = "") -> None:
        self._path = path
        self._metrics = metrics
        self._shared = shared
        self._prefix = prefix.encode()
        self._table = Table(MAX_ENTRIES)
        self._book = Book(read_entries(path, missing=True), self._table)
        self._log = oplog.get("waf.edge")
        self._reading = asyncio.Lock()
        self._watcher = FileWatcher(self._watched, self.reload)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Those that hold, and those that have expired and are still listed."""
        return self._book.entries

    async def at_address(self, job: Job) -> None:
        """Each of these three raises Forbidden or TooManyRequests."""
        await self._check(ADDRESS, job, ())

    async def at_caller(self, job: Job) -> None:
        await self._check(CALLER, job, ())

    async def at_model(self, job: Job, verdict: Verdict | None) -> None:
        """Of a request that was not read (mode off) no model is known, and no entry about one holds."""
        if self._book.reads_models and verdict is not None and verdict.parsed is not None:
            parsed = verdict.parsed
            named = [str(field.value) for field in parsed.fields.get("model.name", ())]
            await self._check(MODEL, job, (*named, parsed.model))

    async def reload(self) -> bool:
        """Take the file in. What is wrong with it is logged and changes nothing, and so does a file that is gone: whoever
        wants to lift everything writes a list without entries."""
        async with self._reading:
            try:
                entries = await asyncio.to_thread(read_entries, self._path, missing=not self._book.entries)
            except ConfigError as error:
                for problem in error.problems:
                    self._log.error("overrides refused, the old ones stay", problem=str(problem))
                self._metrics.reload("failed")
                return False
            if entries != self._book.entries:
                self._book = Book(entries, self._table)
                live = sum(1 for entry in entries if entry.live(time.time()))
                self._log.info("overrides", live=live, expired=len(entries) - live)
                self._metrics.reload("ok")
            return True

    def start(self) -> None:
        self._watcher.start()

    async def close(self) -> None:
        await self._watcher.stop()

    async def _check(self, step: int, job: Job, models: tuple[str, ...]) -> None:
        found = self._book.check(step, job.address, job.caller, models, time.time())
        if found.limits:
            await self._count(found.limits)
        if found.asking and not job.proven:
            abuse = job.runtime.abuse
            await abuse.spend(abuse.prove(job.caller, job.address, job.message, found.asking))
            job.proven = True

    async def _count(self, limits: Sequence[Live]) -> None:
        """With the other firewalls, or alone while they cannot be asked. Raises TooManyRequests."""
        if self._shared is not None and self._shared.up:
            keys = tuple(b"%b:o:%b" % (self._prefix, live.entry.id.encode()) for live in limits)
            takes = tuple(Take(WINDOW, 1, window.step, window.tolerance) for live in limits if (window := live.window))
            answer = await self._shared.ask(Ask(keys, takes))
            if answer is not None:
                if answer.refused:
                    raise limited(limits[answer.refused - 1], answer.wait)
                return
        take(limits, time.monotonic())

    def _watched(self) -> Iterator[Path]:
        yield Path(self._path)
