"""`decode_embedded`: the text hidden in encodings that models read without help.

Searches for plain bytes and one small RE2 automaton say "nothing here" for ordinary prose; one automaton for all formats is
too large for a processor's cache. Only behind them each format looks for its own runs. What one format finds in a value is
one view, so that decoys cannot use up the number of views.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final, NamedTuple

from waf.transform.base import Decoder, beyond_ascii, to_bytes, windows
from waf.transform.ciphers import (
    BACKWARDS_ENOUGH,
    HINTS,
    ROT13_ENOUGH,
    backwards,
    braille,
    morse,
    rot13,
    turned,
)
from waf.transform.letters import close_up, has_spaced
from waf.transform.linear import gate
from waf.transform.payloads import ascii85, has_tokens, numbers, pairs, tokens, uuencoded
from waf.transform.rewrites import unescape
from waf.transform.unseen import UNSEEN, selectors, tags, unstacked, zero_width

DEPTH: Final = 3
"""Layers taken off one another."""
VIEWS: Final = 16
GROWTH: Final = 4
"""All views together, as a multiple of the value's length."""
CHARACTERS: Final = 256 * 1024
"""All views together, whatever the value's length."""
SHORTEST: Final = 12
"""Nothing shorter can hold an encoded phrase."""

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
_HAS_ESCAPES: Final = gate(_ESCAPES)
_HAS_CODES: Final = gate(_CODES)
_HAS_HINTS: Final = gate("(?i:" + "|".join(sorted(HINTS)) + ")")
_HAS_ROT13: Final = gate(ROT13_ENOUGH)
_HAS_BACKWARDS: Final = gate(BACKWARDS_ENOUGH)
_HAS_UNSEEN: Final = gate(UNSEEN)


class _Suspect(NamedTuple):
    """A text in which something may be hidden, and what."""

    text: str
    raw: bytes
    depth: int
    """Layers taken off so far."""
    escapes: bool
    codes: bool
    """Codes with gaps, or letters kept apart."""
    ciphers: bool
    unseen: bool
    """Something in its characters beyond ASCII."""

    @property
    def others(self) -> bool:
        """Whether there may be more in it than tokens and characters beyond ASCII."""
        return self.escapes or self.codes or self.ciphers


def _suspects(text: str, depth: int, *, hinted: bool = True) -> list[_Suspect]:
    """`text` as a suspect, or nothing. `hinted` is False if none of `HINTS` is in it."""
    raw = to_bytes(text)
    escapes = (b"%" in raw or b"&" in raw or b"\\" in raw or b"=" in raw) and _HAS_ESCAPES(raw)
    codes = _HAS_CODES(raw) or has_spaced(raw)
    ciphers = hinted and _HAS_HINTS(raw)
    unseen = not text.isascii() and _HAS_UNSEEN(beyond_ascii(text))
    if escapes or codes or ciphers or unseen or has_tokens(raw):
        return [_Suspect(text, raw, depth, escapes, codes, ciphers, unseen)]
    return []


def _runs(value: _Suspect) -> Iterator[str]:
    """What runs of characters say, format by format; the empty string where a format says nothing."""
    text = value.text
    yield tokens(value.raw)
    if value.codes:
        parts = windows(text)
        for read in (pairs, numbers, morse):
            yield "\n".join(filter(None, map(read, parts)))
        yield ascii85(text)
        yield uuencoded(text)
    if value.unseen:
        yield tags(text)
        yield selectors(text)
        yield zero_width(text)
        yield braille(text)


def _rewritings(value: _Suspect) -> Iterator[str]:
    """The whole text, read in another way; the empty string or the text itself where that makes no difference."""
    text = value.text
    if value.others:
        if value.escapes:
            yield _unescaped(text)
        yield close_up(text)
        if value.ciphers and _HAS_ROT13(value.raw):
            yield rot13(text)
        if value.ciphers and _HAS_BACKWARDS(value.raw):
            yield backwards(text)
    if value.unseen:
        yield turned(text)
        yield unstacked(text)


def _unescaped(text: str) -> str:
    """Escapes of escapes come off with them: what is between would be another view as long as the text."""
    for _ in range(DEPTH):
        before, text = text, unescape(text)
        if text == before:
            break
    return text


class _Views:
    """The views found so far, and what is left of the budget."""

    def __init__(self, text: str) -> None:
        self.found: list[str] = []
        self.seen = {text, ""}
        self.left = min(GROWTH * len(text), CHARACTERS)

    def take(self, views: Iterator[str], depth: int) -> list[_Suspect]:
        """Keep what is new in `views`, `depth` layers down, and return what of it may hide more. None is made that finds no
        room."""
        more: list[_Suspect] = []
        while self.left and len(self.found) < VIEWS and (view := next(views, None)) is not None:
            if view in self.seen:
                continue
            self.seen.add(view)
            view = view[: self.left]
            self.left -= len(view)
            self.found.append(view)
            if depth < DEPTH:
                more += _suspects(view, depth)
        return more


def _decode_embedded(text: str, *, hinted: bool = True) -> list[str]:
    """Runs are decoded to their last layer before whole texts are rewritten: what runs say is short, and rewritings, as long
    as the text, would use up the budget."""
    suspects = _suspects(text, 0, hinted=hinted) if len(text) >= SHORTEST else []
    if not suspects:
        return []
    views = _Views(text)
    while suspects:
        for value in suspects:  # grows while it is walked
            suspects += views.take(_runs(value), value.depth + 1)
        suspects = [more for value in suspects for more in views.take(_rewritings(value), value.depth + 1)]
    return views.found


DECODERS: Final = (
    Decoder(
        "decode_embedded",
        _decode_embedded,
        "Text hidden as base64, base32, hexadecimal, binary or decimal codes, ascii85, uuencode, percent, HTML, backslash or "
        "quoted-printable escapes, morse, braille, rot13, reversed, upside down, with stacked marks, letters kept apart, tag "
        "characters, variation selectors or zero-width bits; three layers deep.",
        hints=HINTS,
        unhinted=partial(_decode_embedded, hinted=False),
    ),
)
