"""A text without a transform's trigger characters comes back as the very same object."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waf.transform import TRANSFORMS
from waf.transform.invisible import NOT_SHOWN
from waf.transform.triggers import BRINGS_NOTHING, FOREIGN, TRIGGERS, TWO_BLANKS, UNSEEN

SAMPLES = ["\u200b", "\u00ad", "\U000e0041", "é", "е", "ﬁ", "\ufeff", "  ", "\udc80", "\u0301"]
PIECES = st.one_of(
    st.characters(max_codepoint=0x7F), st.sampled_from(SAMPLES), st.characters(exclude_categories=("Cs",))
)
STANDING_FOR = {FOREIGN: ("ﬁ", "é", "ｉ", "\u00a0"), UNSEEN: ("\u200b",), TWO_BLANKS: ("  ",)}


@pytest.mark.parametrize("name", sorted(TRIGGERS))
def test_without_triggers_nothing_happens(name: str) -> None:
    triggers = TRIGGERS[name]

    @settings(max_examples=400, deadline=None)
    @given(st.lists(PIECES, max_size=30))
    def check(pieces: list[str]) -> None:
        text = "".join(pieces)
        if triggers.isdisjoint(_signs(text)):
            assert TRANSFORMS[name].apply(text) is text

    check()


def _signs(text: str) -> set[str]:
    """The text's characters in the terms of the table, said slowly."""
    signs = set(text)
    if not text.isascii():
        signs.add(FOREIGN)
    if any(re.match(f"[{NOT_SHOWN}]", char) for char in text):
        signs.add(UNSEEN)
    if "  " in text:
        signs.add(TWO_BLANKS)
    return signs


@pytest.mark.parametrize("name", sorted(name for name, chars in TRIGGERS.items() if chars))
def test_the_triggers_do_something(name: str) -> None:
    """Not proof that each one is needed, but a table of only wrong letters would fail."""
    samples = [
        f"{before}{char}{after}"
        for sign in TRIGGERS[name]
        for char in STANDING_FOR.get(sign, sign)
        for before in ("", "a", "/*", " ")
        for after in ("41 b", "x41;", "#x41;", "*/", "<", "-", "/../", " ", " or 2=2", "javascript:")
    ]
    assert any(TRANSFORMS[name].apply(sample) != sample for sample in samples)


def test_every_name_is_a_transform() -> None:
    assert set(TRIGGERS) <= set(TRANSFORMS)


@pytest.mark.parametrize("name", sorted(BRINGS_NOTHING))
def test_no_new_signs(name: str) -> None:
    apply = TRANSFORMS[name].apply

    @settings(max_examples=400, deadline=None)
    @given(st.lists(st.one_of(PIECES, st.sampled_from(["../", "//", "\\", "%", "'", "/*", "*/"])), max_size=30))
    def check(pieces: list[str]) -> None:
        text = "".join(pieces)
        new = _signs(apply(text)) - _signs(text)
        assert all(
            sign.isalnum() or sign == " " or sign == TWO_BLANKS for sign in new if sign.isascii() or sign < "\x83"
        )
        assert not new & {FOREIGN, UNSEEN}

    check()
