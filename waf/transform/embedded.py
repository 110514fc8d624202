"""`decode_embedded`: the text hidden in encodings that models read without help.

Each format has a gate that costs a fraction of a microsecond on text that does not hold it. Gates work on bytes mapped to
classes of characters, where "sixteen base64 characters in a row" is a substring search.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from waf.transform.base import Decoder, to_bytes
from waf.transform.ciphers import backwards, morse, rot13
from waf.transform.letters import class_table, collapse
from waf.transform.payloads import ascii85, numbers, pairs, tokens, uuencoded
from waf.transform.rewrites import backslashes, entities, percent, quoted_printable
from waf.transform.unseen import payloads

DEPTH: Final = 3
"""Layers taken off one another."""
VIEWS: Final = 16
GROWTH: Final = 4
"""All views together, as a multiple of the value's length."""
CHARACTERS: Final = 256 * 1024
"""All views together, whatever the value's length."""
SHORTEST: Final = 12
"""Nothing shorter can hold an encoded phrase."""

_TOKEN_CLASSES: Final = class_table(
    {"B": "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"},
)
_PAIR_CLASSES: Final = class_table({"h": "0123456789abcdefABCDEF", " ": " ,:-;\n\t"})
_NUMBER_CLASSES: Final = class_table({"0": "0123456789", " ": " ,:-;\n\t"})
_MORSE_CLASSES: Final = class_table({"m": ".-", " ": " "})
_LONG: Final = b"B" * 16


def _ascii_views(text: str) -> Iterator[str]:
    raw = to_bytes(text)
    if _LONG in raw.translate(_TOKEN_CLASSES):
        yield from tokens(text)
    if b"hh hh hh hh hh hh" in raw.translate(_PAIR_CLASSES):
        yield from pairs(text)
    if b"00 00" in raw.translate(_NUMBER_CLASSES):
        yield from numbers(text)
    if b"m m" in raw.translate(_MORSE_CLASSES):
        yield from morse(text)
    if "<~" in text:
        yield from ascii85(text)
    if "begin " in text:
        yield from uuencoded(text)
    if "%" in text:
        yield percent(text)
    if "&" in text:
        yield entities(text)
    if "=" in text:
        yield quoted_printable(text)
    if "\\" in text:
        yield backslashes(text)
    yield collapse(text)
    yield from rot13(text, raw)
    yield from backwards(text, raw)


def _views(text: str) -> Iterator[str]:
    yield from _ascii_views(text)
    if not text.isascii():
        yield from payloads(text)


def _decode_embedded(text: str) -> list[str]:
    if len(text) < SHORTEST and text.isascii():
        return []
    found: list[str] = []
    seen = {text}
    left = min(GROWTH * len(text), CHARACTERS)
    layer = [text]
    for _ in range(DEPTH):
        below: list[str] = []
        for value in layer:
            for view in _views(value):
                if view in seen or len(view) > left:
                    continue
                seen.add(view)
                left -= len(view)
                below.append(view)
                found.append(view)
                if len(found) == VIEWS:
                    return found
        layer = below
    return found


DECODERS: Final = (
    Decoder(
        "decode_embedded",
        _decode_embedded,
        "Text hidden as base64, base32, hexadecimal, binary or decimal codes, ascii85, uuencode, percent, HTML, backslash or "
        "quoted-printable escapes, morse, braille, rot13, reversed, with stacked marks, letters kept apart, tag characters, "
        "variation selectors or zero-width bits; three layers deep.",
    ),
)
