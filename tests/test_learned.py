"""Learned scoring: what it weighs, what it cannot out-vote, and files that are not weights."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from waf import learned, shipped
from waf.classify.load import SHIPPED_HEAD
from waf.decide import CrsResult, Policy, decide
from waf.learned import HEAD, Feature, Learned, Weights, evidence, logistic
from waf.model import Match, RuleAction, Screened, Severity
from waf.opinion import WEIGHTS
from waf.scores import Scores, SurfaceScore, WebScores, Weighed

MADE = Weights(learned.FORMAT, -4.0, 0.6, 0.5, 0.9, 2.0, {"1": 3.0, "2": 0.0, "crs 9": 1.5})
LEARNED = Policy(learned=True)


def match(
    rule: int,
    *,
    severity: Severity = Severity.warning,
    mode: Any = "enforce",
    action: RuleAction = "score",
    bucket: str = "args.get",
) -> Match:
    return Match(
        rule,
        f"r{rule}",
        severity,
        5 if severity is Severity.critical else 3,
        "x",
        ("attack.x",),
        action,
        mode,
        bucket,
        "query:q",
    )


def web(p: float, *, unread: bool = False) -> Scores:
    return Scores(web=WebScores((SurfaceScore("query", p, "query:q", False),), 1, unread, "f" * 64), web_attack=p)


def weigh(*matches: Match, crs: tuple[int, ...] = (), scores: Scores | None = None, **more: Any) -> Weighed:
    return Learned(MADE, frozenset([8, 9]), frozenset([7])).weigh(matches, crs, scores, **more)


@pytest.mark.parametrize(
    ("matches", "crs", "total"),
    [
        ([], (), -4.0),
        ([match(1)], (), -1.0),
        ([match(2)], (), -4.0),
        ([match(3)], (), -4.0 + 2.7),  # a rule that the fit has not seen: its three points
        ([match(7)], (), -4.0),  # it is about what the head says
        ([match(1, action="log")], (), -4.0),
        ([match(1, bucket="llm.tool_args")], (), -4.0),
        ([], (9,), -2.5),
        ([], (8,), -2.0),  # one of the CRS that the fit has not seen
        ([], (900,), -4.0),  # bookkeeping
        ([match(1)], (8, 9), 2.5),
    ],
)
def test_what_adds_up(matches: list[Match], crs: tuple[int, ...], total: float) -> None:
    assert weigh(*matches, crs=crs).probability == pytest.approx(logistic(total))


def test_tool_arguments_count_where_the_route_enforces_them() -> None:
    found = weigh(match(1, bucket="llm.tool_args"), enforce_tool_args=True)
    assert found.probability == pytest.approx(logistic(-1.0))


def test_a_monitored_rule_only_casts_a_shadow() -> None:
    found = weigh(match(1, mode="monitor"))
    assert found.probability == pytest.approx(logistic(-4.0))
    assert found.shadow == pytest.approx(logistic(-1.0))
    assert found.parts == ()


def test_the_head_adds_more_the_surer_it_is() -> None:
    shares = [weigh(scores=web(p)).probability for p in (0.0, 0.1, 0.5, 0.9, 1.0)]
    assert shares == sorted(shares)
    assert weigh(scores=Scores()).probability == pytest.approx(logistic(-4.0))


def test_parts_come_greatest_first() -> None:
    assert weigh(match(1), match(2), crs=(8, 9)).parts == (("1", 3.0), ("crs 8", 2.0), ("crs 9", 1.5))


def test_evidence_is_cut_on_both_sides() -> None:
    assert evidence(0.0) == evidence(0.01) == 0.0
    assert evidence(1.0) == learned.SPAN
    assert evidence(0.5) == pytest.approx(-learned.LEAST)
    assert 6.1 < evidence(0.9) < 6.3


def test_a_value_more_never_makes_a_request_look_better() -> None:
    """Nothing that the head could read, then a value that it is sure of, then one that it doubts."""
    none = Scores(web=WebScores((), 0, False, "f" * 64))
    shares = [weigh(scores=scores).probability for scores in (none, web(0.0), web(0.2), web(0.6))]
    assert shares[0] == shares[1] < shares[2] < shares[3]


def test_total_leaves_monitored_features_out() -> None:
    made = Learned(MADE)
    assert made.total(
        {"1": Feature(1.0, 3), "5": Feature(1.0, 3, monitored=True), HEAD: Feature(2.0, 0)}
    ) == pytest.approx(0.0)


def screened(*matches: Match) -> Screened:
    return Screened(list(matches), sum(m.score for m in matches if m.mode == "enforce"))


def verdict(
    p: float,
    *matches: Match,
    crs: CrsResult | None = None,
    whole: bool = True,
    shadow: float = 0.0,
    policy: Policy = LEARNED,
) -> Any:
    return decide(policy, screened(*matches), crs, Weighed(p, 0.6, max(p, shadow), whole=whole))


REFUSES = CrsResult(403, True)


@pytest.mark.parametrize(
    ("decision", "action", "reason"),
    [
        (verdict(0.7), "block", "learned"),
        (verdict(0.1), "allow", "clean"),
        (verdict(0.7, match(1)), "block", "learned"),
        (verdict(0.1, match(1), match(2)), "tag", "tagged"),  # six points
        (verdict(0.1, crs=REFUSES), "tag", "tagged"),
        (verdict(0.1, match(1, severity=Severity.critical)), "block", "score"),
        (verdict(0.1, match(1, action="block")), "block", "rule"),
        (verdict(0.1, match(1, severity=Severity.critical, mode="monitor"), match(2), crs=REFUSES), "tag", "tagged"),
        (
            verdict(0.1, match(1, severity=Severity.critical), policy=Policy(learned=True, block_score=9)),
            "tag",
            "tagged",
        ),
        (
            verdict(0.7, match(1, severity=Severity.critical), policy=Policy(learned=True, block_score=9)),
            "block",
            "learned",
        ),
        (verdict(0.1, match(1), match(2), whole=False), "block", "score"),  # what was not read cannot excuse
        (verdict(0.1, crs=REFUSES, whole=False), "block", "crs"),
        (verdict(0.7, policy=Policy(learned=True, mode="monitor")), "allow", "clean"),
    ],
)
def test_who_decides(decision: Any, action: str, reason: str) -> None:
    assert (decision.action, decision.reason) == (action, reason)


@pytest.mark.parametrize(
    ("decision", "would"),
    [
        (verdict(0.7, policy=Policy(learned=True, mode="monitor")), True),
        (verdict(0.1, shadow=0.9), True),
        (verdict(0.1, crs=REFUSES), False),
        (verdict(0.1, match(1, severity=Severity.critical, mode="monitor")), False),
    ],
)
def test_what_enforcing_would_do(decision: Any, would: bool) -> None:
    assert decision.would_block is would


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 3}, "format is 3"),
        ({"head": -1}, "the weight of head is negative"),
        ({"rules": {"5": -0.1}}, "the weight of 5 is negative"),
        ({"threshold": 0}, "threshold or bias"),
        ({"bias": None}, "holds no fitted weights"),
        ({"new": 1}, "holds no fitted weights"),
    ],
)
def test_a_file_that_holds_no_weights(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    path = tmp_path / "scoring.json"
    path.write_text(json.dumps(json.loads(shipped.path(WEIGHTS).read_text()) | change))
    with pytest.raises(learned.ModelError, match=message):
        learned.read(path)


def test_a_file_that_is_missing_or_too_large(tmp_path: Path) -> None:
    with pytest.raises(learned.ModelError, match="cannot be read"):
        learned.read(tmp_path / "none.json")
    (tmp_path / "big.json").write_bytes(b" " * (learned.MAX_JSON + 1))
    with pytest.raises(learned.ModelError, match="is larger than"):
        learned.read(tmp_path / "big.json")


def test_the_shipped_ones_are_of_rules_that_ship_and_of_the_head_that_ships() -> None:
    weights = learned.read(shipped.path(WEIGHTS))
    files = shipped.path("rules").rglob("*.yaml")
    ships = {rule for file in files for rule in re.findall(r"(?m)^\s*- id: (\d+)$", file.read_text("utf-8"))}
    ours = {name for name in weights.rules if not name.startswith("crs ")}
    assert len(ours) > 100
    assert ours <= ships
    manifest = json.loads((shipped.path(SHIPPED_HEAD) / "manifest.json").read_text("utf-8"))
    assert weights.trained["head"] == manifest["version"]
