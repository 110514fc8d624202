"""Alphabets of another kind: morse, braille, rot13, text written backwards."""

from __future__ import annotations

import re
from collections.abc import Iterator
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

# Words that a hidden instruction can hardly do without; enciphered, none of them is part of an English word.
_WORDS: Final = (
    "instruction",
    "ignore",
    "previous",
    "system",
    "prompt",
    "reveal",
    "password",
    " the ",
    " you ",
    " and ",
)
_ROT13_WORDS: Final = tuple(word.translate(_ROT13).encode() for word in _WORDS)
_BACKWARDS_WORDS: Final = tuple(word[::-1].encode() for word in _WORDS if word != " and ")


def morse(text: str) -> Iterator[str]:
    for match in _MORSE_RUN.finditer(text):
        words = _MORSE_WORD.split(match[0])
        said = " ".join(["".join([_MORSE.get(sign, "") for sign in word.split()]) for word in words])
        if sum(map(str.isalpha, said)) >= 4:
            yield said


def braille(text: str) -> Iterator[str]:
    for match in _BRAILLE_RUN.finditer(text):
        yield match[0].translate(_BRAILLE_TABLE)


def rot13(text: str, raw: bytes) -> Iterator[str]:
    lower = raw.lower()
    if any([word in lower for word in _ROT13_WORDS]):
        yield text.translate(_ROT13)


def backwards(text: str, raw: bytes) -> Iterator[str]:
    lower = raw.lower()
    if any([word in lower for word in _BACKWARDS_WORDS]):
        yield text[::-1]
