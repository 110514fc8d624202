"""The verdict in two steps: rules, then models, then rules on what the models say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.classify.fakes import FakeStage, scorer
from waf.classify.scoring import Outcome
from waf.engine import Engine
from waf.inference import Classifier, RouteClassifier
from waf.model import Request
from waf.rules import load_ruleset
from waf.rules.spec import needs_models, reads_models
from waf.settings import Config, Route, Rules

PACK = """
schema: waf-rules/v1
pack: test.scores
rules:
  - {id: 1, name: evil, title: t, severity: critical, tags: [attack.test], match: {field: llm.user, contains: evil}}
  - {id: 2, name: odd, title: t, severity: notice, tags: [attack.test], match: {field: llm.user, contains: odd}}
  - {id: 3, name: flagged, title: t, severity: critical, tags: [attack.injection], action: block, match: {field: ml.flagged.injection, exists: true}}
  - id: 4
    name: mixed
    title: t
    severity: warning
    tags: [attack.injection]
    match: {all: [{field: 'ml.injection["user"]', ge: 0.3}, {field: llm.user, contains: hardly}, {field: score.anomaly, ge: 2}]}
  - {id: 5, name: silent, title: t, severity: notice, action: tag, tags: [attack.quiet], match: {any: [{field: ml.missing, ge: 1}, {field: ml.degraded, ge: 1}]}}
"""
SUM = "  - {id: 6, name: sum, title: t, severity: notice, tags: [attack.sum], match: {field: score.anomaly, ge: 2}}\n"
NOT = "  - {id: 7, name: quiet, title: t, severity: notice, action: tag, tags: [attack.calm], match: {not: {field: ml.injection, ge: 0.5}}}\n"


def engine(folder: Path, more: str = "", **config: Any) -> Engine:
    (folder / "pack.yaml").write_text(PACK + more)
    settings = {"classifier": Classifier(enabled=True), **config}
    return Engine(load_ruleset(Rules(packs=(str(folder),))), Config(**settings), scorer=scorer())


def chat(text: str, **more: Any) -> Request:
    body = json.dumps({"model": "m", "messages": [{"role": "user", "content": text}]}).encode()
    headers = (("Host", "x"), ("Content-Type", "application/json"))
    return Request(method="POST", target="/v1/chat/completions", headers=headers, body=body, **more)


def gate_of(made: Engine) -> FakeStage:
    assert made.scorer is not None
    assert isinstance(made.scorer.cascade.gate, FakeStage)
    return made.scorer.cascade.gate


def test_a_verdict_waits_for_its_texts(tmp_path: Path) -> None:
    made = engine(tmp_path)
    verdict = made.examine(chat("an attack on you"))
    assert verdict.pending is not None
    assert [s.text for s in verdict.pending.segments] == ["an attack on you"]
    assert gate_of(made).runs == []
    made.conclude(verdict, [Outcome(0.97, 0.02)], 0.004)
    assert verdict.pending is None
    assert (verdict.decision.action, [m.rule for m in verdict.decision.matches]) == ("block", [3])
    assert verdict.us["classify"] >= 4000
    with pytest.raises(ValueError, match="nothing is pending"):
        made.conclude(verdict, [], 0)


def test_inspect_waits_for_nobody(tmp_path: Path) -> None:
    made = engine(tmp_path)
    assert made.inspect(chat("an attack on you")).decision.blocks
    assert gate_of(made).runs == [1]
    assert not made.inspect(chat("good morning to you")).decision.blocks


def test_messages_and_parts_that_others_took_out(tmp_path: Path) -> None:
    made = engine(tmp_path)
    route = made.routes.find("GET", "/ws")
    assert made.inspect_text(route, "/ws", "an attack on you").decision.blocks
    fields = made.examine(chat("an attack on you")).parsed
    assert fields is not None
    assert made.inspect_fields(route, "/", fields.fields).decision.blocks


def test_what_the_rules_block_is_not_scored_in_enforce_mode_only(tmp_path: Path) -> None:
    made = engine(tmp_path)
    assert made.examine(chat("an evil attack")).pending is None
    watching = engine(tmp_path, mode="monitor")
    verdict = watching.inspect(chat("an evil attack"))
    assert [m.rule for m in verdict.decision.matches] == [1, 3]
    assert (verdict.decision.action, verdict.decision.would_block) == ("tag", True)


def test_a_request_without_text_waits_for_nothing(tmp_path: Path) -> None:
    made = engine(tmp_path)
    verdict = made.examine(Request(method="GET", target="/health"))
    assert verdict.pending is None
    assert verdict.scores is None
    assert verdict.decision.action == "allow"


def test_a_rule_may_join_scores_of_rules_models_and_the_text_itself(tmp_path: Path) -> None:
    made = engine(tmp_path)
    assert [m.rule for m in made.inspect(chat("odd and hardly that")).decision.matches] == [2]
    assert made.scorer is not None
    made.scorer.cascade.deep.table = {4: (0.4, 0.0)}  # type: ignore[union-attr]
    assert [m.rule for m in made.inspect(chat("odd and hardly that")).decision.matches] == [2, 4]
    assert [m.rule for m in made.inspect(chat("hardly that at all")).decision.matches] == []


def test_rules_on_sums_run_without_models_too(tmp_path: Path) -> None:
    without = Engine(engine(tmp_path, SUM).ruleset, Config())
    assert [m.rule for m in without.inspect(chat("odd thing to say")).decision.matches] == [2, 6]
    quiet = Engine(engine(tmp_path, NOT).ruleset, Config())
    assert [m.rule for m in quiet.inspect(chat("good morning to you")).decision.matches] == [7]


def test_rules_that_need_models_cost_nothing_without_them(tmp_path: Path) -> None:
    made = engine(tmp_path)
    without = Engine(made.ruleset, Config())
    verdict = without.inspect(chat("good morning to you"))
    assert verdict.screened is not None
    assert verdict.screened.evaluated == 0
    needing = {rule.id for rule in made.ruleset.rules if needs_models(rule.match)}
    assert needing == {3, 4, 5}
    assert {rule.id for rule in made.ruleset.rules if reads_models(rule)} == {3, 4, 5}


def test_a_route_that_only_watches_the_classifier(tmp_path: Path) -> None:
    routes = (Route(classifier=RouteClassifier(mode="monitor")),)
    verdict = engine(tmp_path, SUM, routes=routes).inspect(chat("an odd attack on you"))
    modes = {match.rule: match.mode for match in verdict.decision.matches}
    assert modes == {2: "enforce", 3: "monitor", 6: "enforce"}
    assert (verdict.decision.action, verdict.decision.would_block, verdict.decision.score) == ("tag", True, 4)


def test_a_route_of_which_nobody_asks_the_classifier(tmp_path: Path) -> None:
    routes = (Route(classifier=RouteClassifier(mode="off")),)
    made = engine(tmp_path, routes=routes)
    assert made.examine(chat("an attack on you")).pending is None


def test_a_route_that_asks_for_the_deep_stage(tmp_path: Path) -> None:
    routes = (
        Route("deep", "/v1/chat/*", classifier=RouteClassifier(deep="always")),
        Route("band", "/v1/*", protocol="openai"),
    )
    made = engine(tmp_path, routes=routes)
    assert made.scorer is not None
    made.scorer.cascade.deep.table = {0: (0.9, 0.0)}  # type: ignore[union-attr]
    verdict = made.inspect(chat("good morning to you"))
    assert verdict.scores is not None
    assert (verdict.scores.deep, verdict.decision.action) == (1, "block")
    plain = msgspec.structs.replace(chat("good morning to you"), target="/v1/other")
    keys = {made.examine(request).pending.segments[0].key for request in (chat("good morning to you"), plain)}  # type: ignore[union-attr]
    assert len(keys) == 2
    assert made.inspect(plain).decision.action == "allow"


@pytest.mark.parametrize(("shared", "same"), [("route", True), ("client", False)])
def test_who_shares_what_is_remembered(tmp_path: Path, shared: Any, same: bool) -> None:
    made = engine(tmp_path, classifier=Classifier(enabled=True, shared=shared))
    keys = [
        made.examine(chat("good morning to you", client_ip=ip)).pending.segments[0].key  # type: ignore[union-attr]
        for ip in ("192.0.2.1", "192.0.2.2")
    ]
    assert (keys[0] == keys[1]) is same


def test_what_is_missing_is_seen_by_rules(tmp_path: Path) -> None:
    made = engine(tmp_path)
    verdict = made.examine(chat("good morning to you"))
    made.conclude(verdict, [None], 2.0)
    assert [m.rule for m in verdict.decision.matches] == [5]
    assert verdict.scores is not None
    assert (verdict.scores.missing, verdict.scores.injection) == (1, None)
