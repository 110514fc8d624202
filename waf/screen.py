"""Fields and rules in, matches and scores out. Pure: no clock, no randomness, no input or output."""

from __future__ import annotations

from waf.model import Field, Match, Screened
from waf.rules.program import Fields, Program, Timing
from waf.scores import Scores
from waf.turns import split

MOST_TURNS = 256
"""Parts of one request that are looked at by themselves; where there are more, the sum over all of them holds."""
NEVER_SCORED = frozenset(
    {
        "llm.tool_args",
        *(f"ml.{name}.tool_args" for name in ("injection", "jailbreak", "flagged.injection", "flagged.jailbreak")),
    }
)
"""Coding agents run shell commands all day, so what matches in tool-call arguments tags unless the route enforces it."""


def screen(
    program: Program,
    fields: Fields,
    *,
    path: str,
    paranoia: int,
    enforce_tool_args: bool = False,
    block_score: int = 0,
    timing: Timing | None = None,
) -> Screened:
    """Runs one phase's rules over the fields and adds up the scores: distinct rules add, one rule counts once.

    Where the sums reach `block_score`, if that is given, those of the heaviest turn count instead.
    """
    matches, evaluated = program.run(fields, path, paranoia, timing)
    screened = Screened(matches=matches, evaluated=evaluated)
    if matches:
        add_scores(screened, matches, enforce_tool_args)
        if 0 < block_score <= screened.shadow and len(matches) > 1:
            _weigh_turns(screened, program, fields, path, paranoia, enforce_tool_args)
    return screened


def _weigh_turns(
    screened: Screened, program: Program, fields: Fields, path: str, paranoia: int, enforce_tool_args: bool
) -> None:
    """Lowers the sums to those of the heaviest turn. Matches stay as they are, and so do points of rules that match outside of
    model texts, or only by several turns: they count with each."""
    turns = split(fields)
    if not 1 < len(turns) <= MOST_TURNS:
        return
    found = {frozenset(match.rule for match in program.run(turn, path, paranoia)[0]) for turn in turns}
    across = {match.rule for match in screened.matches}.difference(*found)
    sums = []
    for rules in found:
        sums.append(Screened())
        counted = [match for match in screened.matches if match.rule in rules or match.rule in across]
        add_scores(sums[-1], counted, enforce_tool_args)
    heaviest = max(sums, key=lambda one: (one.score, one.shadow))
    screened.score, screened.scores = heaviest.score, heaviest.scores
    screened.shadow = max(one.shadow for one in sums)


def add_scores(screened: Screened, matches: list[Match], enforce_tool_args: bool) -> None:
    """Adds the matches' scores to `screened`: enforced ones to `score` and `scores`, monitored ones only to `shadow`."""
    scores = dict(screened.scores)
    for match in matches:
        if match.bucket in NEVER_SCORED and not enforce_tool_args:
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
        _add_scores_of_models(fields, scores)
    return fields


def _add_scores_of_models(fields: dict[str, list[Field]], scores: Scores) -> None:
    for web in scores.web.surfaces if scores.web is not None else ():
        for bucket in ("ml.web_attack", "ml.flagged.web_attack")[: 1 + web.flagged]:
            fields.setdefault(bucket, []).append(Field(bucket, web.surface, web.value, web.origin))
    for name in ("injection", "jailbreak", "ood_p"):
        value: float | None = getattr(scores, name)
        by_surface = {"injection": scores.injections, "jailbreak": scores.jailbreaks}.get(name, ())
        if value is not None and not by_surface:
            fields[f"ml.{name}"] = [Field(f"ml.{name}", "", value, f"ml:{name}")]
        for found in by_surface:
            for kind in ("", "flagged.") if found.flagged else ("",):
                bucket = f"ml.{kind}{name}" + (".tool_args" if found.surface == "tool_args" else "")
                fields.setdefault(bucket, []).append(Field(bucket, found.surface, found.value, found.origin))
    if scores.ood is not None:
        if scores.ood.flagged and scores.ood_p is not None:
            fields["ml.flagged.ood"] = [Field("ml.flagged.ood", "", scores.ood_p, scores.ood.origin)]
        if scores.ood.missing:
            fields["ml.ood_missing"] = [Field("ml.ood_missing", "", scores.ood.missing, "ml:ood_missing")]
        if scores.ood.refuses:
            fields["ml.ood_refused"] = [Field("ml.ood_refused", "", 1, "ml:ood_refused")]
    for name in ("over_budget", "degraded", "missing"):
        count: int = getattr(scores, name)
        if count:
            fields[f"ml.{name}"] = [Field(f"ml.{name}", "", count, f"ml:{name}")]
    if scores.refuses:
        fields["ml.refused"] = [Field("ml.refused", "", 1, "ml:refused")]
