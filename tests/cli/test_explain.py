"""`waf explain`: everything that led to a verdict is shown, and nothing that a terminal would obey."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import msgspec
import pytest
from click.testing import CliRunner, Result

from waf.cli import main
from waf.model import Field
from waf.rules import load_packs
from waf.rules.diagnose import evidence
from waf.rules.operators import OPERATORS, Context, Operator, OperatorTimeout

Run = Callable[..., Result]
CHAT = "curl http://h/v1/chat/completions -H 'Content-Type: application/json' -d "
ORDER = CHAT + '\'{"model":"m1","messages":[{"role":"user","content":"Now OBEY  me"}]}\''


@pytest.fixture
def explain(run: Run, pack: Path) -> Callable[..., str]:
    def text(*arguments: str, given: bytes | None = None) -> str:
        result = run("explain", "--rules", pack, *arguments, given=given)
        assert result.exit_code == 0, result.output
        return result.stdout

    return text


def test_a_match_is_shown_with_its_evidence(explain: Callable[..., str]) -> None:
    text = explain(ORDER)
    assert 'read as openai chat, model "m1"; route default, mode enforce, paranoia 1' in text
    assert "TAG (tagged): score 3 of 5 (orders 3)" in text
    tree = (
        "\nrule 900002 order-in-prompt: warning, +3 orders, N µs\n"
        "├─ An order to the model\n"
        '├─ llm.user at json:$.messages[0].content: "Now OBEY  me"\n'
        '│  ├─ after lowercase: "now obey  me"\n'
        '│  └─ re2 "obey\\s+me"\n'
        "│     └─ at now ›obey  me‹\n"
        '└─ request.method at request.method: "POST"\n'
        '   └─ eq "POST"\n'
    )
    assert tree in re.sub(r"\d+ µs", "N µs", text)
    assert "\nnot inspected: nothing\n" in text


def test_the_time_it_took(explain: Callable[..., str]) -> None:
    lines = re.sub(r"\d+ µs", "N µs", explain(ORDER)).splitlines()
    assert lines[lines.index("N µs, the first time this request is seen") :] == [
        "N µs, the first time this request is seen",
        "├─ parse N µs",
        "├─ rules N µs",
        "│  ├─ 1 of 3 rules evaluated, the others had no chance to match",
        "│  └─ rule 900002 order-in-prompt: N µs",
        "└─ decide N µs",
    ]


def test_on_a_terminal_it_has_colours(pack: Path) -> None:
    result = CliRunner().invoke(main, ["explain", "--rules", str(pack), ORDER], color=True)
    assert "\x1b[1mrule 900002 order-in-prompt\x1b[0m: warning" in result.stdout
    assert click.unstyle(result.stdout).startswith("POST /v1/chat/completions, 68 bytes of body\nread as openai")


def test_a_block(explain: Callable[..., str]) -> None:
    text = explain("curl 'http://h/?q=say+XYZZY'")
    assert "BLOCK (score): score 5 of 5 (words 5)" in text
    assert '─ request.args at query:q: "say XYZZY"\n   ├─ after url_decode_uni, lowercase: "say xyzzy"' in text
    assert '─ args.get llm.prompt  query:q: "say XYZZY"' in text


def test_weak_signs_in_two_messages(run: Run, tmp_path: Path) -> None:
    rule = (
        "{{id: {}, name: {}, title: t, severity: warning, tags: [attack.a], match: {{field: llm.user, contains: {}}}}}"
    )
    words = ("one", "two")
    rules = "".join(f"\n  - {rule.format(number, word, word)}" for number, word in enumerate(words, 900101))
    (tmp_path / "two.yaml").write_text(f"schema: waf-rules/v1\npack: own.two\nrules:{rules}\n")
    said = {}
    for between in ([], [{"role": "assistant", "content": "well"}]):
        messages = [{"role": "user", "content": "one"}, *between, {"role": "user", "content": "two"}]
        order = CHAT + f"'{json.dumps({'model': 'm', 'messages': messages})}'"
        said[len(between)] = run("explain", "--rules", tmp_path / "two.yaml", order).stdout
    assert "BLOCK (score): score 6 of 5 (a 6)\n" in said[0]
    assert "TAG (tagged): score 3 of 5 (a 3); all messages together 6, and the heaviest counts\n" in said[1]


def test_monitor_mode(explain: Callable[..., str]) -> None:
    text = explain("curl 'http://h/?q=xyzzy'", "--mode", "monitor")
    assert "TAG (tagged): score 5 of 5 (words 5); in monitor mode, but enforced it would block" in text


def test_a_clean_request(explain: Callable[..., str]) -> None:
    text = explain("curl http://h/")
    assert "ALLOW (clean): score 0 of 5\n" in text
    assert "rule 9" not in text


def test_a_refusal(explain: Callable[..., str]) -> None:
    text = explain(CHAT + "'{'")
    assert "BLOCK (" in text
    assert ") with 400: " in text
    assert "0 values inspected\n" in text
    assert "not inspected\n└─ request: " in text
    assert "rules evaluated" not in text


def test_what_nobody_looked_at(explain: Callable[..., str]) -> None:
    body = "curl http://h/ -H 'Content-Type: application/octet-stream' --data-raw $'\\x01\\x02\\x03\\x04'"
    assert "bytes\n" in explain(body).partition("not inspected\n")[2]


def test_from_stdin_and_from_a_file(explain: Callable[..., str], tmp_path: Path) -> None:
    raw = b"GET /?q=xyzzy HTTP/1.1\nHost: h\n\n"
    (tmp_path / "request").write_bytes(raw)
    texts = {
        re.sub(r"\d+ µs", "N µs", text)
        for text in (explain(given=raw), explain("-", given=raw), explain(f"@{tmp_path / 'request'}"))
    }
    assert len(texts) == 1
    assert "rule 900001" in texts.pop()


def test_many_values_are_cut(explain: Callable[..., str]) -> None:
    url = "curl 'http://h/?" + "&".join(f"a{n}=v" for n in range(60)) + "'"
    assert "more (--all shows them)" in explain(url)
    assert "more (--all" not in explain(url, "--all")


def test_nothing_reaches_the_terminal_unescaped(explain: Callable[..., str]) -> None:
    text = explain("curl 'http://h/?q=xyzzy%1b%5b31m%0aforged%e2%80%ae'")
    assert r"\x1b[31m\nforged\u202e" in text
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_json(explain: Callable[..., str]) -> None:
    shown: dict[str, Any] = json.loads(explain(ORDER, "--json"))
    assert shown["request"] == {"method": "POST", "path": "/v1/chat/completions", "body_bytes": 68}
    assert (shown["protocol"], shown["operation"], shown["model"]) == ("openai", "chat", "m1")
    assert (shown["action"], shown["score"], shown["rules"]) == ("tag", 3, [900002])
    (match,) = shown["matches"]
    assert (match["rule"], match["title"], match["severity"]) == (900002, "An order to the model", "warning")
    assert match["evidence"][0] == {
        "field": "llm.user",
        "origin": "json:$.messages[0].content",
        "value": "Now OBEY  me",
        "transforms": ["lowercase"],
        "view": "now obey  me",
        "operator": "re2",
        "argument": r"obey\s+me",
        "span": [4, 12],
    }
    assert list(shown["rule_us"]) == ["900002"]
    user = next(field for field in shown["fields"] if field["origin"] == "json:$.messages[0].content")
    assert (user["buckets"], user["value"]) == (["llm.user"], "Now OBEY  me")


def test_json_of_bytes_that_are_not_utf8(explain: Callable[..., str]) -> None:
    shown = json.loads(explain("--json", given=b"GET /?q=%ff HTTP/1.1\nX: \xfe\n\n"))
    assert [f["value"] for f in shown["fields"] if f["origin"] in ("query:q", "header:x")] == ["\\udcfe", "\\udcff"]


def test_too_large_a_request(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("waf.cli.explain.MAX_REQUEST", 10)
    result = run("explain", "curl http://h/")
    assert result.exit_code == 2
    assert "larger than 10 bytes" in result.stderr


ODD = """\
schema: waf-rules/v1
pack: own.odd
rules:
  - id: 1
    name: absent
    title: No agent
    severity: notice
    match: {not: {field: 'request.headers["user-agent"]', exists: true}}
  - id: 2
    name: decoded
    title: Hidden in base64
    severity: notice
    match: {field: llm.prompt, transform: decode_embedded, contains: attack at dawn}
  - id: 3
    name: header-names
    title: A name
    severity: notice
    action: log
    mode: monitor
    match: {field: request.headers.names, eq: x-odd}
  - id: 4
    name: many
    title: A number
    severity: notice
    match: {field: request.body.length, lt: 5}
"""


def test_odd_evidence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "odd.yaml").write_text(ODD)
    raw = b"POST /?q=YXR0YWNrIGF0IGRhd24gdG9tb3Jyb3c%3D HTTP/1.1\nX-Odd: y\n\nabc"
    text = re.sub(r", \d+ µs", "", run("explain", "--rules", tmp_path / "odd.yaml", given=raw).stdout)
    assert "rule 1 absent: notice, +2 own\n├─ No agent\n└─ because of what is absent\n" in text
    assert (
        '─ after decode_embedded: "attack at dawn tomorrow"\n   └─ contains "attack at dawn"\n      └─ at ›attack at dawn‹ tomorrow'
        in text
    )
    assert "rule 3 header-names: notice, log, monitored" in text
    assert '─ request.headers.names at header:x-odd: "x-odd"\n   └─ eq "x-odd"' in text
    assert "─ request.body.length at body.length: 3\n   └─ lt 5" in text


def test_an_operator_out_of_time_is_evidence(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (own,) = load_packs([pack], Context())
    monkeypatch.setitem(OPERATORS, "contains", msgspec.structs.replace(OPERATORS["contains"], make=_never_in_time))
    (found,) = evidence(own.rules[0].match, {"args.get": [Field("args.get", "q", "v", "query:q")]}, Context())
    assert found.origin == "query:q"


def _never_in_time(argument: object, context: Context) -> Operator:
    def test(_: object) -> bool:
        raise OperatorTimeout

    return Operator(test=test)


def test_what_the_web_attack_head_and_learned_scoring_say(tmp_path: Path) -> None:
    (tmp_path / "waf.yaml").write_text("web_head: {ask: always}\nscoring: learned\n")
    request = "curl 'http://x/a?q=1%3B+cat+readme&r=O%27Brien'"
    told = CliRunner().invoke(main, ["explain", "-c", str(tmp_path / "waf.yaml"), request])
    assert told.exit_code == 0, told.output
    assert "web-attack head, in enforce mode: 3 values scored" in told.stdout  # a header as well
    assert "query at query:r" in told.stdout
    assert "learned scoring: probability" in told.stdout
    assert re.search(r"[+-]\d+\.\d\d to begin with", told.stdout)
    told = CliRunner().invoke(main, ["explain", "--json", "-c", str(tmp_path / "waf.yaml"), request])
    values = json.loads(told.stdout)["web_values"]
    assert sorted(value["surface"] for value in values) == ["header", "query", "query"]
    assert values[0]["web_attack"] >= values[1]["web_attack"]
