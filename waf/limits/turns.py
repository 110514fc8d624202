"""Requests at once, and a short queue in which callers take turns. Pure: whoever waits is a value of the caller's choice."""

from __future__ import annotations

from collections import deque
from typing import Generic, TypeVar

W = TypeVar("W")


class Turns(Generic[W]):
    """The places of one group: `limit` at once, at most `queue` waiting. Each member of the group is served in its turn, so
    that one with many requests does not hold up the others."""

    __slots__ = ("_waiting", "active", "limit", "queue", "waiting")

    def __init__(self, limit: int, queue: int) -> None:
        self.limit = limit
        self.queue = queue
        self._waiting: dict[str, deque[W]] = {}
        self.active = 0
        self.waiting = 0

    @property
    def idle(self) -> bool:
        return not self.active and not self.waiting

    def enter(self) -> bool:
        """Take a place, if there is one and nobody waits for it."""
        if self.active < self.limit and not self.waiting:
            self.active += 1
            return True
        return False

    def queue_up(self, member: str, waiter: W) -> bool:
        """Take a place in the queue, if there is one."""
        if self.waiting >= self.queue:
            return False
        self._waiting.setdefault(member, deque()).append(waiter)
        self.waiting += 1
        return True

    def leave(self) -> W | None:
        """Give a place up. Returns who has it now."""
        if not self.waiting:
            self.active -= 1
            return None
        member, queue = next(iter(self._waiting.items()))
        waiter = queue.popleft()
        del self._waiting[member]
        if queue:
            self._waiting[member] = queue  # to the end: the others come first
        self.waiting -= 1
        return waiter

    def give_up(self, member: str, waiter: W) -> bool:
        """Leave the queue. False: it has a place by now."""
        queue = self._waiting.get(member)
        if queue is None or waiter not in queue:
            return False
        queue.remove(waiter)
        if not queue:
            del self._waiting[member]
        self.waiting -= 1
        return True
