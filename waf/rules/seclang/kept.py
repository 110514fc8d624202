"""Collections that outlive a request (IP, GLOBAL, SESSION, USER, RESOURCE), in memory and bounded.

`initcol:ip=%{REMOTE_ADDR}` opens the record of a key; setvar changes it and expirevar says when one of its variables goes.
Records are never shared between processes and are gone with this one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

MOST_RECORDS: Final = 10_000
"""Keys of all collections together; of more those go that were not opened for the longest time."""
MOST_VARIABLES: Final = 64
LONGEST: Final = 256
"""Characters of a key, a name or a value; what is longer is cut."""
MOST_CHARACTERS: Final = 2_048
"""Of all names and values of one key: with the number of keys it bounds the memory."""
TIMEOUT: Final = 3600.0
"""Seconds after its last change at which a record is forgotten, where SecCollectionTimeout says nothing."""

Variable = tuple[str, str]
"""A name as it was first written, and its value."""


class Record(dict[str, Variable]):
    """The variables of one key by their lower-case names. A new one that would be one too many is not taken, nor is a value
    for which there is no room."""

    __slots__ = ("_clock", "_expires", "_timeout", "seen", "until")

    def __init__(self, clock: Callable[[], float], timeout: float) -> None:
        super().__init__()
        self._clock = clock
        self._expires: dict[str, float] = {}
        self._timeout = timeout
        self.seen = clock()
        """When it was last opened."""
        self.until = self.seen + timeout

    def __setitem__(self, name: str, item: Variable) -> None:
        name, kept = name[:LONGEST], (item[0][:LONGEST], item[1][:LONGEST])
        if name not in self and len(self) >= MOST_VARIABLES:
            return
        others = sum(len(known) + len(value) for other, (known, value) in self.items() if other != name)
        if others + len(kept[0]) + len(kept[1]) <= MOST_CHARACTERS:
            super().__setitem__(name, kept)
            self.until = self._clock() + self._timeout

    def expire(self, name: str, seconds: float) -> None:
        """A variable that is there goes after so many seconds, however often it is set meanwhile."""
        if name in self:
            self._expires[name] = self._clock() + seconds

    def opened(self, timeout: float) -> None:
        """Drops what has expired."""
        self._timeout = timeout
        now = self.seen = self._clock()
        for name in [name for name, until in self._expires.items() if until <= now]:
            del self._expires[name]
            self.pop(name, None)


class Kept:
    """All records. `clock` gives seconds that never go back. Several threads may use it: each step on the table is one that
    the interpreter does not interrupt."""

    def __init__(self, clock: Callable[[], float], most: int = MOST_RECORDS) -> None:
        self._clock = clock
        self._most = most
        self._records: dict[tuple[str, str], Record] = {}

    def __len__(self) -> int:
        return len(self._records)

    def open(self, collection: str, key: str, timeout: float = TIMEOUT) -> Record:
        """The record of a key, made when there is none that is still good."""
        place = (collection, key[:LONGEST])
        record = self._records.get(place)
        if record is None or record.until <= self._clock():
            if len(self._records) >= self._most:
                self._make_room()
            record = Record(self._clock, timeout)
            if place in self._records:
                self._records[place] = record
            else:
                record = self._records.setdefault(place, record)
        record.opened(timeout)
        return record

    def _make_room(self) -> None:
        """Forgets what is over, and then, if need be, the tenth that was not opened for the longest time."""
        now, known = self._clock(), list(self._records.items())
        over = [place for place, record in known if record.until <= now]
        if not over:
            by_age = sorted(known, key=lambda entry: entry[1].seen)
            over = [place for place, _ in by_age[: max(1, self._most // 10)]]
        for place in over:
            self._records.pop(place, None)
