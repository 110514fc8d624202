"""All rates and quotas of a configuration together: asked in three steps, and each step takes all of its costs or none."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Final, NamedTuple

from waf.errors import TooManyRequests
from waf.identity.access import matches
from waf.identity.networks import packed
from waf.limits.rates import Quota, Window
from waf.limits.table import Table
from waf.model import Caller
from waf.usage import Rate, Usage

Models = Sequence[str] | None

OPENING, KNOWN, READ = range(3)
"""Before anybody is asked who they are (so that guessing has a price, too); then; and once the request has been read."""

HASHED: Final = 8_192
"""Shares, and callers, whose hashes and names are remembered."""
_EARLY: Final = frozenset({"address", "route", "all"})


class Who(NamedTuple):
    """By what a request can be counted, in the words of `Rate.by`; an empty text is by nothing."""

    route: str
    address: str
    key: str
    subject: str
    tenant: str
    caller: str
    all: str = "all"


def place_of(address: str) -> str:
    """IPv6 addresses count by their first 64 bits, which is what one household or one machine is given."""
    if ":" not in address:
        return address
    data = packed(address)
    return data[:8].hex() if data is not None and len(data) == 16 else address


def name_of(address: str, caller: Caller | None) -> str:
    """By what a caller is told from others: a key's name or a subject, an address where neither is known."""
    if caller is None or caller.kind == "anonymous":
        return f"at:{place_of(address)}"
    return f"key:{caller.account}" if caller.account else f"sub:{caller.subject}"


def who(route: str, place: str, caller: Caller | None = None) -> Who:
    """`place` is what `place_of` says of the client's address."""
    if caller is None or caller.kind == "anonymous":
        return _somebody(route, place)
    return _known(route, place, caller.account, caller.subject, caller.tenant)


@lru_cache(HASHED)
def _somebody(route: str, place: str) -> Who:
    return Who(route, place, "", "", "", f"at:{place}")


@lru_cache(HASHED)
def _known(route: str, place: str, key: str, subject: str, tenant: str) -> Who:
    return Who(route, place, key, subject, tenant, f"key:{key}" if key else f"sub:{subject}")


class Costs(NamedTuple):
    """What one request costs, in each way to count."""

    requests: float = 1
    bytes: float = 0
    tokens: float = 0


class Rule(NamedTuple):
    """A rate, with its settings made into what is quick to look up."""

    rate: Window | Quota
    name: str
    by: int
    cost: int
    routes: frozenset[str]
    wall: bool
    """It goes by the calendar."""
    policy: str
    state: str
    """How its part of `RateLimit` begins."""
    models: tuple[str, ...]
    """Patterns of those that it holds for; none: all."""
    picky: bool
    """It does not hold for every request."""

    def holds(self, someone: Who, models: Models) -> bool:
        if self.routes and someone.route not in self.routes:
            return False
        return not self.models or models is None or any(matches(self.models, name) for name in models)


class Taken(NamedTuple):
    """What one step took: by which rule, of whose share, and where its number was then."""

    rule: Rule
    key: int
    slot: int


class Meter:
    """Made from the settings. `tables` are kept over reloads, by the rate that they belong to, whatever its limit is; `secret`
    keys the hashes."""

    def __init__(self, usage: Usage, tables: dict[tuple[str, ...], Table], secret: bytes) -> None:
        self._hasher = blake2b(digest_size=8, key=secret)
        self.hash = lru_cache(HASHED)(self._hash)
        """Of a share, 64 bits: under which it is found."""
        rules = []
        for rate in usage.rates:
            kept = (rate.name, rate.by, rate.cost, rate.period)
            if kept not in tables:
                tables[kept] = Table(usage.callers)
            rules.append(_rule(rate, tables[kept]))
        self.rules: Sequence[Rule] = rules
        self._steps = [[rule for rule in rules if _step(rule.rate.rate) == step] for step in (OPENING, KNOWN, READ)]
        self._single = [step[0] if len(step) == 1 and not step[0].picky else None for step in self._steps]
        """The one rate of a step that has no other, and holds for every request."""
        self._headers = usage.headers
        self._policies = ", ".join(rule.policy for step in self._steps for rule in step)
        """As told to whom all of them hold for."""
        self._costs = usage.model_costs
        self.counts_tokens = any(rate.cost == "tokens" for rate in usage.rates)

    @property
    def quotas(self) -> list[Quota]:
        return [rule.rate for rule in self.rules if isinstance(rule.rate, Quota)]

    def take(
        self, step: int, someone: Who, costs: Costs, monotonic: float, wall: float, models: Models = None
    ) -> list[Taken]:
        """Raises TooManyRequests when one of the rates has no room; then nothing is taken from any. `models`: those that
        the request names; None: not known, which is all of them."""
        single = self._single[step]
        if single is not None:
            share = someone[single.by]
            if not share:
                return []
            key = self.hash(share)
            slot, wait = single.rate.draw(key, costs[single.cost], wall if single.wall else monotonic)
            if wait:
                raise self.refusal(Taken(single, key, slot), wait, monotonic, wall)
            return [Taken(single, key, slot)]
        wanted: list[Taken] = []
        for rule in self._steps[step]:
            share, rate = someone[rule.by], rule.rate
            if not share or (rule.picky and not rule.holds(someone, models)):
                continue
            key = self.hash(share)
            now = wall if rule.wall else monotonic
            slot = rate.find(key, now)
            wait = rate.wait(slot, costs[rule.cost], now)
            wanted.append(Taken(rule, key, slot))
            if wait:
                raise self.refusal(wanted[-1], wait, monotonic, wall)
        for rule, _, slot in wanted:
            rule.rate.take(slot, costs[rule.cost], wall if rule.wall else monotonic)
        return wanted

    def wanted(self, steps: Iterable[int], someone: Who, models: Models = None) -> list[tuple[Rule, int]]:
        """The rates that hold for somebody, with the hash of the share: what `take` would take from."""
        return [
            (rule, self.hash(someone[rule.by]))
            for step in steps
            for rule in self._steps[step]
            if someone[rule.by] and (not rule.picky or rule.holds(someone, models))
        ]

    def factor(self, models: Models) -> float:
        """What a token of a request counts that names these models."""
        if not self._costs:
            return 1.0
        if models is None:
            return max(1.0, *(cost.factor for cost in self._costs))
        found = [next((cost.factor for cost in self._costs if matches(cost.models, name)), 1.0) for name in models]
        return max(found, default=1.0)

    def settle(self, taken: Iterable[Taken], cost: str, difference: float, monotonic: float, wall: float) -> None:
        """Correct a cost that was a guess."""
        for rule, key, _ in taken:
            if rule.rate.rate.cost == cost:
                now = wall if rule.wall else monotonic
                rule.rate.take(rule.rate.find(key, now), difference, now)

    def said(self, taken: Sequence[Taken], monotonic: float, wall: float) -> list[tuple[str, str]]:
        """RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers-10)."""
        if not taken or not self._headers:
            return []
        states = []
        for rule, key, slot in taken:
            rate, now = rule.rate, wall if rule.wall else monotonic
            if not rate.table.holds(slot, key):
                slot = rate.find(key, now)
            left, reset = rate.left(slot, now)
            states.append(f"{rule.state}{left};t={reset}")
        every = len(taken) == len(self.rules)  # each is taken from once, in one order
        policies = self._policies if every else ", ".join([rule.policy for rule, _, _ in taken])
        return [("RateLimit-Policy", policies), ("RateLimit", ", ".join(states))]

    def refusal(self, taken: Taken, wait: float, monotonic: float, wall: float) -> TooManyRequests:
        """What somebody is told for whom one rate has no room."""
        headers = (("Retry-After", str(max(math.ceil(wait), 1))), *self.said([taken], monotonic, wall))
        code = "quota_exceeded" if taken.rule.wall else "rate_limited"
        return TooManyRequests(code, f"Too much at once: {taken.rule.name}. Try again later.", headers)

    def _hash(self, text: str) -> int:
        hasher = self._hasher.copy()
        hasher.update(text.encode("utf-8", "surrogatepass"))
        return int.from_bytes(hasher.digest()) or 1  # 0 is an empty slot


def _rule(rate: Rate, table: Table) -> Rule:
    counted = Quota(rate, table) if rate.period else Window(rate, table)
    by, cost = Who._fields.index(rate.by), Costs._fields.index(rate.cost)
    return Rule(
        counted,
        rate.name,
        by,
        cost,
        frozenset(rate.routes),
        bool(rate.period),
        _policy(rate),
        f'"{rate.name}";r=',
        rate.models,
        bool(rate.routes or rate.models),
    )


def _step(rate: Rate) -> int:
    if rate.cost != "requests" or rate.models:
        return READ
    return OPENING if rate.by in _EARLY else KNOWN


def _policy(rate: Rate) -> str:
    unit = "" if rate.cost == "requests" else f';qu="{"content-bytes" if rate.cost == "bytes" else rate.cost}"'
    window = {"day": 86_400, "month": 2_592_000}.get(rate.period, math.ceil(rate.window))
    return f'"{rate.name}";q={rate.burst or rate.limit}{unit};w={window}'
