"""Case folding for the prefilter: one direction only, towards what RE2's `(?i)` treats as the same character.

`str.lower` is nearly that. The exceptions are the traps the prefilter must not fall into: ſ folds with s, the Kelvin sign
with k (lower() knows that one), a final sigma with sigma, and a few Greek and Cyrillic symbol variants.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from waf.transform.linear import gate
from waf.transform.lookalikes import STYLED, TYPOGRAPHIC

_VARIANTS: Final = {
    "ſ": "s",
    "ς": "σ",
    "ϐ": "β",
    "ϑ": "θ",
    "ϕ": "φ",
    "ϖ": "π",
    "ϰ": "κ",
    "ϱ": "ρ",
    "ϵ": "ε",
    "ẛ": "ṡ",
    "µ": "μ",
    "\u1fbe": "ι",
    "\u0345": "ι",
    "ᲀ": "в",
    "ᲁ": "д",
    "ᲂ": "о",
    "ᲃ": "с",
    "ᲄ": "т",
    "ᲅ": "т",
    "ᲆ": "ъ",
    "ᲇ": "ѣ",
    "ᲈ": "ꙋ",
}
_ANY_VARIANT: Final = re.compile("[" + "".join(_VARIANTS) + "]")
_HAS_VARIANT: Final = gate(_ANY_VARIANT.pattern)
_ASCII: Final = bytes(range(128))


def fold(text: str) -> str:
    """`text` with case distinctions removed, character by character, so that literals of `(?i)` patterns can be looked
    for, and with typographic quotes, dashes and blanks as ASCII, so that a text that differs from one scanned before in
    nothing else need not be scanned again. The result may be longer than the text (İ), never shorter, and is only ever used
    to *find candidates*."""
    if text.isascii():
        return text.lower()
    return _fold_again(text) if len(text) <= _REMEMBERED else _fold(text)


def _fold(text: str) -> str:
    lowered = fold_case(text)
    for char in TYPOGRAPHIC:
        if char in lowered:
            lowered = lowered.replace(char, STYLED[char])
    return lowered


def fold_case(text: str) -> str:
    """`fold` without its second half."""
    lowered = text.lower()
    if not _HAS_VARIANT(lowered.encode("utf-8", "replace").translate(None, _ASCII)):
        return lowered
    found = set(_ANY_VARIANT.findall(lowered))
    for variant in found:  # a handful at most; str.translate would look every character up in a dict
        lowered = lowered.replace(variant, _VARIANTS[variant])
    return lowered


_REMEMBERED: Final = 65_536
_fold_again = lru_cache(maxsize=8)(_fold)
"""One long text is folded for several steps in a row."""


def folds_simply(char: str) -> bool:
    """Whether `fold` maps everything that RE2 considers equal to `char` without case onto one and the same character.

    Characters outside (Cherokee, whose lower case maps *up*, and letters whose capital is several characters) end a
    literal instead of being part of it.
    """
    if char.isascii():
        return True
    upper, lower = char.upper(), char.lower()
    return len(upper) == 1 and len(lower) == 1 and not "\u13a0" <= char <= "\u13ff" and not "\uab70" <= char <= "\uabbf"
