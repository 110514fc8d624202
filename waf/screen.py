"""Fields and rules in, matches and scores out. Pure: no clock, no randomness, no input or output."""

from __future__ import annotations

from waf.model import Field, Match, Scores, Screened
from waf.rules.program import Fields, Program, Timing

NEVER_SCORED = "llm.tool_args"
"""Coding agents run shell commands all day, so what matches in tool-call arguments tags unless the route enforces it."""


def screen(
    program: Program,
    fields: Fields,
    *,
    path: str,
    paranoia: int,
    enforce_tool_args: bool = False,
    timing: Timing | None = None,
) -> Screened:
    """Runs one phase's rules over the fields and adds up the scores: distinct rules add, one rule counts once."""
    matches, evaluated = program.run(fields, path, paranoia, timing)
    screened = Screened(matches=matches, evaluated=evaluated)
    if matches:
        add_scores(screened, matches, enforce_tool_args)
    return screened


def add_scores(screened: Screened, matches: list[Match], enforce_tool_args: bool) -> None:
    """Adds the matches' scores to `screened`: enforced ones to `score` and `scores`, monitored ones only to `shadow`."""
    scores = dict(screened.scores)
    for match in matches:
        if match.bucket == NEVER_SCORED and not enforce_tool_args:
            continue
        screened.shadow += match.score
        if match.mode == "enforce" and match.score:
            screened.score += match.score
            scores[match.category] = scores.get(match.category, 0) + match.score
    screened.scores = scores


def score_fields(screened: Screened, scores: Scores | None) -> dict[str, list[Field]]:
    """What rules of the scored phase see: the sums so far and the classifier's probabilities."""
    fields = {"score.anomaly": [Field("score.anomaly", "", screened.score, "score")]}
    if screened.scores:
        fields["score"] = [Field("score", name, value, f"score:{name}") for name, value in screened.scores.items()]
    if scores is not None:
        for name in ("injection", "jailbreak", "web_attack", "ood_p"):
            value: float | None = getattr(scores, name)
            if value is not None:
                fields[f"ml.{name}"] = [Field(f"ml.{name}", "", value, f"ml:{name}")]
    return fields
