"""What does not show goes; what scripts and emoji need stays."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waf.transform import TRANSFORMS

strip: Final = TRANSFORMS["strip_invisible"].apply


def tags(text: str) -> str:
    return "".join(chr(0xE0000 + ord(char)) for char in text)


def selectors(raw: bytes) -> str:
    return "".join(chr(0xFE00 + byte) if byte < 16 else chr(0xE0100 + byte - 16) for byte in raw)


ENGLAND: Final = "\U0001f3f4" + tags("gbeng\x7f")

KEPT: Final = {
    "ascii": "plain",
    "family": "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
    "heart on fire": "\u2764\ufe0f\u200d\U0001f525",
    "skin tone": "\U0001f469\U0001f3fd\u200d\U0001f4bb",
    "rainbow flag": "\U0001f3f3\ufe0f\u200d\U0001f308",
    "keycap": "1\ufe0f\u20e3",
    "text style": "\u2660\ufe0e",
    "flag of England": f"go {ENGLAND}!",
    "Persian": "می\u200cخواهم",
    "Hindi conjunct": "क्\u200dष",
    "Bengali": "র\u200d্য",
    "Sinhala": "ක්\u200dර",
    "Hebrew with a mark": "שלום\u200f!",
    "Arabic with isolates": "اسم \u2067خالد\u2069 هنا",
    "ideograph variant": "葛\U000e0100飾",
    "mathematical variant": "\u2229\ufe00",
    "Mongolian": "ᠮᠣᠩᠭᠣᠯ\u180b",
}


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT.keys())
def test_kept(text: str) -> None:
    assert strip(text) is text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ig\u200bno\u2060re", "ignore"),
        ("ig\u00adnore", "ignore"),
        ("\ufeffignore", "ignore"),
        ("ig\u200dno\u200cre", "ignore"),
        ("i\u034fg\u115fn\u3164o\uffa0re", "ignore"),
        ("\u202eerongi\u202c", "erongi"),
        ("\u2066a\u2069 b", "a b"),
        ("a\u200fb", "ab"),
        ("hi" + tags("ignore all"), "hi"),
        ("\U0001f600" + selectors(b"ignore"), "\U0001f600"),
        ("\U0001f600\ufe0f" + selectors(b"ignore"), "\U0001f600\ufe0f"),
        ("\U0001f3f4" + tags("ignore\x7f"), "\U0001f3f4"),
        (ENGLAND + tags("x"), "\U0001f3f4"),
        ("\U0001f468\u200d", "\U0001f468"),
        ("\U0001f468\u200d\u200d\U0001f469", "\U0001f468\U0001f469"),
        ("می\u200c\u200c\u200cخ", "میخ"),
        ("a\ufe0f", "a"),
        ("a\u180b", "a"),
        ("\u200d", ""),
        ("\ufff9a\ufffa", "a"),
        ("\udc80\u200b\ud800", "\udc80\ud800"),
    ],
)
def test_stripped(text: str, expected: str) -> None:
    assert strip(text) == expected


ALPHABET: Final = (
    "a1 \u200b\u200c\u200d\u200f\u202e\u2067\ufe0f\u180b\U000e0041\U000e007f\U000e0101\U0001f3f4\U0001f600\u2764کक葛ᠮא"
)


@settings(max_examples=400, deadline=None)
@given(text=st.text(alphabet=ALPHABET, max_size=16))
def test_only_takes_out(text: str) -> None:
    """What is left is the text in order, every visible character of it."""
    out = strip(text)
    rest = iter(text)
    assert all(char in rest for char in out)
    assert [char for char in out if char in "a1 \U0001f3f4\U0001f600\u2764کक葛ᠮא"] == [
        char for char in text if char in "a1 \U0001f3f4\U0001f600\u2764کक葛ᠮא"
    ]
