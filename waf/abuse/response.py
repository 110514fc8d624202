"""What follows from a risk, for how long, and how it ends. Pure.

A response holds while the risk does and `hold` seconds longer; then everything is as before. Memory is bounded: when there are
too many callers under suspicion, one whose response ends soon is let go.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from waf.misuse import Respond

Response = Literal["tag", "limit", "round", "challenge", "block"]
RESPONSES: Final[tuple[Response, ...]] = ("tag", "limit", "round", "challenge", "block")
"""From the mildest to the hardest."""
MOST: Final = 16_384


class Standing(msgspec.Struct):
    """Where one caller stands."""

    risk: float
    ends: float
    paced_until: float = 0.0
    """Up to when the requests that it was let through count."""


class Standings:
    """Of all callers under suspicion, by the hash of their names. Times are monotonic, in seconds."""

    def __init__(self) -> None:
        self._of: dict[int, Standing] = {}
        self._changed: dict[int, None] = {}
        """Callers of whom others have not been told yet."""
        self._respond: Respond | None = None
        self._least = 2.0

    def __len__(self) -> int:
        return len(self._of)

    def note(self, caller: int, risk: float, respond: Respond, now: float) -> Standing | None:
        """After a request with this risk: where the caller stands, None where nothing is held against it. The highest risk
        counts until it has been lower for `hold` seconds."""
        found = self._of.get(caller)
        if found is not None and found.ends <= now:
            del self._of[caller]
            found = None
        if respond is not self._respond:
            self._respond = respond
            self._least = min((level for level in levels(respond).values() if level), default=2.0)
        if risk >= self._least:
            if found is None:
                self._make_room()
                found = self._of[caller] = Standing(risk, now + respond.hold)
            elif risk >= found.risk:
                found.risk, found.ends = risk, now + respond.hold
            if len(self._changed) < MOST:
                self._changed[caller] = None
        return found

    def hear(self, caller: int, risk: float, seconds: float, respond: Respond, now: float) -> None:
        """Where a caller stands with another firewall, and for how long."""
        found = self._of.get(caller)
        if found is None or found.ends <= now:
            if len(self._of) >= MOST and found is None:
                self._make_room()
            found = self._of[caller] = Standing(0.0, now)
        if risk >= found.risk:
            found.risk, found.ends = risk, max(found.ends, now + min(seconds, respond.hold))

    def changed(self, most: int, now: float) -> list[tuple[int, float, float]]:
        """(caller, risk, seconds that it holds) of those that have changed here since this was last asked."""
        told: list[tuple[int, float, float]] = []
        while self._changed and len(told) < most:
            caller = next(iter(self._changed))
            del self._changed[caller]
            found = self._of.get(caller)
            if found is not None and found.ends > now:
                told.append((caller, found.risk, found.ends - now))
        return told

    def of(self, caller: int, now: float) -> Standing | None:
        """Where a caller stands, None where nothing is held against it."""
        found = self._of.get(caller)
        return found if found is not None and found.ends > now else None

    def highest(self, now: float) -> float:
        return max((standing.risk for standing in self._of.values() if standing.ends > now), default=0.0)

    def _make_room(self) -> None:
        if len(self._of) >= MOST:
            # The first ones are those that have been there longest; looking at all of them would take too long.
            some = [caller for caller, _ in zip(self._of, range(16), strict=False)]
            gone = min(some, key=lambda caller: self._of[caller].ends)
            del self._of[gone]
            self._changed.pop(gone, None)


def levels(respond: Respond) -> dict[Response, float]:
    return {
        "tag": respond.tag,
        "limit": respond.limit,
        "round": respond.round,
        "challenge": respond.challenge,
        "block": respond.block,
    }


def responses(risk: float, respond: Respond) -> tuple[Response, ...]:
    """Those that a risk has earned."""
    return tuple(name for name, level in levels(respond).items() if level and risk >= level)


def pace(standing: Standing, respond: Respond, now: float) -> float:
    """Seconds until the caller's next request has room, 0 for now (and takes it then): `pace` a minute, evenly, up to a
    quarter of them at once."""
    step = 60.0 / respond.pace
    tolerance = step * max(1.0, respond.pace / 4)
    until = max(standing.paced_until, now) + step
    if until - now > tolerance + 1e-9:
        return until - now - tolerance
    standing.paced_until = until
    return 0.0
