"""Who waits for a model, and the decision who goes next. Pure: the clock's value is handed in.

Greedy, as Triton's batcher is with a delay of 0: as soon as the model is free, everything that waits is sent, and while it
runs the next batch gathers by itself. Waiting for company pays only under load, and only where the operator gives it time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, NamedTuple, Protocol, TypeVar

import msgspec


class Entry(Protocol):
    """Something that waits. Compared and hashed by identity."""

    caller: str
    cost: int
    """Characters that the model has to read."""
    arrived: float
    deadline: float
    """Both in seconds of one clock."""


E = TypeVar("E", bound=Entry)


class Limits(msgspec.Struct, frozen=True):
    """`waiting`: entries that may wait. `batch`, `cost`: entries and their cost in one run; a single entry may cost more.
    `delay`: seconds that an entry waits for company under load."""

    waiting: int
    batch: int
    cost: int
    delay: float = 0.0


class FairQueue(Generic[E]):
    """A line of entries for each caller, served in turn, so that nobody waits for the length of somebody else's line."""

    __slots__ = ("_lines", "size")

    def __init__(self) -> None:
        self._lines: dict[str, dict[E, None]] = {}
        self.size = 0

    def put(self, entry: E, most: int) -> E | None:
        """Let it wait. When `most` entries wait already, the last one of the longest line has to go, or the new one, if its
        own line is as long: returns who had to."""
        gone = None
        if self.size >= most:
            longest = max(self._lines.values(), key=len, default={})
            if len(longest) <= len(self._lines.get(entry.caller, ())) + 1:
                return entry
            gone = next(reversed(longest))
            self.remove((gone,))
        self._lines.setdefault(entry.caller, {})[entry] = None
        self.size += 1
        return gone

    def remove(self, entries: Iterable[E]) -> None:
        """Takes out those of the entries that wait."""
        for entry in entries:
            line = self._lines.get(entry.caller)
            if line is not None and entry in line:
                del line[entry]
                self.size -= 1
                if not line:
                    del self._lines[entry.caller]

    def take(self, entries: Iterable[E]) -> None:
        """As `remove`; and their callers' next ones come after everybody else's."""
        entries = tuple(entries)
        self.remove(entries)
        for caller in dict.fromkeys(entry.caller for entry in entries):
            line = self._lines.pop(caller, None)
            if line is not None:
                self._lines[caller] = line

    def in_turn(self) -> Iterator[E]:
        """The first of every line, then the second of every line, and so on."""
        lines = [iter(line) for line in self._lines.values()]
        while lines:
            left = []
            for line in lines:
                entry = next(line, None)
                if entry is not None:
                    left.append(line)
                    yield entry
            lines = left

    def __contains__(self, entry: E) -> bool:
        return entry in self._lines.get(entry.caller, ())


class Choice(NamedTuple, Generic[E]):
    """What to do now: `send` these (maybe none), give up on `late`, and look again after `wait` seconds; None: when something
    happens."""

    send: list[E]
    late: list[E]
    wait: float | None


def send_or_wait(queue: FairQueue[E], now: float, limits: Limits, *, busy: bool, pressed: bool) -> Choice[E]:
    """`busy`: the model is running. `pressed`: when it last became free somebody was waiting already, so more will come.

    Changes nothing. What is past its deadline is never sent: nobody waits for its score any more.
    """
    if busy or not queue.size:
        return Choice([], [], None)
    send: list[E] = []
    late: list[E] = []
    cost = 0
    full = False
    for entry in queue.in_turn():
        if entry.deadline <= now:
            late.append(entry)
            continue
        full = bool(send) and cost + entry.cost > limits.cost
        if full:
            break
        send.append(entry)
        cost += entry.cost
        full = len(send) >= limits.batch or cost >= limits.cost
        if full:
            break
    if send and pressed and not full:
        due = min(
            min(entry.arrived for entry in send) + limits.delay, min(entry.deadline for entry in send) - limits.delay
        )
        if now < due:
            return Choice([], late, due - now)
    return Choice(send, late, None)
