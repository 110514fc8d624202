"""What `dialect` makes of a pattern, held against RE2 itself."""

from __future__ import annotations

import pytest
import re2
from hypothesis import given, settings
from hypothesis import strategies as st

from waf.rules.dialect import loosened
from waf.rules.operators.base import Context
from waf.rules.operators.pattern import PATTERN_OPERATORS


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("ab{0,160}$", "ab{0,}$"),
        (r"[^\n]{3,40}?$", r"[^\n]{3,}?$"),
        (r"a{1,9}b{20}c{30,}", r"a{1,9}b{20}c{30,}"),
        (r"\{0,160}[{0,160}]\\{0,160}", r"\{0,160}[{0,160}]\\{0,}"),
        (r"[]{0,99}]x{0,99}", r"[]{0,99}]x{0,}"),
        (r"[^]{0,99}]x{0,99}", r"[^]{0,99}]x{0,}"),
        (r"(?:a{0,20}b){0,20}", r"(?:a{0,}b){0,}"),
        (r"[[:alpha:]]{0,99}", r"[[:alpha:]]{0,99}"),  # the dialects differ, so nothing is done
        ("(", "("),
    ],
)
def test_loosened(pattern: str, expected: str) -> None:
    assert loosened(pattern) == expected


_PIECES = st.lists(
    st.sampled_from(("a", "b{0,16}", "[ab]{1,20}", r"\b", "(?:ab|c){0,17}", "a{2,30}?", "[^a]{0,18}", r"\n", "^", "$")),
    min_size=1,
    max_size=5,
).map("".join)
_TEXTS = st.lists(st.sampled_from((*"abc \n", "c" * 21, "b" * 17)), max_size=30).map("".join)


@given(_PIECES, _TEXTS)
@settings(max_examples=400)
def test_the_loosened_pattern_matches_wherever_the_pattern_does(pattern: str, text: str) -> None:
    try:
        exact = re2.search(pattern, text)
    except re2.error:
        return  # `^{0,16}` and the like
    assert exact is None or re2.search(loosened(pattern), text)


@given(_PIECES, _TEXTS)
@settings(max_examples=400)
def test_a_pattern_with_an_end_is_counted_to_the_last_character(pattern: str, text: str) -> None:
    pattern += "c{0,20}$"
    (make,) = (spec.make for spec in PATTERN_OPERATORS if spec.name == "re2")
    assert make(pattern, Context()).test(text) == (re2.search("(?s)" + pattern, text) is not None)
