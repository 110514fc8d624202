"""The part of an event that is about a caller under suspicion."""

from __future__ import annotations

import msgspec

from waf.suspicion import Suspicion


class Suspected(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What the caller's requests so far say about it (docs/abuse.md)."""

    risk: float
    p: float
    queries: int = 0
    signals: list[str] = []
    cluster: int = 0
    members: int = 0
    responses: list[str] = []


def suspected(found: Suspicion) -> Suspected:
    return Suspected(
        round(found.risk, 3),
        float(f"{found.p:.2g}"),
        found.queries,
        list(found.signals),
        found.cluster,
        found.members,
        list(found.responses),
    )
