"""When to try again. Pure; the clock is handed in."""

from __future__ import annotations

from typing import Final

FIRST: Final = 0.1
LONGEST: Final = 5.0
STEADY: Final = 10.0
"""Seconds after which a connection is one that works: its end is the first failure, not the next one."""


class Breaker:
    """Pauses between attempts to connect double from a tenth of a second to five, as long as none lasts."""

    def __init__(self) -> None:
        self._pause = 0.0
        self._since: float | None = None

    def worked(self, now: float) -> None:
        """A connection stands."""
        self._since = now

    def failed(self, now: float) -> float:
        """It ended, or never stood. Returns the seconds to wait."""
        if self._since is not None and now - self._since >= STEADY:
            self._pause = 0.0
        self._since = None
        self._pause = min(max(self._pause * 2, FIRST), LONGEST)
        return self._pause
