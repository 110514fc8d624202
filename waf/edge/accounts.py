"""What callers have used, for as long as the process lives, and longer where the operator names a file."""

from __future__ import annotations

import asyncio
import secrets
import time
from contextlib import suppress
from typing import Final, Protocol

from waf.limits.ledger import Ledger, Row
from waf.limits.meter import Meter
from waf.limits.rates import Quota
from waf.limits.table import Table
from waf.limits.turns import Turns
from waf.record import oplog
from waf.settings import Config

INTERVAL: Final = 0.8
"""Seconds between two writes: a crash loses at most a second, the write itself included."""
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
        self._meter: Meter | None = None
        self._task: asyncio.Task[None] | None = None
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
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            await self._write()
        self.abandon()

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(INTERVAL)
            await asyncio.shield(self._write())

    async def _write(self) -> None:
        now = time.time()
        quotas: list[Quota] = self._meter.quotas if self._meter is not None else []
        rows = [Row(quota.rate.name, *changed) for quota in quotas for changed in quota.written(now)]
        if not rows or self._ledger is None:
            return
        try:
            await asyncio.to_thread(self._ledger.write, rows, now - FORGET)
        except OSError as error:
            self._log.error("quotas cannot be written down", error=str(error))
