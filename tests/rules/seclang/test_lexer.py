"""Directives out of text: lines, quotes, comments."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf.errors import Problem
from waf.rules.seclang.lexer import Directive, directives


def read(text: str) -> tuple[list[Directive], list[Problem]]:
    problems: list[Problem] = []
    return list(directives(text, "f.conf", problems)), problems


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("# a comment\n   # another\n\n", []),
        ("SecMarker END", [("SecMarker", ("END",), 1)]),
        ('\n SecMarker  "a b"\t\r\n', [("SecMarker", ("a b",), 2)]),
        ("SecMarker 'a \"b'", [("SecMarker", ('a "b',), 1)]),
        ('SecRule A "x\\"y\\d" "id:1,\\\n  pass"', [("SecRule", ("A", 'x"y\\d', "id:1,  pass"), 1)]),
        ("SecRule A \\\n  b\n# c\nSecMarker X\n", [("SecRule", ("A", "b"), 1), ("SecMarker", ("X",), 4)]),
        ("SecMarker A\\", [("SecMarker", ("A",), 1)]),
        ('SecMarker ""', [("SecMarker", ("",), 1)]),
    ],
)
def test_directives(text: str, expected: list[tuple[str, tuple[str, ...], int]]) -> None:
    found, problems = read(text)
    assert [(d.name, d.arguments, d.line) for d in found] == expected
    assert problems == []


def test_a_quote_that_nothing_closes() -> None:
    found, problems = read('SecMarker a\nSecMarker "b\nSecMarker c')
    assert [d.arguments for d in found] == [("a",), ("c",)]
    assert str(problems[0]) == "f.conf:2:1: error: has a quote that nothing closes"


def test_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("waf.rules.seclang.lexer.MOST_DIRECTIVES", 2)
    assert read("A\nB\nC\nD")[1][0].line == 3
    monkeypatch.setattr("waf.rules.seclang.lexer.MOST_BYTES", 2)
    assert "larger than 2 bytes" in str(read("A\nB")[1][0])


@given(st.text("Sec \"'\\\n#,|", max_size=40))
def test_any_text(text: str) -> None:
    found, _ = read(text)
    assert all(directive.name is not None and 1 <= directive.line <= text.count("\n") + 1 for directive in found)
