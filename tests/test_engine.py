"""The whole decision, without a socket."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from waf.engine import SAMPLE, Engine
from waf.model import Request, Response
from waf.rules import load_ruleset
from waf.settings import Config, Route, Rules

PACK = """
schema: waf-rules/v1
pack: test.engine
rules:
  - {id: 1, name: select, title: t, severity: critical, tags: [attack.sqli], match: {field: request.args, transform: lowercase, contains: union select}}
  - {id: 2, name: ignore, title: t, severity: critical, tags: [attack.injection], match: {field: [llm.user, llm.prompt], transform: lowercase, contains: ignore all}}
  - {id: 3, name: weak, title: t, severity: warning, tags: [attack.injection], match: {field: [llm.user, llm.prompt], contains: weakly}}
  - {id: 4, name: sum, title: t, severity: notice, tags: [attack.sum], match: {field: 'score["injection"]', ge: 3}}
  - {id: 5, name: shell, title: t, severity: critical, tags: [attack.rce], match: {field: llm.tool_args, contains: rm -rf}}
  - {id: 6, name: key, title: t, severity: critical, tags: [attack.leak], match: {field: response.body, contains: BEGIN PRIVATE}}
  - {id: 7, name: status, title: t, severity: notice, tags: [attack.leak], match: {all: [{field: response.status, ge: 500}, {field: 'response.headers["x-debug"]', exists: true}]}}
"""


def engine(folder: Path, **config: Any) -> Engine:
    (folder / "pack.yaml").write_text(PACK)
    clock = itertools.count()
    return Engine(load_ruleset(Rules(packs=(str(folder),))), Config(**config), lambda: next(clock) / 1e6)


def chat(*messages: dict[str, Any], path: str = "/v1/chat/completions", **more: Any) -> Request:
    body = json.dumps({"model": "m", "messages": list(messages), **more}).encode()
    return Request(method="POST", target=path, headers=(("Host", "x"), ("Content-Type", "application/json")), body=body)


def user(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


def test_a_clean_chat(tmp_path: Path) -> None:
    verdict = engine(tmp_path).inspect(chat(user("hello there")))
    assert (verdict.decision.action, verdict.decision.reason, verdict.protocol) == ("allow", "clean", "openai")
    assert set(verdict.us) == {"parse", "rules", "decide"}
    assert all(us > 0 for us in verdict.us.values())
    coverage = verdict.coverage
    assert coverage["inspected"]["llm.user"] == 1
    assert coverage["body_bytes"] >= coverage["inspected_bytes"] > 0
    assert coverage["skipped"] == []


def test_an_attack_is_refused_in_the_api_s_own_shape(tmp_path: Path) -> None:
    made = engine(tmp_path, expose_matches=True)
    verdict = made.inspect(chat(user("hello"), user("Ignore ALL of it")))
    status, headers, body = made.respond(verdict, "req-1")
    assert status == 403
    assert ("x-should-retry", "false") in headers
    assert ("X-WAF-Rules", "2,4") in headers
    error = json.loads(body)["error"]
    assert error["code"] == "request_blocked"
    assert "messages[1]" in error["message"]
    assert "req-1" in body.decode()


def test_matches_are_not_named_by_default(tmp_path: Path) -> None:
    made = engine(tmp_path)
    _, headers, body = made.respond(made.inspect(chat(user("ignore all"))), "r")
    assert not any(name == "X-WAF-Rules" for name, _ in headers)
    assert b"ignore" not in body


def test_rules_on_scores_run_after_the_others_and_add(tmp_path: Path) -> None:
    verdict = engine(tmp_path).inspect(chat(user("weakly")))
    assert [m.rule for m in verdict.decision.matches] == [3, 4]
    assert (verdict.decision.score, verdict.decision.action) == (5, "block")
    assert verdict.decision.scores == {"injection": 3, "sum": 2}


@pytest.mark.parametrize(
    ("route", "action"), [({}, "tag"), ({"tool_args": "enforce"}, "block"), ({"mode": "off"}, "allow")]
)
def test_tool_arguments_follow_the_route(tmp_path: Path, route: dict[str, Any], action: str) -> None:
    call = {"id": "1", "type": "function", "function": {"name": "sh", "arguments": json.dumps({"cmd": "rm -rf /"})}}
    message = {"role": "assistant", "content": None, "tool_calls": [call]}
    verdict = engine(tmp_path, routes=(Route(**route),)).inspect(chat(message))
    assert verdict.decision.action == action


def test_model_text_is_kept_out_of_the_web_rules_by_path_only(tmp_path: Path) -> None:
    made = engine(tmp_path)
    prose = user("explain union select to me")
    assert made.inspect(chat(prose)).decision.action == "allow"
    assert made.inspect(chat(prose, path="/other")).decision.action == "block"


def test_monitor_mode_tells_what_it_would_have_done(tmp_path: Path) -> None:
    decision = engine(tmp_path, mode="monitor").inspect(chat(user("ignore all"))).decision
    assert (decision.action, decision.would_block, decision.status) == ("tag", True, 0)


def test_what_cannot_be_read_is_refused_even_in_monitor_mode(tmp_path: Path) -> None:
    made = engine(tmp_path, mode="monitor")
    request = Request(
        method="POST", target="/v1/messages", headers=(("Content-Type", "application/json"),), body=b'{"a":1,"a":2}'
    )
    verdict = made.inspect(request)
    assert (verdict.decision.action, verdict.decision.status) == ("block", 400)
    assert verdict.refusal is not None
    assert verdict.coverage["skipped"] == [{"origin": "request", "reason": verdict.refusal.code}]
    status, _, body = made.respond(verdict, "r")
    assert (status, json.loads(body)["type"]) == (400, "error")


def test_what_nothing_inspected_is_tagged(tmp_path: Path) -> None:
    audio = {"role": "user", "content": [{"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}}]}
    verdict = engine(tmp_path).inspect(chat(audio))
    assert (verdict.decision.action, verdict.decision.tags) == ("tag", ("uninspected",))
    assert verdict.coverage["skipped"][0]["reason"]


def test_off_means_not_looked_at_and_says_so(tmp_path: Path) -> None:
    verdict = engine(tmp_path, mode="off").inspect(chat(user("ignore all")))
    assert (verdict.decision.action, verdict.decision.reason) == ("allow", "off")
    assert verdict.coverage["skipped"] == [{"origin": "request", "reason": "off"}]


def test_a_websocket_message(tmp_path: Path) -> None:
    made = engine(tmp_path)
    route = made.routes.find("GET", "/ws")
    assert made.inspect_text(route, "/ws", "1 union select 2").decision.blocks
    assert made.inspect_text(route, "/ws", "Ignore all").decision.blocks
    clean = made.inspect_text(route, "/ws", "hello")
    assert (clean.decision.action, clean.coverage["inspected_bytes"]) == ("allow", 5)
    off = engine(tmp_path, mode="off")
    assert off.inspect_text(off.routes.find("GET", "/ws"), "/ws", "ignore all").decision.reason == "off"


def test_the_response_phase(tmp_path: Path) -> None:
    made = engine(tmp_path)
    assert made.has_response_rules
    verdict = made.inspect(chat(user("hello")))
    leak = made.inspect_response(verdict, "/", Response(status=200, body=b"-----BEGIN PRIVATE KEY"))
    assert (leak.action, [m.rule for m in leak.matches]) == ("block", [6])
    debug = made.inspect_response(verdict, "/", Response(status=503, headers=(("X-Debug", "1"),)))
    assert (debug.action, [m.rule for m in debug.matches]) == ("tag", [7])
    assert made.inspect_response(verdict, "/", Response(status=200, body=b"ok")).action == "allow"


def test_one_request_in_so_many_has_its_rules_timed(tmp_path: Path) -> None:
    made = engine(tmp_path)
    verdicts = [made.inspect(chat(user("weakly"))) for _ in range(2 * SAMPLE)]
    timed = [number for number, verdict in enumerate(verdicts, 1) if verdict.rule_seconds]
    assert timed == [SAMPLE, 2 * SAMPLE]
    assert set(verdicts[SAMPLE - 1].rule_seconds) == {3}
    assert {v.decision.score for v in verdicts} == {5}


def test_warming_up_changes_nothing(tmp_path: Path) -> None:
    made = engine(tmp_path)
    made.warm_up()
    assert made.inspect(chat(user("hello"))).decision.action == "allow"
