"""The linter, and the runner of the tests that stand beside rules."""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path

import pytest

from waf.rules import build_ruleset
from waf.rules.lint import lint
from waf.rules.load import load_pack
from waf.rules.spec import PackSpec
from waf.rules.testing import fixture_fields, fixture_request, run_tests

RULE = """schema: waf-rules/v1
pack: test.lint
rules:
  - id: 1
    name: one
    title: t
    severity: critical
    tags: [attack.test]
    references: [CWE-1]
    match: {match}
    tests: [{tests}]
"""
GOOD = "{attack: {llm.user: 'abc'}}, {benign: {llm.user: 'x'}}"


def pack(
    folder: Path, match: str = "{field: llm.user, contains: abc}", tests: str = GOOD, change: tuple[str, str] = ("", "")
) -> PackSpec:
    path = folder / "p.yaml"
    path.write_text(RULE.replace("{match}", match).replace("{tests}", tests).replace(*change))
    return load_pack(path, "p.yaml")


def messages(*packs: PackSpec, today: date | None = None, strict: bool = False) -> list[str]:
    ticks = itertools.count()
    return [str(problem) for problem in lint(packs, lambda: next(ticks) * 2e-6, today=today, strict=strict)]


def test_nothing_to_say(tmp_path: Path) -> None:
    assert messages(pack(tmp_path)) == []


@pytest.mark.parametrize(
    ("match", "tests", "change", "expected"),
    [
        ("{field: llm.user, contains: abc}", "{attack: {llm.user: abc}}", ("", ""), ["p.yaml:4:5: error: rule 1 has no benign test"]),
        ("{field: llm.user, contains: abc}", "", ("", ""), ["has no attack test", "has no benign test"]),
        ("{field: llm.user, contains: abc}", "{attack: {llm.user: x}}, {benign: {llm.user: abc}}", ("", ""), ["test 1: did not match", "test 2: matched, but should not"]),
        ("{field: llm.user, contains: abc}", GOOD, ("attack.test", "owasp.llm01"), ["needs exactly one attack.* tag"]),
        ("{field: llm.user, contains: abc}", GOOD, ("references: [CWE-1]", ""), ["has no references"]),
        ("{field: llm.user, re2: '[a-c]+$'}", "{attack: {llm.user: abc}}, {benign: {llm.user: x}}", ("", ""), ["p.yaml:10:12: warning: no literal", "(about 2.0 µs a value)"]),
        ("{any: [{field: llm.user, re2: '[a-c]+$'}, {field: llm.user, contains: abc}]}", GOOD, ("", ""), ["no literal"]),
        ("{field: llm.user, regex: 'abc(?!d)'}", GOOD, ("", ""), ["`regex` backtracks"]),
        ("{field: llm.user, regex: '(?:a|aa)+$|abc'}", GOOD, ("", ""), ["`regex` backtracks", "p.yaml:10:12: error: this pattern runs for more than 0.1 s on 32 characters ('a' repeated), so its time is exponential"]),
        ("{field: llm.user, contains: abc}", GOOD, ("attack.test", "attack.test, owasp.a12-2025"), ['the tag "owasp.a12-2025" names nothing in OWASP Top 10:2025']),
        ("{field: llm.user, contains_any: [abc, abcd]}", GOOD, ("", ""), ["a shorter text of the same list"]),
        ("{field: llm.user, contains: abc}", "{attack: {request: {verb: GET}}}, {benign: {llm.user: x}}", ("", ""), ["the test itself is wrong: a request has no verb"]),
        ("{field: llm.user, contains: abc}", "{attack: {request: {method: POST, body: '{', headers: {Content-Type: application/json}}}}, {benign: {llm.user: x}}", ("", ""), ["the parser refuses this request"]),
        ("{field: response.body, contains: abc}", "{attack: {response: {text: a}}}, {benign: {response: {body: x}}}", ("", ""), ["a response has no text"]),
    ],
)  # fmt: skip
def test_problems(tmp_path: Path, match: str, tests: str, change: tuple[str, str], expected: list[str]) -> None:
    found = "\n".join(messages(pack(tmp_path, match, tests, change)))
    assert [text for text in expected if text not in found] == []
    assert found.count("p.yaml:") == len([text for text in expected if not text.startswith("(")])


@pytest.mark.parametrize(
    "match",
    [
        "{all: [{field: llm.user, re2: '[a-c]+$'}, {field: llm.user, contains: abc}]}",
        "{any: [{field: llm.user, contains: abc}, {field: llm.prompt, contains: abc}]}",
    ],
)
def test_a_pattern_without_literal_is_fine_behind_one_that_has(tmp_path: Path, match: str) -> None:
    assert messages(pack(tmp_path, match)) == []


def test_not_gates_nothing(tmp_path: Path) -> None:
    tests = "{attack: {llm.user: 'x'}}, {benign: {llm.user: 'abc'}}"
    assert "no literal" in messages(pack(tmp_path, "{not: {field: llm.user, re2: '[a-c]+$'}}", tests))[0]


STRICT = """\
schema: waf-rules/v1
pack: test.strict
exclusions:
  - {rules: [1], fields: [llm.user], reason: r, owner: me, expires: 2026-03-01}
  - {rules: [1], fields: [llm.user], reason: r}
"""


def test_exclusions_past_their_day(tmp_path: Path) -> None:
    (tmp_path / "e.yaml").write_text(STRICT)
    loaded = load_pack(tmp_path / "e.yaml", "e.yaml")
    expired = "e.yaml:4:5: warning: this exclusion expired on 2026-03-01 and no longer holds (me)"
    assert messages(loaded) == []
    assert messages(loaded, today=date(2026, 3, 1)) == []
    assert messages(loaded, today=date(2026, 3, 2)) == [expired]


def test_strict(tmp_path: Path) -> None:
    (tmp_path / "e.yaml").write_text(STRICT)
    found = messages(pack(tmp_path), load_pack(tmp_path / "e.yaml", "e.yaml"), strict=True)
    assert [line.partition("warning: ")[2].partition(" (")[0] for line in found] == [
        "this exclusion has no owner",
        "this exclusion never expires",
        "rule 1 does not say whom it may hit by mistake",
        "rule 1 has 1 of 3 attack tests",
        "rule 1 has 1 of 3 benign tests",
        "rule 1 has no tag that says what it covers",
    ]


def test_nothing_missing(tmp_path: Path) -> None:
    text = (
        RULE.replace("attack.test", "attack.test, cwe-1").replace("references:", "false_positives: [me]\n    references:")
        .replace("{match}", "{field: llm.user, contains: abc}").replace("{tests}", ", ".join([GOOD] * 3))
    )  # fmt: skip
    (tmp_path / "p.yaml").write_text(text)
    assert messages(load_pack(tmp_path / "p.yaml"), strict=True) == []


def test_rules_over_each_other(tmp_path: Path) -> None:
    one = pack(tmp_path)
    other = pack(tmp_path, change=("id: 1\n    name: one", "id: 2\n    name: two"))
    assert ["rule 2 is the same condition as that of rule 1" in line for line in messages(one, other)] == [True]


def test_a_name_used_twice(tmp_path: Path) -> None:
    one = pack(tmp_path)
    other = pack(tmp_path, change=("id: 1", "id: 2"))
    assert [m for m in messages(one, other) if "is used by another rule too" in m]


@pytest.mark.parametrize(
    ("match", "data", "holds"),
    [
        ("{field: 'request.args[\"q\"]', contains: abc}", "{'request.args[\"q\"]': abc}", True),
        ("{field: request.args.names, contains: abc}", "{request.args.names: abc}", True),
        ("{field: tensor.shape, shape: {rank: {eq: 2}}}", "{tensor.shape: [2, 3]}", True),
        ("{field: 'json[\"$.a\"]', contains: abc}", "{'json[\"$.a\"]': abc}", True),
        ("{field: request.args, exists: true, count: {ge: 2}}", "{request.args: [a, b]}", True),
        ("{field: request.args, contains: abc}", "{request: {path: '/?a=abc'}}", True),
        ("{field: request.args, contains: abc}", "{request: {form: {a: abc}}}", True),
        ("{field: llm.user, contains: abc}", "{request: {path: /v1/chat/completions, json: {messages: [{role: user, content: abc}]}}}", True),
        ("{field: request.body, contains: abc}", "{request: {body: abc, headers: {content-type: text/plain}}}", True),
        ("{field: client.ip, cidr: 10.0.0.0/8}", "{request: {client_ip: 10.0.0.1}}", True),
        ("{field: 'response.headers[\"x-a\"]', contains: abc}", "{response: {headers: {X-A: abc}, status: 200}}", True),
        ("{field: score.anomaly, ge: 3}", "{score.anomaly: 3}", True),
        ("{field: score.anomaly, ge: 3}", "{score.anomaly: 2}", False),
    ],
)  # fmt: skip
def test_fixtures(tmp_path: Path, match: str, data: str, holds: bool) -> None:
    loaded = pack(tmp_path, match, f"{{attack: {data}}}")
    (outcome,) = run_tests(build_ruleset(loaded.rules))
    assert outcome.passed is holds


def test_a_request_is_filled_in_as_a_client_would() -> None:
    request = fixture_request({"json": {"a": "ü"}, "headers": {"host": "h"}})
    assert (request.method, request.target) == ("POST", "/")
    assert dict(request.headers) == {"host": "h", "Content-Type": "application/json", "Content-Length": "11"}
    assert fixture_request({}).method == "GET"


def test_fixture_fields_are_joined() -> None:
    fields = fixture_fields({"request": {"path": "/?a=1"}, "request.args": "b"})
    assert [f.value for f in fields["args.get"]] == ["1", "b"]
