"""The part of `waf explain` about the classifier: what each text scored, against which threshold, and who decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from waf.classify.web.values import select
from waf.cli.output import plural, quoted
from waf.cli.tree import Branch

if TYPE_CHECKING:
    from waf.engine import Engine
    from waf.verdict import Verdict

SHOWN: Final = 20


def as_json(engine: Engine, verdict: Verdict) -> list[dict[str, Any]]:
    """Each text with its scores, most suspicious first. Scored again, because a verdict keeps only the sums."""
    if engine.scorer is None or verdict.scores is None or not verdict.scores.models or verdict.parsed is None:
        return []
    scorer = engine.scorer
    segments = scorer.select(verdict.parsed.fields, "", deep=verdict.route.terms.deep_always).segments
    rows = [
        {
            "surface": scorer.name(segment),
            "origin": segment.origin,
            "characters": len(segment.text),
            "injection": round(outcome.injection, 4),
            "jailbreak": round(outcome.jailbreak, 4),
            "threshold": scorer.threshold(segment, verdict.route.terms),
            "decided_by": "deep" if outcome.deep else "gate",
            "over_budget": outcome.over_budget,
            "degraded": outcome.degraded,
            "text": segment.text,
        }
        for segment, outcome in zip(segments, scorer.score(segments), strict=True)
    ]
    return sorted(rows, key=lambda row: -max(row["injection"], row["jailbreak"]))


def ood_json(engine: Engine, verdict: Verdict) -> list[dict[str, Any]]:
    """Each text or row that was judged, strangest first. Selected again, because a verdict keeps only the answers."""
    judge = engine.judges.get(verdict.route.policy.route)
    if judge is None or verdict.found is None or verdict.parsed is None:
        return []
    found = verdict.found
    rows = [
        {
            "origin": origin,
            "p": round(float(found.p[i]), 6),
            "beyond": dict(judge.detector.why(found.beyond[i], 5)),
            "fits": bool(found.scores[i] < float("inf")),
        }
        for i, origin in enumerate(found.origins)
    ]
    return sorted(rows, key=lambda row: float(str(row["p"])))


def ood_tree(engine: Engine, verdict: Verdict) -> list[Branch]:
    """Empty where the route has no detector."""
    scores = verdict.scores
    judge = engine.judges.get(verdict.route.policy.route)
    if judge is None or scores is None or scores.ood is None:
        return []
    ood = scores.ood
    branch = Branch(
        f"out of distribution, in {verdict.route.terms.ood} mode: {plural(ood.judged, 'input')} judged, alpha {ood.alpha:g}, "
        f"{judge.detector.calibrated:,} calibration rows"
    )
    for row in ood_json(engine, verdict)[:SHOWN]:
        color = "red" if row["p"] <= ood.alpha else None
        line = branch.add(f"{quoted(row['origin'])[1:-1]}: " + click.style(f"p {row['p']:.4g}", fg=color))
        if not row["fits"]:
            line.add("has not the form of the reference")
        elif row["beyond"]:
            line.add("beyond usual: " + ", ".join(f"{name} {value:g}" for name, value in row["beyond"].items()))
    if ood.missing:
        branch.add(f"{plural(ood.missing, 'input')} not judged")
    return [branch]


def web_as_json(engine: Engine, verdict: Verdict) -> list[dict[str, Any]]:
    """Each value that the web-attack head scores, most suspicious first; empty where it was not asked."""
    head = engine.opinion.head
    if head is None or verdict.scores is None or verdict.scores.web is None or verdict.parsed is None:
        return []
    found, _ = head.score(select(verdict.parsed.fields))
    rows = [
        {
            "surface": each.value.surface,
            "origin": each.value.origin,
            "web_attack": None if each.probability is None else round(each.probability, 4),
            "threshold": head.threshold(each.value.surface),
            "text": each.value.text,
        }
        for each in found
    ]
    return sorted(rows, key=lambda row: -(row["web_attack"] or 0.0))


def web_tree(engine: Engine, verdict: Verdict) -> list[Branch]:
    """What the head and learned scoring say."""
    made = []
    rows = web_as_json(engine, verdict)
    if verdict.scores is not None and verdict.scores.web is not None:
        branch = Branch(f"web-attack head, in {verdict.route.web.mode} mode: {plural(len(rows), 'value')} scored")
        for row in rows[:SHOWN]:
            shown = "not read" if row["web_attack"] is None else f"{row['web_attack']:.3f}"
            color = "red" if (row["web_attack"] or 0.0) >= row["threshold"] else None
            line = branch.add(f"{row['surface']} at {quoted(row['origin'])[1:-1]}: {click.style(shown, fg=color)}")
            line.add(f"threshold {row['threshold']:.4g}: {click.style(quoted(row['text'], 100), fg='cyan')}")
        made.append(branch)
    weighed = verdict.weighed
    if weighed is not None:
        branch = Branch(f"learned scoring: probability {weighed.probability:.4f}, threshold {weighed.threshold:.4f}")
        branch.add(f"{weighed.bias:+.2f} to begin with")
        for name, part in weighed.parts:
            branch.add(f"{part:+.2f} {name if name == 'head' or name.startswith('crs') else 'rule ' + name}")
        made.append(branch)
    return made


def tree(engine: Engine, verdict: Verdict) -> list[Branch]:
    """Empty when the classifier is off; a line that says so when the rules had decided already."""
    if engine.scorer is None:
        return []
    if verdict.scores is None or not verdict.scores.models:
        return [Branch("classifier: not asked")]
    mode = verdict.route.terms.mode
    branch = Branch(f"classifier, in {mode} mode: {plural(verdict.scores.scored, 'text')} scored")
    rows = as_json(engine, verdict)
    for row in rows[:SHOWN]:
        highest = max(row["injection"], row["jailbreak"])
        color = "red" if highest >= row["threshold"] else None
        scores = click.style(f"injection {row['injection']:.3f}, jailbreak {row['jailbreak']:.3f}", fg=color)
        line = branch.add(f"{row['surface']} at {quoted(row['origin'])[1:-1]}: {scores}")
        notes = [f"threshold {row['threshold']:.3g}", f"decided by the {row['decided_by']} stage"]
        notes += ["longer than what is read"] if row["over_budget"] else []
        notes += ["the deep stage did not read all of it"] if row["degraded"] else []
        line.add(", ".join(notes))
        line.add(click.style(quoted(row["text"], 100), fg="cyan"))
    if len(rows) > SHOWN:
        branch.add(f"… and {len(rows) - SHOWN} less suspicious")
    return [branch]
