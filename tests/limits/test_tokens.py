"""Tokens: guessed from what a model reads, counted from what an answer says."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf.limits.ledger import Ledger, Row
from waf.limits.tokens import counted, estimate
from waf.model import Field, Parsed


def test_estimate() -> None:
    fields = {
        "llm.user": [Field("llm.user", "content", "x" * 400, "o")],
        "llm.params": [Field("llm.params", "max_tokens", 9, "o")],
        "json": [Field("json", "a", "y" * 4000, "o")],
    }
    assert estimate(Parsed(fields), 10_000) == 101
    assert estimate(Parsed({}), 10_000) == 1
    assert estimate(None, 10_000) == 2501


@pytest.mark.parametrize(
    ("body", "tokens"),
    [
        ({"usage": {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12}}, 12),
        ({"usage": {"prompt_tokens": 5}}, 5),
        ({"usage": {"input_tokens": 5, "output_tokens": 7, "cache_read_input_tokens": 100}}, 112),
        ({"prompt_eval_count": 3, "eval_count": 4, "done": True}, 7),
        ({"usage": None}, None),
        ({"usage": {}}, None),
        ({"usage": {"total_tokens": -5}}, None),
        ({"usage": {"total_tokens": 10**9}}, None),
        ({"usage": {"total_tokens": "12"}}, None),
        ({"usage": {"total_tokens": 1.5}}, None),
        ([], None),
        ({"choices": []}, None),
    ],
)
def test_counted(body: object, tokens: int | None) -> None:
    assert counted(json.dumps(body).encode()) == tokens


@given(st.binary(max_size=100))
def test_no_answer_upsets_it(body: bytes) -> None:
    assert counted(body) is None or body


def test_an_answer_that_is_nested_too_deeply() -> None:
    assert counted(b'{"usage": {"total_tokens": 3}, "more": ' + b"[" * 100_000 + b"]" * 100_000 + b"}") is None


def test_the_ledger_keeps_amounts_and_its_secret(tmp_path: object) -> None:
    path = f"{tmp_path}/used.db"
    ledger = Ledger(path)
    rows = [Row("a", 1, 10.0, 5.0), Row("a", (1 << 64) - 1, 10.0, 6.5), Row("b", 1, 1.0, 7.0)]
    ledger.write(rows)
    ledger.write([Row("a", 1, 10.0, 8.0)])
    ledger.forget(5.0)
    secret = ledger.secret
    ledger.close()
    again = Ledger(path)
    assert again.secret == secret
    assert sorted(again.read()) == [Row("a", 1, 10.0, 8.0), Row("a", (1 << 64) - 1, 10.0, 6.5)]
    again.close()
