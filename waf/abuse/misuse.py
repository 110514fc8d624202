"""Addresses from which keys or paths are tried, and one attack that comes from many callers. Pure; bounded.

An address is judged by how many *different* credentials of its were refused and how many different paths it asked for that do
not exist: a client that is set up wrongly repeats one of them a thousand times, and somebody who tries does not.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from waf.abuse.calibrate import Level
from waf.abuse.embed import DIM, Vector

MOST_ADDRESSES: Final = 16_384
LATEST: Final = 512
"""Attacks that are remembered."""
CAMPAIGN: Final = 5
"""Callers who send nearly the same attack, from which on it is a campaign."""
_ALIKE: Final = 0.6
"""Distance up to which two texts are variants of each other; unrelated ones are 1.4 apart."""
_BITS: Final = 256
_UNUSUAL: Final = 0.001
"""An address that is as odd as that is no example of what is usual."""


class _Address(msgspec.Struct):
    last: float
    requests: int = 0
    credentials: int = 0
    paths: int = 0
    """Bitmaps of hashes, of which the number of different ones is estimated (linear counting, Whang et al. 1990)."""
    missing: int = 0
    told: dict[str, float] = {}


class Tried(NamedTuple):
    p: float = 1.0
    signal: str = ""
    """`credentials` or `paths`."""
    different: int = 0


class Misuse:
    """`forget`: seconds after which a silent address is. Times are monotonic."""

    def __init__(self, forget: float) -> None:
        self._forget = forget
        self._of: dict[int, _Address] = {}
        self._changed: dict[int, list[int]] = {}
        """Of addresses, requests and those for what is missing that others have not been told of."""
        self._levels = {"credentials": Level(0.2, 0.5, 0.4), "paths": Level(0.2, 0.5, 0.4)}

    def __len__(self) -> int:
        return len(self._of)

    def ended(self, address: int, status: int, credential: int, path: int, now: float) -> Tried:
        """A request of this address (its hash) has ended with this status. `credential`: hash of the one that was refused, 0
        for none; `path`: hash of what was asked for, where it is not there."""
        found = self._of.get(address)
        if found is not None and now - found.last > self._forget:
            self._withdraw(found)
            found = None
        if found is None:
            if status not in (401, 404, 405):
                return Tried()
            self._make_room()
            found = _Address(now)
        self._last(address, found, now)
        more = self._changed.setdefault(address, [0, 0]) if len(self._changed) < MOST_ADDRESSES else [0, 0]
        more[0] += 1
        found.requests += 1
        if status == 401 and credential:
            found.credentials |= 1 << credential % _BITS
        elif status in (404, 405):
            found.paths |= 1 << path % _BITS
            found.missing += 1
            more[1] += 1
        else:
            return Tried()
        return self._judge(found)

    def hear(self, address: int, credentials: int, paths: int, requests: int, missing: int, now: float) -> Tried:
        """What another firewall has seen of an address: its bitmaps, and how many more requests there were."""
        found = self._of.get(address)
        if found is None:
            self._make_room()
            found = _Address(now)
        self._last(address, found, now)
        found.requests += requests
        found.missing += missing
        found.credentials |= credentials
        found.paths |= paths
        return self._judge(found)

    def changed(self, most: int) -> list[tuple[int, int, int, int, int]]:
        """As `hear` takes it, of addresses since this was last asked."""
        told: list[tuple[int, int, int, int, int]] = []
        while self._changed and len(told) < most:
            address = next(iter(self._changed))
            requests, missing = self._changed.pop(address)
            found = self._of.get(address)
            if found is not None and (found.credentials or found.paths):
                told.append((address, found.credentials, found.paths, requests, missing))
        return told

    def _last(self, address: int, found: _Address, now: float) -> None:
        self._of.pop(address, None)
        self._of[address] = found  # at the end: who is silent longest stands first
        found.last = now

    def _judge(self, found: _Address) -> Tried:
        values = {"credentials": _different(found.credentials)}
        # A site with a few broken links is not scanned; most of what a scanner asks for is missing.
        values["paths"] = _different(found.paths) * min(found.missing / max(found.requests, 1), 1.0)
        self._withdraw(found)
        worst = Tried()
        for name, value in values.items():
            level, log = self._levels[name], math.log1p(value)
            p = level.p_value(log)
            if p < worst.p:
                worst = Tried(p, name, round(value))
            if p > _UNUSUAL:
                found.told[name] = level.moments.replace(None, log)
        return worst

    def _withdraw(self, address: _Address) -> None:
        for name, value in address.told.items():
            self._levels[name].moments.add(value, -1)
        address.told = {}

    def _make_room(self) -> None:
        if len(self._of) >= MOST_ADDRESSES:
            self._of.pop(next(iter(self._of)))


class Campaigns:
    """Texts that were taken for attacks, and by how many callers each of them is sent."""

    def __init__(self) -> None:
        self._points: NDArray[np.float32] = np.full((LATEST, DIM), 1e6, dtype=np.float32)
        self._owners: NDArray[np.uint64] = np.zeros(LATEST, dtype=np.uint64)
        self._next = 0

    def add(self, point: Vector, owner: int) -> int:
        """Remembers an attack; returns how many callers sent one like it."""
        steps = self._points - point
        alike = np.einsum("ij,ij->i", steps, steps) < _ALIKE**2
        callers = len(set(self._owners[alike].tolist()) | {owner})
        self._points[self._next], self._owners[self._next] = point, owner
        self._next = (self._next + 1) % LATEST
        return callers


def _different(bits: int) -> float:
    empty = _BITS - bits.bit_count()
    return _BITS * math.log(_BITS / empty) if empty else _BITS * math.log(_BITS)
