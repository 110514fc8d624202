"""Telling other firewalls about callers, and hearing what they tell: the latest queries four times a second, the rest every two
seconds. No request waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from hashlib import blake2b
from typing import Final, TypeVar

import msgspec

from waf.abuse.gossip import News, Seal, adds_up
from waf.abuse.latest import Latest, Measure, measures, sound
from waf.edge.peer_reports import PeerReports
from waf.edge.suspects import Suspects
from waf.record import oplog
from waf.state.redis_log import SharedLog
from waf.usage import Redis

INTERVAL: Final = 0.25
"""Seconds between two rounds, in each of which the latest queries are exchanged."""
ROUNDS: Final = 8
"""Rounds from one exchange of news to the next."""
PAUSE: Final = 2.0
"""Seconds until a server that was away is asked again."""
NAME: Final = "gossip"
LATEST: Final = "latest"
KEPT: Final = 256
"""Messages with queries, of 40 KiB at most, that the server keeps."""

T = TypeVar("T", bound=msgspec.Struct)


class Gossip:
    """Made where its event loop runs. `count` is told what became of queries (`waf_shared_queries_total`). Raises ConfigError
    for a server's address that is of no use."""

    def __init__(self, settings: Redis, suspects: Suspects, count: Callable[[str, int], None]) -> None:
        secret = blake2b(settings.secret.encode("utf-8", "surrogatepass"), digest_size=32).digest()
        self._news_log, self._latest_log = SharedLog(settings, NAME), SharedLog(settings, LATEST, KEPT)
        self._news = Seal(secret, News, adds_up)
        self._latest = Seal(secret, Latest, sound, b"latest")
        self._measures = Seal(secret, Measure, measures, b"measure")
        self._reports = PeerReports(suspects)
        self._count = count
        self._log = oplog.get("waf.edge")
        self._away = False
        self._refused = 0
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def close(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await asyncio.to_thread(self._news_log.close)
        await asyncio.to_thread(self._latest_log.close)

    async def _run(self) -> None:
        rounds = 0
        while True:
            await asyncio.sleep(PAUSE if self._away else INTERVAL)
            rounds += 1
            try:
                await self.show()
                if rounds % ROUNDS == 0 or self._away:
                    await self.round()
            except Exception as error:  # noqa: BLE001 - a fault of ours must not end it
                self._log.error("what other firewalls say could not be heard", exc_info=error)

    async def round(self) -> None:
        """Tell what there is to tell, and hear what there is to hear."""
        news = self._reports.news()
        if news is None:  # nobody is watched
            return
        for heard in await asyncio.to_thread(self._exchange, self._news_log, self._news, news) or ():
            for _ in self._reports.take_news(heard):
                await asyncio.sleep(0)

    async def show(self) -> None:
        """Show the latest queries, and see those of others; before that, agree on what they are measured by."""
        unsettled = self._reports.measures()
        if unsettled:
            self._reports.agree(await asyncio.to_thread(self._agree, unsettled))
        latest = self._reports.latest()
        if latest is None:
            return
        found = await asyncio.to_thread(self._exchange, self._latest_log, self._latest, latest)
        self._count("lost" if found is None else "shown", len(latest))
        self._count("lost", self._reports.lost())
        for seen in found or ():
            useful = 0
            for count in self._reports.take_latest(seen):
                useful += count
                await asyncio.sleep(0)
            self._count("seen", useful)
            self._count("passed", len(seen) - useful)

    def _exchange(self, log: SharedLog, seal: Seal[T], message: T) -> list[T] | None:
        """Blocking. What others have left; None where the server is away, and what cannot be told is lost."""
        try:
            found = log.exchange(seal.write(message) if message else None)
        except OSError as error:
            self._gone(error)
            return None
        self._away = False
        return [one for data in found if (one := self._read(seal, data)) is not None]

    def _agree(self, unsettled: dict[int, Measure | None]) -> dict[int, Measure]:
        """Blocking. Nothing while the server is away."""
        told = {f"{kind:x}": self._measures.write(one) if one else None for kind, one in unsettled.items()}
        try:
            found = self._latest_log.agree(told)
        except OSError as error:
            self._gone(error)
            return {}
        return {
            int(name, 16): one for name, data in found.items() if (one := self._read(self._measures, data)) is not None
        }

    def _read(self, seal: Seal[T], data: bytes) -> T | None:
        """What is none of ours is counted, and said now and then."""
        found = seal.read(data)
        if found is None:
            self._refused += 1
            if self._refused.bit_count() == 1:  # the 1st, 2nd, 4th, 8th, …
                self._log.warning("messages about callers that no firewall of ours has sent", total=self._refused)
        return found

    def _gone(self, error: OSError) -> None:
        if not self._away:
            self._log.warning("other firewalls cannot be told about callers", error=str(error))
        self._away = True
