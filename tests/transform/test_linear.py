"""RE2 asked for yes or no: the short way and the public one give the same answers."""

from __future__ import annotations

from typing import Any

import pytest
import re2
from hypothesis import given, settings
from hypothesis import strategies as st

from waf.transform import linear

PATTERNS = [r"a+b", r"(?:^|x)a", r"", r"a.b", r"é", r"\bb", r"b$"]


class _Public:
    """A pattern of a release that is built otherwise."""

    def __init__(self, pattern: Any) -> None:
        self.search, self.match = pattern.search, pattern.match


@pytest.mark.parametrize("pattern", PATTERNS)
def test_both_ways_agree(pattern: str) -> None:
    compiled = linear.compiled(pattern)
    assert linear._below(compiled) != (None, None)
    short, public = (
        (linear.finds(compiled), linear.begins(compiled)),
        (
            linear.finds(_Public(compiled)),
            linear.begins(_Public(compiled)),
        ),
    )

    @settings(max_examples=200, deadline=None)
    @given(st.text(alphabet="abxé \n", max_size=12))
    def check(text: str) -> None:
        raw = text.encode()
        assert short[0](raw) == public[0](raw) == (compiled.search(raw) is not None)
        for place in range(len(raw) + 1):
            assert short[1](raw, place) == public[1](raw, place) == (compiled.match(raw, place) is not None)

    check()


def test_dots_match_line_breaks_and_nonsense_is_refused() -> None:
    assert linear.gate("a.b")(b"a\nb")
    with pytest.raises(re2.error):
        linear.compiled("(")
