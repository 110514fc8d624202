"""Every operator on a table of values, and what its necessary literals are."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf.rules.operators import OPERATORS, Context, Operator, OperatorTimeout
from waf.rules.operators.injection import detector
from waf.rules.operators.structure import passes_luhn

C = Context()


def make(name: str, argument: Any) -> Operator:
    return OPERATORS[name].make(argument, C)


@pytest.mark.parametrize(
    ("name", "argument", "true", "false"),
    [
        ("contains", "b", ["abc"], ["ABC", ""]),
        ("contains_any", ["x", "b"], ["abc", "x"], ["", "BX"]),
        ("contains_any", [f"w{n}" for n in range(20)], ["a w19 b"], ["w", "W1"]),
        ("starts_with", ["ab", "x"], ["abc", "xy"], ["cab", ""]),
        ("ends_with", "bc", ["abc"], ["bcd"]),
        ("within", "GET POST", ["GET", "POST", ""], ["PUT"]),
        ("within", ["GET", "POST"], ["GET"], ["GE", ""]),
        ("words", ["drop", "büro"], ["please DROP it", "drop", "Büro!", "(drop)"], ["dropped", "xdrop", "büros", "drop_x"]),
        ("re2", "(?i)a.b", ["xA\nBx"], ["ab"]),
        ("re2", r"\pL{3}", ["äöü"], ["a1b"]),
        ("re2", "b", ["\udcffb"], ["\udcff"]),
        ("re2_bytes", "^[^a]{2}$", ["é", "\udcff\udcfe"], ["e", "éé"]),
        ("re2_bytes", r"\xc3.", ["é"], ["Ã".encode().decode("latin-1")[1:], ""]),
        ("re2_bytes", "(?i)sk", ["SK"], ["ſk", "s\u212a"]),
        ("regex", "(?<=a)b", ["ab"], ["b"]),
        ("eq", 3, [3, 3.0], [4, "3", True]),
        ("eq", "a", ["a"], ["A", 1]),
        ("eq", True, [True], [1, "true"]),
        ("in", ["a", 2], ["a", 2], ["b", 3]),
        ("lt", 3, [2, "2.5", -1e308], [3, "x", "", 10**400]),
        ("le", 3, [3, "3"], [3.1]),
        ("gt", 3, [4, "4", 10**400], [3, "nan", -(10**400)]),
        ("ge", 3, [3], [2.9, "abc"]),
        ("cidr", ["10.0.0.0/8", "2001:db8::/32"], ["10.1.2.3", "::ffff:10.0.0.1", "[2001:db8::1]"], ["11.0.0.1", "x", ""]),
        ("byte_range", "9,32-126", ["a\nb", "é", "\udcff"], ["abc\t", ""]),
        ("utf8", "invalid", ["a\udcffb"], ["aéb"]),
        ("url_encoding", "invalid", ["%zz", "100%", "%1"], ["%20", "abc"]),
        ("luhn", True, ["card 4111 1111 1111 1111!"], ["4111 1111 1111 1112", "411111111111", "12345678901234567890123"]),
        ("shape", {"rank": {"le": 2}, "elements": {"gt": 5}}, [(2, 3), (6,)], [(1, 2), (2, 2, 2)]),
        ("shape", {"largest": {"ge": 10}}, [(1, 10)], [(), (3,)]),
        ("shape", {"smallest": {"lt": 1}}, [(0, 4)], [(1, 1)]),
        ("entropy", {"ge": 3}, ["abcdefgh"], ["aaaa", ""]),
        ("json_schema", {"type": "object", "required": ["a"]}, ['{"a": 1}'], ["{}", "[", "[" * 100_000]),
        ("exists", True, ["", 0, (1,)], []),
    ],
)  # fmt: skip
def test_table(name: str, argument: Any, true: list[Any], false: list[Any]) -> None:
    test = make(name, argument).test
    assert [value for value in true if not test(value)] == []
    assert [value for value in false if test(value)] == []


def test_every_operator_is_in_the_table() -> None:
    tested = {mark.args[1][n][0] for mark in test_table.pytestmark for n in range(len(mark.args[1]))}  # type: ignore[attr-defined]
    assert tested | {"sqli", "xss"} == set(OPERATORS)


@pytest.mark.parametrize(
    ("name", "argument"),
    [
        ("contains", ""), ("contains", 3), ("contains_any", []), ("contains_any", [1]), ("starts_with", [""]), ("re2", "("),
        ("re2", "a" * 9000), ("regex", "("), ("re2_bytes", "("), ("re2_bytes", "(?=a)"), ("re2_bytes", "a" * 9000),
        ("regex", "a" * 9000), ("lt", "3"), ("lt", True), ("lt", float("nan")), ("in", []), ("in", "a"),
        ("eq", [1]), ("cidr", "10.0.0.1/8"), ("byte_range", "5-3"), ("byte_range", "x"), ("url_encoding", True), ("shape", {}),
        ("shape", {"rank": 1}), ("shape", {"volume": {"le": 1}}), ("entropy", 3), ("json_schema", []), ("exists", 1),
    ],
)  # fmt: skip
def test_wrong_arguments(name: str, argument: Any) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        make(name, argument)


@pytest.mark.parametrize(
    ("name", "argument", "literals"),
    [
        ("contains", "AbC", {"abc"}),
        ("contains", "a", None),
        ("contains_any", ["ab", "Cd"], {"ab", "cd"}),
        ("contains_any", ["ab", "c"], None),
        ("re2", "(?i)drop table", {"drop table"}),
        ("words", ["Büro"], {"büro"}),
        ("eq", "Abc", {"abc"}),
        ("in", ["ab", "Cd"], {"ab", "cd"}),
        ("in", ["ab", 3], None),
    ],
)
def test_literals(name: str, argument: Any, literals: set[str] | None) -> None:
    found = make(name, argument).literals
    assert found == literals


def test_a_regex_out_of_time_says_so() -> None:
    operator = OPERATORS["regex"].make(r"(a+)+$", Context(regex_timeout=0.0005))
    with pytest.raises(OperatorTimeout):
        operator.test("a" * 5000 + "b")


@given(st.integers(0, 10**18))
def test_luhn_accepts_what_its_check_digit_makes_right(number: int) -> None:
    digits = [d for d in range(10) if passes_luhn(f"{number}{d}")]
    assert len(digits) == 1


@pytest.mark.parametrize("name", ["sqli", "xss"])
def test_libinjection_is_named_when_missing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "libinjection", None)
    with pytest.raises(ValueError, match=r"pip install 'mlwaf\[injection\]'"):
        make(name, True)


class _Detector:
    """Stands in for the optional package, which needs a compiler: says yes to texts with an apostrophe."""

    @staticmethod
    def is_sql_injection(text: str) -> dict[str, bool]:
        text.encode()  # raises on a lone surrogate, as the binding does
        return {"is_sqli": "'" in text}

    @staticmethod
    def is_xss(text: str) -> dict[str, bool]:
        return {"is_xss": "<" in text.encode().decode()}


@pytest.mark.parametrize(
    ("function", "text", "shown"),
    [
        ("is_sql_injection", "caf\udce9/**/", "caf\ufffd/**/"),  # still a letter; `?` would be an operator
        ("is_sql_injection", "1\udca0or\ud800 1", "1 or\ufffd 1"),  # the byte A0 is a blank in SQL
        ("is_sql_injection", "é\u00a0", "é\u00a0"),
        ("is_xss", "<a\udca0\udcff", "<a\ufffd\ufffd"),
    ],
)
def test_what_libinjection_sees_of_bytes_that_are_no_text(
    function: str, text: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    monkeypatch.setitem(sys.modules, "libinjection", SimpleNamespace(**{function: seen.append}))
    detector(function)(text)
    assert seen == [shown]


@pytest.mark.parametrize(("name", "true", "false"), [("sqli", "1' or \udcff", "1"), ("xss", "<a\udcff", "a")])
def test_libinjection(name: str, true: str, false: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "libinjection", _Detector)
    test = make(name, True).test
    assert test(true)
    assert not test(false)
