"""What every transform promises: total, same object when nothing changes, bounded output, documented."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waf.transform import DECODERS, TRANSFORMS, Decoder, Transform
from waf.transform.base import WINDOW, from_bytes, pieces, to_bytes

NAMES: Final = sorted(TRANSFORMS)
RULE_LANGUAGE: Final = """
    none url_decode url_decode_uni url_encode html_entity_decode js_decode css_decode escape_seq_decode utf8_to_unicode
    base64_decode base64_decode_ext base64_encode hex_decode hex_encode cmd_line normalize_path normalize_path_win remove_nulls
    replace_nulls remove_whitespace compress_whitespace replace_comments remove_comments remove_comments_char lowercase
    uppercase trim trim_left trim_right length sha1 md5 nfkc strip_accents strip_invisible fold_confusables deleet
    collapse_spaced_letters percent_decode whole_number sql_comments sql_constants squeeze_quotes
    squeeze_scheme
""".split()

# What the transforms act on, dense enough that random text reaches their branches.
PIECES: Final = [
    *"&%\\/*#-+.;=<>!@$|^\"'( \t\n\r\0~_,",
    *"0149afFgGuUxXnQ",
    *[
        "&#x41;",
        "&lt;",
        "%41",
        "%u0041",
        "\\x41",
        "\\u0041",
        "\\101",
        "/*",
        "*/",
        "<!--",
        "-->",
        "../",
        "./",
        "SWdub3Jl",
    ],
    *[
        "\x80",
        "\xa0",
        "\xad",
        "é",
        "ß",
        "İ",
        "ſ",
        "\u0301",
        "\u0316",
        "а",
        "о",
        "ѕ",
        "α",
        "ո",
        "ᴀ",
        "Ａ",
        "𝐚",
        "Ⓐ",
        "ﬁ",
        "中",
    ],
    *[
        "\u200b",
        "\u200c",
        "\u200d",
        "\u200f",
        "\u202e",
        "\ufe0f",
        "\U000e0041",
        "\U000e0101",
        "\U0001f600",
        "\U0001f3f4",
    ],
    *["\u0627", "\u0915", "\u1100", "\u1161", "\uac00", "\u3099", "\uff9e", "\ufdfa", "\u2801", "ɐ", "\U0001f1e6"],
    *["\udc80", "\udcff", "\udcc3", "\udca9", "\ud800", "\udfff", "\U0010ffff"],
]
TEXTS: Final = st.one_of(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), st.text(max_size=60))


def test_the_names_of_the_rule_language() -> None:
    assert sorted(RULE_LANGUAGE) == NAMES
    assert sorted(DECODERS) == ["decode_embedded"]


@pytest.mark.parametrize("entry", [*TRANSFORMS.values(), *DECODERS.values()], ids=lambda entry: entry.name)
def test_documented(entry: Transform | Decoder) -> None:
    page = (Path(__file__).parents[2] / "docs" / "transforms.md").read_text(encoding="utf-8")
    row = f"| `{entry.name}` | {entry.doc.replace('|', chr(92) + '|')} |"
    assert row in page.splitlines()


def test_the_page_documents_nothing_else() -> None:
    page = (Path(__file__).parents[2] / "docs" / "transforms.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) == sorted([*TRANSFORMS, *DECODERS])


def test_frozen() -> None:
    with pytest.raises(TypeError):
        TRANSFORMS["none"] = TRANSFORMS["trim"]  # type: ignore[index]
    with pytest.raises(dataclasses.FrozenInstanceError):
        TRANSFORMS["none"].name = "other"  # type: ignore[misc]


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=80, deadline=None)
@given(text=TEXTS)
def test_total_and_keeps_identity(name: str, text: str) -> None:
    out = TRANSFORMS[name].apply(text)
    assert isinstance(out, str)
    assert out is text or out != text
    assert len(out) <= max(40, GROWTH * len(text))


IDEMPOTENT: Final = """
    none lowercase uppercase trim trim_left trim_right compress_whitespace remove_nulls replace_nulls replace_comments
    utf8_to_unicode remove_whitespace nfkc strip_accents
""".split()


@pytest.mark.parametrize("name", IDEMPOTENT)
@settings(max_examples=80, deadline=None)
@given(text=TEXTS)
def test_twice_is_once(name: str, text: str) -> None:
    apply = TRANSFORMS[name].apply
    # From bytes, as text from the network is: pairs of escaped bytes that would form a character do not occur there.
    once = apply(from_bytes(to_bytes(text)))
    assert apply(once) is once


@settings(max_examples=300, deadline=None)
@given(raw=st.binary(max_size=60))
def test_bytes_survive_the_bridge(raw: bytes) -> None:
    assert to_bytes(from_bytes(raw)) == raw


@settings(max_examples=300, deadline=None)
@given(text=TEXTS)
def test_the_bridge_is_total(text: str) -> None:
    assert from_bytes(to_bytes(text)).encode("utf-8", "surrogateescape") == to_bytes(text)


def test_unpaired_surrogates_become_replacement_characters() -> None:
    assert to_bytes("a\ud800b\udfffc\udcff") == b"a\xef\xbf\xbdb\xef\xbf\xbdc\xff"


GROWTH: Final = 12
"""url_encode makes twelve characters of one beyond the basic plane; nothing else comes near."""
HOSTILE: Final = [
    *"""
    & &# &#x &#9 &lt; % %u %41 %u0041 + \\ \\x \\u \\1 \\u0041 / // ../ ./ .. a/ /* */ /*/ -- <!-- --> # -. - = =41 A AB1 a.
    <~ <~a~> \0 \xa0 é \u0301 \u0301\u0316 \ufdfa ﬁ \u200b \u200d \U0001f600\u200d \U000e0041 \U0001f3f4 \ufe0f \U000e0101 ⠁
    а aа ɐ \u1100\u1161 \u3099 𝐀 \U0001f1e6 \udc80 \ud800 a0 $a 7 QUJD aA1b2C3d4E5f6G7h8 0x Z_
    """.split(),
    *[
        " ",
        "\n",
        " \r\n",
        "a b ",
        "\ta(",
        "11 ",
        "41 ",
        "01100001 ",
        "-. ",
        "gur ",
        "а ",
        "begin 644 x\n",
        "AAAAAAAA\n",
    ],
]


@pytest.mark.parametrize("name", [*NAMES, *DECODERS])
def test_long_runs_of_one_thing(name: str) -> None:
    """Everything that opens something, over and over: total, and nothing grows without bound."""
    apply = TRANSFORMS[name].apply if name in TRANSFORMS else DECODERS[name].apply
    for piece in HOSTILE:
        text = piece * (20_000 // len(piece))
        out = apply(text)
        views = [out] if isinstance(out, str) else out
        assert sum(map(len, views)) <= GROWTH * len(text)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(["word ", "i g n o r e ", "%41%42", "&lt;", "é", "\u200b", "x" * 40, "\n"]),
        min_size=1,
        max_size=9,
    )
)
def test_pieces_are_the_text_and_no_longer_than_a_window(parts: list[str]) -> None:
    text = "".join(parts) * 3000
    found = pieces(text)
    assert "".join(found) == text
    assert all(0 < len(piece) <= WINDOW for piece in found)


@pytest.mark.parametrize("name", ["collapse_spaced_letters", "strip_invisible", "fold_confusables"])
def test_pieces_change_nothing(name: str) -> None:
    """A long text comes out as its parts would, cut where nothing is going on."""
    apply = TRANSFORMS[name].apply
    part = "some plain words to cut in, i g n o r e  t h i s, zero\u200bwidth, pаssword, Привет мир: and more plain words without signs "
    whole = part * 1500
    assert apply(whole) == apply(part) * 1500
