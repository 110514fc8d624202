"""sql_constants: conditions of constants in one form."""

from __future__ import annotations

import random

import pytest

from classifiers.corpus.web_mutate import MUTATORS
from waf.transform import TRANSFORMS
from waf.transform.sql import _MOST

canonical = TRANSFORMS["sql_constants"].apply


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1' or 2=2", "1' or 1=1"),
        ("1' OR 0x2A < (select 99)", "1' or 1=1 "),
        ("1 and not 5 in (4, 6)", "1 and 1=1"),
        ("1 and 7 between 5.5 and 9e3", "1 and 1=1"),
        ("1/**/&&/*!*/not/**/false", "1 and 1=1"),
        ("1' || 'a' like 'a", "1' or 1=1"),
        ("a') or (1+2+3)=6 -- and so on", "a') or 1=1 -- "),
        ("1) and (false)*3620", "1) and 1=1"),
        ("-(9)-((2)) or\x0btrue", "1 or 1=1"),
        ("x' or 1=1 and 2<>3 or 4 rlike 4#x", "x' or 1=1 -- "),
        ("1' and 3=pi()", "1' and 1=pi()"),
        ("1.not 2=3", "1=1"),
        ("ann''s' or 2=2", "anns' or 1=1"),
    ],
)
def test_a_condition_of_constants_becomes_one(text: str, expected: str) -> None:
    assert canonical(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "it's not 12 of them; don't do 5 things or 6",
        "select a title, then order it",
        "1-691-208--2089-2089---0",
        "(see the note) -- thanks",
        "version 1.2 and 3.4",
        "let x = y and z",
        "1 and 1=1",
    ],
)
def test_what_has_none_stays_what_it_is(text: str) -> None:
    assert canonical(text) is text


def test_only_the_beginning_is_looked_at() -> None:
    filler = "x" * _MOST
    text = filler + " or 2=2"
    assert canonical(text) is text
    found = canonical("1 or 2=2 " + filler)
    assert found.startswith("1 or 1=1 x")
    assert found.endswith("x")


@pytest.mark.parametrize("payload", ["1' or 1=1 -- ", "7 and 2=2", "a') or ('b'='b", "1 or 1=1#"])
def test_rewritings_of_one_payload_mostly_become_one(payload: str) -> None:
    rng = random.Random(1)
    views = set()
    for _ in range(200):
        text = payload
        for _ in range(3):
            text = rng.choice(MUTATORS)(text, rng)
        views.add(canonical(text))
    assert len(views) < 60


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x' ) || 'a", "x'|| 'a"),
        ('1"\t(= "2', '1"= "2'),
        ("it's fine", "it's fine"),
        ("(a) = (b)", "(a) = (b)"),
    ],
)
def test_blanks_and_parentheses_behind_a_quote_go(text: str, expected: str) -> None:
    assert TRANSFORMS["squeeze_quotes"].apply(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("java\tscript:alert(1) now", "javascript:alert(1) now"),
        ("\x01 j\na\nva scrip t :x", "javascript:x"),
        ("a java script: no address", "ajavascript: no address"),
        ("Dear Sir: hello", "Dear Sir: hello"),
        ("what is a script ? : x", "what is a script ? : x"),
        ("script: x", "script: x"),
        ("x" * 80 + " script:", "x" * 80 + " script:"),
    ],
)
def test_blanks_inside_the_scheme_of_a_script_go(text: str, expected: str) -> None:
    assert TRANSFORMS["squeeze_scheme"].apply(text) == expected
