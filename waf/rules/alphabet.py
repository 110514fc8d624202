"""Which telling characters does a text have? One bit for each, so that what has nothing to do with them is left out.

What stands outside ASCII is one bit, its invisible part another one.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Final

from waf.transform.invisible import has_unseen
from waf.transform.triggers import FOREIGN, TWO_BLANKS, UNSEEN

_LOWER: Final = "abcdefghijklmnopqrstuvwxyz"
_UPPER: Final = _LOWER.upper()
_DIGITS: Final = "0123456789"
_DULL: Final = "_"
_OTHER_CONTROLS: Final = "".join(chr(n) for n in (*range(1, 9), *range(14, 32), 127))

_GROUPS: Final = (_LOWER, _UPPER, _DIGITS, _OTHER_CONTROLS, FOREIGN, UNSEEN, TWO_BLANKS)
_SINGLE: Final = sorted({chr(n) for n in range(128)}.difference(_DULL, *_GROUPS))
_BITS: Final = {char: 1 << place for place, group in enumerate((*_GROUPS, *_SINGLE)) for char in group}
EVERYTHING: Final = (1 << len(_GROUPS) + len(_SINGLE)) - 1
"""The mask of a text nothing is known of."""

_ALWAYS: Final = _BITS["a"]
"""Nearly every text has lower-case letters, so nobody looks."""
_CAPITAL: Final = _BITS["A"]
_BLANK: Final = _BITS[" "]
_TWO_BLANKS: Final = _BITS[TWO_BLANKS]
_DIGIT: Final = _BITS["0"]
_FOREIGN: Final = _BITS[FOREIGN]
_UNSEEN: Final = _BITS[UNSEEN]
_OF_BYTE: Final = [_BITS.get(chr(byte), 0) for byte in range(128)]
_LEFT_OUT: Final = (_LOWER + _UPPER + _DIGITS + _DULL + " ").encode() + bytes(range(128, 256))
"""Deleted before bytes are looked at one by one: the rest of a text is short."""
_ASCII: Final = bytes(range(128))
_ALL_DIGITS: Final = _DIGITS.encode()
_LONGEST: Final = 65_536
"""Bytes from which on a text counts as having everything: looking takes longer than it spares."""


def mask(chars: Iterable[str]) -> int:
    """The bits of some characters, in the terms of `waf.transform.triggers`. KeyError for `_`, which has none."""
    return reduce(or_, (_BITS[char] for char in chars), 0)


def alphabet(text: str, wanted: int = EVERYTHING) -> int:
    """The bits of a text's characters, of those wanted. It may have more than that: never fewer."""
    ascii_only = text.isascii()
    raw = text.encode("utf-8", "replace")
    if len(raw) > _LONGEST:
        return EVERYTHING & ~(_FOREIGN | _UNSEEN) if ascii_only else EVERYTHING
    found = _ALWAYS
    for byte in set(raw.translate(None, _LEFT_OUT)):
        found |= _OF_BYTE[byte]
    if wanted & (_BLANK | _TWO_BLANKS) and b" " in raw:
        found |= _BLANK | _TWO_BLANKS if b"  " in raw else _BLANK
    if wanted & _DIGIT and len(raw.translate(None, _ALL_DIGITS)) != len(raw):
        found |= _DIGIT
    if wanted & _CAPITAL and raw.lower() != raw:
        found |= _CAPITAL
    if not ascii_only:
        found |= _FOREIGN | _UNSEEN if has_unseen(raw.translate(None, _ASCII)) else _FOREIGN
    return found
