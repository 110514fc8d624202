"""What callers have used, for as long as the process lives, and longer where the operator names a file."""

from __future__ import annotations

import asyncio
import secrets
import time
from contextlib import suppress
from typing import Final, Protocol

from waf.edge.suspects import Suspects
from waf.limits.ledger import Ledger, Row
from waf.limits.meter import Meter
from waf.limits.table import Table
from waf.limits.turns import Turns
from waf.record import oplog
from waf.settings import Config

INTERVAL: Final = 0.8
"""Seconds between two writes: a crash loses at most a second, the write itself included."""
BATCH: Final = 2_000
"""Amounts that are gathered at once; a few milliseconds of the event loop."""
FORGET: Final = 40 * 86_400
"""Seconds after which an amount is of no period that could still run."""

Waiter = asyncio.Future[None]


class HasMeter(Protocol):
    """A desk (`waf.edge.usage`)."""

    meter: Meter | None


class Accounts:
    """Outlives reloads. Raises ConfigError when the file cannot be used."""

    def __init__(self, config: Config) -> None:
        self.file = config.usage.file
        self._ledger = Ledger(self.file) if self.file else None
        self._secret = self._ledger.secret if self._ledger else secrets.token_bytes(32)
        self._tables: dict[tuple[str, ...], Table] = {}
        self.turns: dict[tuple[str, str], Turns[Waiter]] = {}
        """By the name of the limit and the share; those that are idle are not kept."""
        self.suspects = Suspects()
        self._meter: Meter | None = None
        self._task: asyncio.Task[None] | None = None
        self._stop = asyncio.Event()
        self._log = oplog.get("waf.edge")
        self._rows = self._ledger.read() if self._ledger else []

    def meter(self, config: Config) -> Meter | None:
        """A meter for a configuration; None where it has no rates."""
        if not config.usage.rates:
            return None
        meter = Meter(config.usage, self._tables, self._secret)
        now = time.time()
        for quota in meter.quotas:
            for row in self._rows:
                if row.rate == quota.rate.name:
                    quota.restore(row.caller, row.starts, row.amount, now)
        self._rows = []
        return meter

    def use(self, desk: HasMeter | None) -> None:
        """Its quotas are the ones to write down from now on."""
        self._meter = desk.meter if desk is not None else None

    def abandon(self) -> None:
        """Nothing will come of it."""
        if self._ledger is not None:
            self._ledger.close()

    def start(self) -> None:
        if self._ledger is not None:
            self._task = asyncio.get_running_loop().create_task(self._run(self._ledger))

    async def close(self) -> None:
        """Write down what is not yet."""
        self._stop.set()
        if self._task is not None:
            await self._task
        self.abandon()

    async def _run(self, ledger: Ledger) -> None:
        while not self._stop.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), INTERVAL)
            await self._write(ledger)

    async def _write(self, ledger: Ledger) -> None:
        for quota in self._meter.quotas if self._meter is not None else ():
            while rows := [Row(quota.rate.name, *changed) for changed in quota.changed(time.time(), BATCH)]:
                try:
                    await asyncio.to_thread(ledger.write, rows, time.time() - FORGET)
                except OSError as error:
                    quota.table.dirty.update(row.caller for row in rows)
                    self._log.error("quotas cannot be written down", error=str(error))
                    return
