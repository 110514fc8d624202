"""The same when several firewalls count together: one round trip for what a request takes before it is read, one after."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Iterable, Sequence
from typing import Final

from waf.edge.accounts import Accounts
from waf.edge.usage import Limiter, Spent, busy
from waf.limits.meter import KNOWN, OPENING, READ, Costs, Meter, Models, Taken, place_of, who
from waf.limits.sharing import Place, Sharer, leaving
from waf.model import Caller
from waf.settings import Config
from waf.state.protocol import Answer, Ask, SharedState
from waf.usage import Concurrency
from waf.verdict import Verdict

AGAIN: Final = 0.025
"""Seconds after which a place is asked for again that another process holds."""


class SharedLimiter(Limiter):
    """Where a request would take from the tables here, it asks; where nobody answers, it takes from the tables.

    Who calls is found out first, so that both steps before the body take one round trip. An address whose guesses are refused
    pays for them all the same.
    """

    sharer: Sharer

    def __init__(self, config: Config, accounts: Accounts, sharer: Sharer) -> None:
        super().__init__(config, accounts, sharer.meter)
        self.sharer = sharer

    def open(self, route: str, address: str, member: str) -> Spent:
        return Spent(who(route, place_of(address)), member)

    def identified(self, spent: Spent, caller: Caller | None) -> Awaitable[None]:
        spent.who = who(spent.who.route, spent.who.address, caller)
        return self._begin(spent, (OPENING, KNOWN))

    async def _begin(self, spent: Spent, steps: Sequence[int]) -> None:
        await self._share(steps, spent, Costs())

    async def rejected(self, spent: Spent) -> None:
        await self._begin(spent, (OPENING,))

    def admit(self, spent: Spent, verdict: Verdict | None, size: int, models: Models) -> Awaitable[None]:
        spent.models = models
        return self._go_on(spent, self._costs(spent, verdict, size))

    async def _go_on(self, spent: Spent, costs: Costs) -> None:
        limits: list[Concurrency] = []
        places: list[Place] = []
        for limit in self._concurrency:
            before = len(spent.places)
            await self._enter(limit, spent)
            if len(spent.places) > before:
                limits.append(limit)
                places.append(self.sharer.place(limit.name, getattr(spent.who, limit.by), limit.limit))
        waited = 0.0
        while (missing := await self._share((READ,), spent, costs, places)) is not None:
            limit = limits[missing]
            if not limit.queue or waited >= limit.wait:
                raise busy(limit)
            waited += AGAIN
            await asyncio.sleep(AGAIN)
        if self._shedder is not None:
            self._enter_upstream(spent, self._shedder)

    def close(self, spent: Spent) -> None:
        super().close(spent)
        held = self._accounts.held.pop(spent.member, None)
        shared = self._accounts.shared
        if held is not None and shared is not None:
            shared.tell(leaving(held, spent.member))

    def _correct(self, spent: Spent, cost: str, difference: float, meter: Meter) -> None:
        super()._correct(spent, cost, difference, meter)
        shared = self._accounts.shared
        if shared is not None and shared.up:
            shared.tell(self.sharer.settlement(spent.taken, cost, difference))
        else:
            self.sharer.alone(spent.taken, cost, difference)

    async def _share(
        self, steps: Sequence[int], spent: Spent, costs: Costs, places: Sequence[Place] = ()
    ) -> int | None:
        """Take it all. Returns which place is missing, when it is a place. Raises TooManyRequests."""
        wanted = self.sharer.want(steps, spent.who, costs, places, spent.member, spent.models)
        shared = self._accounts.shared
        if wanted is None:
            return None
        answer = await self._ask(shared, spent, wanted.ask, places) if shared is not None else None
        if answer is None:
            self._take_alone(steps, spent, costs, places)
            return None
        taken = self.sharer.follow(wanted, answer, time.monotonic(), time.time())
        if answer.refused:
            return answer.refused - 1 - len(wanted.rates)
        spent.taken = [*spent.taken, *taken]
        if places:
            self._accounts.held[spent.member] = list(places)
        return None

    async def _ask(self, shared: SharedState, spent: Spent, ask: Ask, places: Sequence[Place]) -> Answer | None:
        if not shared.up:
            self._accounts.count_alone("away")
            return None
        try:
            answer = await shared.ask(ask)
        except asyncio.CancelledError:
            if places:
                shared.tell(leaving(places, spent.member))  # it may have been given one
            raise
        if answer is None:
            self._accounts.count_alone("slow")
        return answer

    def _take_alone(self, steps: Iterable[int], spent: Spent, costs: Costs, places: Sequence[Place]) -> None:
        spent.alone = True
        taken: list[Taken] = []
        for step in steps:
            before = len(spent.taken)
            self._take(step, spent, costs)
            taken += spent.taken[before:]
        for cost, amount in zip(Costs._fields, costs, strict=True):
            self.sharer.alone(taken, cost, amount)
        if places:
            self._accounts.held[spent.member] = list(places)


def limiter_of(config: Config, accounts: Accounts) -> Limiter | None:
    """None where nothing is limited."""
    if not (config.usage.rates or config.usage.concurrency or config.usage.shedding.enabled):
        return None
    meter = accounts.meter(config)
    sharer = accounts.sharer(meter)
    return Limiter(config, accounts, meter) if sharer is None else SharedLimiter(config, accounts, sharer)
