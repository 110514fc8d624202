"""What is printed: text that cannot upset a terminal, JSON of anything, problems with their lines."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from waf.cli import main
from waf.cli.output import plural, quoted, show_problems, table, to_json
from waf.errors import Problem


@pytest.mark.parametrize(
    ("value", "width", "shown"),
    [
        ("plain text", 80, '"plain text"'),
        ("a\nb\x1b[31m\u202e\u200b\U000e0041", 80, r'"a\nb\x1b[31m\u202e\u200b\U000e0041"'),
        ("\udcff", 80, r'"\udcff"'),
        ("x" * 10, 4, '"xxxx" … 6 more'),
        ((1, 2), 80, "(1, 2)"),
        (3, 80, "3"),
    ],
)
def test_quoted(value: object, width: int, shown: str) -> None:
    assert quoted(value, width) == shown


@given(st.text(max_size=50))
def test_whatever_is_quoted_can_be_printed(text: str) -> None:
    assert quoted(text).isprintable()


@given(
    st.recursive(
        st.text() | st.integers(-(2**63), 2**63) | st.none(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_anything_is_json(value: object) -> None:
    json.loads(to_json(value))


def test_lone_surrogates_are_spelled_out() -> None:
    assert json.loads(to_json({"\udcff": ("a\udc80", 1)})) == {"\\udcff": ["a\\udc80", 1]}


def test_plural() -> None:
    assert [plural(n, "rule") for n in (0, 1, 2)] == ["0 rules", "1 rule", "2 rules"]


def test_table_columns(capsys: pytest.CaptureFixture[str]) -> None:
    table(["n", "name"], [(1, "a"), (1000, "bcd")], frozenset({"n"}))
    assert capsys.readouterr().out == "   n  name\n   1  a\n1000  bcd\n"


def test_table_on_a_terminal_draws_text_as_it_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    table(["n", "name"], [(1, "[red]a[/red]")], frozenset({"n"}))
    assert "[red]a[/red]" in click.unstyle(capsys.readouterr().out)


def test_problems(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "f"
    file.write_text("\ufeffone\ntwo\n")
    show_problems([
        Problem(str(file), 2, 3, "bad", "hint"),
        Problem(str(file), 1, 1, "odd", warning=True),
        Problem("gone", 4, 2, "lost"),
        Problem("nowhere", 0, 0, "whole"),
    ])  # fmt: skip
    assert capsys.readouterr().out == (
        f"{file}:2:3: error: bad (hint)\n    two\n      ^\n{file}:1:1: warning: odd\n    one\n    ^\n"
        "gone:4:2: error: lost\n    \n    ^\nnowhere: error: whole\n"
    )


def test_a_problem_is_one_line_that_a_terminal_shows_as_it_is() -> None:
    problem = Problem("a\udcff.yaml", 1, 2, "unknown setting `\x1b[2Jé`", "of\nmine")
    assert str(problem) == "a\\udcff.yaml:1:2: error: unknown setting `\\x1b[2Jé` (of\\nmine)"


@pytest.mark.parametrize(
    ("name", "value", "coloured"), [("NO_COLOR", "1", False), ("TERM", "dumb", False), ("TERM", "xterm", True)]
)
def test_colours_only_where_they_are_wanted(
    name: str, value: str, coloured: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv(name, value)
    (tmp_path / "pack.yaml").write_text("nothing")
    result = CliRunner().invoke(main, ["lint", str(tmp_path / "pack.yaml")], color=True)
    assert ("\x1b[" in result.stdout) is coloured
