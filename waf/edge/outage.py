"""Why the model server fails: the client is not told, and an operator has to know."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Protocol

from waf.errors import UpstreamError

QUIET: Final = 10.0
"""Seconds between two messages: clients decide how often a server that is down is asked."""


class Log(Protocol):
    def warning(self, event: str, **details: Any) -> object: ...


class Outage:
    """Says the first failure at once, and those of the next seconds as a number with the latest reason."""

    def __init__(self, log: Log, clock: Callable[[], float]) -> None:
        self._log = log
        self._clock = clock
        self._quiet_until = float("-inf")
        self._failures = 0

    def seen(self, error: UpstreamError, request: str) -> None:
        """One request that failed. `request` is its id."""
        self._failures += 1
        now = self._clock()
        if now >= self._quiet_until:
            self._quiet_until = now + QUIET
            self._log.warning(
                "the model server failed",
                code=error.code,
                reason=error.message,
                request=request,
                failures=self._failures,
            )
            self._failures = 0
