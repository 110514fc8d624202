"""Payloads in characters that do not show, and letters buried under marks."""

from __future__ import annotations

import re
from typing import Final

from waf.transform.invisible import BLACK_FLAG, FLAG_REGIONS
from waf.transform.normal import strip_accents
from waf.transform.readable import readable

_TAGS: Final = re.compile("\U0001f3f4?[\U000e0020-\U000e007f]{2,}")
_SELECTORS: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{4,}")
_ZERO_WIDTH: Final = re.compile("[\u200b\u200c\u200d\u2060\ufeff]{32,}")
_STACKED: Final = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{3}|[\u0334-\u0338]")

UNSEEN: Final = (
    r"[\x{E0020}-\x{E007E}]{2}|[\x{FE00}-\x{FE0F}\x{E0100}-\x{E01EF}]{4}|[\x{200B}-\x{200D}\x{2060}\x{FEFF}]{8}"
    r"|[\x{2801}-\x{283F}]|[ɐɔǝɟƃɥᴉɾʞɯɹʇʌʍʎ]|[\x{334}-\x{338}]"
    r"|[\x{300}-\x{36F}\x{1AB0}-\x{1AFF}\x{1DC0}-\x{1DFF}\x{20D0}-\x{20FF}]{3}"
)
"""RE2: what these, `braille` and `turned` could make something of."""


def tags(text: str) -> str:
    """U+E0020–U+E007E as the ASCII they shadow."""
    said = []
    for run in _TAGS.findall(text):
        letters = "".join([chr(ord(char) - 0xE0000) for char in run.removeprefix(BLACK_FLAG)]).rstrip("\x7f")
        if letters not in FLAG_REGIONS:
            said.append(letters)
    return "\n".join(said)


def _selector(char: str) -> int:
    code = ord(char)
    return code - 0xFE00 if code < 0xFE10 else code - 0xE0100 + 16


def selectors(text: str) -> str:
    """The 256 variation selectors as the values of bytes."""
    return "\n".join(filter(None, [readable(bytes(map(_selector, run))) for run in _SELECTORS.findall(text)]))


def zero_width(text: str) -> str:
    """Zero-width characters as bits, eight to a byte; nobody says which one is 0, so two are tried."""
    said = []
    for run in _ZERO_WIDTH.findall(text):
        for zero in "\u200b\u200c":
            bits = "".join(["0" if char == zero else "1" for char in run])
            said.append(readable(bytes([int(bits[place : place + 8], 2) for place in range(0, len(bits) & ~7, 8)])))
    return "\n".join(filter(None, said))


def unstacked(text: str) -> str:
    """Letters without the marks heaped on them or struck through them."""
    return strip_accents(text) if _STACKED.search(text) else ""
