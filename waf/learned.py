"""Learned scoring: rules and the web-attack head weighed by a logistic model whose weights are never negative.

The idea is ModSec-Learn's (Floris et al. 2024): points count each rule by itself, while a model that was fitted to traffic knows
which rules ordinary requests trigger and which come together. No weight is below zero, so that a rule that matches never makes
a request look better.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from waf.errors import ModelError, Problem
from waf.model import Match
from waf.scores import Scores, Weighed
from waf.screen import NEVER_SCORED

FORMAT: Final = 2
MAX_JSON: Final = 4 << 20
LEAST: Final = -4.0
MOST: Final = 8.0
"""The head's log-odds count from LEAST on, where it is sure of a harmless value, up to MOST."""
SPAN: Final = MOST - LEAST
SHOWN: Final = 32


HEAD: Final = "head"


class Feature(NamedTuple):
    """`points`: of a rule of ours; -1 for one of the CRS, whose own points are not asked."""

    value: float
    points: int
    monitored: bool = False


class Weights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file that `waf fit-scoring` writes. What is under `trained` is for people."""

    format: int
    bias: float
    threshold: float
    """Probability from which on a request is blocked."""
    head: float
    """Weight of the head's log-odds above LEAST; without a value worth scoring, the head adds nothing."""
    point: float
    """Weight of one point of a rule of ours that the fit has not seen."""
    crs_rule: float
    """Weight of a rule of the CRS that the fit has not seen."""
    rules: dict[str, float]
    """Weight by rule: `1101010` for one of ours, `crs 942100` for one of the CRS."""
    trained: dict[str, Any] = {}


class Learned:
    """Immutable; pure once it is made. `scoring`: ids of the CRS's rules that are more than bookkeeping; `derived`: ids of
    ours that are about what the head says, which counts by itself."""

    def __init__(
        self, weights: Weights, scoring: frozenset[int] = frozenset(), derived: frozenset[int] = frozenset()
    ) -> None:
        self.weights = weights
        self._scoring, self._derived = scoring, derived

    def features(
        self, matches: Sequence[Match], crs: Iterable[int], scores: Scores | None, *, enforce_tool_args: bool = False
    ) -> dict[str, Feature]:
        """What a request has of what can be weighed, by name: `1101010`, `crs 942100`, `head`."""
        found: dict[str, Feature] = {}
        for match in matches:
            silent = match.action == "log" or match.rule in self._derived
            if not silent and (match.bucket not in NEVER_SCORED or enforce_tool_args):
                found[str(match.rule)] = Feature(1.0, match.score, match.mode == "monitor")
        for rule in crs:
            if rule in self._scoring:
                found[f"crs {rule}"] = Feature(1.0, -1)
        web = scores.web if scores is not None else None
        highest = web.highest if web is not None else None
        if highest is not None:
            found[HEAD] = Feature(evidence(highest), 0)
        return found

    def weigh(
        self, matches: Sequence[Match], crs: Iterable[int], scores: Scores | None, *, enforce_tool_args: bool = False
    ) -> Weighed:
        """What one request comes to. `crs`: rules of the CRS that matched."""
        found = self.features(matches, crs, scores, enforce_tool_args=enforce_tool_args)
        parts = [(name, self.part(name, feature), feature.monitored) for name, feature in found.items()]
        counted = sum(part for _, part, monitored in parts if not monitored)
        shadow = sum(part for _, part, _ in parts)
        shown = sorted(((name, part) for name, part, off in parts if part > 0 and not off), key=lambda part: -part[1])
        bias = self.weights.bias
        whole = scores is None or scores.web is None or not scores.web.unread
        return Weighed(
            logistic(bias + counted), self.weights.threshold, logistic(bias + shadow), tuple(shown[:SHOWN]), bias, whole
        )

    def total(self, found: Mapping[str, Feature]) -> float:
        """Log-odds of a request with these features, monitored ones left out."""
        parts = (self.part(name, feature) for name, feature in found.items() if not feature.monitored)
        return self.weights.bias + sum(parts)

    def part(self, name: str, feature: Feature) -> float:
        """What a feature adds to the log-odds."""
        made = self.weights
        if name == HEAD:
            return made.head * feature.value
        known = made.rules.get(name)
        if known is not None:
            return known
        return made.crs_rule if feature.points < 0 else made.point * feature.points


def evidence(probability: float) -> float:
    """The head's log-odds above LEAST, from 0 to SPAN: a value that it is sure is harmless adds what no value adds, and one
    that it doubts more. So a value more never makes a request look better."""
    p = min(max(probability, 1e-9), 1 - 1e-9)
    return min(max(math.log(p / (1 - p)), LEAST), MOST) - LEAST


def logistic(x: float) -> float:
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, x))))


def read(path: Path) -> Weights:
    """Raises ModelError when the file is missing, no such file, or holds a negative weight."""
    hint = "`waf fit-scoring` writes it"
    try:
        with path.open("rb") as file:
            data = file.read(MAX_JSON + 1)
        if len(data) > MAX_JSON:
            raise ModelError([Problem(str(path), 0, 0, f"is larger than {MAX_JSON} bytes")])
        weights = msgspec.json.decode(data, type=Weights)
    except OSError as error:
        raise ModelError([Problem(str(path), 0, 0, f"cannot be read: {error.strerror}", hint)]) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ModelError([Problem(str(path), 0, 0, f"holds no fitted weights: {error}", hint)]) from error
    if weights.format != FORMAT:
        raise ModelError(
            [Problem(str(path), 0, 0, f"format is {weights.format}", f"this version of waf reads format {FORMAT}")]
        )
    named = {"head": weights.head, "point": weights.point, "crs_rule": weights.crs_rule, **weights.rules}
    wrong = [name for name, weight in named.items() if not (math.isfinite(weight) and weight >= 0)]
    if wrong:
        raise ModelError(
            [Problem(str(path), 0, 0, f"the weight of {wrong[0]} is negative or no number", "weights are 0 or more")]
        )
    if not (0 < weights.threshold <= 1 and math.isfinite(weights.bias)):
        raise ModelError(
            [Problem(str(path), 0, 0, "threshold or bias is no such number", "a threshold lies between 0 and 1")]
        )
    return weights
