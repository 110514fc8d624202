"""Texts that are being written: each is the one before with something put in, as of an editor that asks what comes next. Pure.

Such texts are as near to each other as what a thief perturbs, and all of them tell a thief about one text. So they are one
query, until half as much is new. What is taken away or put in another place is not growth: who tries one ending after the
other sends new queries, and so does whoever takes a text back.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

import msgspec

from waf.abuse.embed import END, MOST_TEXT
from waf.abuse.template import common, common_end

_LEAST: Final = 16
"""Bytes from which on a text is remembered, so that others may have grown from it."""
_PIECE: Final = 48
"""Bytes that may be inserted at once without making it another text, or half of the text if that is more."""
_TAIL: Final = 32
"""Bytes by which a text is found again that has lost its beginning, or where it is cut: long ones are sent from somewhere on."""
_KEPT: Final = 0.75
"""Part of a text that must be there again."""
_TURNED: Final = 0.5
"""Part of a text that is new when it is looked at again."""
_BACK: Final = 6
"""Times that a text is sent for each time it may be shorter than before; one more is free."""
_REACH: Final = MOST_TEXT // 2 + _TAIL
"""Bytes from the end within which the end of a text is, if this has grown from it."""
_FOUND: Final = int((END + _LEAST) / _KEPT)
"""Bytes of a text up to which enough of it is left behind the cut of a long one whose beginning is another."""
_MOST: Final = 4
"""Texts of one caller that are written at a time."""


class Grown(IntEnum):
    """How a text stands to those before it: another one, one of them with a little more, or one of them of which half is new
    since it was looked at."""

    NOT = 0
    LITTLE = 1
    MUCH = 2


class _Text(msgspec.Struct, eq=False, gc=False):
    text: bytes
    begins: bytes
    ends: bytes
    """16 bytes of it each: what has grown from it has one of them."""
    place: int
    """Number under which it is remembered elsewhere."""
    new: int = 0
    """Bytes since it was looked at."""
    sent: int = 0
    shorter: int = 0
    """How often it was less than before."""


class Growing:
    """The latest texts of one caller, folded."""

    __slots__ = ("_texts",)

    def __init__(self) -> None:
        self._texts: list[_Text] = []

    def add(self, text: bytes, place: int) -> tuple[Grown, int]:
        """One more; it takes the place of what it has grown from, or of the one that has not grown for longest. `place`: a number
        for it; returned is that of what it has grown from, if it has."""
        texts, begins, latest = self._texts, text[:_LEAST], max(0, len(text) - _REACH)
        longest = _FOUND if len(text) >= MOST_TEXT else MOST_TEXT
        for at, known in enumerate(texts):
            if begins != known.begins and (len(known.text) > longest or text.rfind(known.ends, latest) < 0):
                continue
            more, less = grown(known.text, text), known.text.startswith(text)
            if more or (less and len(text) >= _LEAST):
                texts.insert(0, texts.pop(at))
                known.text, known.begins, known.ends = text, begins, text[-_LEAST:]
                known.new += more
                known.sent, known.shorter = known.sent + 1, known.shorter + less
                if less or (known.shorter - 1) * _BACK > known.sent:
                    known.new, known.place = 0, place
                    return Grown.NOT, place
                if known.new < _TURNED * len(text):
                    return Grown.LITTLE, known.place
                known.new = 0
                return Grown.MUCH, known.place
        if len(text) >= _LEAST:
            del texts[_MOST - 1 :]
            texts.insert(0, _Text(text, begins, text[-_LEAST:], place))
        return Grown.NOT, place


def grown(before: bytes, text: bytes) -> int:
    """Bytes that were put in, in one place, to make `text` of `before`; 0 where more than that has changed."""
    size = len(before)
    most = max(_PIECE, size // 2)
    more = len(text) - size
    if 0 < more <= most and (text[:_LEAST] == before[:_LEAST] or text.endswith(before[-_LEAST:])):
        begin = common(before, text)
        if begin == size or begin + common_end(before, text) >= size:
            return more
    if size < 2 * _TAIL:
        return 0
    at = text.rfind(before[-_TAIL:])
    more = len(text) - at - _TAIL
    if at < 0 or not 0 < more <= most:
        return 0
    kept = common_end(before, text[: at + _TAIL])
    return more if common(before, text) + kept >= _KEPT * size else 0
