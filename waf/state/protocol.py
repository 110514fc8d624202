"""What is asked of state that is shared, and what comes back. Pure values.

An ask is a row of amounts of which all are taken or none. The clock is that of whoever keeps the state, so that firewalls whose
own clocks differ agree.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Protocol

import msgspec

WINDOW, DAY, MONTH, LEASE, LEAVE = range(1, 6)
"""Kinds of amounts: of a rate that comes back evenly; of a day or month (UTC); a place among those at once; giving it up."""

LEASE_SECONDS: Final = 30.0
"""How long a place is held for a firewall that does not say any more that it is needed."""


class Take(msgspec.Struct, frozen=True, array_like=True):
    """One amount. `step`: seconds in which one unit of a window comes back; of a lease, seconds that it is held. `room`: seconds
    of a window's burst, the amount of a quota, or the number of places. `floor`: the least that a quota counts as used, from
    whoever remembers. `member`: whose place it is."""

    kind: int
    cost: float = 0.0
    step: float = 0.0
    room: float = 0.0
    floor: float = 0.0
    member: str = ""


class Ask(msgspec.Struct, frozen=True):
    """`keys` name the share of each of `takes`. `forced`: take it, room or not (a settlement, a correction)."""

    keys: tuple[bytes, ...]
    takes: tuple[Take, ...]
    forced: bool = False


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """`refused`: 1 + the index of the first take that had no room, 0 for none. `wait`: seconds until it has. `numbers`:
    how things stand now, as far as they were looked at: seconds owed of a window, used of a quota, places taken."""

    refused: int
    wait: float
    numbers: tuple[float, ...]


class SharedState(Protocol):
    """Where firewalls meet."""

    @property
    def up(self) -> bool:
        """Whether it can be asked now."""
        ...

    def ask(self, ask: Ask) -> Awaitable[Answer | None]:
        """None: it is away, and whoever asks decides alone. Takes no longer than the operator allows."""
        ...

    def tell(self, asks: Sequence[Ask]) -> None:
        """The same, but nobody waits. What is told while it is away is lost."""
        ...

    async def start(self, told: Callable[[bool], None]) -> None:
        """`told` is called whenever it can be asked again, before anybody asks; True: it remembers nothing."""
        ...

    async def close(self) -> None: ...
