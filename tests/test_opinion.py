"""The web-attack head and learned scoring in an engine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from waf import opinion
from waf.cli.scan import verdict_json
from waf.engine import Engine
from waf.errors import ModelError
from waf.inference import WebHead
from waf.model import Request
from waf.record.event_ml import of_models
from waf.rules import load_ruleset
from waf.settings import Config, Crs, Route, Rules
from waf.shipped import path

PACK = """
schema: waf-rules/v1
pack: test.web
rules:
  - {id: 1, name: odd, title: t, severity: warning, tags: [attack.test], match: {field: request.args, contains: odd}}
  - {id: 2, name: strong, title: t, severity: critical, tags: [attack.test], match: {field: request.args, contains: strong}}
  - {id: 3, name: prompt, title: t, severity: warning, tags: [attack.test], match: {field: llm.prompt, contains: hello}}
"""
CORE = """
SecRuleEngine On
SecRule ARGS "@contains zebra" "id:942900,phase:2,deny,status:406,t:none"
"""
PAYLOAD = "' union all select null,password from users-- -"


def engine(folder: Path, *, crs: bool = False, **config: Any) -> Engine:
    (folder / "pack.yaml").write_text(PACK)
    rules = Rules(packs=(str(folder / "pack.yaml"), str(path("rules/web/head.yaml"))))
    if crs:
        (folder / "core.conf").write_text(CORE)
        config["crs"] = Crs(path=str(folder / "core.conf"))
    made = Config(rules=rules, **config)
    ruleset = load_ruleset(made.rules, crs=made.crs)
    return Engine(ruleset, made, opinion=opinion.load(ruleset, made))


def get(value: str, path: str = "/a") -> Request:
    return Request(method="GET", target=f"{path}?q={quote(value)}", headers=(("Host", "x"),))


@pytest.mark.parametrize(
    ("ask", "value", "asked", "action"),
    [
        ("weak", PAYLOAD, False, "allow"),
        ("weak", "odd " + PAYLOAD, True, "block"),
        ("weak", "odd but harmless", False, "tag"),
        ("weak", "hello " + PAYLOAD, False, "tag"),
        ("weak", "strong " + PAYLOAD, False, "block"),
        ("always", PAYLOAD, True, None),
        ("off", "odd " + PAYLOAD, False, "tag"),
    ],
)
def test_who_is_asked_and_what_follows(tmp_path: Path, ask: Any, value: str, asked: bool, action: str | None) -> None:
    verdict = engine(tmp_path, web_head=WebHead(ask=ask)).inspect(get(value))
    assert (verdict.scores is not None and verdict.scores.web_attack is not None) is asked
    assert action is None or verdict.decision.action == action
    assert ("head" in verdict.us) is (verdict.scores is not None)


def test_a_route_may_want_it_otherwise(tmp_path: Path) -> None:
    made = engine(tmp_path, routes=(Route(name="calm", path="/calm/*", web_head="off"),))
    assert made.inspect(get("odd " + PAYLOAD, "/calm/x")).decision.action == "tag"
    assert made.inspect(get("odd " + PAYLOAD)).decision.action == "block"


def test_nothing_asks_a_head_that_is_off(tmp_path: Path) -> None:
    made = engine(tmp_path, web_head=WebHead(ask="off"), routes=(Route(name="r", web_head="always"),))
    assert made.opinion.head is None
    assert made.opinion.files == ()
    assert made.inspect(get("odd " + PAYLOAD)).scores is None


def test_in_monitor_mode_it_only_says_what_it_would_do(tmp_path: Path) -> None:
    verdict = engine(tmp_path, web_head=WebHead(mode="monitor")).inspect(get("odd " + PAYLOAD))
    assert verdict.decision.action == "tag"
    assert verdict.decision.would_block


def test_what_is_said_about_it(tmp_path: Path) -> None:
    verdict = engine(tmp_path).inspect(get("odd " + PAYLOAD))
    said = verdict_json(verdict, 1.0)
    assert said["ml"]["web_attack"] > 0.97
    assert said["ml"]["web"]["query"]["origin"] == "query:q"
    assert "learned" not in said
    assert verdict.scores is not None
    event = of_models(verdict.scores, lambda text, most: text[:most])
    assert (event.web[0].surface, event.web[0].origin) == ("query", "query:q")
    assert len(event.models["web"]) == 12


def test_the_same_request_always_gets_the_same_answer(tmp_path: Path) -> None:
    made = engine(tmp_path, web_head=WebHead(ask="always"))
    found = {made.inspect(get("O'Brien; " + PAYLOAD)).scores.web_attack for _ in range(5)}  # type: ignore[union-attr]
    assert len(found) == 1


def weights(folder: Path, **more: Any) -> str:
    made = {"format": 2, "bias": -4, "threshold": 0.5, "head": 0.8, "point": 0.5, "crs_rule": 2.0, "rules": {}} | more
    (folder / "scoring.json").write_text(json.dumps(made))
    return str(folder / "scoring.json")


@pytest.mark.parametrize(
    ("value", "action", "reason"),
    [
        ("zebra", "tag", "tagged"),  # the CRS refuses, the model does not
        ("zebra " + PAYLOAD, "block", "learned"),  # and with the head it does
        ("odd " + PAYLOAD, "block", "learned"),
        ("strong", "block", "score"),  # a critical rule of ours
        (PAYLOAD, "allow", "clean"),  # no rule found anything, so nobody asked
    ],
)
def test_learned_scoring_decides(tmp_path: Path, value: str, action: str, reason: str) -> None:
    made = engine(tmp_path, crs=True, scoring="learned", scoring_model=weights(tmp_path))
    decision = made.inspect(get(value)).decision
    assert (decision.action, decision.reason) == (action, reason)


def test_learned_scoring_tells_its_parts(tmp_path: Path) -> None:
    made = engine(tmp_path, crs=True, scoring="learned", scoring_model=weights(tmp_path, rules={"1": 0.75}))
    said = verdict_json(made.inspect(get("odd zebra " + PAYLOAD)), 1.0)["learned"]
    assert said["parts"]["1"] == 0.75
    assert said["parts"]["crs 942900"] == 2.0
    assert said["parts"]["head"] > 0
    assert said["bias"] == -4


def test_a_route_may_add_up_points(tmp_path: Path) -> None:
    routes = (Route(name="old", path="/old/*", scoring="points"),)
    made = engine(tmp_path, crs=True, scoring="learned", scoring_model=weights(tmp_path), routes=routes)
    assert made.inspect(get("zebra", "/old/x")).decision.reason == "crs"
    assert made.inspect(get("zebra")).decision.action == "tag"


def test_features_of_a_request_that_was_refused_unread(tmp_path: Path) -> None:
    made = engine(tmp_path, scoring="learned")
    bad = Request(method="POST", target="/a", headers=(("Content-Type", "application/json"),), body=b"{")
    assert made.opinion.features(made.inspect(bad)) == {}
    assert engine(tmp_path).opinion.features(made.inspect(get("odd"))) == {}


def test_weights_that_are_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        engine(tmp_path, scoring="learned", scoring_model=str(tmp_path / "none.json"))


def test_a_head_that_fails_says_nothing_and_excuses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = engine(tmp_path, crs=True, scoring="learned", scoring_model=weights(tmp_path))
    told: list[Exception] = []
    monkeypatch.setattr(made.opinion, "_report", told.append)

    def fail(*args: object) -> None:
        raise ModelError([])

    monkeypatch.setattr(made.opinion.head, "judge", fail)
    verdict = made.inspect(get("zebra"))
    assert (verdict.decision.action, verdict.decision.reason) == ("block", "crs")
    assert verdict.scores is not None
    assert verdict.scores.web_attack is None
    assert len(told) == 1
