"""The latest events, kept in memory for whoever asks while something is going on."""

from __future__ import annotations

from collections import deque


class Recent:
    """At most `capacity` bytes of lines; the oldest go first."""

    __slots__ = ("_capacity", "_lines", "_size")

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._lines: deque[bytes] = deque()
        self._size = 0

    def add(self, line: bytes) -> None:
        self._lines.append(line)
        self._size += len(line)
        while self._size > self._capacity:
            self._size -= len(self._lines.popleft())

    def lines(self) -> list[bytes]:
        """Oldest first."""
        return list(self._lines)
