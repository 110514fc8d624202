from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from waf.demo.lines import Lines
from waf.record.event import Event, RuleMatch


def event(**more: Any) -> Event:
    known: dict[str, Any] = {
        "ts": datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC), "id": "r", "client": "127.0.0.1", "method": "POST", "path": "/v1/chat",
        "route": "default", "protocol": "openai", "mode": "enforce", "action": "allow", "would_block": False, "reason": "clean",
        "status": 200, "outcome": "ok", "score": 0, "us": {"total": 900, "upstream": 600}, "bytes_in": 1, "bytes_out": 2,
    }  # fmt: skip
    return Event(**{**known, **more})


def rule(number: int, name: str = "override") -> RuleMatch:
    return RuleMatch(number, name, "critical", 5, "enforce", "llm.user")


def shown(colour: bool = False, **more: Any) -> str:
    return Lines(colour=colour).render(event(**more)).decode()


def test_a_line_has_what_a_person_asks_first() -> None:
    line = shown()
    time, *rest = line.split()
    assert len(time) == len("03:04:05")
    assert rest == ["POST", "/v1/chat", "allow", "200", "score", "0", "300", "µs", "clean"]


@pytest.mark.parametrize(
    ("rules", "more", "end"),
    [
        ([rule(1)], 0, "1 override\n"),
        ([rule(1), rule(2, "leak")], 0, "1 override  2 leak\n"),
        ([rule(n) for n in range(5)], 0, "and 2 more\n"),
        ([rule(n) for n in range(32)], 8, "and 37 more\n"),
    ],
)
def test_rules(rules: list[RuleMatch], more: int, end: str) -> None:
    line = shown(action="block", status=403, score=5, rules=rules, rules_more=more)
    assert line.endswith(end)
    assert "block 403" in line


@pytest.mark.parametrize(("action", "code"), [("allow", 32), ("tag", 33), ("block", 31), ("challenge", 31)])
def test_colour(action: str, code: int) -> None:
    assert f"\x1b[{code}m{action} " in shown(colour=True, action=action)
    assert "\x1b" not in shown(action=action)


@pytest.mark.parametrize("evil", ["/a\nforged", "/\x1b[2J", "/\u202eevil", "/\x9b", "/\x00"])
def test_nothing_moves_the_cursor(evil: str) -> None:
    line = shown(path=evil, rules=[rule(1, evil)], method=evil)
    assert line.removesuffix("\n").isprintable()


def test_the_clock_of_the_upstream_may_be_ahead() -> None:
    assert " 0 µs" in shown(us={"total": 5, "upstream": 9})
