"""Encoded runs inside a text: each decoder yields what a run says, if it says something readable."""

from __future__ import annotations

import re
from base64 import a85decode, b32decode
from binascii import Error as BinasciiError
from binascii import a2b_base64, a2b_uu, unhexlify
from collections.abc import Iterator
from typing import Final

from waf.transform.readable import readable

_TOKEN: Final = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}(?:\r?\n[A-Za-z0-9+/_-]{4,}={0,2})*", re.ASCII)
_HEX: Final = re.compile(r"(?:0[xX])?([0-9A-Fa-f]+)")
_BITS: Final = re.compile(r"[01]+")
_BASE32: Final = re.compile(r"[A-Z2-7]+")
_URL_ALPHABET: Final = str.maketrans("-_", "+/")
_SAMPLE: Final = 256

_PAIRS: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:(?:0[xX])?[0-9A-Fa-f]{2}[ ,:;\-\n\t]{1,2}){5,}(?:0[xX])?[0-9A-Fa-f]{2}(?![0-9A-Za-z])"
)
_PAIR: Final = re.compile(r"[0-9A-Fa-f]{2}(?![xX])")
_NUMBERS: Final = re.compile(r"(?<![\w.])(?:\d{2,8}[ ,:;\-\n\t]{1,2}){5,}\d{2,8}(?![\w.])", re.ASCII)
_NUMBER: Final = re.compile(r"\d+", re.ASCII)

_A85_LIMIT: Final = 64 * 1024
_UU: Final = re.compile(r"^begin [0-7]{3,4} [^\n]*\n", re.MULTILINE)


def _base64(token: str) -> bytes:
    digits = token.replace("=", "").translate(_URL_ALPHABET)
    return a2b_base64(digits[: len(digits) - (len(digits) & 3 == 1)] + "=" * (-len(digits) & 3))


def _run(token: str) -> str | None:
    """What one unbroken run of base64 characters says, read as the narrowest alphabet it fits."""
    if _BITS.fullmatch(token):
        return readable(_octets(token))
    if hexadecimal := _HEX.fullmatch(token):
        digits = hexadecimal[1]
        return readable(unhexlify(digits[: len(digits) & ~1]))
    plain = token.rstrip("=")
    if _BASE32.fullmatch(plain) and (said := _base32(plain)):
        return said
    # The base64 of text mixes cases; identifiers and paths in one case, the bulk of what comes here, do not.
    if token.islower() or token.isupper():
        return None
    if len(token) > _SAMPLE and readable(_base64(token[:_SAMPLE]), cut=True) is None:
        return None
    return readable(_base64(token))


def _octets(bits: str) -> bytes:
    return bytes([int(bits[place : place + 8], 2) for place in range(0, len(bits) & ~7, 8)])


def _base32(plain: str) -> str | None:
    # Lengths of 1, 3 and 6 beyond a multiple of 8 stand for no whole bytes.
    size = len(plain) - (0, 1, 0, 1, 0, 0, 1, 0)[len(plain) & 7]
    if len(plain) > _SAMPLE and readable(b32decode(plain[:_SAMPLE]), cut=True) is None:
        return None
    return readable(b32decode(plain[:size] + "=" * (-size % 8)))


def tokens(text: str) -> Iterator[str]:
    """Base64 (both alphabets, also wrapped into lines), base32, hexadecimal and binary without gaps."""
    for match in _TOKEN.finditer(text):
        whole = match[0]
        lines = whole.split("\n")
        said = _run(whole.replace("\r", "").replace("\n", "")) if len(lines) > 1 else None
        if said:
            yield said
            continue
        for line in lines:
            if len(line) >= 16 and (said := _run(line.rstrip("\r"))):
                yield said


def pairs(text: str) -> Iterator[str]:
    """Hexadecimal pairs with gaps: `69 67 6e`, `69:67:6e`, `0x69, 0x67`."""
    for match in _PAIRS.finditer(text):
        if said := readable(unhexlify("".join(_PAIR.findall(match[0])))):
            yield said


def numbers(text: str) -> Iterator[str]:
    """Character codes with gaps, binary (eight digits each) or decimal."""
    for match in _NUMBERS.finditer(text):
        codes = _NUMBER.findall(match[0])
        binary = all(len(code) in (7, 8) and _BITS.fullmatch(code) for code in codes)
        values = [int(code, 2 if binary else 10) for code in codes]
        if max(values) < 256 and (said := readable(bytes(values))):
            yield said


def ascii85(text: str) -> Iterator[str]:
    """Ascii85 between Adobe's `<~` and `~>`."""
    _, *rest = text.split("<~")
    left = _A85_LIMIT
    for piece in rest:
        body, closed, _ = piece.partition("~>")
        left -= len(body)
        if not closed or left < 0:
            continue
        try:
            said = readable(a85decode(body))
        except ValueError:
            continue
        if said:
            yield said


def uuencoded(text: str) -> Iterator[str]:
    """The lines between `begin MODE NAME` and the first line that is not uuencoded."""
    for match in _UU.finditer(text):
        out = bytearray()
        for line in text[match.end() : match.end() + _A85_LIMIT].split("\n"):
            try:
                chunk = a2b_uu(line)
            except (BinasciiError, ValueError):
                break
            if not chunk:
                break
            out += chunk
        if said := readable(bytes(out)):
            yield said
