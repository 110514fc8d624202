"""What follows from a risk, and how it ends; answers with less in them."""

from __future__ import annotations

import json

import pytest

import waf.abuse.response as module
from waf.abuse.response import Standings, pace, responses
from waf.abuse.rounding import rounded
from waf.misuse import Respond

RESPOND = Respond(tag=0.5, limit=0.6, challenge=0.7, pace=60, hold=100.0)


@pytest.mark.parametrize(
    ("risk", "earned"),
    [(0.4, ()), (0.5, ("tag",)), (0.65, ("tag", "limit")), (0.9, ("tag", "limit", "challenge"))],
)
def test_responses_by_risk(risk: float, earned: tuple[str, ...]) -> None:
    assert responses(risk, RESPOND) == earned


def test_the_highest_risk_counts_until_it_has_been_lower_for_a_while() -> None:
    made = Standings()
    assert made.note("a", 0.2, RESPOND, 0.0) is None
    assert made.note("a", 0.7, RESPOND, 10.0) is not None
    lower = made.note("a", 0.55, RESPOND, 60.0)
    assert lower is not None
    assert (lower.risk, lower.ends) == (0.7, 110.0)
    assert made.highest(109.0) == 0.7
    assert made.of("a", 109.0) is lower
    assert made.of("a", 110.0) is None
    assert made.highest(110.0) == 0.0
    assert made.note("a", 0.2, RESPOND, 111.0) is None
    assert len(made) == 0


def test_with_no_response_nobody_is_held_to_anything() -> None:
    assert Standings().note("a", 0.99, Respond(tag=0.0), 0.0) is None


def test_there_is_an_end_to_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 5)
    made = Standings()
    for i in range(50):
        made.note(f"c{i}", 0.9, RESPOND, float(i))
    assert len(made) == 5
    assert made.of("c49", 50.0) is not None


def test_a_pace_is_even_and_has_some_room() -> None:
    standing = Standings().note("a", 0.9, RESPOND, 0.0)
    assert standing is not None
    at_once = [pace(standing, RESPOND, 0.0) for _ in range(16)]
    assert at_once[:15] == [0.0] * 15
    assert at_once[15] == pytest.approx(1.0)
    assert pace(standing, RESPOND, 1.0) == 0.0
    slow = Respond(pace=1)
    standing.paced_until = 0.0
    assert pace(standing, slow, 0.0) == 0.0
    assert pace(standing, slow, 0.0) == pytest.approx(60.0)


@pytest.mark.parametrize(
    ("given", "decimals", "made"),
    [
        ({"predictions": [[0.123, 0.877]]}, 1, {"predictions": [[0.1, 0.9]]}),
        ({"p": [0.123, 0.877], "n": 3, "t": "0.123", "ok": True, "x": None}, 0, {"p": [0.0, 1.0], "n": 3, "t": "0.123", "ok": True, "x": None}),
        ({"choices": [{"text": "a", "logprobs": {"tokens": ["a"], "token_logprobs": [-0.1]}}]}, 1, {"choices": [{"text": "a", "logprobs": None}]}),
        ({"data": [{"embedding": [0.1234, -0.5]}], "usage": {"x": 0.123}}, 1, {"data": [{"embedding": [0.1234, -0.5]}], "usage": {"x": 0.123}}),
        ({"outputs": [{"data": [12.3456, -0.26]}]}, 1, {"outputs": [{"data": [12.3456, -0.3]}]}),
    ],
)  # fmt: skip
def test_rounding(given: object, decimals: int, made: object) -> None:
    assert json.loads(rounded(json.dumps(given).encode(), decimals) or b"") == made


@pytest.mark.parametrize("body", [b"", b"no json", b"\xff", b"[" * 70 + b"0.5" + b"]" * 70, b"data: 0.5\n\n"])
def test_what_cannot_be_rounded(body: bytes) -> None:
    assert rounded(body, 1) is None
