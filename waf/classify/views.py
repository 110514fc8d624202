"""What a model may read in a text besides the text itself: the same without disguise, and what is encoded in it. Pure."""

from __future__ import annotations

from typing import Final

from waf.transform import DECODERS, TRANSFORMS

VIEWS: Final = 3
"""Besides the raw text."""

_CLEAN: Final = tuple(
    TRANSFORMS[name].apply for name in ("strip_invisible", "nfkc", "fold_confusables", "collapse_spaced_letters")
)
_deleet: Final = TRANSFORMS["deleet"].apply
_decode: Final = DECODERS["decode_embedded"].apply


def views(text: str) -> list[str]:
    """The text, and at most `VIEWS` others that differ from it and from each other."""
    clean = text
    for apply in _CLEAN:
        clean = apply(clean)
    hidden = "\n".join(_decode(text))
    return list(dict.fromkeys(view for view in (text, clean, _deleet(clean), hidden) if view))
