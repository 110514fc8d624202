"""One client's backlog must not keep the event loop from everybody else's requests."""

from __future__ import annotations

import asyncio
from time import perf_counter
from typing import Final

LONGEST: Final = 0.005
"""Seconds of work in a row."""


class Slice:
    """A stretch of work that may never have to wait: thousands of pipelined requests that are refused, of short messages that are
    here already. Ask `over` between two pieces of it."""

    __slots__ = ("_began",)

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Something was waited for."""
        self._began = perf_counter()  # the loop's own clock stands still meanwhile

    async def over(self) -> None:
        """Let others be served, if they have waited long enough."""
        if perf_counter() - self._began > LONGEST:
            await asyncio.sleep(0)
            self.begin()
