"""What the classifier says about one request, and what that means on a route."""

from __future__ import annotations

from typing import Literal

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
    """Texts or rows that were judged."""
    missing: int = 0
    """Those that should have been judged and were not."""
    origin: str = ""
    """Of the strangest one."""
    why: tuple[tuple[str, float], ...] = ()
    """The distances that are furthest beyond usual."""
    flagged: bool = False
    refuses: bool = False
    """What was not judged is refused here."""
    model: str = ""
    """SHA-256 of the scoring graph."""


class WebScores(msgspec.Struct, frozen=True, gc=False):
    """What the web-attack head says about the values of one request."""

    surfaces: tuple[SurfaceScore, ...] = ()
    """The highest probability on each surface (`query`, `form`, `header`, …)."""
    scored: int = 0
    """Values that were looked at."""
    unread: bool = False
    """There was more than what is read of a request."""
    model: str = ""
    """SHA-256 of the model's file."""

    @property
    def highest(self) -> float | None:
        """None where no value was worth scoring."""
        return max((found.value for found in self.surfaces), default=None)


class Scores(msgspec.Struct, frozen=True, gc=False):
    """Calibrated classifier scores, probabilities in [0, 1]; None where no model ran."""

    injection: float | None = None
    jailbreak: float | None = None
    web_attack: float | None = None
    ood_p: float | None = None
    injections: tuple[SurfaceScore, ...] = ()
    jailbreaks: tuple[SurfaceScore, ...] = ()
    scored: int = 0
    """Texts that were scored."""
    deep: int = 0
    """Those of them that the deep stage looked at."""
    over_budget: int = 0
    """Texts that were longer than what is read of a text or a request."""
    degraded: int = 0
    """Texts that the deep stage should have looked at and did not."""
    missing: int = 0
    """Texts that no model looked at, though one should have."""
    models: dict[str, str] = {}
    """SHA-256 of each model's file, by stage."""
    refuses: bool = False
    """The route refuses requests that were not read to their end."""
    ood: OodScore | None = None
    """Where a detector was asked; its p-value is `ood_p`."""
    web: WebScores | None = None
    """What the web-attack head says, where it was asked."""


def joined(scores: Scores, before: Scores | None) -> Scores:
    """What one model says, and what others said before of the same request."""
    if before is None:
        return scores
    return msgspec.structs.replace(
        scores,
        web=before.web if scores.web is None else scores.web,
        web_attack=before.web_attack if scores.web is None else scores.web_attack,
        ood=before.ood if scores.ood is None else scores.ood,
        ood_p=before.ood_p if scores.ood is None else scores.ood_p,
    )


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


class WebTerms(msgspec.Struct, frozen=True):
    """Which requests of a route the web-attack head sees, and whether what it says counts."""

    ask: Literal["off", "weak", "always"] = "off"
    mode: Literal["monitor", "enforce"] = "enforce"


class Weighed(msgspec.Struct, frozen=True, gc=False):
    """A request weighed by learned scoring: probability = 1 / (1 + exp(-(bias + sum of the parts)))."""

    probability: float
    threshold: float
    """From which probability on a request is blocked."""
    shadow: float
    """The probability with rules counted that are only monitored."""
    parts: tuple[tuple[str, float], ...] = ()
    """What each rule and the head add, greatest first: (`crs 942100`, 1.3)."""
    bias: float = 0.0
    whole: bool = True
    """Everything that the head should have read was read; where not, learned scoring may block but not let through."""
