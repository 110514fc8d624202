"""Entries, made into what is quick to look up: who is kept out, and who is slowed down. Pure; clocks are handed in."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from ipaddress import ip_network
from typing import Final, NamedTuple

from waf.errors import Forbidden, TooManyRequests
from waf.identity.access import matches
from waf.identity.networks import packed
from waf.limits.rates import Window
from waf.limits.table import Table
from waf.model import Caller
from waf.overrides.entry import Entry
from waf.usage import Rate

ADDRESS, CALLER, MODEL = range(3)
"""When an entry is looked at: once the address is known, once the caller is, once the request has been read."""

DENIED: Final = "override_denied"
LIMITED: Final = "override_limited"

_NAMES: Final = ("key", "subject", "tenant")
_NOBODY: Final = Caller()
_NO_RETRY: Final = ("x-should-retry", "false")
"""A limit of an incident is there to get requests off; a client library that tries again by itself undoes it."""


class Live:
    """An entry, and what is quick to compare of it."""

    __slots__ = ("_bits", "_shift", "_start", "ends", "entry", "key", "named", "tags", "window")

    def __init__(self, entry: Entry, table: Table) -> None:
        self.entry = entry
        self.ends = entry.until.timestamp()
        self.named = [(name, getattr(entry.match, name)) for name in _NAMES if getattr(entry.match, name)]
        self.key = int.from_bytes(blake2b(entry.id.encode(), digest_size=8).digest()) or 1
        self.tags = (f"override.{entry.id}",)
        self.window: Window | None = None
        """Of a limit."""
        if entry.limit is not None:
            self.window = Window(Rate(limit=entry.limit.requests, window=entry.limit.window), table)
        self._bits = self._shift = self._start = 0
        if entry.match.address:
            self._bits, self._shift, self._start = _network(entry.match.address)

    def fits(self, data: bytes | None, caller: Caller, models: Iterable[str]) -> bool:
        """Whether all of its scope is met; `data` is the address."""
        if any(getattr(caller, name) != value for name, value in self.named):
            return False
        if self._bits and not (
            data is not None and len(data) * 8 == self._bits and int.from_bytes(data) >> self._shift == self._start
        ):
            return False
        model = self.entry.match.model
        return not model or any(matches((model,), name) for name in models)


class Found(NamedTuple):
    """What entries ask of a request."""

    asking: tuple[str, ...]
    """Tags of the entries that want a proof of work."""
    limits: Sequence[Live]
    """The entries that let only so many requests through; `take` counts one with each."""


NOTHING: Final = Found((), ())


class _Index:
    """Entries without a model, found by name or by network."""

    __slots__ = ("_named", "_networks")

    def __init__(self) -> None:
        self._named: dict[tuple[str, str], list[Live]] = {}
        self._networks: dict[tuple[int, int], dict[int, list[Live]]] = {}

    def add(self, live: Live) -> None:
        if live.named:
            self._named.setdefault(live.named[0], []).append(live)
        else:
            bits, shift, start = _network(live.entry.match.address)
            self._networks.setdefault((bits, shift), {}).setdefault(start, []).append(live)

    def by_address(self, data: bytes | None, now: float) -> Iterator[Live]:
        if data is None or not self._networks:
            return
        number, bits = int.from_bytes(data), len(data) * 8
        for (size, shift), starts in self._networks.items():
            if size == bits:
                yield from (live for live in starts.get(number >> shift, ()) if now < live.ends)

    def by_name(self, data: bytes | None, caller: Caller, now: float) -> Iterator[Live]:
        if not self._named:
            return
        for name in _NAMES:
            if value := getattr(caller, name):
                found = self._named.get((name, value), ())
                yield from (live for live in found if now < live.ends and live.fits(data, caller, ()))


class Book:
    """Made from the entries of a file. `table` holds what limits have let through and outlives the book."""

    __slots__ = ("_allow_ends", "_allows", "_models", "_others", "entries")

    def __init__(self, entries: Iterable[Entry], table: Table) -> None:
        self.entries = tuple(entries)
        self._others = _Index()
        self._models: list[Live] = []
        self._allows: _Index | None = None
        self._allow_ends = 0.0
        """When the last entry ends that exempts a caller by name."""
        for entry in self.entries:
            live = Live(entry, table)
            if entry.action == "allow":
                self._allows = self._allows or _Index()
                self._allows.add(live)
                self._allow_ends = max(self._allow_ends, live.ends if live.named else 0.0)
            elif entry.match.model:
                self._models.append(live)
            else:
                self._others.add(live)

    @property
    def reads_models(self) -> bool:
        return bool(self._models)

    def check(self, step: int, address: str, caller: Caller | None, models: Iterable[str], now: float) -> Found:
        """What is asked of a request. Raises Forbidden. `now` in seconds since 1970."""
        data, someone = packed(address), caller or _NOBODY
        found = list(self._found(step, data, someone, models, now))
        return _enforce(found) if found and not self._exempt(data, someone, now) else NOTHING

    def _found(
        self, step: int, data: bytes | None, caller: Caller, models: Iterable[str], now: float
    ) -> Iterator[Live]:
        """What is about this request at this step. Where a caller may be exempt, addresses wait until it is known."""
        if step == (CALLER if now < self._allow_ends else ADDRESS):
            yield from self._others.by_address(data, now)
        if step == CALLER:
            yield from self._others.by_name(data, caller, now)
        elif step == MODEL:
            yield from (live for live in self._models if now < live.ends and live.fits(data, caller, models))

    def _exempt(self, data: bytes | None, caller: Caller, now: float) -> bool:
        allows = self._allows
        if allows is None:
            return False
        return any(True for _ in allows.by_address(data, now)) or any(True for _ in allows.by_name(data, caller, now))


def _enforce(found: Iterable[Live]) -> Found:
    limits: list[Live] = []
    asking: tuple[str, ...] = ()
    for live in found:
        if live.entry.action == "challenge":
            asking += live.tags
        elif live.window is None:
            raise Forbidden(DENIED, "Access has been suspended.", (), live.tags)
        else:
            limits.append(live)
    return Found(asking, limits)


def take(limits: Sequence[Live], now: float) -> None:
    """All limits must have room, and then each of them is used. `now` is monotonic. Raises TooManyRequests."""
    slots: list[tuple[Window, int]] = []
    for live in limits:
        window = live.window
        if window is None:
            continue
        slot = window.find(live.key, now)
        if wait := window.wait(slot, 1, now):
            raise limited(live, wait)
        slots.append((window, slot))
    for window, slot in slots:
        window.take(slot, 1, now)


def limited(live: Live, wait: float) -> TooManyRequests:
    """What somebody is told for whom a limit has no room for so many seconds."""
    headers = (("Retry-After", str(max(math.ceil(wait), 1))), _NO_RETRY)
    return TooManyRequests(LIMITED, "Requests are limited for now.", headers, live.tags)


def _network(text: str) -> tuple[int, int, int]:
    """Bits of its addresses, how many of them do not matter, and the rest of them as a number. IPv4 in IPv6 is IPv4."""
    network = ip_network(text)
    if network.version == 6 and network.prefixlen >= 96 and (inner := network.network_address.ipv4_mapped) is not None:
        network = ip_network(f"{inner}/{network.prefixlen - 96}")
    shift = network.max_prefixlen - network.prefixlen
    return network.max_prefixlen, shift, int(network.network_address) >> shift
