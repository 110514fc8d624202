"""One deadline that is moved all the time and hardly ever reached."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

_NEVER: Final = float("inf")


class Deadline:
    """Calls an action once, unless cleared or set again before. Moving it back costs no timer: the one that is running finds
    out when it fires."""

    __slots__ = ("_action", "_loop", "_timer", "_when")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._when = _NEVER
        self._action: Callable[[], None]
        self._timer: asyncio.TimerHandle | None = None

    def set(self, seconds: float, action: Callable[[], None]) -> None:
        """`seconds` from now."""
        self.set_at(self._loop.time() + seconds, action)

    def set_at(self, when: float, action: Callable[[], None]) -> None:
        """At a time of the loop's clock."""
        self._when, self._action = when, action
        if self._timer is not None:
            if self._timer.when() <= when:
                return
            self._timer.cancel()
        self._timer = self._loop.call_at(when, self._fire)

    def clear(self) -> None:
        self._when = _NEVER

    def close(self) -> None:
        """Leave no timer behind."""
        self.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _fire(self) -> None:
        self._timer = None
        if self._when == _NEVER:
            return
        if self._loop.time() < self._when:
            self._timer = self._loop.call_at(self._when, self._fire)
        else:
            self.clear()
            self._action()
