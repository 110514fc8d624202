r"""Backslash escapes of JavaScript, CSS and C, each with the quirks of libmodsecurity v3."""

from __future__ import annotations

import re
from binascii import unhexlify
from typing import Final

from waf.transform.base import Transform, gated
from waf.transform.url import full_width

_CONTROL: Final = {b"a": b"\a", b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}

_JS: Final = re.compile(
    rb"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|([0-3][0-7]{0,2}|[4-7][0-7]?)|(.))",
    re.DOTALL,
)
_C: Final = re.compile(rb"\\(?:[xX]([0-9A-Fa-f]{2})|([0-7]{1,3})|(.))", re.DOTALL)
_CSS: Final = re.compile(rb"\\(?:([0-9A-Fa-f]{1,6})[\t-\r ]?|(.)|\Z)", re.DOTALL)


def _js_escape(match: re.Match[bytes]) -> bytes:
    unicode, hexadecimal, octal, char = match.groups()
    if char:
        return _CONTROL.get(char, char)
    if hexadecimal:
        return unhexlify(hexadecimal)
    return bytes((full_width(unicode) if unicode else int(octal, 8),))


def _c_escape(match: re.Match[bytes]) -> bytes:
    hexadecimal, octal, char = match.groups()
    if char:
        return _CONTROL.get(char, char)
    return unhexlify(hexadecimal) if hexadecimal else bytes((int(octal, 8) & 0xFF,))


def _css_escape(match: re.Match[bytes]) -> bytes:
    digits, char = match.groups()
    if not digits:
        # An escaped line break joins lines; a backslash at the very end escapes nothing and goes.
        return b"" if char in (b"\n", None) else char
    # Full-width forms are known by four digits, or by more that start with zeros only.
    if len(digits) >= 4 and not digits[:-4].strip(b"0"):
        return bytes((full_width(digits[-4:]),))
    return bytes((int(digits, 16) & 0xFF,))


def _js(raw: bytes) -> bytes:
    return _JS.sub(_js_escape, raw)


def _c(raw: bytes) -> bytes:
    return _C.sub(_c_escape, raw)


def _css(raw: bytes) -> bytes:
    return _CSS.sub(_css_escape, raw)


TRANSFORMS: Final = (
    Transform(
        "js_decode",
        gated("\\", _js),
        r"JavaScript escapes: \uHHHH by its low byte (full-width made ASCII), \xHH, octal, \n and its like.",
    ),
    Transform(
        "css_decode",
        gated("\\", _css),
        r"CSS escapes: a backslash and one to six hexadecimal digits, by the low byte, with one blank after them.",
    ),
    Transform("escape_seq_decode", gated("\\", _c), r"ANSI C escapes: \n and its like, \xHH, \OOO, \c as c."),
)
