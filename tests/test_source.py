"""The YAML reader: what it makes of plain scalars, where it says things stand, and what it refuses."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf import source
from waf.errors import InputError, Problem
from waf.source import caret, load, problem


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True), ("True", True), ("FALSE", False), ("null", None), ("~", None), ("", None),
        ("0", 0), ("-12", -12), ("+7", 7), ("0x1F", 31), ("1.5", 1.5), (".5", 0.5), ("2.", 2.0), ("1e3", 1000.0),
        ("off", "off"), ("no", "no"), ("On", "On"), ("yes", "yes"), ("y", "y"), ("tRue", "tRue"),
        ("010", "010"), ("0o17", "0o17"), ("1_000", "1_000"), ("1:30", "1:30"), ("2027-06-01", "2027-06-01"),
        ("1e999", "1e999"), (".inf", ".inf"), (".nan", ".nan"), ("1.2.3", "1.2.3"), ("0b1", "0b1"),
        ("'1'", "1"), ('"true"', "true"), ("''", ""), ("|\n  12", "12"), ("<<", "<<"),
        ("9" * 500, "9" * 500), ("٣", "٣"),
    ],
)  # fmt: skip
def test_scalars(text: str, value: object) -> None:
    node = load(f"a: {text}", "f")
    assert node.plain() == {"a": value}
    assert type(node.plain()["a"]) is type(value)


def test_positions() -> None:
    node = load("# comment\nroot:\n  - one\n  - {key: [x, off]}\n", "rules.yaml")
    assert isinstance(node.value, dict)
    root = node.value["root"]
    assert node.key_positions == {"root": (2, 1)}
    assert (root.line, root.column) == (3, 3)
    assert isinstance(root.value, list)
    inner = root.value[1]
    assert inner.key_positions == {"key": (4, 6)}
    assert isinstance(inner.value, dict)
    last = inner.value["key"]
    assert (last.line, last.column, last.file) == (4, 11, "rules.yaml")
    assert last.excerpt() == "  - {key: [x, off]}\n          ^"
    assert str(problem(last, "bad", "hint")) == "rules.yaml:4:11: error: bad (hint)"
    assert problem(inner, "odd", key="key", warning=True).column == 6
    assert problem(inner, "odd", key="absent").column == inner.column


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_those_of_an_editor(end: str) -> None:
    node = load(f"a: 'x\u2028y'{end}b: 1", "f")
    assert node.key_positions["b"] == (2, 1)
    assert node.source.line(1) == "a: 'x\u2028y'"
    assert node.source.line(2) == "b: 1"
    assert node.source.line(3) == ""
    assert node.source.line(0) == ""


def test_a_byte_order_mark_shifts_nothing() -> None:
    assert load(b"\xef\xbb\xbfa: 1", "f").key_positions == {"a": (1, 1)}
    assert load("\ufeffa: 1", "f").key_positions == {"a": (1, 1)}


REFUSED = [
    ("a: 1\na: 2", 2, 1, "duplicate key `a`", "line 1"),
    ("1: x", 1, 1, "a number", "quotes"),
    ("true: x", 1, 1, "a flag", "quotes"),
    ("~: x", 1, 1, "null", "quotes"),
    ("[a]: 1", 1, 1, "a key must be text", "quotes"),
    ("? {a: 1}\n: 2", 1, 3, "a key must be text", "quotes"),
    ("a: &x 1", 1, 4, "anchor", "write the value out"),
    ("a: *x", 1, 4, "alias", "write the value out"),
    ("*x : 1", 1, 1, "alias", "write the value out"),
    ("a: !!python/object/apply:os.system [ls]", 1, 4, "tags", "quotes"),
    ("a: !!int 1", 1, 4, "tags", "quotes"),
    ("--- 1\n--- 2", 2, 1, "one YAML document", "---"),
    ("a:\n\tb: 1", 2, 1, "a tab", "blanks"),
    ("a: 'x", 1, 6, "YAML syntax", ""),
    ("a: b: c", 1, 5, "mapping values are not allowed", "quotes"),
    ("a: @x", 1, 4, "cannot start any token", "quotes"),
    ("a:\n  b: 1\n c: 2", 3, 2, "YAML syntax", ""),
    ("a: \x07", 1, 4, "U+0007", "escape"),
    ('a: "\\ud83d"', 1, 7, "invalid Unicode character", ""),
    ("a: \ud800", 1, 4, "U+D800", "escape"),
    ("[" * 65, 1, 65, "nested more than 64", ""),
    ("- " * 65 + "x", 1, 129, "nested more than 64", ""),
]


@pytest.mark.parametrize(("text", "line", "column", "message", "hint"), REFUSED)
def test_refusals(text: str, line: int, column: int, message: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        load(text, "f")
    first = caught.value.problems[0]
    assert (first.file, first.line, first.column) == ("f", line, column)
    assert message in first.message
    assert hint in first.hint


def test_nesting_at_the_limit_is_read() -> None:
    node = load("[" * 64 + "]" * 64, "f")
    for _ in range(63):
        assert isinstance(node.value, list)
        node = node.value[0]
    assert node.value == []


def test_invalid_utf8_is_placed() -> None:
    with pytest.raises(InputError) as caught:
        load(b"a: 1\nb: \xff", "f")
    assert str(caught.value) == "f:2:4: error: not valid UTF-8"


def test_size() -> None:
    load(b"a: 12345", "f", max_bytes=8)
    with pytest.raises(InputError, match="larger than 7 bytes"):
        load(b"a: 12345", "f", max_bytes=7)


def test_all_problems_come_at_once_and_in_order() -> None:
    with pytest.raises(InputError) as caught:
        load("a: &x 1\na: 2\n3: !t x\nb: [", "f")
    assert [(p.line, p.column) for p in caught.value.problems] == [(1, 4), (2, 1), (3, 1), (3, 4), (4, 5)]


def test_problems_are_bounded() -> None:
    with pytest.raises(InputError) as caught:
        load("- *x\n" * 1000, "f")
    assert len(caught.value.problems) == source.MAX_PROBLEMS


@pytest.mark.parametrize(
    ("line", "column", "shown"),
    [
        ("abc", 1, "abc\n^"),
        ("abc", 4, "abc\n   ^"),
        ("abc", 99, "abc\n   ^"),
        ("\ta", 2, " a\n ^"),
        ("表a", 2, "表a\n  ^"),
        ("a\x1b[31m\u202eb", 3, "a·[31m·b\n  ^"),
        ("", 1, "\n^"),
    ],
)
def test_caret(line: str, column: int, shown: str) -> None:
    assert caret(line, column) == shown


def test_caret_cuts_long_lines_around_the_column() -> None:
    line, mark = caret("x" * 500 + "Y" + "z" * 500, 501).split("\n")
    assert line[mark.index("^")] == "Y"
    assert len(line) <= 112
    assert line.startswith("…")
    assert line.endswith("…")


@given(st.text() | st.text("ab:-[]{},&*!'\"|>#?\n\t 1", max_size=60) | st.binary(max_size=80))
def test_anything_is_a_node_or_an_input_error(text: str | bytes) -> None:
    problems: tuple[Problem, ...] = ()
    try:
        node = load(text, "f")
    except InputError as error:
        problems = error.problems
    else:
        assert node.plain() == load(text, "f").plain()
        node.excerpt()
        return
    assert problems
    assert all(p.line >= 1 and p.column >= 1 for p in problems)


_DOCUMENTS = st.recursive(
    st.text(
        st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\ufeff\ufffe\uffff"), max_size=20
    )
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.booleans()
    | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab \n\"'#:", max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(_DOCUMENTS)
def test_json_is_read_as_json(document: object) -> None:
    assert load(json.dumps(document, ensure_ascii=False), "f").plain() == document
