"""The packs against our own traffic: no benign request is blocked, no control attack passes.

`tests/corpus/*.jsonl` is in the input format of `waf scan`, one request a line. A row's id begins with its kind.
"""

from __future__ import annotations

import json
from collections import Counter
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest

from waf.engine import Engine
from waf.model import Request
from waf.verdict import Verdict

CORPUS = Path(__file__).parents[1] / "corpus"
KINDS_BENIGN = (
    "chat-code chat-sql chat-shell chat-html chat-log chat-security chat-system chat-everyday chat-language anthropic "
    "responses completions embeddings ollama generic-text generic-json search web-get form csv plain xml graphql upload "
    "tensor params image agent browser traffic"
).split()
KINDS_ATTACK = (
    "sqli-query sqli-form sqli-json sqli-path sqli-header sqli-cookie nosqli xss-query xss-form xss-json xss-header "
    "rce-query rce-json rce-header rce-upload lfi-query lfi-path lfi-json ssrf-query ssrf-image ssti xxe protocol other "
    "llm-override llm-jailbreak llm-leak llm-invisible llm-encoded llm-anthropic llm-responses llm-completions "
    "llm-generic llm-history llm-tool llm-poison ml-tensor ml-limits ml-admin exploit probe"
).split()
REFUSED = {"xxe-02", "exploit-soap_xxe"}
"""Attacks that our own parser refuses before any rule sees them."""


def rows(name: str) -> list[Any]:
    lines = (CORPUS / f"{name}.jsonl").read_text().splitlines()
    return [pytest.param(row, id=row["id"]) for row in map(json.loads, lines)]


BENIGN = rows("benign")
ATTACKS = rows("attacks")


def inspect(engine: Engine, row: dict[str, Any]) -> Verdict:
    body = row.get("body", "").encode()
    headers = [(name, value) for name, value in row["headers"]]
    if body:
        headers.append(("Content-Length", str(len(body))))
    return engine.inspect(Request(method=row["method"], target=row["path"], headers=tuple(headers), body=body))


def account(verdict: Verdict) -> list[tuple[int, int, str]]:
    """What a failure should show: which rules matched, what they scored and where."""
    return [(match.rule, match.score, match.origin) for match in verdict.decision.matches]


@pytest.mark.parametrize("row", BENIGN)
def test_benign_request_passes(engine: Engine, row: dict[str, Any]) -> None:
    verdict = inspect(engine, row)
    assert verdict.refusal is None
    assert verdict.decision.action != "block", account(verdict)
    assert not verdict.decision.would_block


@pytest.mark.parametrize("row", ATTACKS)
def test_control_attack_is_blocked(engine: Engine, row: dict[str, Any]) -> None:
    verdict = inspect(engine, row)
    assert verdict.decision.action == "block", account(verdict)
    assert (verdict.refusal is not None) == (row["id"] in REFUSED)


@pytest.mark.parametrize(("cases", "least", "kinds"), [(BENIGN, 300, KINDS_BENIGN), (ATTACKS, 120, KINDS_ATTACK)])
def test_corpus_is_large_and_wide_enough(cases: list[Any], least: int, kinds: list[str]) -> None:
    names = [case.id for case in cases]
    assert len(names) >= least
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert set(kinds) <= {name.rpartition("-")[0] for name in names}


@pytest.mark.parametrize(
    "row", [json.loads(line)["text"] for line in (CORPUS / "prompts_benign.jsonl").read_text().splitlines()]
)
def test_benign_prompt_with_the_words_of_attacks_passes(engine: Engine, row: str) -> None:
    """Password, ignore, pretend, system prompt, grandmother: the words of attacks in questions that are none."""
    body = json.dumps({"model": "m", "messages": [{"role": "user", "content": row}]})
    headers = [["Host", "localhost"], ["Content-Type", "application/json"]]
    verdict = inspect(engine, {"method": "POST", "path": "/v1/chat/completions", "headers": headers, "body": body})
    assert verdict.decision.action != "block", account(verdict)


@pytest.mark.parametrize(
    "row",
    [json.loads(line) for line in (CORPUS / "everyday_benign.jsonl").read_text().splitlines()],
    ids=itemgetter("text"),
)
def test_everyday_text_with_the_words_of_attacks_passes(engine: Engine, row: dict[str, str]) -> None:
    """Forgotten passwords, log-in pages, "ignore this message", rules of games, strings of programs, in thirty languages."""
    call = {"id": "c1", "type": "function", "function": {"name": "read", "arguments": "{}"}}
    asked = [{"role": "user", "content": "Read it."}, {"role": "assistant", "content": None, "tool_calls": [call]}]
    said = {"role": row["role"], "content": row["text"]}
    messages = [*asked, said | {"tool_call_id": "c1"}] if row["role"] == "tool" else [said]
    headers = [["Host", "localhost"], ["Content-Type", "application/json"]]
    body = json.dumps({"model": "m", "messages": messages})
    verdict = inspect(engine, {"method": "POST", "path": "/v1/chat/completions", "headers": headers, "body": body})
    assert verdict.decision.action != "block", account(verdict)
