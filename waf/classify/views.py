"""What else a text can be read as: disguises taken off, and what is hidden in it decoded.

Every view is scored beside the text itself, and the highest score counts. Ordinary text has none.
"""

from __future__ import annotations

import codecs
from typing import Final

from waf.transform import DECODERS, TRANSFORMS

MOST: Final = 3
"""Views besides the text."""
_FOLDS: Final = tuple(TRANSFORMS[name].apply for name in ("strip_invisible", "nfkc", "fold_confusables", "deleet"))
_decode: Final = DECODERS["decode_embedded"].apply
_nfkc: Final = TRANSFORMS["nfkc"].apply
_TYPOGRAPHIC: Final = str.maketrans(
    "\u2018\u2019\u201a\u201c\u201d\u201e\u2010\u2011\u2012\u2013\u2014\u3002", "'''\"\"\"-----."
)
"""Quotes, dashes and full stops that are ordinary: taken for themselves, they make no view worth its cost."""


_LINES: Final = 5
"""Line ends from which on a text may be one word a line."""
_WORDS_A_LINE: Final = 2.2
"""Words on a line, on average, below which lines are only a way to keep words apart. Tables and lists of names have more."""
_LETTERS: Final = (b"e", b"t", b"a", b"o", b"i")
_TURNED: Final = tuple(codecs.encode(letter.decode(), "rot13").encode() for letter in _LETTERS)
"""The commonest letters of English and its neighbours, and what rot13 makes of them: r, g, n, b, v."""
_SAMPLE: Final = 2_048
"""Characters in which letters are counted."""
_SHORTEST: Final = 16


def _plain(text: str) -> str:
    return (text if text.isascii() else _nfkc(text).translate(_TYPOGRAPHIC)).lower()


def fold(text: str) -> str:
    """`text` without invisible characters, compatibility forms, lookalikes and digits for letters."""
    for apply in _FOLDS:
        text = apply(text)
    return text


def joined(text: str) -> str:
    """`text` on one line if it stands there word by word; else the empty string."""
    ends = text.count("\n")
    if ends < _LINES:
        return ""
    words = text.split()
    return " ".join(words) if len(words) < _WORDS_A_LINE * (ends + 1) else ""


def turned(text: str) -> str:
    """`text` after rot13 if its letters are as frequent as they are in such texts; else the empty string."""
    if len(text) < _SHORTEST:
        return ""
    sample = text[:_SAMPLE].lower().encode("ascii", "ignore")
    plain = sum(map(sample.count, _LETTERS))
    other = sum(map(sample.count, _TURNED))
    return codecs.encode(text, "rot13") if other > plain and 5 * (other + plain) > len(text[:_SAMPLE]) else ""


def views(text: str) -> list[str]:
    """`text`, its folded form, its words on one line, and what `decode_embedded` finds or rot13 hides: at most MOST besides
    the text, all different.

    What is left over when there are more joins the last one, so that decoys do not push anything out.
    """
    found = [text]
    folded = fold(text)
    differs = folded is not text and _plain(folded) != _plain(text)
    if differs:
        found.append(folded)
    hidden = _decode(text)
    if differs and not hidden:
        hidden = _decode(folded)
    read = (joined(found[-1]), turned(found[-1]))
    hidden = [fold(view) for view in dict.fromkeys((*filter(None, read), *hidden)) if view not in found]
    room = MOST + 1 - len(found)
    if len(hidden) > room:
        hidden = [*hidden[: room - 1], "\n".join(hidden[room - 1 :])]
    return [*found, *dict.fromkeys(view for view in hidden if view not in found)]
