"""Whether decoded bytes are text that somebody wrote."""

from __future__ import annotations

from typing import Final

SHORTEST: Final = 6
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
    return raw.decode("ascii") if signs * 10 <= len(raw) * 3 else ""


def _foreign(raw: bytes, cut: bool) -> str:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if not cut or error.start < len(raw) - 3:
            return ""
        text = raw[: error.start].decode("utf-8")
    written = sum(map(str.isalnum, text)) + text.count(" ")
    return text if written * 10 >= len(text) * 7 and text.replace("\n", " ").replace("\t", " ").isprintable() else ""
