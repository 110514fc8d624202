"""The CRS beside our rules: either blocks, each by its own scores."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from waf.engine import Engine
from waf.model import Request, Response
from waf.rules import load_ruleset
from waf.rules.seclang import Kept
from waf.settings import Config, Crs, Limits, Paths, Route, Rules

CONF = """
SecDefaultAction "phase:2,log,pass"
SecRule ARGS|REQUEST_BODY "@contains xyzzy" "id:1001,phase:2,block,msg:'Magic',severity:'CRITICAL',setvar:'tx.inbound_anomaly_score_pl1=+5'"
SecRule TX:inbound_anomaly_score_pl1 "@ge 5" "id:1002,phase:2,deny,status:406,log,t:none"
SecRule RESPONSE_BODY "@contains leak" "id:1003,phase:4,pass,log,setvar:'tx.outbound_anomaly_score_pl1=+4'"
SecRule TX:outbound_anomaly_score_pl1 "@ge 4" "id:1004,phase:4,deny,status:502,log"
SecAction "id:1005,phase:5,pass,log,msg:'end'"
"""
PACK = """
schema: waf-rules/v1
pack: own
rules:
  - id: 900001
    name: plugh
    title: Another word
    severity: critical
    confidence: high
    maturity: stable
    tags: [attack.words]
    match: {field: request.args, contains: plugh}
    tests:
      - {attack: {request.args: plugh}}
      - {benign: {request.args: x}}
"""
CHAT = "/v1/chat/completions"


@pytest.fixture
def engine(tmp_path: Path) -> Callable[..., Engine]:
    (tmp_path / "own.yaml").write_text(PACK)

    def make(model_text: Any = "exclude", conf: str = CONF, **given: Any) -> Engine:
        (tmp_path / "crs.conf").write_text(conf)
        rules = Rules(packs=(str(tmp_path / "own.yaml"),))
        config = Config(rules=rules, crs=Crs(path=str(tmp_path / "crs.conf"), model_text=model_text), **given)
        return Engine(load_ruleset(rules, crs=config.crs), config)

    return make


def chat(content: str, **more: Any) -> Request:
    body = json.dumps({"model": "m", "messages": [{"role": "user", "content": content}], **more}).encode()
    return Request(method="POST", target=CHAT, headers=(("Content-Type", "text/plain"),), body=body)


@pytest.mark.parametrize(
    ("target", "action", "reason", "status", "score", "inbound"),
    [
        ("/?a=x", "allow", "clean", 0, 0, 0),
        ("/?a=xyzzy", "block", "crs", 406, 0, 5),
        ("/?a=plugh", "block", "score", 403, 5, 0),
        ("/?a=plugh+xyzzy", "block", "score", 403, 5, 5),
    ],
)
def test_either_blocks(
    engine: Callable[..., Engine], target: str, action: str, reason: str, status: int, score: int, inbound: int
) -> None:
    verdict = engine().inspect(Request(method="GET", target=target))
    decision = verdict.decision
    assert (decision.action, decision.reason, decision.status, decision.score) == (action, reason, status, score)
    assert verdict.crs is not None
    assert verdict.crs.inbound == 0
    assert verdict.crs.paranoia_scores[0] == inbound
    assert ("crs" in decision.tags) == bool(inbound)
    assert "crs" in verdict.us


def test_monitor_mode_tells_and_goes_on(engine: Callable[..., Engine]) -> None:
    made = engine(mode="monitor")
    verdict = made.inspect(Request(method="GET", target="/?a=xyzzy"))
    assert (verdict.decision.action, verdict.decision.would_block, verdict.decision.tags) == ("tag", True, ("crs",))
    assert verdict.crs is not None
    assert (verdict.crs.status, verdict.crs.would_status, verdict.crs.logged) == (0, 406, (1001, 1002))
    answer = made.inspect_response(verdict, "/", Response(status=200, body=b"leak"))
    assert (answer.action, answer.would_block) == ("tag", False)
    assert verdict.crs.logged == (1001, 1002, 1003, 1004, 1005)


def test_answers(engine: Callable[..., Engine]) -> None:
    made = engine()
    assert made.has_response_rules
    verdict = made.inspect(Request(method="GET", target="/"))
    answer = made.inspect_response(verdict, "/", Response(status=200, body=b"a leak"))
    assert (answer.action, answer.status, answer.reason, answer.tags) == ("block", 502, "crs", ("crs",))
    assert verdict.crs is not None
    assert verdict.crs.logged == (1003, 1004, 1005)
    clean = made.inspect(Request(method="GET", target="/"))
    assert made.inspect_response(clean, "/", Response(status=200, body=b"fine")).action == "allow"


@pytest.mark.parametrize(
    ("model_text", "request_", "inbound"),
    [
        ("exclude", chat("xyzzy"), 0),
        ("include", chat("xyzzy"), 10),
        ("exclude", chat("hello", extra="xyzzy"), 5),
        ("exclude", chat("xyzzy", **{"messages.array_0.content": "xyzzy"}), 5),
        (
            "exclude",
            Request(method="POST", target="/", headers=(("Content-Type", "application/json"),), body=b'{"a": "xyzzy"}'),
            10,
        ),
    ],
)
def test_model_text(engine: Callable[..., Engine], model_text: str, request_: Request, inbound: int) -> None:
    verdict = engine(model_text, mode="monitor").inspect(request_)
    assert verdict.crs is not None
    assert verdict.crs.paranoia_scores[0] == inbound


def test_model_text_by_the_route(engine: Callable[..., Engine]) -> None:
    made = engine(routes=(Route(path="/own", paths=Paths(prompt=("$.text",))),))
    for member, action in (("text", "allow"), ("other", "block")):
        body = json.dumps({member: "xyzzy"}).encode()
        request = Request(method="POST", target="/own", headers=(("Content-Type", "application/json"),), body=body)
        assert made.inspect(request).decision.action == action


def test_a_request_that_is_refused_is_looked_at_all_the_same(engine: Callable[..., Engine]) -> None:
    body = b"{not json"
    request = Request(method="POST", target="/?a=xyzzy", headers=(("Content-Type", "application/json"),), body=body)
    verdict = engine().inspect(request)
    assert verdict.decision.reason == "json-malformed"
    assert verdict.crs is not None
    assert verdict.crs.logged == (1001, 1002, 1005)
    many = Request(
        method="POST",
        target="/",
        headers=(("Content-Type", "application/x-www-form-urlencoded"),),
        body=b"a=1&" * 1200 + b"z=xyzzy",
    )
    refused = engine().inspect(many)
    assert refused.decision.reason == "too-many-arguments"
    assert refused.inspection is not None
    assert len(refused.inspection.transaction.maps["ARGS"]) == 1000
    long = Request(method="POST", target="/", headers=(("Content-Type", "application/json"),), body=b"{" * 140_000)
    assert engine().inspect(long).crs is None
    large = engine(limits=Limits(body=1024)).inspect(Request(method="POST", target="/", body=b"x" * 2000))
    assert (large.decision.status, large.crs) == (413, None)


def test_no_rules_in_mode_off(engine: Callable[..., Engine]) -> None:
    made = engine(mode="off")
    verdict = made.inspect(Request(method="GET", target="/?a=xyzzy"))
    assert (verdict.decision.action, verdict.crs) == ("allow", None)
    assert made.inspect_response(verdict, "/", Response(status=200, body=b"leak")).action == "allow"


def test_the_ruleset_names_its_files(engine: Callable[..., Engine]) -> None:
    ruleset = engine().ruleset
    assert [path.name for path in ruleset.files] == ["own.yaml", "crs.conf"]
    assert ruleset.digest != load_ruleset(Rules(packs=(str(ruleset.files[0]),))).digest


HANDSHAKE = Request(method="GET", target="/ws?b=1", headers=(("Host", "h"), ("Upgrade", "websocket")))
MESSAGES = """
SecAction "id:1,phase:1,pass,nolog,initcol:ip=x,setvar:ip.n=+1"
SecRule ARGS:json.a "@rx ^<" "id:2,phase:2,deny,status:406,log"
SecRule ARGS:message "@contains <script" "id:3,phase:2,deny,log"
SecRule REQUEST_BODY "@contains plover" "id:4,phase:2,deny,log"
SecRule &ARGS "@gt 3" "id:5,phase:2,deny,log"
SecRule REQUEST_BODY_LENGTH "@gt 9000" "id:6,phase:2,deny,log"
SecRule REQBODY_PROCESSOR "@streq JSON" "id:7,phase:2,pass,log,setvar:tx.anomaly_score=+5"
SecRule IP:n "@gt 1" "id:8,phase:1,deny,log"
SecRule REQUEST_HEADERS:Upgrade "@streq websocket" "id:9,phase:1,pass,log"
"""


@pytest.mark.parametrize(
    ("text", "logged", "status"),
    [
        ("hello", (9,), 0),
        ("a <script> b", (9, 3), 403),
        ('{"a": "\\u003cb"}', (9, 2), 406),
        (' {"c": ["1", "2", "3"]}', (9, 5), 403),
        ('{"c": 1}', (9, 7), 0),
        ("{not json <script", (9, 3), 403),
        ("[" + "1, " * 10_000 + "true, null]", (9, 6), 403),
        ("[" + '"a", ' * 10_000 + "2]", (9, 6), 403),
        ("say plover", (9, 4), 403),
        ("", (9,), 0),
    ],
)
def test_messages_of_a_websocket(
    engine: Callable[..., Engine], text: str, logged: tuple[int, ...], status: int
) -> None:
    made = engine(conf=MESSAGES)
    made.keep_collections(Kept(lambda: 0.0))
    route = made.routes.find("GET", "/ws")
    verdict = made.inspect_text(route, "/ws", text, HANDSHAKE)
    assert verdict.crs is not None
    assert (verdict.crs.logged, verdict.decision.status) == (logged, status)
    assert verdict.decision.blocks == bool(status)
    assert verdict.decision.action == ("block" if status else "tag" if 7 in logged else "allow")
    assert "crs" in verdict.us


def test_messages_count_as_no_requests(engine: Callable[..., Engine]) -> None:
    made = engine(conf=MESSAGES)
    made.keep_collections(Kept(lambda: 0.0))
    route = made.routes.find("GET", "/ws")
    for _ in range(5):
        assert not made.inspect_text(route, "/ws", "hello", HANDSHAKE).decision.blocks
    assert not made.inspect(HANDSHAKE).decision.blocks
    assert made.inspect(HANDSHAKE).crs.blocked_by == 8  # type: ignore[union-attr]


def test_messages_in_monitor_mode(engine: Callable[..., Engine]) -> None:
    made = engine(mode="monitor")
    verdict = made.inspect_text(made.routes.find("GET", "/ws"), "/ws", "xyzzy", HANDSHAKE)
    assert (verdict.decision.action, verdict.decision.would_block) == ("tag", True)
    assert made.inspect_text(made.routes.find("GET", "/ws"), "/ws", "xyzzy").crs is None
    off = engine(mode="off")
    assert off.inspect_text(off.routes.find("GET", "/ws"), "/ws", "xyzzy", HANDSHAKE).decision.reason == "off"


def test_model_text_in_messages(engine: Callable[..., Engine]) -> None:
    made = engine(routes=(Route(path="/ws", paths=Paths(prompt=("$.item.text",))),))
    route = made.routes.find("GET", "/ws")

    def blocks(made: Engine, text: str) -> bool:
        return made.inspect_text(route, "/ws", text, HANDSHAKE).decision.blocks

    assert not blocks(made, '{"item": {"text": "xyzzy"}}')
    assert blocks(made, '{"item": {"text": "hello", "id": "xyzzy"}}')
    assert blocks(made, '{"item": {"text": "xyzzy"}')
    assert blocks(made, "xyzzy")
    assert blocks(engine("include"), '{"item": {"text": "xyzzy"}}')


def test_what_runs_last_counts_without_an_answer(engine: Callable[..., Engine]) -> None:
    made = engine(
        conf="""
        SecAction "id:1,phase:1,pass,nolog,initcol:ip=%{REMOTE_ADDR}"
        SecRule IP:n "@ge 2" "id:2,phase:1,deny,log"
        SecAction "id:3,phase:5,pass,nolog,setvar:ip.n=+1"
        """
    )
    assert not made.has_response_rules
    made.keep_collections(Kept(lambda: 0.0))
    assert [made.inspect(HANDSHAKE).decision.blocks for _ in range(4)] == [False, False, True, True]
