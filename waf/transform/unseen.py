"""Payloads written in characters that do not show, and letters buried under marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from waf.transform.ciphers import braille
from waf.transform.normal import strip_accents
from waf.transform.readable import readable

_TAGS: Final = re.compile("(?<!\U0001f3f4)[\U000e0020-\U000e007e]{2,}")
_SELECTORS: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{4,}")
_ZERO_WIDTH: Final = re.compile("[\u200b\u200c\u200d\u2060\ufeff]{32,}")
_ZALGO: Final = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{3}|[\u0334-\u0338]")


def _selector(char: str) -> int:
    code = ord(char)
    return code - 0xFE00 if code < 0xFE10 else code - 0xE0100 + 16


def _bits(run: str) -> Iterator[str]:
    """Zero-width characters as bits, eight to a byte; which one is 0 is not said, so both are tried."""
    for zero in ("\u200b", "\u200c"):
        bits = "".join(["0" if char == zero else "1" for char in run])
        octets = bytes([int(bits[place : place + 8], 2) for place in range(0, len(bits) & ~7, 8)])
        if said := readable(octets):
            yield said


def payloads(text: str) -> Iterator[str]:
    """Everything hidden in `text` beyond ASCII."""
    for match in _TAGS.finditer(text):
        yield "".join([chr(ord(char) - 0xE0000) for char in match[0]])
    for match in _SELECTORS.finditer(text):
        if said := readable(bytes(map(_selector, match[0]))):
            yield said
    for match in _ZERO_WIDTH.finditer(text):
        yield from _bits(match[0])
    yield from braille(text)
    if _ZALGO.search(text):
        yield strip_accents(text)
