"""What bytes say as text, and bytes that somebody wrote as base64: read as generously as the most generous server reads them."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from binascii import Error as Base64Error
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from typing import Final

_CONTROLS: Final = bytes([*range(9), *range(14, 27), *range(28, 32)])
_SAMPLE: Final = 65_536
_URL_SAFE: Final = bytes.maketrans(b"-_", b"+/")
_ALPHABET: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=")
_JUNK: Final = bytes(byte for byte in range(256) if byte not in _ALPHABET)
_JSON: Final = re.compile(rb'\s*+(?:\{\s*+"|\[\s*+["{\[])')
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_WIDE_JSON: Final = re.compile(rb"(?:\s|\x00(?=[\x00\s{\[\"<]))*+(?:[{\[\"<]\x00|(?<=\x00)[{\[\"<])")


def is_wide(raw: bytes) -> bool:
    """Text in UTF-16 or UTF-32, which some servers decode unasked (Python's `json.loads` does)."""
    return raw.startswith(_WIDE) or _WIDE_JSON.match(raw) is not None


def message_text(raw: bytes) -> str:
    """The text that a message of bytes is to a server that reads JSON from it; empty where it is none."""
    if is_wide(raw):
        return raw.decode(json.detect_encoding(raw), "replace")
    return raw.decode("utf-8", "surrogateescape") if looks_like_text(raw) else ""


def looks_like_text(raw: bytes) -> bool:
    """UTF-8, but for a few bytes: readers ignore those, so one of them must not take a whole text out of sight.

    At most one byte in sixteen is a control character, and one in eight of the first 64 KiB is no UTF-8. In what is
    compressed or random both are far more. What begins as JSON is text in any case: readers that replace what is no UTF-8
    take it, however much of that is in one of its strings.
    """
    if _JSON.match(raw):
        return True
    if (len(raw) - len(raw.translate(None, _CONTROLS))) * 16 > len(raw):
        return False
    sample = raw[:_SAMPLE]
    return (len(sample) - len(sample.decode("utf-8", "ignore").encode())) * 8 <= len(sample)


def text_of(raw: bytes) -> str | None:
    """The text that the bytes of a file are (UTF-8, or UTF-16 that says so), or None where they are something else."""
    if raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        wide = raw.decode("utf-16", "replace")
        return wide if looks_like_text(wide.encode("utf-8", "replace")) else None
    return raw.decode("utf-8", "surrogateescape") if looks_like_text(raw) else None


def base64_bytes(data: str) -> bytes | None:
    """What the base64 holds (URL-safe or not, padded or not), or None where it is no base64."""
    try:
        return b64decode(
            data.encode("ascii").translate(_URL_SAFE).rstrip(b"=") + b"=" * (-len(data.rstrip("=")) % 4), validate=True
        )
    except (Base64Error, ValueError):
        return None


def loose_base64(data: str) -> bytes:
    """The same as servers read it that pass over line ends and other foreign characters, a letter too many, and padding
    anywhere (Python's and Node's decoders do)."""
    known = data.encode("ascii", "ignore").translate(_URL_SAFE, _JUNK)
    runs = [run[: len(run) - (len(run) % 4 == 1)] for run in known.split(b"=")]
    return b"".join([b64decode(run + b"=" * (-len(run) % 4)) for run in runs if run])


_QUOTES: Final = re.compile(r'\s*+[{\["]')
_ESCAPES: Final = re.compile(r'\\(?:u[0-9A-Fa-f]{4}(?:\\u[0-9A-Fa-f]{4})*+|["/\\bfnrt])')
_SHORT: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def without_escapes(text: str) -> str:
    """JSON with the escapes of its strings undone, so that a line that begins in a string does not begin with the n of `\\n`;
    any other text as it is. Not parsed: what tools return is often cut off, several texts, or nearly JSON."""
    return _ESCAPES.sub(_said, text) if "\\" in text and _QUOTES.match(text) else text


def _said(escape: re.Match[str]) -> str:
    sign = escape[0][1]
    if sign == "u":
        return bytes.fromhex(escape[0].replace("\\u", "")).decode("utf-16-be", "replace")
    return _SHORT.get(sign, sign)
