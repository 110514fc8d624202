"""Telling other firewalls about callers every two seconds, and hearing what they tell. No request waits for it."""

from __future__ import annotations

import asyncio
from hashlib import blake2b
from typing import Final

from waf.abuse.gossip import News, Seal
from waf.edge.suspects import Suspects
from waf.record import oplog
from waf.state.redis_log import SharedLog
from waf.usage import Redis

INTERVAL: Final = 2.0
NAME: Final = "gossip"


class Gossip:
    """Made where its event loop runs. Raises ConfigError for a server's address that is of no use."""

    def __init__(self, settings: Redis, suspects: Suspects) -> None:
        self._log_of_all = SharedLog(settings, NAME)
        self._seal = Seal(blake2b(settings.secret.encode("utf-8", "surrogatepass"), digest_size=32).digest())
        self._suspects = suspects
        self._log = oplog.get("waf.edge")
        self._warned = False
        self._refused = 0
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def close(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await asyncio.to_thread(self._log_of_all.close)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(INTERVAL)
            try:
                await self.round()
            except Exception as error:  # noqa: BLE001 - a fault of ours must not end it
                self._log.error("what other firewalls say could not be heard", exc_info=error)

    async def round(self) -> None:
        """Tell what there is to tell, and hear what there is to hear."""
        news = self._suspects.news()
        if news is None:  # nobody is watched
            return
        for heard in await asyncio.to_thread(self._exchange, news):
            for _ in self._suspects.hear(heard):
                await asyncio.sleep(0)

    def _exchange(self, news: News) -> list[News]:
        """Blocking. What cannot be told is lost; what is none of ours is counted, and said now and then."""
        try:
            messages = self._log_of_all.exchange(self._seal.write(news) if news else None)
        except OSError as error:
            if not self._warned:
                self._log.warning("other firewalls cannot be told about callers", error=str(error))
            self._warned = True
            return []
        self._warned = False
        heard = [found for message in messages if (found := self._seal.read(message)) is not None]
        before, self._refused = self._refused, self._refused + len(messages) - len(heard)
        if self._refused.bit_length() != before.bit_length():  # the 1st, 2nd, 4th, 8th, …
            self._log.warning("messages about callers that no firewall of ours has sent", total=self._refused)
        return heard
