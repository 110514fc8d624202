"""Characters that a reader does not see and a model does.

What ordinary text needs stays: joiners between emoji, inside words of Arabic and Indic scripts and of Mongolian; variation
selectors on a character that has variants; the tag sequence of a flag (England, Scotland, Wales); direction marks next to
right-to-left letters. Sources: Unicode Technical Standard 51 (emoji), Standard Annex 9 (bidi), chapter 23.2 (joiners).
"""

from __future__ import annotations

import re
from typing import Final

from waf.transform.base import Transform, beyond_ascii, pieces
from waf.transform.linear import gate

BLACK_FLAG: Final = "\U0001f3f4"
FLAG_REGIONS: Final = ("gbeng", "gbsct", "gbwls")

_JOINERS: Final = "\u200c\u200d"
_MARKS: Final = "\u061c\u200e\u200f\u202a-\u202c\u2066-\u2069"
_SELECTORS: Final = "\ufe00-\ufe0f\U000e0100-\U000e01ef\u180b-\u180f"
_TAGS: Final = "\U000e0000-\U000e007f"
_ALWAYS: Final = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u200b\u202d\u202e\u2060-\u2065\u206a-\u206f"
    "\u3164\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0080-\U000e00ff\U000e01f0-\U000e0fff"
)

INVISIBLE: Final = f"{_ALWAYS}{_JOINERS}{_MARKS}{_SELECTORS}{_TAGS}"
"""Body of a character class: everything this module may take out."""

_RUN: Final = re.compile(f"[{INVISIBLE}]+")
has_invisible: Final = gate(f"[{INVISIBLE}]")
"""Whether UTF-8 bytes have one of them."""
NOT_SHOWN: Final = f"{INVISIBLE}\u2800"
"""Those and the blank of braille, which stays because braille needs it."""
has_unseen: Final = gate(f"[{NOT_SHOWN}]")
_RTL: Final = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_JOINING: Final = re.compile(
    "[\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\u1a20-\u1aaf\ua840-\ua87f\ua8e0-\ua8ff\ufb50-\ufdff\ufe70-\ufefc"
    "\U00011000-\U000112ff]"
)
_EMOJI: Final = re.compile(
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\u3030"
    "\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_KEYCAP: Final = re.compile("[0-9#*]")
_VARIED: Final = re.compile("[\u2200-\u22ff\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_MONGOLIAN: Final = re.compile("[\u1800-\u18af]")
_FLAGS: Final = frozenset(
    "".join([chr(0xE0000 + ord(letter)) for letter in f"{region}\x7f"]) for region in FLAG_REGIONS
)
"""What follows the black flag in the three flags that fonts have."""


def _selects(before: str, selector: str) -> bool:
    """Whether `selector` can mean something behind `before`."""
    if selector in "\ufe0e\ufe0f" and (_EMOJI.match(before) or _KEYCAP.match(before)):
        return True
    if "\u180b" <= selector <= "\u180f":
        return _MONGOLIAN.match(before) is not None
    return _VARIED.match(before) is not None or (selector <= "\ufe0f" and _JOINING.match(before) is not None)


def _kept(match: re.Match[str]) -> str:
    """What stays of one run of invisible characters."""
    text, start, end = match.string, match.start(), match.end()
    run = match[0]
    before, after = text[start - 1 : start], text[end : end + 1]
    if before == BLACK_FLAG and run in _FLAGS:
        return run
    kept = ""
    if before and run[0] in _SELECTOR_SET and _selects(before, run[0]):
        kept, run = run[0], run[1:]
    return kept + _join(run, before, after)


def _join(run: str, before: str, after: str) -> str:
    """The one joiner or direction mark that a run may keep between `before` and `after`."""
    if len(run) != 1 or not (before or after):
        return ""
    if run in _JOINERS:
        if run == "\u200d" and _EMOJI.match(before) and _EMOJI.match(after):
            return run
        return run if _JOINING.match(before) else ""
    if run in _MARK_SET and (_RTL.match(before) or _RTL.match(after)):
        return run
    return ""


_SELECTOR_SET: Final = frozenset(
    [*map(chr, range(0xFE00, 0xFE10)), *map(chr, range(0xE0100, 0xE01F0)), *map(chr, range(0x180B, 0x1810))]
)
_MARK_SET: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069")


def _strip_invisible(text: str) -> str:
    if text.isascii() or not has_invisible(beyond_ascii(text)):
        return text
    out = "".join([_RUN.sub(_kept, piece) for piece in pieces(text)])
    return text if out == text else out


TRANSFORMS: Final = (
    Transform(
        "strip_invisible",
        _strip_invisible,
        "Invisible characters go: zero width, tags, variation-selector payloads, bidi controls, fillers, soft hyphens. "
        "Those that emoji and scripts need stay.",
    ),
)
