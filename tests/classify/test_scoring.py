"""The cascade, with models that know a few words (`fakes`)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.classify.fakes import FakeStage, cascade, scorer
from waf.classify import scoring
from waf.classify.scoring import PIECE, Gated, Outcome, Piece, by_gate, gate, score
from waf.classify.segments import Segment, Selection
from waf.classify.types import LONG, SHORT
from waf.errors import ModelError
from waf.scores import Terms

USER, SYSTEM, TOOL_ARGS = 1, 0, 4


def one(text: str, surface: int = USER, **options: Any) -> Outcome:
    (found,) = scorer(cascade(**options)).score([Segment(text, surface, "o")])
    return found


def near(outcome: Outcome) -> tuple[float, float]:
    return round(outcome.injection, 2), round(outcome.jailbreak, 2)


@pytest.mark.parametrize(
    ("text", "scores", "deep"),
    [
        ("hello world", (0.01, 0.01), False),
        ("an attack here", (0.97, 0.02), False),
        ("jail then", (0.03, 0.98), False),
        ("maybe something", (0.01, 0.01), True),
        ("maybe yes really", (0.9, 0.05), True),
        ("maybe and jail", (0.6, 0.98), False),
        ("maybe " + "word " * 9 + "attack", (0.97, 0.1), False),
        ("maybe " + "word " * 200 + "really maybe", (0.9, 0.05), True),
    ],
)
def test_the_gate_decides_unless_it_is_not_sure(text: str, scores: tuple[float, float], deep: bool) -> None:
    found = one(text)
    assert (near(found), found.deep) == (scores, deep)
    assert not found.degraded
    assert not found.over_budget


def test_short_and_long_texts_have_a_band_of_their_own() -> None:
    made = replace(cascade(), wide={"user": 0.005})
    texts = ("hello", "hello " * (SHORT // 5), "hello " * (LONG // 5))
    assert [scorer(made).score([Segment(text, USER, "o")])[0].deep for text in texts] == [True, False, True]
    assert made.band("system", 1) == made.bands["system"]
    long = replace(made, long={"user": 0.4, "system": 0.3})
    assert [long.band("user", len(text))[0] for text in texts] == [0.005, made.bands["user"][0], 0.4]


def test_without_a_deep_stage_the_gate_decides_alone() -> None:
    found = one("maybe something", deep=False)
    assert (near(found), found.deep, found.degraded) == ((0.6, 0.1), False, False)


def test_every_view_is_scored_and_the_highest_counts() -> None:
    made = scorer(cascade())
    made.views = lambda text: [text, text.replace("4", "a")]
    assert near(made.score([Segment("an 4tt4ck", USER, "o")])[0]) == (0.97, 0.02)


def test_texts_are_scored_together_and_in_order() -> None:
    made = cascade()
    texts = ["hello", "attack", "maybe", "jail", "maybe really", "x " * 100]
    found = score(made, lambda t: [t], [Segment(t, USER, "o") for t in texts])
    assert [near(f)[0] for f in found] == [0.01, 0.97, 0.01, 0.03, 0.9, 0.01]
    assert isinstance(made.gate, FakeStage)
    assert isinstance(made.deep, FakeStage)
    assert len(made.gate.runs) == 1, "one run for all of them"
    assert made.deep.runs == [2], "so have the two for the deep stage"


def test_of_a_long_text_the_deep_stage_reads_only_what_is_suspicious() -> None:
    made = cascade(budget=9999)
    assert isinstance(made.deep, FakeStage)
    made.deep.positions = 400
    text = "word " * 2000 + "maybe really " + "word " * 1000
    (found,) = score(made, lambda t: [t], [Segment(text, USER, "o")])
    assert not found.degraded
    assert near(found) == (0.9, 0.05)
    assert all(len(read) <= PIECE for read in made.deep.texts[1:])
    assert len(made.deep.texts) <= 3
    made.deep.texts.clear()
    short = "word " * 200 + "maybe really " + "word " * 200
    (found,) = score(made, lambda t: [t], [Segment(short, USER, "o")])
    assert near(found) == (0.9, 0.05)
    assert made.deep.texts == [short], "what is not too long is read whole"


def test_something_that_only_shows_in_the_whole_is_read_where_most_of_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    made = cascade()
    text = "word " * 600
    monkeypatch.setattr(made.gate, "table", {})
    (gated,) = gate(made, lambda t: [t], [Segment(text, USER, "o")])
    assert gated.unsure == []
    pieces = scoring._pieces(made, USER, [Piece(text, 0.5, 0.1)])
    assert len(pieces) == 1


def test_what_the_deep_stage_has_no_room_for_is_decided_by_the_gate() -> None:
    text = "maybe word word word " * 400
    found = one(text)
    assert found.deep
    assert found.degraded
    assert found.assumed, "0.6 is above the middle of the band"
    assert near(found) == (0.6, 0.1)
    made = cascade()
    (gated,) = gate(made, lambda t: [t], [Segment(text, USER, "o")])
    scoring.deepen(made, [(Segment(text, USER, "o"), gated)])
    assert isinstance(made.deep, FakeStage)
    assert sum(made.deep.runs) <= max(made.deep_windows, len(made.deep.windows("maybe " * 300).ids))


@pytest.mark.parametrize(("score_", "assumed"), [(0.49, False), (0.5, True), (0.8, True)])
def test_the_band_counts_as_an_attack_from_its_middle_up(score_: float, assumed: bool) -> None:
    found = by_gate(cascade(), USER, Gated(Outcome(0.1, 0.0), score_, 0.2, [Piece("text", 0.3, 0.2)]))
    assert (found.injection, found.jailbreak, found.degraded, found.assumed) == (score_, 0.2, True, assumed)


def test_nothing_unsure_is_nothing_degraded() -> None:
    sure = Outcome(0.1, 0.0)
    assert by_gate(cascade(), USER, Gated(sure)) is sure


def test_a_stage_s_budget_is_told() -> None:
    assert one("word " * 100, budget=3).over_budget
    assert one("maybe " + "word " * 100, budget=3).over_budget


def test_a_score_that_is_no_probability_is_a_fault() -> None:
    with pytest.raises(ModelError, match="no probability"):
        one("a nan here")


def test_an_answer_of_another_shape_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    made = cascade()
    monkeypatch.setattr(made.gate, "score", lambda ids, surfaces: np.zeros((len(ids), 3), np.float32))
    with pytest.raises(ModelError, match=r"model aaaaaaaaaaaa: error: answered in shape \(1, 3\), not \(1, 2\)"):
        score(made, lambda t: [t], [Segment("hello", USER, "o")])


def test_the_deep_stage_cannot_be_asked_when_there_is_none() -> None:
    with pytest.raises(ValueError, match="no deep stage"):
        scoring.deepen(cascade(deep=False), [])


# ---------------------------------------------------------------------- what outcomes mean


def total(outcomes: list[Outcome | None], surfaces: list[int], terms: Terms | None = None, cut: str = "") -> Any:
    selection = Selection([Segment("t", s, f"o{i}") for i, s in enumerate(surfaces)], cut)
    return scorer().sum_up(selection, outcomes, terms or Terms("enforce"))


def test_each_surface_has_its_own_threshold() -> None:
    found = total([Outcome(0.9, 0.1), Outcome(0.9, 0.1), Outcome(0.3, 0.85)], [USER, SYSTEM, TOOL_ARGS])
    assert {(s.surface, s.value, s.origin) for s in found.injections if s.flagged} == {("user", 0.9, "o0")}
    assert {s.surface for s in found.jailbreaks if s.flagged} == {"tool_args"}
    assert (found.injection, found.jailbreak, found.scored, found.refuses) == (0.9, 0.85, 3, False)


def test_a_route_s_thresholds_hold_over_the_models() -> None:
    terms = Terms("enforce", (0.5, 0.95, 0, 0, 0, 0))
    found = total([Outcome(0.9, 0.1), Outcome(0.9, 0.1)], [USER, SYSTEM], terms)
    assert {s.surface for s in found.injections if s.flagged} == {"system"}


def test_the_highest_of_a_surface_is_shown_with_its_place() -> None:
    found = total([Outcome(0.2, 0.1), Outcome(0.7, 0.0), Outcome(0.4, 0.3)], [USER, USER, USER])
    assert [(s.value, s.origin) for s in found.injections] == [(0.7, "o1")]
    assert [(s.value, s.origin) for s in found.jailbreaks] == [(0.3, "o2")]


def test_an_assumed_attack_is_flagged_below_the_threshold_and_shown_before_higher_ones() -> None:
    found = total([Outcome(0.5, 0.1, degraded=True, assumed=True), Outcome(0.7, 0.0)], [USER, USER])
    (shown,) = found.injections
    assert (shown.value, shown.flagged, shown.assumed, shown.origin) == (0.5, True, True, "o0")
    assert not any(s.flagged for s in found.jailbreaks)
    assert found.degraded == 1


@pytest.mark.parametrize(
    ("outcomes", "cut", "terms", "refuses"),
    [
        ([Outcome(0, 0)], "", Terms("enforce"), False),
        ([None], "", Terms("enforce"), True),
        ([None], "", Terms("enforce", block_unscored=False), False),
        ([Outcome(0, 0, over_budget=True)], "", Terms("enforce"), True),
        ([Outcome(0, 0, over_budget=True)], "", Terms("enforce", block_over_budget=False), False),
        ([Outcome(0, 0)], "o1", Terms("enforce"), True),
        ([Outcome(0, 0)], "o1", Terms("enforce", block_over_budget=False), False),
        ([Outcome(0, 0, degraded=True)], "", Terms("enforce"), False),
    ],
)
def test_what_was_not_read_to_its_end_is_refused_where_the_route_says_so(
    outcomes: list[Outcome | None], cut: str, terms: Terms, refuses: bool
) -> None:
    found = total(outcomes, [USER], terms, cut)
    assert found.refuses is refuses
    assert found.missing == outcomes.count(None)
    assert found.over_budget == sum(o.over_budget for o in outcomes if o) + bool(cut)
