"""What else a text can be read as: disguises taken off, and what is hidden in it decoded.

Every view is scored beside the text itself, and the highest score counts. Ordinary text has none.
"""

from __future__ import annotations

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


def _plain(text: str) -> str:
    return (text if text.isascii() else _nfkc(text).translate(_TYPOGRAPHIC)).lower()


def fold(text: str) -> str:
    """`text` without invisible characters, compatibility forms, lookalikes and digits for letters."""
    for apply in _FOLDS:
        text = apply(text)
    return text


def views(text: str) -> list[str]:
    """`text`, its folded form, and what `decode_embedded` finds: at most MOST besides the text, all different.

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
    hidden = [fold(view) for view in dict.fromkeys(hidden) if view not in found]
    room = MOST + 1 - len(found)
    if len(hidden) > room:
        hidden = [*hidden[: room - 1], "\n".join(hidden[room - 1 :])]
    return [*found, *dict.fromkeys(view for view in hidden if view not in found)]
