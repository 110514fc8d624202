"""What callers have used, for as long as the process lives, and longer where the operator names a file or a server."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from hashlib import blake2b
from typing import Final, Protocol

from waf.edge.suspects import Suspects
from waf.errors import ConfigError, Problem
from waf.limits.ledger import Ledger, Row
from waf.limits.meter import Meter
from waf.limits.sharing import Debt, Place, Sharer, staying
from waf.limits.shedding import Shedder
from waf.limits.table import Table
from waf.limits.turns import Turns
from waf.record import Metrics, oplog
from waf.settings import Config
from waf.state.protocol import LEASE_SECONDS, Ask, SharedState
from waf.usage import Redis

INTERVAL: Final = 0.8
"""Seconds between two writes: a crash loses at most a second, the write itself included."""
BATCH: Final = 1_000
"""Amounts that are gathered at once; a few milliseconds of the event loop."""
FORGET: Final = 40 * 86_400
"""Seconds after which an amount is of no period that could still run."""
TIDY: Final = 3600.0
"""Seconds between two looks for such amounts."""

Waiter = asyncio.Future[None]


class HasMeter(Protocol):
    """A limiter (`waf.edge.usage`)."""

    meter: Meter | None
    sharer: Sharer | None


class Closable(Protocol):
    async def close(self) -> None: ...


class Accounts:
    """Amounts that rates have counted, turns and places, and the suspects: made once, and handed to the limiter of each
    configuration. Raises ConfigError when the file cannot be used, or a package is missing."""

    def __init__(self, config: Config) -> None:
        self._redis = config.state.redis
        self.shares = bool(self._redis.url)
        """Whether amounts are shared with other firewalls."""
        self.file = "" if self.shares else config.usage.file
        self._ledger = Ledger(self.file) if self.file else None
        if self.shares:
            _check_redis()
            self._secret = blake2b(self._redis.secret.encode("utf-8", "surrogatepass"), digest_size=32).digest()
        else:
            self._secret = self._ledger.secret if self._ledger else secrets.token_bytes(32)
        self._tables: dict[tuple[str, ...], Table] = {}
        self.turns: dict[tuple[str, str], Turns[Waiter]] = {}
        """By the name of the limit and the share; those that are idle are not kept."""
        # Without a secret of theirs, anybody could sign challenges.
        secret = self._secret if self._redis.secret else None
        self.suspects = Suspects(self._secret, secret, self._redis.prefix) if self.shares else Suspects()
        self.shared: SharedState | None = None
        self.held: dict[str, list[Place]] = {}
        """Places that requests hold, by their id."""
        self.count_alone: Callable[[str], None] = lambda _: None
        """Told why a request was counted here although others should have been asked."""
        self._gossip: Closable | None = None
        self._shedder: Shedder | None = None
        self._debts: dict[bytes, Debt] = {}
        self._limiter: HasMeter | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._catching_up: asyncio.Task[None] | None = None
        self._stop = asyncio.Event()
        self._log = oplog.get("waf.edge")
        self._fresh = True
        self._forgot = False

    def meter(self, config: Config) -> Meter | None:
        """A meter for a configuration; None where it has no rates, and nobody to share anything with."""
        if not config.usage.rates and not self.shares:
            return None
        meter = Meter(config.usage, self._tables, self._secret)
        if self._ledger is None:
            return meter
        quotas = {quota.rate.name: quota for quota in meter.quotas}
        now = time.time()
        if self._fresh:
            for row in self._ledger.read():
                if row.rate in quotas:
                    quotas[row.rate].restore(row.caller, row.starts, row.amount, now)
        self._fresh = False
        for quota in meter.quotas:
            if quota.table.dirty is None:  # a reload must not lose what is to be written
                quota.table.dirty = set()
        return meter

    def shedder(self, config: Config) -> Shedder | None:
        """What the model server is given at once; what was learned stays."""
        settings = config.usage.shedding
        if not settings.enabled:
            self._shedder = None
        elif self._shedder is None:
            self._shedder = Shedder(settings)
        else:
            self._shedder.settings = settings
        return self._shedder

    def sharer(self, meter: Meter | None) -> Sharer | None:
        """What turns a meter's rates into questions to the shared state; None where nothing is shared."""
        return Sharer(meter, self._redis.prefix.encode(), self._debts) if self.shares and meter is not None else None

    def use(self, limiter: HasMeter | None) -> None:
        """This limiter is in force: its quotas are the ones to write down from now on."""
        self._limiter = limiter

    def abandon(self) -> None:
        """Closes the file without starting: the firewall could not be built."""
        if self._ledger is not None:
            self._ledger.close()

    async def start(self, metrics: Metrics) -> None:
        """Raises ConfigError for a server's address that cannot be used."""
        loop = asyncio.get_running_loop()
        if self._ledger is not None:
            self._tasks.append(loop.create_task(self._run(self._ledger)))
        if self.shares:
            self.count_alone = metrics.alone
            self.shared = self.suspects.shared = _connect(self._redis, metrics)
            await self.shared.start(self._reconnected)
            self._tasks.append(loop.create_task(self._renew_leases(self.shared)))
            self._gossip = _gossip(self._redis, self.suspects, metrics)

    async def close(self) -> None:
        """Write down what is not yet."""
        self._stop.set()
        await asyncio.gather(*self._tasks)
        if self._catching_up is not None:
            self._catching_up.cancel()
            await asyncio.gather(self._catching_up, return_exceptions=True)
        if self._gossip is not None:
            await self._gossip.close()
        if self.shared is not None:
            await self.shared.close()
        self.abandon()

    # ------------------------------------------------------------------ the others

    async def _renew_leases(self, shared: SharedState) -> None:
        """Renews the leases of places that are held, before they run out and are given to somebody else."""
        while not await self._stopped(LEASE_SECONDS / 3):
            for member, places in list(self.held.items()):
                shared.tell(staying(places, member))

    def _reconnected(self, forgot: bool) -> None:
        """The shared state can be reached again: tells it what happened meanwhile and, where it `forgot`, everything."""
        self._forgot = self._forgot or forgot
        if self._catching_up is not None:
            self._catching_up.cancel()
        if self.shared is not None:
            self._catching_up = asyncio.get_running_loop().create_task(self._catch_up(self.shared))

    async def _catch_up(self, shared: SharedState) -> None:
        """Sends debts and amounts in small pieces, for there may be a million callers."""
        sharer = self._limiter.sharer if self._limiter is not None else None
        if sharer is None:
            return
        sharer.restoring = self._forgot
        try:
            for member, places in list(self.held.items()):
                if member in self.held:
                    await self._send(shared, staying(places, member))
            while shared.up and (asks := sharer.debts()):
                await self._send(shared, asks)
            if self._forgot:
                for asks in sharer.everything(time.time()):
                    await self._send(shared, asks)
                self._forgot = not shared.up
        finally:
            sharer.restoring = False

    @staticmethod
    async def _send(shared: SharedState, asks: list[Ask]) -> None:
        """Sends, and waits until the last one is answered."""
        if asks:
            shared.tell(asks[:-1])
            await shared.ask(asks[-1])
        else:
            await asyncio.sleep(0)

    # ------------------------------------------------------------------ the file

    async def _run(self, ledger: Ledger) -> None:
        tidy = 0.0
        while not self._stop.is_set():
            await self._stopped(INTERVAL)
            await self._write(ledger)
            if time.monotonic() >= tidy:
                tidy = time.monotonic() + TIDY
                with suppress(OSError):  # the next write tells
                    await asyncio.to_thread(ledger.forget, time.time() - FORGET)

    async def _write(self, ledger: Ledger) -> None:
        meter = self._limiter.meter if self._limiter is not None else None
        for quota in meter.quotas if meter is not None else ():
            while rows := [Row(quota.rate.name, *changed) for changed in quota.changed(time.time(), BATCH)]:
                try:
                    await asyncio.to_thread(ledger.write, rows)
                except OSError as error:
                    if quota.table.dirty is not None:
                        quota.table.dirty.update(row.caller for row in rows)
                    self._log.error("quotas cannot be written down", error=str(error))
                    return

    async def _stopped(self, seconds: float) -> bool:
        """Waits so many seconds, or until the end; whether that has come."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), seconds)
        return self._stop.is_set()


def _check_redis() -> None:
    try:
        import waf.state.redis  # noqa: F401
    except ImportError:
        message = "needs the package redis, which is not installed"
        raise ConfigError([Problem("state.redis", 0, 0, message, "pip install 'mlwaf[redis]'")]) from None


def _connect(settings: Redis, metrics: Metrics) -> SharedState:
    from waf.state.redis import RedisState  # an extra, which is only there when it is configured

    return RedisState(settings, metrics)


def _gossip(settings: Redis, suspects: Suspects, metrics: Metrics) -> Closable:
    from waf.edge.gossip import Gossip  # needs the same extra

    return Gossip(settings, suspects, metrics.shared_queries)
