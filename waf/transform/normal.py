"""Unicode normal forms of text that a model reads.

Sources: Unicode Standard Annex 15 (normalisation forms, stream-safe text).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Literal

from waf.transform.base import Transform

_Form = Literal["NFD", "NFKC"]

CHUNK: Final = 1024
"""Characters normalised in one call. CPython's canonical ordering is quadratic in a run of combining marks and holds the GIL
all along; a chunk keeps the worst call below a millisecond."""
LOOK_BACK: Final = 64
_GROWING: Final = re.compile("[\ufdfa\ufdfb]")
_MARK: Final = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+",
)
_ACCENTED: Final = re.compile("[\u00c0-\u024f\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1eff\u20d0-\u20ff\ufe20-\ufe2f]+")


def _starts(char: str) -> bool:
    """True where text may be cut before `char`: nothing in its decomposition joins what stands before it."""
    first = unicodedata.normalize("NFKD", char)[0]
    return first < "\u0300" or not (unicodedata.category(first)[0] == "M" or "\u1160" <= first <= "\u11ff")


def _cuts(text: str) -> list[str]:
    """Pieces of at most CHUNK characters that can be normalised one by one.

    A run of more than LOOK_BACK joining characters, which no language writes, is cut all the same.
    """
    pieces = []
    start, size = 0, len(text)
    while size - start > CHUNK:
        end = start + CHUNK
        for place in range(end, end - LOOK_BACK, -1):
            if _starts(text[place]):
                end = place
                break
        pieces.append(text[start:end])
        start = end
    pieces.append(text[start:])
    return pieces


def _form(form: _Form, text: str) -> str:
    if len(text) <= CHUNK:
        out = unicodedata.normalize(form, text)
    else:
        out = "".join([unicodedata.normalize(form, piece) for piece in _cuts(text)])
    return text if out == text else out


def _nfkc(text: str) -> str:
    if text.isascii():
        return text
    if "\ufdfa" not in text and "\ufdfb" not in text:
        return _form("NFKC", text)
    # Two Arabic phrases written as one character grow eighteenfold and hold nothing a rule looks for.
    pieces = _GROWING.split(text)
    marks = _GROWING.findall(text)
    out = "".join([a + b for a, b in zip(map(_nfkc, pieces), [*marks, ""], strict=True)])
    return text if out == text else out


def _without_marks(match: re.Match[str]) -> str:
    return _MARK.sub("", _form("NFD", match[0]))


def strip_accents(text: str) -> str:
    if text.isascii():
        return text
    out = _ACCENTED.sub(_without_marks, text)
    return text if out == text else out


TRANSFORMS: Final = (
    Transform(
        "nfkc",
        _nfkc,
        "Unicode NFKC, in pieces; runs of more than 64 combining marks and U+FDFA, U+FDFB are left as they are.",
    ),
    Transform("strip_accents", strip_accents, "Latin letters without accents, and stacked marks (zalgo) gone."),
)
