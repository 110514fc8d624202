"""Percent-encoding, with the leniency of libmodsecurity v3: what is not an escape stays as it is."""

from __future__ import annotations

import re
from binascii import unhexlify
from typing import Final

from waf.transform.base import Transform, from_bytes, on_bytes, to_bytes

# Runs of a bounded length: a match holds the interpreter lock, and a body may be one run. Both begin with the one character
# that is quick to look for.
_ESCAPES: Final = re.compile(rb"%[0-9A-Fa-f]{2}(?:%[0-9A-Fa-f]{2}){0,4095}")
_ESCAPES_UNI: Final = re.compile(rb"%(?:[0-9A-Fa-f]{2}(?:%[0-9A-Fa-f]{2}){0,4095}|[uU]([0-9A-Fa-f]{4}))")
_PLAIN: Final = frozenset(b"*0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_ENCODED: Final = tuple(
    bytes([byte]) if byte in _PLAIN else b"+" if byte == 0x20 else b"%%%02x" % byte for byte in range(256)
)


def full_width(code: bytes) -> int:
    """The byte four hexadecimal digits stand for: the low one, with full-width forms (U+FF01–U+FF5E) made ASCII."""
    high, low = unhexlify(code)
    return low + 0x20 if high == 0xFF and 0 < low < 0x5F else low


def _run(match: re.Match[bytes]) -> bytes:
    return unhexlify(match[0].replace(b"%", b""))


def _run_or_uni(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes((full_width(code),)) if code else unhexlify(match[0].replace(b"%", b""))


def _decode(raw: bytes) -> bytes:
    # `+` first: a decoded %2B stays a plus sign, and no escape contains one.
    return _ESCAPES.sub(_run, raw.replace(b"+", b" "))


def _decode_uni(raw: bytes) -> bytes:
    return _ESCAPES_UNI.sub(_run_or_uni, raw.replace(b"+", b" "))


def _percent_decode(text: str) -> str:
    return _lifted_percent(text) if "%" in text else text


def _url_decode(text: str) -> str:
    return _lifted(text) if "%" in text or "+" in text else text


def _url_decode_uni(text: str) -> str:
    return _lifted_uni(text) if "%" in text or "+" in text else text


def _url_encode(text: str) -> str:
    raw = to_bytes(text)
    out = b"".join(map(_ENCODED.__getitem__, raw))
    return text if out == raw else from_bytes(out)


_lifted_percent: Final = on_bytes(lambda raw: _ESCAPES.sub(_run, raw))
_lifted: Final = on_bytes(_decode)
_lifted_uni: Final = on_bytes(_decode_uni)

_SCHEME: Final = 64
_INSIDE: Final = dict.fromkeys([*range(0x21), ord("\\")])


def _squeeze_scheme(text: str) -> str:
    """Browsers drop tabs and line breaks from an address, and blanks and controls before it (WHATWG URL, 4.4)."""
    colon = text.find(":", 0, _SCHEME)
    if colon < 6 or text[:colon].rstrip(" \t\r\n\0\\")[-1:] not in ("t", "T"):
        return text
    scheme = text[:colon].translate(_INSIDE)
    return scheme + text[colon:] if len(scheme) < colon and scheme[-6:].lower() == "script" else text


TRANSFORMS: Final = (
    Transform("percent_decode", _percent_decode, "Percent-decoding as in a path: `+` stays; broken escapes stay."),
    Transform("url_decode", _url_decode, "Percent-decoding; `+` becomes a blank; broken escapes stay."),
    Transform(
        "url_decode_uni",
        _url_decode_uni,
        "url_decode, and %uHHHH as its low byte with full-width forms made ASCII.",
    ),
    Transform("url_encode", _url_encode, "Percent-encodes all but ASCII letters, digits and `*`; a blank becomes `+`."),
    Transform(
        "squeeze_scheme",
        _squeeze_scheme,
        "Blanks, control characters and backslashes in front of the first colon go, where what is left ends in script, as in "
        "java<tab>script:.",
    ),
)
