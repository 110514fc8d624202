"""Alphabets of another kind: morse, braille, rot13, text written backwards."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

_MORSE: Final = {
    ".-": "a", "-...": "b", "-.-.": "c", "-..": "d", ".": "e", "..-.": "f", "--.": "g", "....": "h", "..": "i", ".---": "j",
    "-.-": "k", ".-..": "l", "--": "m", "-.": "n", "---": "o", ".--.": "p", "--.-": "q", ".-.": "r", "...": "s", "-": "t",
    "..-": "u", "...-": "v", ".--": "w", "-..-": "x", "-.--": "y", "--..": "z", "-----": "0", ".----": "1", "..---": "2",
    "...--": "3", "....-": "4", ".....": "5", "-....": "6", "--...": "7", "---..": "8", "----.": "9", ".-.-.-": ".",
    "--..--": ",", "..--..": "?", ".----.": "'", "-.-.--": "!", "-..-.": "/", "---...": ":", "-....-": "-",
}  # fmt: skip
_MORSE_RUN: Final = re.compile(r"(?<![\w.-])(?:[.-]{1,6}[ ]{1,3}(?:[/|][ ]{0,3})?){4,}[.-]{1,6}(?![\w.-])", re.ASCII)
_MORSE_WORD: Final = re.compile(r" *[/|] *| {2,}")

_BRAILLE: Final = {
    chr(0x2800 + dots): letter
    for letter, dots in zip(
        "abcdefghijklmnopqrstuvwxyz",
        (1, 3, 9, 25, 17, 11, 27, 19, 10, 26, 5, 7, 13, 29, 21, 15, 31, 23, 14, 30, 37, 39, 58, 45, 61, 53),
        strict=True,
    )
} | {"\u2800": " ", "\u2802": ",", "\u2832": ".", "\u2826": "?", "\u2816": "!"}
_BRAILLE_RUN: Final = re.compile("[\u2800-\u283f ]*[\u2801-\u283f][\u2800-\u283f ]{3,}")
_BRAILLE_TABLE: Final = str.maketrans(_BRAILLE)

_UPPER: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ROT13: Final = str.maketrans(
    _UPPER + _UPPER.lower(), _UPPER[13:] + _UPPER[:13] + _UPPER[13:].lower() + _UPPER[:13].lower()
)

_TURNED: Final = "ɐqɔpǝɟƃɥᴉɾʞlɯuodbɹsʇnʌʍxʎz"
_TURNED_RUN: Final = re.compile("[ɐɔǝɟƃɥᴉɾʞɯɹʇʌʍʎ]")
_TURN: Final = str.maketrans(_TURNED + "ı", _UPPER.lower() + "i")

_TELLING: Final = (
    *(
        "instru",
        "ignore",
        "ignora",
        "previous",
        "system",
        "prompt",
        "reveal",
        "secret",
        "passwor",
        "bypass",
        "override",
    ),
    *(
        "answer",
        "response",
        "output",
        "translate",
        "sentence",
        "chatgpt",
        "pretend",
        "have been",
        "restrict",
        "execute",
    ),
    *("repeat", "https", "onerror", "pwned"),
    *("anweisung", "contrase", "kata sandi", "mot de passe", "segred", "sistema"),
)
_COMMON: Final = (
    *(" the ", " you ", " for ", " how ", " what ", " this ", " that ", " have ", " been ", " your ", " with "),
    *(" nicht ", " para ", " que ", " und ", " vous ", " yang "),
)


def _enciphered(encipher: Callable[[str], str]) -> tuple[frozenset[str], str]:
    """Words that hint at the cipher, in lower case, and an RE2 pattern for enough of them to try it: a telling one or two
    common ones.

    No form of these words in the ciphers here is part of a common word.
    """
    telling, common = list(map(encipher, _TELLING)), list(map(encipher, _COMMON))
    either = "|".join(common)
    return frozenset(telling + common), f"(?is:{'|'.join(telling)}|(?:{either}).*(?:{either}))"


def morse(text: str) -> str:
    said = []
    for run in _MORSE_RUN.findall(text):
        words = ["".join([_MORSE.get(sign, "") for sign in word.split()]) for word in _MORSE_WORD.split(run)]
        said.append(" ".join(words))
    return "\n".join([line for line in said if sum(map(str.isalpha, line)) >= 4])


def braille(text: str) -> str:
    return "\n".join([run.translate(_BRAILLE_TABLE) for run in _BRAILLE_RUN.findall(text)])


def rot13(text: str) -> str:
    return text.translate(_ROT13)


def backwards(text: str) -> str:
    return text[::-1]


_ROT13_HINTS, ROT13_ENOUGH = _enciphered(rot13)
_BACKWARDS_HINTS, BACKWARDS_ENOUGH = _enciphered(backwards)
HINTS: Final = _ROT13_HINTS | _BACKWARDS_HINTS
"""Without one of these in a text, in any case, neither pattern matches."""


def turned(text: str) -> str:
    """Letters upside down, which also reads from the end."""
    return text.translate(_TURN)[::-1] if len(_TURNED_RUN.findall(text)) >= 4 else ""
