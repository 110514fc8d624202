"""`decode_embedded`: the text hidden in encodings that models read without help.

One pass of RE2 over the bytes says "nothing here" for ordinary prose in about three microseconds. Only behind it each format
looks for its own runs. What one format finds in a value is one view, so that decoys cannot use up the number of views.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import re2

from waf.transform.base import Decoder, to_bytes
from waf.transform.ciphers import (
    BACKWARDS_ENOUGH,
    BACKWARDS_HINT,
    ROT13_ENOUGH,
    ROT13_HINT,
    backwards,
    morse,
    rot13,
)
from waf.transform.letters import SPACED, close_up
from waf.transform.payloads import ascii85, numbers, pairs, tokens, uuencoded
from waf.transform.rewrites import unescape
from waf.transform.unseen import UNSEEN, payloads

DEPTH: Final = 3
"""Layers taken off one another."""
VIEWS: Final = 16
GROWTH: Final = 4
"""All views together, as a multiple of the value's length."""
CHARACTERS: Final = 256 * 1024
"""All views together, whatever the value's length."""
SHORTEST: Final = 12
"""Nothing shorter can hold an encoded phrase."""

_TOKENS: Final = r"[A-Za-z0-9+/_-]{16}"
_ESCAPES: Final = "|".join(
    (
        r"%[0-9A-Fa-f]{2}",
        r"&#[0-9xX]",
        r"&[A-Za-z][A-Za-z0-9]+;",
        r"(?:=[0-9A-F]{2}){3}",
        r"=20[A-Za-z]",
        r"\\[xuU][0-9A-Fa-f{]",
        r"\\[0-3][0-7]{2}",
    )
)
_CODES: Final = "|".join(
    (
        r"(?:0[xX])?[0-9A-Fa-f]{2}(?:[ ,:;\n\t-]{1,2}(?:0[xX])?[0-9A-Fa-f]{2}){5}",
        r"[0-9]{2,8}(?:[ ,:;\n\t-]{1,2}[0-9]{2,8}){5}",
        r"[.-]{1,6}(?: [/|]? ?[.-]{1,6}){4}",
        r"<~",
        r"begin [0-7]{3}",
    )
)
_OTHERS: Final = f"{_ESCAPES}|{_CODES}|{SPACED}|{ROT13_HINT}|{BACKWARDS_HINT}"


def _gate(pattern: str) -> Callable[[bytes], object]:
    search: Callable[[bytes], object] = re2.compile(pattern.encode()).search
    return search


_HAS_ANY: Final = _gate(f"{_TOKENS}|{_OTHERS}")
_HAS_OTHERS: Final = _gate(_OTHERS)
_HAS_ESCAPES: Final = _gate(_ESCAPES)
_HAS_CODES: Final = _gate(f"{_CODES}|{SPACED}")
_HAS_ROT13: Final = _gate(ROT13_ENOUGH)
_HAS_BACKWARDS: Final = _gate(BACKWARDS_ENOUGH)
_HAS_UNSEEN: Final = _gate(UNSEEN)


def _others(text: str, raw: bytes) -> Iterator[str]:
    if _HAS_ESCAPES(raw):
        yield unescape(text)
    if _HAS_CODES(raw):
        yield pairs(text)
        yield numbers(text)
        yield morse(text)
        yield ascii85(text)
        yield uuencoded(text)
        yield close_up(text)
    if _HAS_ROT13(raw):
        yield rot13(text)
    if _HAS_BACKWARDS(raw):
        yield backwards(text)


def _views(text: str) -> Iterator[str]:
    """What each format makes of `text`; the empty string or `text` itself where it finds nothing."""
    raw = to_bytes(text)
    if _HAS_ANY(raw):
        yield tokens(raw)
        if _HAS_OTHERS(raw):
            yield from _others(text, raw)
    if not text.isascii() and _HAS_UNSEEN(raw):
        yield from payloads(text)


def _decode_embedded(text: str) -> list[str]:
    if len(text) < SHORTEST:
        return []
    found: list[str] = []
    seen = {text, ""}
    left = min(GROWTH * len(text), CHARACTERS)
    layer = [text]
    for _ in range(DEPTH):
        below: list[str] = []
        for value in layer:
            for view in _views(value):
                if view in seen:
                    continue
                seen.add(view)
                view = view[:left]
                left -= len(view)
                below.append(view)
                found.append(view)
                if len(found) == VIEWS or not left:
                    return found
        if not below:
            break
        layer = below
    return found


DECODERS: Final = (
    Decoder(
        "decode_embedded",
        _decode_embedded,
        "Text hidden as base64, base32, hexadecimal, binary or decimal codes, ascii85, uuencode, percent, HTML, backslash or "
        "quoted-printable escapes, morse, braille, rot13, reversed, upside down, with stacked marks, letters kept apart, tag "
        "characters, variation selectors or zero-width bits; three layers deep.",
    ),
)
