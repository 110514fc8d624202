"""What is known of a caller over time, beside one request of its."""

from __future__ import annotations

import msgspec


class Suspicion(msgspec.Struct, frozen=True, gc=False):
    """What a caller's requests so far say about it (`waf.abuse`), and what was done about it."""

    risk: float
    """0 to 1; a half is the operator's budget of false alarms."""
    p: float
    """Of looking like this by chance."""
    signals: tuple[str, ...] = ()
    queries: int = 0
    cluster: int = 0
    members: int = 0
    responses: tuple[str, ...] = ()
    """`tag`, `limit`, `round`, `challenge`, `block`: those that hold."""
