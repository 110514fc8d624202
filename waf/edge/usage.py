"""How much a request takes of what its caller may: asked on its way in, settled on its way out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from contextlib import suppress
from typing import Final

import msgspec

from waf.edge.accounts import Accounts, Waiter
from waf.edge.forward import Header
from waf.edge.upstream import UpstreamResponse
from waf.errors import Overloaded, TooManyRequests
from waf.limits.meter import KNOWN, OPENING, READ, Costs, Meter, Models, Taken, Who, place_of, who
from waf.limits.sharing import Sharer
from waf.limits.shedding import Shedder
from waf.limits.tokens import counted, estimate
from waf.limits.turns import Turns
from waf.model import Caller
from waf.settings import Config
from waf.usage import Concurrency
from waf.verdict import Verdict

_CODING: Final = b"content-encoding"
_ONE: Final = Costs()
"""What is taken of a request that has not been read."""
_OVERLOADED: Final = frozenset({0, 429, 502, 503, 504, 529})
"""Statuses by which a model server says that it has too much to do; 0: it said nothing."""


class Spent(msgspec.Struct, eq=False):
    """What one request has taken so far."""

    who: Who
    member: str
    """The request's id: under which it holds places that are shared."""
    taken: list[Taken] = []
    tokens: int = 0
    """The guess that is to be settled; 0: none."""
    factor: float = 1.0
    """What a token of its model counts."""
    models: Models = None
    """Those that it names; None: not known."""
    places: list[tuple[tuple[str, str], Turns[Waiter]]] = []
    sheds: bool = False
    """It is one of those that the model server is given at once."""
    alone: bool = False
    """It was counted by this process alone, although others should have been asked."""


class Limiter:
    """Rates, quotas and turns of one configuration; what was used is with `accounts`, and outlives it."""

    def __init__(self, config: Config, accounts: Accounts, meter: Meter | None) -> None:
        self._accounts = accounts
        self.meter = meter
        self.sharer: Sharer | None = None
        self._concurrency = config.usage.concurrency
        self._shedder = accounts.shedder(config)
        self.asks_for_models = bool(config.usage.model_costs) or any(rate.models for rate in config.usage.rates)

    def open(self, route: str, address: str, member: str) -> Spent:
        """Begins the account of one request, before its caller is known: takes from rates by address, by route and of all.
        `member`: the request's id. Raises TooManyRequests."""
        someone, meter = who(route, place_of(address)), self.meter
        if meter is None:
            return Spent(someone, member)
        return Spent(someone, member, meter.take(OPENING, someone, _ONE, time.monotonic(), time.time()))

    def identified(self, spent: Spent, caller: Caller | None) -> Awaitable[None] | None:
        """The caller is known: takes from rates by key, subject and tenant. Returns what is to be awaited, None for nothing;
        this, or that, raises TooManyRequests."""
        spent.who = who(spent.who.route, spent.who.address, caller)
        self._take(KNOWN, spent, _ONE)
        return None

    async def rejected(self, spent: Spent) -> None:
        """Called instead of `identified` where the caller is refused: who guesses credentials pays for it. Raises
        TooManyRequests."""

    def admit(self, spent: Spent, verdict: Verdict | None, size: int, models: Models) -> Awaitable[None] | None:
        """The request was read and may go on: takes from rates by bytes and tokens, then a place among those that run at once,
        then one with the model server. `size`: bytes as received; `models`: those that it names, None where not known. Returns
        what is to be awaited (its turn), None for nothing; this, or that, raises TooManyRequests or Overloaded."""
        spent.models = models
        costs = self._costs(spent, verdict, size)
        self._take(READ, spent, costs)
        if self._concurrency:
            return self._turn(spent)
        if self._shedder is not None:
            self._enter_upstream(spent, self._shedder)
        return None

    async def _turn(self, spent: Spent) -> None:
        for limit in self._concurrency:
            await self._enter(limit, spent)
        if self._shedder is not None:
            self._enter_upstream(spent, self._shedder)

    def answered(self, spent: Spent, seconds: float, status: int) -> None:
        """The model server began to answer after so many seconds; status 0: it never did."""
        if spent.sheds and self._shedder is not None:
            failed = status in _OVERLOADED
            self._shedder.answered(seconds, time.monotonic(), failed=failed)
            if status == 101:  # a tunnel may stay for hours, and says nothing about how busy the server is
                self._leave_upstream(spent)

    def headers(self, spent: Spent) -> list[Header]:
        """RateLimit headers for the answer."""
        if self.meter is None:
            return []
        said = self.meter.said(spent.taken, time.monotonic(), time.time())
        return [(name.encode(), value.encode()) for name, value in said]

    def settle(self, spent: Spent, answer: UpstreamResponse, whole: bytes | None) -> None:
        """Count the tokens that an answer says it took, where all of it is here and it is plain."""
        if not spent.tokens or whole is None or _CODING in [name.lower() for name, _ in answer.headers]:
            return
        tokens = counted(whole)
        if tokens is None and answer.status >= 400:
            tokens = 0  # the model was not asked
        if tokens is not None and self.meter is not None:
            self._correct(spent, "tokens", (tokens - spent.tokens) * spent.factor, self.meter)
            spent.tokens = 0

    def _correct(self, spent: Spent, cost: str, difference: float, meter: Meter) -> None:
        meter.settle(spent.taken, cost, difference, time.monotonic(), time.time())

    def close(self, spent: Spent) -> None:
        """The request has ended: gives its places back, and wakes whose turn is next."""
        if spent.sheds:
            self._leave_upstream(spent)
        places, spent.places = spent.places, []
        for key, turns in places:
            self._leave(key, turns)

    def _enter_upstream(self, spent: Spent, shedder: Shedder) -> None:
        """Takes a place with the model server. Raises Overloaded."""
        if not shedder.enter():
            raise Overloaded("overloaded", "The model server is busy. Try again later.", (("Retry-After", "1"),))
        spent.sheds = True

    def _leave_upstream(self, spent: Spent) -> None:
        if spent.sheds and self._shedder is not None:
            self._shedder.leave()
        spent.sheds = False

    def _costs(self, spent: Spent, verdict: Verdict | None, size: int) -> Costs:
        if self.meter is None:
            return _ONE
        if self.meter.counts_tokens:
            spent.tokens = estimate(verdict.parsed if verdict is not None else None, size)
            spent.factor = self.meter.factor(spent.models)
        return Costs(1, size, spent.tokens * spent.factor)

    def _take(self, step: int, spent: Spent, costs: Costs) -> None:
        if self.meter is not None:
            spent.taken += self.meter.take(step, spent.who, costs, time.monotonic(), time.time(), spent.models)

    async def _enter(self, limit: Concurrency, spent: Spent) -> None:
        share = getattr(spent.who, limit.by)
        if not share or (limit.routes and spent.who.route not in limit.routes):
            return
        key = (limit.name, share)
        turns = self._accounts.turns.get(key)
        if turns is None:
            turns = self._accounts.turns[key] = Turns(limit.limit, limit.queue)
        turns.limit, turns.queue = limit.limit, limit.queue
        if not turns.enter():
            waiter: Waiter = asyncio.get_running_loop().create_future()
            if not turns.queue_up(spent.who.caller, waiter):
                raise busy(limit)
            await self._wait(limit, key, turns, spent.who.caller, waiter)
        spent.places = [*spent.places, (key, turns)]

    async def _wait(
        self, limit: Concurrency, key: tuple[str, str], turns: Turns[Waiter], member: str, waiter: Waiter
    ) -> None:
        try:
            async with asyncio.timeout(limit.wait):
                await waiter
        except (TimeoutError, asyncio.CancelledError) as error:
            if not turns.give_up(member, waiter):
                self._leave(key, turns)  # its turn had just come
            self._forget(key, turns)
            if isinstance(error, asyncio.CancelledError):
                raise
            raise busy(limit) from None

    def _leave(self, key: tuple[str, str], turns: Turns[Waiter]) -> None:
        waiter = turns.leave()
        if waiter is not None:
            with suppress(asyncio.InvalidStateError):
                waiter.set_result(None)
        self._forget(key, turns)

    def _forget(self, key: tuple[str, str], turns: Turns[Waiter]) -> None:
        if turns.idle:
            self._accounts.turns.pop(key, None)


def busy(limit: Concurrency) -> TooManyRequests:
    """What somebody is told whose turn does not come."""
    return TooManyRequests(
        "too_many_at_once", f"Too many requests at once: {limit.name}. Try again later.", (("Retry-After", "1"),)
    )
