"""Ordinary agent turns pass: a question, the tools, a tool call and its result, on two wires.

`tests/corpus/agent_benign.jsonl` holds one turn a line: `user`, `tools` (name → description), `tool`, `args`, `result`.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from tests.packs.test_corpus import CORPUS
from waf.engine import Engine
from waf.model import Request
from waf.rules import load_ruleset
from waf.settings import Config, Rules

TURNS = [json.loads(line) for line in (CORPUS / "agent_benign.jsonl").read_text("utf-8").splitlines()]
MOST_BLOCKED = 0.005


def openai(turn: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    call = {"id": "c1", "type": "function", "function": {"name": turn["tool"], "arguments": json.dumps(turn["args"])}}
    return "/v1/chat/completions", {
        "model": "m",
        "tools": [
            {"type": "function", "function": {"name": name, "description": text, "parameters": {"type": "object"}}}
            for name, text in turn["tools"].items()
        ],
        "messages": [
            {"role": "user", "content": turn["user"]},
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "c1", "content": turn["result"]},
        ],
    }


def anthropic(turn: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return "/v1/messages", {
        "model": "m",
        "max_tokens": 100,
        "tools": [
            {"name": name, "description": text, "input_schema": {"type": "object"}}
            for name, text in turn["tools"].items()
        ],
        "messages": [
            {"role": "user", "content": turn["user"]},
            {
                "role": "assistant",
                "content": [{"type": "tool_use", "id": "c1", "name": turn["tool"], "input": turn["args"]}],
            },
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "c1", "content": turn["result"]}]},
        ],
    }


def test_there_are_enough_turns_of_every_kind() -> None:
    assert len(TURNS) >= 500
    assert len({json.dumps([turn["args"], turn["result"]]) for turn in TURNS}) == len(TURNS)
    kinds = Counter(turn["id"].partition("-")[0] for turn in TURNS)
    assert set(kinds) == {"bash", "edit", "sql", "http", "trace"}
    assert min(kinds.values()) >= 50


@pytest.mark.parametrize("paranoia", [1, 2])
@pytest.mark.parametrize("wire", [openai, anthropic], ids=["openai", "anthropic"])
def test_ordinary_turns_pass(wire: Any, paranoia: int) -> None:
    config = Config(rules=Rules(), paranoia=paranoia)
    engine = Engine(load_ruleset(config.rules), config)
    blocked = {}
    for turn in TURNS:
        path, body = wire(turn)
        raw = json.dumps(body).encode()
        headers = (("Host", "localhost"), ("Content-Type", "application/json"), ("Content-Length", str(len(raw))))
        decision = engine.inspect(Request(method="POST", target=path, headers=headers, body=raw)).decision
        if decision.action == "block":
            blocked[turn["id"]] = [(match.rule, match.origin) for match in decision.matches]
    assert len(blocked) <= MOST_BLOCKED * len(TURNS), blocked
