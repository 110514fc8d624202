"""Whole-value encodings and digests: base64, hexadecimal, UTF-8 written as %uHHHH, SHA-1, MD5."""

from __future__ import annotations

import re
from binascii import a2b_base64, b2a_base64, unhexlify
from hashlib import md5, sha1
from typing import Final

from waf.transform.base import Transform, from_bytes, on_bytes, to_bytes

_BASE64: Final = re.compile(rb"[A-Za-z0-9+/]*={0,2}")
_NOT_BASE64: Final = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))


_IN_LINES: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \r\n"
_A_LOOK: Final = 64
"""Bytes of which nearly every text has one that no base64 has."""


def _base64_decode(raw: bytes) -> bytes:
    """Strict: a value with anything that is not base64 stays as it is. Lines may end in blanks and CR LF or LF."""
    text, _, _ = raw.partition(b"\0")
    if text[:_A_LOOK].translate(None, _IN_LINES):
        return raw
    joined = b"".join(line.rstrip(b" ") for line in text.replace(b"\r\n", b"\n").split(b"\n"))
    if len(joined) & 3 or not _BASE64.fullmatch(joined):
        return raw
    return a2b_base64(joined)


def _base64_decode_ext(raw: bytes) -> bytes:
    """Lenient: characters outside the alphabet are skipped, `-` and `_` too."""
    pieces = raw.split(b"=")
    digits = 0
    for place, piece in enumerate(pieces[:-1]):
        digits += len(piece.translate(None, _NOT_BASE64))
        # One stray digit before padding: the reference gives up on the whole value.
        followed_by_pad = not pieces[place + 1] and place + 2 < len(pieces)
        if digits & 3 == 1 and not followed_by_pad:
            return b""
    alphabet = raw.translate(None, _NOT_BASE64)
    # The reference takes a final 9 (value 61, the code of `=`) for padding.
    if len(alphabet) & 3 == 1 and raw[-1:] in (b"=", b"9"):
        return b""
    padded = a2b_base64(alphabet + b"A" * (-len(alphabet) % 4))
    return padded[: len(alphabet) * 6 // 8]


def _nibble(char: int) -> int:
    value = (char & 0xDF) - 0x37 if char >= 0x41 else char - 0x30
    return value & 0xFF


_HIGH: Final = bytes(_nibble(char) * 16 & 0xFF for char in range(256))
_LOW: Final = bytes(_nibble(char) for char in range(256))


def _hex_decode(raw: bytes) -> bytes:
    """Pairs of digits; an odd one is dropped. What is no digit gives the byte the reference's arithmetic gives."""
    pairs = raw[: len(raw) & ~1]
    try:
        return unhexlify(pairs)
    except ValueError:
        high, low = pairs[::2].translate(_HIGH), pairs[1::2].translate(_LOW)
        return bytes([(a + b) & 0xFF for a, b in zip(high, low, strict=True)])


def _hex_encode(text: str) -> str:
    return to_bytes(text).hex() if text else text


def _base64_encode(text: str) -> str:
    return b2a_base64(to_bytes(text), newline=False).decode("ascii") if text else text


def _length(text: str) -> str:
    size = str(len(text) if text.isascii() else len(to_bytes(text)))
    return text if size == text else size


_NUMBER: Final = re.compile(r"[ \t-\r]*([+-]?[0-9]{1,40})")
_LARGEST: Final = (1 << 63) - 1


def leading_number(text: str) -> int:
    """The whole number at the beginning of a text, as C's strtol reads it; 0 where there is none."""
    found = _NUMBER.match(text)
    return max(-_LARGEST - 1, min(int(found[1]), _LARGEST)) if found else 0


def _whole_number(text: str) -> str:
    number = str(leading_number(text))
    return text if number == text else number


def _sha1(text: str) -> str:
    return from_bytes(sha1(to_bytes(text), usedforsecurity=False).digest())


def _md5(text: str) -> str:
    return from_bytes(md5(to_bytes(text), usedforsecurity=False).digest())


_SEQUENCE: Final = re.compile(
    rb"[\xc0-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf7][\x80-\xbf]{3}|([\xc0-\xf7])|\0(?!\Z)",
)
_PYTHON_ESCAPES: Final = ((rb"\u", b"%u"), (rb"\x", b"%u00"), (rb"\U000", b"%u"), (rb"\U00", b"%u"))
_NEEDS_BYTES: Final = re.compile("[\0\ud800-\udfff]")


def _sequence(match: re.Match[bytes]) -> bytes:
    """One sequence as %uHHHH. Surrogates and overlong forms leave their first byte behind it, bytes that can never lead
    leave themselves before it; a lead byte without its followers goes, and so does a NUL that is not the last byte."""
    found = match[0]
    first = found[:1]
    before = first if first >= b"\xf5" else b""
    size = len(found)
    if size == 1:
        return before
    code = first[0] & (0xFF >> (size + 1))
    for byte in found[1:]:
        code = code << 6 | byte & 0x3F
    odd = 0xD800 <= code <= 0xDFFF or code < (0x80, 0x800, 0x10000)[size - 2]
    return b"%s%%u%04x%s" % (before, code, first if odd else b"")


def _utf8_to_unicode_bytes(raw: bytes) -> bytes:
    return _SEQUENCE.sub(_sequence, raw)


def _utf8_to_unicode(text: str) -> str:
    if text.isascii():
        return _lifted_unicode(text) if "\0" in text else text
    if _NEEDS_BYTES.search(text):
        return _lifted_unicode(text)
    # Python's own escapes, made in C, differ only in their first characters. Backslashes of the text wait as NULs.
    escaped = text.replace("\\", "\0").encode("ascii", "backslashreplace")
    for python, percent in _PYTHON_ESCAPES:
        escaped = escaped.replace(python, percent)
    return escaped.replace(b"\0", b"\\").decode("ascii")


_lifted_unicode: Final = on_bytes(_utf8_to_unicode_bytes)

TRANSFORMS: Final = (
    Transform("base64_decode", on_bytes(_base64_decode), "Strict base64; a value that is not base64 stays as it is."),
    Transform("base64_decode_ext", on_bytes(_base64_decode_ext), "Lenient base64: skips what is not in its alphabet."),
    Transform(
        "whole_number", _whole_number, "The whole number at the beginning, as C reads it; 0 where there is none."
    ),
    Transform("base64_encode", _base64_encode, "Base64 of the bytes."),
    Transform("hex_decode", on_bytes(_hex_decode), "Two hexadecimal digits a byte."),
    Transform("hex_encode", _hex_encode, "Each byte as two lower-case hexadecimal digits."),
    Transform("utf8_to_unicode", _utf8_to_unicode, "Every character beyond ASCII as %uHHHH."),
    Transform("length", _length, "Length in bytes, as a decimal number."),
    Transform("sha1", _sha1, "The 20 bytes of the SHA-1 digest."),
    Transform("md5", _md5, "The 16 bytes of the MD5 digest."),
)
