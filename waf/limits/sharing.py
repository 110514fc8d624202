"""A meter whose amounts are kept with other firewalls': what it asks for there, and how its own tables follow.

The tables hear what every answer says, so that a firewall that must decide alone goes on from where its callers stood. What it
lets in meanwhile is told when the others can be reached again. Pure; clocks are handed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from waf.limits.meter import Costs, Meter, Models, Rule, Taken, Who
from waf.limits.rates import Quota
from waf.state.protocol import DAY, LEASE, LEASE_SECONDS, LEAVE, MONTH, WINDOW, Answer, Ask, Take

MAX_ALONE: Final = 100_000
"""Shares whose amounts are remembered while the others are away. What is beyond is only counted here."""
CHUNK: Final = 64
"""Groups of a table that are gone through at once; a millisecond or two."""
DEBTS: Final = 500
"""Amounts that are told at once; the same."""

_KINDS: Final = {"": WINDOW, "day": DAY, "month": MONTH}


class Place(NamedTuple):
    """One of the requests at once: of which limit and share, and how many there may be."""

    key: bytes
    limit: int


class Wanted(NamedTuple):
    """What one ask is about. Places come after rates."""

    rates: list[tuple[Rule, int]]
    costs: Costs
    ask: Ask


class Debt(NamedTuple):
    """What was taken of one share of a quota while the others were away."""

    quota: Quota
    hash: int
    starts: float
    amount: float


class Sharer:
    """One configuration's rates as `waf.state` knows them. `prefix` begins every key; a firewall with another one shares nothing.
    `alone` is kept over reloads."""

    def __init__(self, meter: Meter, prefix: bytes, alone: dict[bytes, Debt]) -> None:
        self.meter = meter
        self._prefix = prefix
        self._known = {id(rule): _template(rule, prefix) for rule in meter.rules}
        self._alone = alone
        self.restoring = False
        """The others have lost what they knew and are being told: until they have heard all, the greater amount is right."""

    def place(self, name: str, share: str, limit: int) -> Place:
        return Place(b"%b:c:%b:%016x" % (self._prefix, name.encode(), self.meter.hash(share)), limit)

    def want(
        self,
        steps: Iterable[int],
        someone: Who,
        costs: Costs,
        places: Sequence[Place] = (),
        member: str = "",
        models: Models = None,
    ) -> Wanted | None:
        """None: nothing is limited here."""
        rates = self.meter.wanted(steps, someone, models)
        if not rates and not places:
            return None
        keys, takes = [], []
        for rule, key in rates:
            start, single = self._known[id(rule)]
            cost = costs[rule.cost]
            keys.append(b"%b%016x" % (start, key))
            takes.append(single if cost == 1 else Take(single.kind, cost, single.step, single.room))
        keys += [place.key for place in places]
        takes += [Take(LEASE, 1, LEASE_SECONDS, place.limit, 0, member) for place in places]
        return Wanted(rates, costs, Ask(tuple(keys), tuple(takes)))

    def follow(self, wanted: Wanted, answer: Answer, monotonic: float, wall: float) -> list[Taken]:
        """Let the tables know. What was taken; empty when only a place was missing. Raises TooManyRequests for a rate."""
        taken = []
        for (rule, key), number in zip(wanted.rates, answer.numbers, strict=False):
            now = wall if rule.wall else monotonic
            slot = rule.rate.find(key, now)
            if isinstance(rule.rate, Quota):
                rule.rate.put(slot, max(number, rule.rate.used(slot)) if self.restoring else number)
            else:
                rule.rate.table.put(slot, now + number)
            taken.append(Taken(rule, key, slot))
        if not answer.refused:
            return taken
        if answer.refused <= len(wanted.rates):
            raise self.meter.refusal(taken[-1], answer.wait, monotonic, wall)
        return []

    def settlement(self, taken: Iterable[Taken], cost: str, difference: float) -> list[Ask]:
        """To correct a cost that was a guess."""
        asks = []
        for rule, key, _ in taken:
            if rule.rate.rate.cost == cost:
                start, single = self._known[id(rule)]
                asks.append(_forced(b"%b%016x" % (start, key), single, difference))
        return asks

    def alone(self, taken: Iterable[Taken], cost: str, amount: float) -> None:
        """An amount that was taken, or given back, while the others were away; those of quotas are remembered for them."""
        for rule, key, _ in taken:
            quota = rule.rate
            if not isinstance(quota, Quota) or quota.rate.cost != cost:
                continue
            name = b"%b%016x" % (self._known[id(rule)][0], key)
            debt = self._alone.get(name)
            starts = quota.table.starts
            if debt is not None or len(self._alone) < MAX_ALONE:
                before = debt.amount if debt is not None and debt.starts == starts else 0.0
                self._alone[name] = Debt(quota, key, starts, before + amount)

    def debts(self) -> list[Ask]:
        """Some of what `alone` remembered, for the others; it is forgotten here. Amounts of a period that is over are nobody's.
        Empty: there is nothing left."""
        asks: list[Ask] = []
        while self._alone and len(asks) < DEBTS:
            name, debt = self._alone.popitem()
            table = debt.quota.table
            slot = table.peek(debt.hash)
            if debt.starts == table.starts and slot >= 0:
                kind, floor = _KINDS[debt.quota.rate.period], max(debt.quota.used(slot) - debt.amount, 0.0)
                asks.append(Ask((name,), (Take(kind, debt.amount, 0, debt.quota.rate.limit, floor),), forced=True))
        return asks

    def everything(self, wall: float) -> Iterator[list[Ask]]:
        """All that is known of quotas, as amounts that are the least, a chunk at a time: for others that remember nothing."""
        for rule in self.meter.rules:
            rate = rule.rate
            if not isinstance(rate, Quota):
                continue
            start, single = self._known[id(rule)]
            group = 0
            while group >= 0 and wall < rate.table.ends:
                found, group = rate.table.above(rate.table.base, group, CHUNK)
                base = rate.table.base
                yield [
                    Ask(
                        (b"%b%016x" % (start, key),),
                        (Take(single.kind, 0, 0, single.room, number - base),),
                        forced=True,
                    )
                    for key, number in found
                ]


def staying(places: Iterable[Place], member: str) -> list[Ask]:
    """Places that are held and still needed."""
    return [Ask((p.key,), (Take(LEASE, 1, LEASE_SECONDS, p.limit, 0, member),), forced=True) for p in places]


def leaving(places: Iterable[Place], member: str) -> list[Ask]:
    """Places that are given up."""
    return [Ask((p.key,), (Take(LEAVE, member=member),), forced=True) for p in places]


def _template(rule: Rule, prefix: bytes) -> tuple[bytes, Take]:
    """How keys of a rate begin, and what one unit of it is."""
    rate = rule.rate
    start = f"{rate.rate.name}:{rate.rate.by}:{rate.rate.cost}:{rate.rate.period}:"
    kind = _KINDS[rate.rate.period]
    if isinstance(rate, Quota):
        return b"%b:q:%b" % (prefix, start.encode()), Take(kind, 1, 0, rate.rate.limit)
    return b"%b:w:%b" % (prefix, start.encode()), Take(kind, 1, rate.step, rate.tolerance)


def _forced(key: bytes, single: Take, cost: float) -> Ask:
    return Ask((key,), (Take(single.kind, cost, single.step, single.room),), forced=True)
