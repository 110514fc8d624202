"""NFKC in pieces, and accents."""

from __future__ import annotations

import unicodedata
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waf.transform import TRANSFORMS
from waf.transform.normal import CHUNK, _starts

nfkc: Final = TRANSFORMS["nfkc"].apply
strip_accents: Final = TRANSFORMS["strip_accents"].apply


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ("plain", "plain"),
        ("ｉｇｎｏｒｅ", "ignore"),
        ("𝓲𝓰𝓷𝓸𝓻𝓮 ①②", "ignore 12"),
        ("ﬁle ℌ ½", "file H 1\u20442"),
        ("e\u0301", "é"),
        ("a\ud800\udc80ﬁ", "a\ud800\udc80fi"),
        ("\ufdfa", "\ufdfa"),
        ("ﬁ\ufdfaﬁ\ufdfb", "fi\ufdfafi\ufdfb"),
    ],
)
def test_nfkc(given_: str, expected: str) -> None:
    assert nfkc(given_) == expected


LONG: Final = st.builds(
    lambda head, unit, times: head + unit * times,
    st.text(max_size=20),
    st.text(alphabet="aé\u0301\u0316\u1100\u1161\u11a8\uac00ｶ\uff9eか\u3099ก\u0e33क़ﬁ中 .", min_size=1, max_size=30),
    st.integers(min_value=1, max_value=200),
)


@settings(max_examples=200, deadline=None)
@given(text=LONG)
def test_in_pieces_as_in_one(text: str) -> None:
    if longest_run_of_joiners(text) <= 40 and "\ufdfa" not in text and "\ufdfb" not in text:
        assert nfkc(text) == unicodedata.normalize("NFKC", text)


def longest_run_of_joiners(text: str) -> int:
    longest = run = 0
    for char in text:
        run = 0 if _starts(char) else run + 1
        longest = max(longest, run)
    return longest


@pytest.mark.parametrize(
    "before", ["a", "e", "\u1100", "\uac00", "\u0915", "\u0b47", "か", "ｶ", "\u0bc6", "\U00011131", "\u0301"]
)
def test_a_cut_never_parts_what_composes(before: str) -> None:
    for code in (*range(0x80, 0xD800), *range(0xE000, 0x11FFF)):
        char = chr(code)
        if _starts(char):
            whole = unicodedata.normalize("NFKC", before + char)
            assert whole == unicodedata.normalize("NFKC", before) + unicodedata.normalize("NFKC", char), hex(code)


def test_marks_without_end_are_cut() -> None:
    """One call on this would sort 200,000 marks by insertion."""
    text = "a" + "\u0301\u0316" * 100_000
    out = nfkc(text)
    assert len(out) in range(len(text) - CHUNK, len(text) + 1)
    assert sorted(set(out)) == sorted({"á", "\u0301", "\u0316"})


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ("plain", "plain"),
        ("précédent naïve Ångström", "precedent naive Angstrom"),
        ("e\u0301\u0302\u0303", "e"),
        ("i\u0336g\u0336n\u0336o\u0336r\u0336e\u0336", "ignore"),
        ("Việt Nam", "Viet Nam"),
        ("й क़ か\u3099 أ", "й क़ か\u3099 أ"),
        ("Straße øre", "Straße øre"),
    ],
)
def test_strip_accents(given_: str, expected: str) -> None:
    assert strip_accents(given_) == expected
