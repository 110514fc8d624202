"""The policy: what blocks, what tags, and what monitor mode owes to the truth."""

from __future__ import annotations

from typing import Any

import pytest

from waf.decide import Policy, decide, refuse
from waf.errors import BodyTooLarge
from waf.model import Match, Screened, Severity
from waf.screen import add_scores


def match(score: int = 5, **changes: Any) -> Match:
    values: dict[str, Any] = {
        "rule": 1, "name": "r", "severity": Severity.critical, "score": score, "category": "sqli", "tags": ("attack.sqli",),
        "action": "score", "mode": "enforce", "bucket": "args.get", "origin": "query:q",
    }  # fmt: skip
    return Match(**(values | changes))


def screened(*matches: Match, enforce_tool_args: bool = False) -> Screened:
    result = Screened(matches=list(matches))
    add_scores(result, list(matches), enforce_tool_args)
    return result


TOOL = {"bucket": "llm.tool_args"}
MONITORED = {"mode": "monitor"}


@pytest.mark.parametrize(
    ("policy", "matches", "action", "reason", "would_block", "score"),
    [
        ({}, [], "allow", "clean", False, 0),
        ({}, [match(5)], "block", "score", True, 5),
        ({}, [match(3)], "tag", "tagged", False, 3),
        ({}, [match(3), match(2)], "block", "score", True, 5),
        ({"block_score": 6}, [match(5)], "tag", "tagged", False, 5),
        ({"mode": "monitor"}, [match(5)], "tag", "tagged", True, 5),
        ({}, [match(5, **MONITORED)], "tag", "tagged", True, 0),
        ({}, [match(3, **MONITORED), match(2)], "tag", "tagged", True, 2),
        ({}, [match(2, action="block")], "block", "rule", True, 2),
        ({}, [match(2, action="block", **MONITORED)], "tag", "tagged", True, 0),
        ({}, [match(0, action="tag")], "tag", "tagged", False, 0),
        ({}, [match(0, action="challenge")], "challenge", "rule", True, 0),
        ({}, [match(0, action="challenge"), match(5)], "block", "score", True, 5),
        ({}, [match(0, action="challenge", **MONITORED)], "tag", "tagged", True, 0),
        ({"mode": "monitor"}, [match(0, action="challenge")], "tag", "tagged", True, 0),
        ({}, [match(0, action="challenge", **TOOL)], "tag", "tagged", False, 0),
        ({}, [match(0, action="log")], "allow", "clean", False, 0),
        ({}, [match(5, **TOOL)], "tag", "tagged", False, 0),
        ({}, [match(5, action="block", **TOOL)], "tag", "tagged", False, 0),
        ({"enforce_tool_args": True}, [match(5, **TOOL)], "block", "score", True, 5),
        ({"enforce_tool_args": True}, [match(2, action="block", **TOOL)], "block", "rule", True, 2),
    ],
)
def test_decide(
    policy: dict[str, Any], matches: list[Match], action: str, reason: str, would_block: bool, score: int
) -> None:
    made = Policy(**policy)
    decision = decide(made, screened(*matches, enforce_tool_args=made.enforce_tool_args))
    got = (decision.action, decision.reason, decision.would_block, decision.score)
    assert got == (action, reason, would_block, score)
    assert decision.blocks == (action in ("block", "challenge"))
    assert decision.status == {"block": 403, "challenge": 429}.get(action, 0)


def test_tags_come_once_and_categories_add() -> None:
    found = screened(match(3), match(2, category="xss", tags=("attack.xss", "attack.sqli")), match(2))
    decision = decide(Policy(), found)
    assert decision.tags == ("attack.sqli", "attack.xss")
    assert decision.scores == {"sqli": 5, "xss": 2}


@pytest.mark.parametrize("mode", ["enforce", "monitor"])
def test_what_cannot_be_read_is_refused_in_every_mode(mode: Any) -> None:
    decision = refuse(Policy(mode=mode), BodyTooLarge("body-too-large", "too large"))
    assert (decision.action, decision.status, decision.reason, decision.would_block) == (
        "block",
        413,
        "body-too-large",
        True,
    )
