"""What the classifier says about one request, and what that means on a route."""

from __future__ import annotations

import msgspec

from waf.model import Mode


class SurfaceScore(msgspec.Struct, frozen=True, gc=False):
    """The highest score of one kind on one surface (`system`, `user`, `tool_result`, …)."""

    surface: str
    value: float
    origin: str
    flagged: bool
    """At or above the threshold that holds for this surface on this route."""
    assumed: bool = False
    """Flagged without regard to the threshold: the text was suspicious, and there was no time to look closer."""


class OodScore(msgspec.Struct, frozen=True, gc=False):
    """How unlike the route's reference its strangest input is."""

    alpha: float
    judged: int
    """Texts or rows,"""
    missing: int = 0
    """and those that should have been judged and were not."""
    origin: str = ""
    """Of the strangest one."""
    why: tuple[tuple[str, float], ...] = ()
    """The distances that are furthest beyond usual."""
    flagged: bool = False
    refuses: bool = False
    """What was not judged is refused here."""
    model: str = ""
    """SHA-256 of the scoring graph."""


class Scores(msgspec.Struct, frozen=True, gc=False):
    """Calibrated classifier scores, probabilities in [0, 1]; None where no model ran."""

    injection: float | None = None
    jailbreak: float | None = None
    web_attack: float | None = None
    ood_p: float | None = None
    injections: tuple[SurfaceScore, ...] = ()
    jailbreaks: tuple[SurfaceScore, ...] = ()
    scored: int = 0
    """Texts that were scored,"""
    deep: int = 0
    """those of them that the deep stage looked at,"""
    over_budget: int = 0
    """those that were longer than what is read of a text or a request,"""
    degraded: int = 0
    """those that the deep stage should have looked at and did not,"""
    missing: int = 0
    """and those that no model looked at, though one should have."""
    models: dict[str, str] = {}
    """SHA-256 of each model's file, by stage."""
    refuses: bool = False
    """The route refuses requests that were not read to their end."""
    ood: OodScore | None = None
    """Where a detector was asked; its p-value is `ood_p`."""


class Terms(msgspec.Struct, frozen=True):
    """What the classifier's scores mean on a route."""

    mode: Mode = "off"
    thresholds: tuple[float, ...] = ()
    """In the order of `waf.settings.Thresholds`; 0: the models' own."""
    block_over_budget: bool = True
    block_unscored: bool = True
    deep_always: bool = False
    """The deep stage reads every text."""
    ood: Mode = "off"
    """What becomes of inputs that are out of distribution."""
