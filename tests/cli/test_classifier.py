"""What `waf scan`, `waf explain` and `waf check-config` do with a classifier, from the configuration to the last line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.classify import tiny
from tests.classify.fakes import cascade, scorer
from waf import shipped
from waf.classify.scorer import Scorer
from waf.cli import options

Run = Callable[..., Result]


def config(folder: Path, *, classifier: str = "", routes: str = "") -> Path:
    """With the shipped rules on scores, and a tiny model."""
    tiny.model(folder / "m.onnx")
    tiny.tokenizer(folder / "t.json")
    path = folder / "waf.yaml"
    pack = shipped.path("rules/llm/classifier.yaml")
    path.write_text(
        f"classifier: {{enabled: true, {classifier}own: {{model: m.onnx, tokenizer: t.json, jailbreak: 2}}}}\n"
        f"rules: {{packs: [{pack}]}}\n{routes}"
    )
    return path


def record(*texts: str, role: str = "user") -> str:
    body = json.dumps({"model": "m", "messages": [{"role": role, "content": text} for text in texts]})
    headers = [["Content-Type", "application/json"]]
    return json.dumps({"id": 1, "path": "/v1/chat/completions", "headers": headers, "body": body}) + "\n"


def test_scan_scores_and_decides(run: Run, tmp_path: Path) -> None:
    given = record("hello hello hello hello") + record("hello hello hello hello", "attack attack attack now")
    result = run("scan", "-c", config(tmp_path), given=given)
    fine, attack = map(json.loads, result.stdout.splitlines())
    assert (fine["action"], fine["ml"]["scored"], fine["ml"]["surfaces"]["user"]["flagged"]) == ("allow", 1, False)
    assert (attack["action"], attack["rules"]) == ("block", [1520010])
    assert attack["ml"]["injection"] > 0.99
    assert attack["ml"]["surfaces"]["user"]["origin"] == "json:$.messages[1].content"
    assert attack["ml"]["web_attack"] is None
    assert attack["us"]["classify"] > 0


def test_the_same_input_gives_the_same_verdict(run: Run, tmp_path: Path) -> None:
    result = run("scan", "-c", config(tmp_path), given=record("attack or hello, who knows") * 2)
    one, two = (json.loads(line) for line in result.stdout.splitlines())
    assert one.pop("us")
    assert two.pop("us")
    assert one == two


def test_what_is_too_long_is_told(run: Run, tmp_path: Path) -> None:
    result = run("scan", "-c", config(tmp_path, classifier="characters: 1024, "), given=record("hello " * 300))
    (found,) = map(json.loads, result.stdout.splitlines())
    assert (found["action"], found["rules"], found["ml"]["over_budget"]) == ("block", [1520040, 1520070], 1)
    assert "missing" not in found["ml"]


def test_explain_shows_each_text_with_its_score(run: Run, tmp_path: Path) -> None:
    result = run("explain", "-c", config(tmp_path), given=record("hello hello hello hello", "jail jail jail for you"))
    assert "classifier, in enforce mode: 2 texts scored" in result.stdout
    assert "user at json:$.messages[1].content: injection 0.000, jailbreak 1.000" in result.stdout
    assert "threshold 0.5, decided by the gate stage" in result.stdout
    assert '"jail jail jail for you"' in result.stdout
    assert "rule 1520020 classified-jailbreak: critical, +5 jailbreak" in result.stdout
    assert result.stdout.index("jail jail jail") < result.stdout.index("hello hello")


def test_explain_as_json(run: Run, tmp_path: Path) -> None:
    routes = "routes: [{name: all, path: /*, classifier: {thresholds: {user: 0.99999999}}}]\n"
    given = record("attack attack")
    result = run("explain", "--json", "-c", config(tmp_path, routes=routes), given=given)
    said = json.loads(result.stdout)
    (text,) = said["texts"]
    assert (text["surface"], text["threshold"], text["decided_by"]) == ("user", 0.99999999, "gate")
    assert (text["text"], text["degraded"], text["over_budget"]) == ("attack attack", False, False)


@pytest.fixture
def faked(monkeypatch: pytest.MonkeyPatch) -> Scorer:
    made = scorer(cascade(budget=40))
    monkeypatch.setattr(options, "load_scorer", lambda *_: made)
    return made


def test_explain_says_what_was_not_read_and_how_many_more_there_are(run: Run, faked: Scorer, tmp_path: Path) -> None:
    texts = [f"friendly text {i}" for i in range(24)] + ["maybe word word word " * 60, "word " * 700]
    result = run("explain", "-c", config(tmp_path), given=record(*texts))
    assert "decided by the deep stage" in result.stdout
    assert "the deep stage did not read all of it" in result.stdout
    assert "longer than what is read" in result.stdout
    assert "… and 6 less suspicious" in result.stdout


def test_explain_says_that_the_rules_had_decided_already(run: Run, faked: Scorer, pack: Path, tmp_path: Path) -> None:
    path = tmp_path / "both.yaml"
    path.write_text(f"classifier: {{enabled: true}}\nrules: {{packs: [{pack}]}}\n")
    result = run("explain", "-c", path, given=json.dumps({"path": "/?q=xyzzy+and+more"}))
    assert "classifier: not asked" in result.stdout
    said = json.loads(run("explain", "--json", "-c", path, given=json.dumps({"path": "/?q=xyzzy+and+more"})).stdout)
    assert said["texts"] == []


def test_without_a_classifier_nothing_is_said(run: Run, pack: Path) -> None:
    assert "classifier" not in run("explain", "--rules", pack, given=record("hello")).stdout


def test_check_config_loads_the_models(run: Run, tmp_path: Path) -> None:
    path = config(tmp_path)
    assert run("check-config", path).exit_code == 0
    (tmp_path / "m.onnx").write_bytes(b"nonsense")
    result = run("check-config", path)
    assert result.exit_code == 1
    assert "is no ONNX model that the runtime can load" in result.stdout


def run_scan(run: Run, path: Path, text: str) -> Any:
    return json.loads(run("scan", "-c", path, given=record(text)).stdout)


def test_monitor_mode(run: Run, tmp_path: Path) -> None:
    found = run_scan(run, config(tmp_path, classifier="mode: monitor, "), "attack attack")
    assert (found["action"], found["would_block"], found["score"]) == ("tag", True, 0)
