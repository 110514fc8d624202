"""The classifier on the request path: what is remembered is answered at once, what is under way is shared, everything else
waits for its turn at the gate and, if need be, at the deep stage.

One batcher lives as long as its event loop. What it works on carries its models along, so a reload needs no drain: requests
that began with the old models are finished by them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from waf.classify.cache import Cache
from waf.classify.lane import Lane, Meter
from waf.classify.queueing import Limits
from waf.classify.scorer import Scorer
from waf.classify.scoring import Gated, Outcome, by_gate, deepen, gate
from waf.classify.segments import Segment
from waf.inference import Classifier

GATE_COST: Final = 65_536
"""Characters in one run of the gate."""
DEEP_BATCH: Final = 16
DEEP_COST: Final = 16_384
"""Texts and characters in one run of the deep stage. Larger ones would win little there and make everybody wait longer."""


class Item:
    """One text under way, for all the requests that wait for it."""

    __slots__ = ("arrived", "caller", "cost", "deadline", "gated", "holders", "scorer", "segment")

    def __init__(self, segment: Segment, scorer: Scorer, caller: str, arrived: float, deadline: float) -> None:
        self.segment = segment
        self.scorer = scorer
        self.caller = caller
        self.cost = len(segment.text)
        self.arrived = arrived
        self.deadline = deadline
        self.gated: Gated | None = None
        self.holders: list[Ticket] = []

    def so_far(self) -> Outcome | None:
        """What is known without waiting any longer."""
        return None if self.gated is None else by_gate(self.scorer.cascade, self.segment.surface, self.gated)


class Ticket:
    """One request that waits for the last of its texts."""

    __slots__ = ("done", "items", "outcomes")

    def __init__(self, outcomes: list[Outcome | None]) -> None:
        self.done: asyncio.Future[None] | None = None
        """Made once all texts are known."""
        self.outcomes = outcomes
        self.items: dict[Item, list[int]] = {}
        """What it still waits for, and which outcomes that gives."""

    def settle(self, item: Item, outcome: Outcome | None) -> None:
        for index in self.items.pop(item, ()):
            self.outcomes[index] = outcome
        if not self.items:
            self.end()

    def end(self) -> None:
        if self.done is not None and not self.done.done():
            self.done.set_result(None)


class Batcher:
    """Made on the event loop that it serves; costs nothing until the first text comes."""

    def __init__(self, limits: Limits, cache: Cache, meter: Meter) -> None:
        self.cache = cache
        self._meter = meter
        self._loop = asyncio.get_running_loop()
        self._under_way: dict[bytes, Item] = {}
        self._gate = Lane("gate", limits, _gate_work, self._gated, self._gate_dropped, meter)
        self._deep = Lane("deep", _deep_limits(limits), _deep_work, self._deepened, self._deep_dropped, meter)

    @property
    def under_way(self) -> int:
        """Texts that somebody waits for."""
        return len(self._under_way)

    def set_limits(self, limits: Limits, cache: int) -> None:
        """Of a new configuration; they hold from the next text on."""
        self._gate.limits, self._deep.limits = limits, _deep_limits(limits)
        self.cache.size = cache

    async def score(
        self, scorer: Scorer, segments: Sequence[Segment], *, caller: str, seconds: float
    ) -> list[Outcome | None]:
        """An outcome for each segment, after at most `seconds`; None where even the gate said nothing in that time.

        Cancelling it takes its texts out of the queues, unless somebody else waits for them.
        """
        outcomes: list[Outcome | None] = [self.cache.get(segment.key) for segment in segments]
        if None not in outcomes:
            self._meter.ml_cache("hit", len(outcomes))
            return outcomes
        now = self._loop.time()
        ticket = Ticket(outcomes)
        for index, segment in enumerate(segments):
            if outcomes[index] is None:
                self._join(ticket, index, scorer, segment, caller, now, now + seconds)
            else:
                self._meter.ml_cache("hit", 1)
        if ticket.items:
            ticket.done = self._loop.create_future()
            timer = self._loop.call_at(now + seconds, self._late, ticket)
            try:
                await ticket.done
            finally:
                timer.cancel()
                self._leave(ticket)
        return outcomes

    async def close(self) -> None:
        """Answer everybody with what is known, and end the threads."""
        await self._deep.close()
        await self._gate.close()

    # ------------------------------------------------------------------ on the loop

    def _join(
        self, ticket: Ticket, index: int, scorer: Scorer, segment: Segment, caller: str, now: float, deadline: float
    ) -> None:
        item = self._under_way.get(segment.key)
        new = item is None
        if item is None:
            item = self._under_way[segment.key] = Item(segment, scorer, caller, now, deadline)
        if item not in ticket.items:
            item.holders.append(ticket)
        ticket.items.setdefault(item, []).append(index)
        item.deadline = max(item.deadline, deadline)
        self._meter.ml_cache("miss" if new else "shared", 1)
        if new:
            self._gate.submit(item)

    def _late(self, ticket: Ticket) -> None:
        """Its time is up: what the gate said so far has to do."""
        for item, indices in ticket.items.items():
            for index in indices:
                ticket.outcomes[index] = item.so_far()
            self._meter.unscored("deadline" if item.gated is None else "deep_deadline")
        ticket.end()

    def _leave(self, ticket: Ticket) -> None:
        for item in ticket.items:
            item.holders.remove(ticket)
            if not item.holders and self._under_way.get(item.segment.key) is item:
                del self._under_way[item.segment.key]
                (self._gate if item.gated is None else self._deep).withdraw(item)
        ticket.items.clear()

    def _gated(self, item: Item, result: Gated | Exception) -> None:
        if isinstance(result, Exception):
            self._fail(item, "gate_error", result)
        elif not result.unsure:
            self._finish(item, result.sure)
        else:
            item.gated = result
            item.cost, item.arrived = result.cost, self._loop.time()
            if item.holders:
                self._deep.submit(item)

    def _deepened(self, item: Item, result: Outcome | Exception) -> None:
        if isinstance(result, Exception):
            self._fail(item, "deep_error", result)
        else:
            self._finish(item, result)

    def _gate_dropped(self, item: Item, reason: str) -> None:
        self._give_up(item, reason)

    def _deep_dropped(self, item: Item, reason: str) -> None:
        self._give_up(item, f"deep_{reason}")

    def _fail(self, item: Item, reason: str, error: Exception) -> None:
        item.scorer.report(error)
        self._give_up(item, reason)

    def _give_up(self, item: Item, reason: str) -> None:
        self._meter.unscored(reason)
        self._answer(item, item.so_far())

    def _finish(self, item: Item, outcome: Outcome) -> None:
        self._meter.ml_score("deep" if outcome.deep else "gate", outcome.highest)
        if not outcome.degraded:
            self.cache.put(item.segment.key, outcome)
        self._answer(item, outcome)

    def _answer(self, item: Item, outcome: Outcome | None) -> None:
        if self._under_way.get(item.segment.key) is item:
            del self._under_way[item.segment.key]
        for ticket in item.holders:
            ticket.settle(item, outcome)
        item.holders.clear()


def batch_limits(settings: Classifier) -> Limits:
    """Of the gate, as the configuration has them."""
    return Limits(settings.queue, settings.batch, GATE_COST, settings.delay)


def _deep_limits(limits: Limits) -> Limits:
    return Limits(limits.waiting, DEEP_BATCH, DEEP_COST, limits.delay)


# ---------------------------------------------------------------------- in the lanes' threads


def _gate_work(items: Sequence[Item]) -> list[Gated]:
    results: dict[Item, Gated] = {}
    for scorer, members in _by_scorer(items):
        found = gate(scorer.cascade, scorer.views, [item.segment for item in members])
        results.update(zip(members, found, strict=True))
    return [results[item] for item in items]


def _deep_work(items: Sequence[Item]) -> list[Outcome]:
    results: dict[Item, Outcome] = {}
    for scorer, members in _by_scorer(items):
        work = [(item.segment, item.gated) for item in members if item.gated is not None]
        results.update(zip(members, deepen(scorer.cascade, work), strict=True))
    return [results[item] for item in items]


def _by_scorer(items: Sequence[Item]) -> list[tuple[Scorer, list[Item]]]:
    """Nearly always one group; around a reload two."""
    groups: dict[int, tuple[Scorer, list[Item]]] = {}
    for item in items:
        groups.setdefault(id(item.scorer), (item.scorer, []))[1].append(item)
    return list(groups.values())
