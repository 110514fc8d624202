"""Whether decoded bytes are text that somebody wrote."""

from __future__ import annotations

import re
from typing import Final

from waf.transform.invisible import INVISIBLE

SHORTEST: Final = 6
_MOST_SIGNS: Final = 6
"""In ten. Text in a further layer of escapes is half signs."""
_UNSEEN: Final = re.compile(f"[{INVISIBLE}]+")
_CONTROL: Final = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd]")
_PLAIN: Final = bytes(range(0x20, 0x7F)) + b"\t\n\r"
_WRITTEN: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 \n"


def readable(raw: bytes, *, cut: bool = False) -> str:
    """`raw` as text; empty when it is not UTF-8 (or UTF-16 of ASCII), has control characters, or is mostly signs.

    With `cut`, `raw` may end inside a character.
    """
    if len(raw) < SHORTEST:
        return ""
    if raw[1] == 0 and not any(raw[1:64:2]):
        raw = raw[::2]  # UTF-16LE, as PowerShell's -EncodedCommand has it
    if not raw.isascii():
        return _foreign(raw, cut)
    if raw.translate(None, _PLAIN):
        return ""
    signs = len(raw.translate(None, _WRITTEN))
    return raw.decode("ascii") if signs * 10 <= len(raw) * _MOST_SIGNS else ""


def _foreign(raw: bytes, cut: bool) -> str:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if not cut or error.start < len(raw) - 3:
            return ""
        text = raw[: error.start].decode("utf-8")
    seen = _UNSEEN.sub("", text)
    signs = len(seen) - sum(map(str.isalnum, seen)) - sum(map(str.isspace, seen))
    return text if signs * 10 <= len(seen) * _MOST_SIGNS and not _CONTROL.search(seen) else ""
