"""How long a match can be, held against RE2 itself."""

from __future__ import annotations

import pytest
import re2
from hypothesis import given, settings
from hypothesis import strategies as st

from waf.rules.runs import GAP, NO_BOUND, SENTENCE, UNSPACED, WORD, Bound, bound, usual
from waf.transform.linear import compiled


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("abc", Bound(3, 0)),
        (r"a.{0,9}b", Bound(11, 0)),
        (r"a\s+b", Bound(34, GAP)),
        (r"\w*x", Bound(49, WORD)),
        (r"\d{2,}", Bound(48, WORD)),
        (r"[^.\n]*b", Bound(1001, SENTENCE)),
        (r"[^\s]+", Bound(120, UNSPACED)),
        (r"[\w.-]+@", Bound(121, UNSPACED)),
        (r"(?:\w+\s*){0,3}(?:x|yy*)", Bound(3 * 80 + 49, WORD | GAP)),
        (r"x[^ -~]*", NO_BOUND),  # a line break may be among them
        (r".*", NO_BOUND),
        (r"[^a]*", NO_BOUND),
        (r"\W+", NO_BOUND),
        (r"(?:ab)+", NO_BOUND),
        (r"(?:\w+\s+){0,99}", NO_BOUND),  # longer than is of use
        (r"\p{L}+", NO_BOUND),
        (r"[[:alpha:]]+", NO_BOUND),
        ("", NO_BOUND),
        ("(", NO_BOUND),
    ],
)
def test_bounds(pattern: str, expected: Bound) -> None:
    assert bound(pattern) == expected


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("a" * 48, WORD | GAP | UNSPACED | SENTENCE),
        ("a" * 49, GAP | UNSPACED | SENTENCE),
        (" " * 33, WORD | UNSPACED | SENTENCE),
        ("-_" * 61, WORD | GAP | SENTENCE),
        ("é" * 60, WORD | GAP | UNSPACED | SENTENCE),
        ("é" * 61, WORD | GAP | SENTENCE),
        ("a b " * 300, WORD | GAP | UNSPACED),
        ("a b. " * 300, WORD | GAP | UNSPACED | SENTENCE),
        ("\x0b" * 121, WORD | SENTENCE),  # no white space for RE2
        ("\u017f", 0),
    ],
)
def test_usual(text: str, kinds: int) -> None:
    assert usual(text) == kinds


pieces = st.sampled_from(
    [
        r"\w+",
        r"\s*",
        r"[^.\n]*",
        r"\S+",
        r"[a-z]*",
        r"\W",
        "a",
        "b",
        " ",
        r"[ ,]+",
        r"[^\s]*",
        r"[k-s]+",
        r"\D",
        r"[^.\s]+",
    ]
)
texts = st.lists(
    st.sampled_from(["a", "b", " ", ".", "\n", "a" * 47, " " * 31, "\x0b", "ſ", "é" * 30, ",", "x" * 60, "ab, " * 200]),
    max_size=12,
).map("".join)


@settings(max_examples=600, deadline=None)
@given(st.lists(pieces, min_size=1, max_size=4).map("".join), st.booleans(), texts)
def test_no_match_is_longer_than_the_bound(pattern: str, ignore_case: bool, text: str) -> None:
    pattern = f"(?i){pattern}" if ignore_case else pattern
    length, kinds = bound(pattern)
    if length and not kinds & ~usual(text):
        found = compiled(pattern)
        longest = re2.compile(found.pattern, _options(longest_match=True)).search(text.encode())
        assert longest is None or len(longest.group().decode()) <= length


def _options(**given: bool) -> re2.Options:
    options = re2.Options()
    options.dot_nl = True
    for name, value in given.items():
        setattr(options, name, value)
    return options
