"""Scores add up as the policy wants them, and rules of the scored phase see them."""

from __future__ import annotations

from pathlib import Path

from waf.model import Field, Screened
from waf.rules import load_ruleset
from waf.scores import Scores
from waf.screen import score_fields, screen
from waf.settings import Rules

PACK = """
schema: waf-rules/v1
pack: test.screen
rules:
  - {id: 1, name: one, title: t, severity: critical, tags: [attack.a], match: {field: llm.user, contains: one}}
  - {id: 2, name: two, title: t, severity: warning, tags: [attack.a], match: {field: llm.user, contains: two}}
  - {id: 3, name: three, title: t, severity: error, tags: [attack.b], mode: monitor, match: {field: llm.user, contains: three}}
  - {id: 4, name: four, title: t, severity: critical, tags: [attack.c], match: {field: llm.tool_args, contains: four}}
  - {id: 5, name: five, title: t, severity: notice, tags: [attack.d], match: {all: [{field: ml.injection, ge: 0.9}, {field: score.anomaly, ge: 5}]}}
"""


def test_distinct_rules_add_and_monitored_ones_only_shadow(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(PACK)
    rules = load_ruleset(Rules(packs=(str(tmp_path),)))
    fields = {
        "llm.user": [Field("llm.user", "", text, f"json:{text}") for text in ("one two", "one", "three")],
        "llm.tool_args": [Field("llm.tool_args", "", "four", "json:four")],
    }
    tagged = screen(rules.request, fields, path="/", paranoia=1)
    assert (tagged.score, tagged.shadow, tagged.scores) == (8, 12, {"a": 8})
    enforced = screen(rules.request, fields, path="/", paranoia=1, enforce_tool_args=True)
    assert (enforced.score, enforced.shadow, enforced.scores) == (13, 17, {"a": 8, "c": 5})
    assert screen(rules.request, {}, path="/", paranoia=1).matches == []
    scored = score_fields(tagged, Scores(injection=0.95))
    assert [m.rule for m in rules.scored.run(scored, "/", 1)[0]] == [5]


def test_what_did_not_run_is_no_field() -> None:
    assert set(score_fields(Screened(), None)) == {"score.anomaly"}
    fields = score_fields(Screened(score=3, scores={"a": 3}), Scores(injection=0.5, ood_p=0.0))
    assert set(fields) == {"score.anomaly", "score", "ml.injection", "ml.ood_p"}
    assert [(f.name, f.value) for f in fields["score"]] == [("a", 3)]
