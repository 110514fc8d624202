"""Patterns that a short text keeps busy are found, and harmless ones are left alone."""

from __future__ import annotations

import pytest

from waf.rules import backtracking
from waf.rules.backtracking import runaway
from waf.rules.operators import OperatorTimeout


@pytest.mark.parametrize(
    "pattern",
    [r"(a|aa)+$", r"(?<!a)(\d|\d\d)*z", r"x(?:[^\"x]|[^'x][^'x])*y(?=z)", r"(?:(?:\s|\s\s)+,)+(?!b)", r"(?=(b|bb)+$)b"],
)
def test_exponential(pattern: str) -> None:
    found = runaway(pattern)
    assert found is not None
    assert found.exponential


@pytest.mark.parametrize(
    "pattern",
    [r"abc(?!d)", r"(?<=a)b{2,9}", r"(?>a+)b", r"([\"']).{0,20}\1", r"\d+(?=x)", r"[\w.]+@(?!x)", r"(?:a|b)+(?=c)", r"\p{L}+(?!x)", r"^[^\W]+(?!x)", r"[^a\d]+(?!x)", r"[-.\s]+(?!x)"],
)  # fmt: skip
def test_harmless(pattern: str) -> None:
    assert runaway(pattern, limit=10.0) is None  # they need milliseconds; a busy machine must not matter


def test_a_long_text_that_exhausts_the_limit_is_not_exponential(monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow:
        def test(self, text: str) -> bool:
            if len(text) > 500:
                raise OperatorTimeout
            return False

    monkeypatch.setitem(backtracking.OPERATORS, "regex", type("Spec", (), {"make": staticmethod(lambda *_: Slow())})())
    found = runaway(r"\w+x(?!y)")
    assert found == ("a", 1_000)
    assert not found.exponential
