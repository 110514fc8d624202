"""All rates and quotas of a configuration together: asked in three steps, and each step takes all of its costs or none."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Final, NamedTuple

from waf.errors import TooManyRequests
from waf.identity.networks import packed
from waf.limits.rates import Quota, Window
from waf.limits.table import Table
from waf.model import Caller
from waf.usage import Rate, Usage

OPENING, KNOWN, READ = range(3)
"""Before anybody is asked who they are (so that guessing has a price, too); then; and once the request has been read."""

_EARLY: Final = frozenset({"address", "route", "all"})


class Who(NamedTuple):
    """By what a request can be counted; an empty text is by nothing."""

    route: str
    address: str
    key: str = ""
    subject: str = ""
    tenant: str = ""

    def by(self, name: str) -> str:
        if name == "all":
            return "all"
        if name == "caller":
            return (self.key and f"key:{self.key}") or (self.subject and f"sub:{self.subject}") or f"at:{self.address}"
        return str(getattr(self, name))


def who(route: str, address: str, caller: Caller | None = None) -> Who:
    """IPv6 addresses count by their first 64 bits, which is what one household or one machine is given."""
    data = packed(address)
    place = data[:8].hex() if data is not None and len(data) == 16 else address
    if caller is None:
        return Who(route, place)
    return Who(route, place, caller.account, caller.subject, caller.tenant)


class Costs(NamedTuple):
    """What one request costs, in each way to count."""

    requests: float = 1
    bytes: float = 0
    tokens: float = 0


class Taken(NamedTuple):
    """What one step took: from which rate, of whose share. Kept to settle it, and to tell the client."""

    rate: Window | Quota
    key: int


class Meter:
    """Made from the settings. `tables` are kept over reloads, by the rate that they belong to, whatever its limit is; `secret`
    keys the hashes."""

    def __init__(self, usage: Usage, tables: dict[tuple[str, ...], Table], secret: bytes) -> None:
        self._hasher = blake2b(digest_size=8, key=secret)
        self.rates: list[Window | Quota] = []
        for rate in usage.rates:
            kept = (rate.name, rate.by, rate.cost, rate.period)
            if kept not in tables:
                tables[kept] = Table(usage.callers)
            table = tables[kept]
            self.rates.append(Quota(rate, table) if rate.period else Window(rate, table))
        self._steps = [[rate for rate in self.rates if _step(rate.rate) == step] for step in (OPENING, KNOWN, READ)]
        self.headers = usage.headers
        self.counts_tokens = any(rate.rate.cost == "tokens" for rate in self.rates)

    @property
    def quotas(self) -> list[Quota]:
        return [rate for rate in self.rates if isinstance(rate, Quota)]

    def take(self, step: int, someone: Who, costs: Costs, monotonic: float, wall: float) -> list[Taken]:
        """Raises TooManyRequests when one of the rates has no room; then nothing is taken from any."""
        wanted: list[Taken] = []
        for rate in self._steps[step]:
            settings = rate.rate
            share = someone.by(settings.by)
            if not share or (settings.routes and someone.route not in settings.routes):
                continue
            taken = Taken(rate, self._hash(share))
            now = wall if settings.period else monotonic
            wait = rate.wait(taken.key, getattr(costs, settings.cost), now)
            if wait > 0:
                raise self._refusal(taken, wait, monotonic, wall)
            wanted.append(taken)
        for rate, key in wanted:
            rate.take(key, getattr(costs, rate.rate.cost), wall if rate.rate.period else monotonic)
        return wanted

    def settle(self, taken: Iterable[Taken], cost: str, difference: float, monotonic: float, wall: float) -> None:
        """Correct a cost that was a guess."""
        for rate, key in taken:
            if rate.rate.cost == cost:
                rate.take(key, difference, wall if rate.rate.period else monotonic)

    def said(self, taken: Sequence[Taken], monotonic: float, wall: float) -> list[tuple[str, str]]:
        """RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers-10)."""
        if not taken or not self.headers:
            return []
        policies, states = [], []
        for rate, key in taken:
            settings = rate.rate
            left, reset = rate.left(key, wall if settings.period else monotonic)
            policies.append(_policy(settings))
            states.append(f'"{settings.name}";r={left};t={reset}')
        return [("RateLimit-Policy", ", ".join(policies)), ("RateLimit", ", ".join(states))]

    def _refusal(self, taken: Taken, wait: float, monotonic: float, wall: float) -> TooManyRequests:
        headers = (("Retry-After", str(max(math.ceil(wait), 1))), *self.said([taken], monotonic, wall))
        code = "quota_exceeded" if taken.rate.rate.period else "rate_limited"
        return TooManyRequests(code, f"Too much at once: {taken.rate.rate.name}. Try again later.", headers)

    def _hash(self, text: str) -> int:
        hasher = self._hasher.copy()
        hasher.update(text.encode("utf-8", "surrogatepass"))
        return int.from_bytes(hasher.digest()) or 1  # 0 is an empty slot


def _step(rate: Rate) -> int:
    if rate.cost != "requests":
        return READ
    return OPENING if rate.by in _EARLY else KNOWN


def _policy(rate: Rate) -> str:
    unit = "" if rate.cost == "requests" else f';qu="{"content-bytes" if rate.cost == "bytes" else rate.cost}"'
    window = {"day": 86_400, "month": 2_592_000}.get(rate.period, math.ceil(rate.window))
    return f'"{rate.name}";q={rate.burst or rate.limit}{unit};w={window}'
