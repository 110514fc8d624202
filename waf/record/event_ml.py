"""The part of an event about the classifier."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from waf.scores import Scores

MAX_ORIGIN: Final = 128
DIGITS: Final = 12
"""Of a model's SHA-256."""


class SurfaceMl(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The highest scores on one surface."""

    surface: str
    injection: float
    jailbreak: float
    origin: str
    """Where the higher of the two was found."""
    flagged: bool = False
    assumed: bool = False


class OodMl(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What a route's detector says. `p`: of the strangest input, absent when none was judged."""

    alpha: float
    judged: int
    p: float | None = None
    origin: str = ""
    why: list[str] = []
    """Names of the distances that are furthest beyond usual."""
    flagged: bool = False
    missing: int = 0


class SurfaceWeb(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The web-attack head's highest probability on one surface."""

    surface: str
    web_attack: float
    origin: str
    flagged: bool = False


class Ml(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What the classifier says. `models`: the first twelve digits of each file's SHA-256."""

    scored: int
    models: dict[str, str]
    surfaces: list[SurfaceMl]
    deep: int = 0
    over_budget: int = 0
    degraded: int = 0
    missing: int = 0
    ood: OodMl | None = None
    web: list[SurfaceWeb] = []
    """What the web-attack head says, where it was asked."""
    web_unread: bool = False


def of_models(scores: Scores, name: Callable[[str, int], str]) -> Ml:
    """`name` redacts an origin, which may hold names that a client chose."""
    surfaces = [
        SurfaceMl(
            first.surface,
            round(first.value, 4),
            round(second.value, 4),
            name((first if first.value >= second.value else second).origin, MAX_ORIGIN),
            first.flagged or second.flagged,
            first.assumed or second.assumed,
        )
        for first, second in zip(scores.injections, scores.jailbreaks, strict=True)
    ]
    models = {stage: digest[:DIGITS] for stage, digest in scores.models.items()}
    ood = scores.ood
    if ood is not None and ood.model:
        models["ood"] = ood.model[:DIGITS]
    if scores.web is not None:
        models["web"] = scores.web.model[:DIGITS]
    return Ml(
        scores.scored,
        models,
        surfaces,
        scores.deep,
        scores.over_budget,
        scores.degraded,
        scores.missing,
        None
        if ood is None
        else OodMl(
            ood.alpha,
            ood.judged,
            None if scores.ood_p is None else round(scores.ood_p, 6),
            name(ood.origin, MAX_ORIGIN) if ood.origin else "",
            [reason for reason, _ in ood.why],
            ood.flagged,
            ood.missing,
        ),
        [
            SurfaceWeb(each.surface, round(each.value, 4), name(each.origin, MAX_ORIGIN), each.flagged)
            for each in (scores.web.surfaces if scores.web is not None else ())
        ],
        scores.web is not None and scores.web.unread,
    )
