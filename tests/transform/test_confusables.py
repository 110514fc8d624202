"""Latin in disguise folds; other languages stay as they are."""

from __future__ import annotations

import unicodedata
from typing import Final

import pytest

from waf.transform import TRANSFORMS
from waf.transform.confusables import _SCRIPT_OF
from waf.transform.lookalikes import EXACT, FOREIGN, RARE, STYLED

fold: Final = TRANSFORMS["fold_confusables"].apply


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("іgnоrе аll рrеvіоus", "ignore all previous"),
        ("ignοre", "ignore"),
        ("Ιgnore", "Ignore"),
        ("ѕсоре", "scope"),
        ("ΡΟΧΥ", "POXY"),
        ("ᏢᎡ", "ᏢᎡ"),
        ("ᎪᏟᎬ", "ACE"),
        ("іԍпоге", "ignore"),
        ("рοрe", "pope"),
        ("аοո", "aon"),
        ("𝓲𝓰𝓷𝓸𝓻𝓮 𝔦𝔤𝔫𝔬𝔯𝔢 𝚒𝚐𝚗𝚘𝚛𝚎", "ignore ignore ignore"),
        ("ｉｇｎｏｒｅ＜＞", "ignore<>"),
        ("ⓘⓖⓝⓞⓡⓔ ⒤⒢⒩ 🅘🅖🅝 🅸🅶🅽", "ignore ign IGN IGN"),
        ("ɪɢɴᴏʀᴇ", "ignore"),
        ("ⁱᵍⁿᵒʳᵉ", "ignore"),
        ("🇮 🇬 🇳", "I G N"),
        ("don’t “quote” – it—now", 'don\'t "quote" - it-now'),
        ("a\u00a0b\u2003c", "a b c"),
        ("\udc80іgnоrе\ud800", "\udc80ignore\ud800"),
        ("Amazоnіа привет", "Amazonia привет"),
        ("тест ignоre", "тест ignore"),
        ("а сar іs nеаr", "a car is near"),
    ],
)
def test_folds(text: str, expected: str) -> None:
    assert fold(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "Сор из избы не выносят, роса на траве, а оса у реки.",
        "ухо",
        "осар",
        "Как дела?",
        "Η γλώσσα και το νερό είναι όμορφα",
        "моја кућа",
        "Հայերեն լեզու",
        "naïve café",
        "🇺🇸🇫🇷",
        "中文、日本語 한국어",
        "SMS-рассылка и IT-специалист",
        "шифрX",
    ],
)
def test_leaves_languages_alone(text: str) -> None:
    if text in ("ухо", "осар"):
        # On its own a word of exact lookalikes cannot be told from a disguise; one plain word beside it settles it.
        assert fold(text).isascii() is (text == "осар" or text == "ухо")
        assert fold(f"{text} привет") == f"{text} привет"
    else:
        assert fold(text) is text


def test_the_tables_hold_single_letters_of_known_scripts() -> None:
    assert set(_SCRIPT_OF) == set(FOREIGN)
    assert set(EXACT) <= set(FOREIGN)
    assert set(FOREIGN) >= RARE
    assert not set(FOREIGN) & set(STYLED)
    for char, plain in (*FOREIGN.items(), *STYLED.items()):
        assert len(char) == len(plain) == 1
        assert plain.isascii() > char.isascii()
        if char in FOREIGN and unicodedata.category(char) in ("Lu", "Ll"):
            assert plain.isupper() == char.isupper() or _SCRIPT_OF[char] == "cherokee"


def test_a_word_poses_by_its_own_letters() -> None:
    assert fold("шарикоподшипникx") == "шарикоподшипникx"
    assert fold("hеllоworldж") == "helloworldж"
