"""Encoded runs inside a text. Each function gives what the runs of one format say, a line for each that says something."""

from __future__ import annotations

import re
from base64 import a85decode, b32decode
from binascii import Error as BinasciiError
from binascii import a2b_base64, a2b_uu, unhexlify
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from waf.transform.readable import readable

_ALPHABET: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"
_IN_ALPHABET: Final = bytes(0x42 if byte in _ALPHABET else 0x2E for byte in range(256))
_LONG: Final = b"B" * 16
_GLUED: Final = bytes.maketrans(b"_/", b"--")
_LINE: Final = re.compile(rb"\r?\n[A-Za-z0-9+/_-]{4,}")
_HEX_DIGITS: Final = b"0123456789ABCDEFabcdef"
_BASE32_DIGITS: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_FIRST_DIGITS: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefwxyz0123456789")
"""What the base64 of UTF-8 begins with: no character begins with the bytes 80 to BF, which the others stand for."""
_URL_ALPHABET: Final = bytes.maketrans(b"-_", b"+/")
_SAMPLE: Final = 256
"""A long run whose first characters say nothing is binary: not decoded to its end."""

_PAIRS: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:(?:0[xX])?[0-9A-Fa-f]{2}[ ,:;\-\n\t]{1,2}){5,}(?:0[xX])?[0-9A-Fa-f]{2}(?![0-9A-Za-z])"
)
_PAIR: Final = re.compile(r"[0-9A-Fa-f]{2}")
_NUMBERS: Final = re.compile(r"(?<![\w.])(?:[0-9]{2,8}[ ,:;\-\n\t]{1,2}){5,}[0-9]{2,8}(?![\w.])", re.ASCII)
_NUMBER: Final = re.compile(r"[0-9]+")

_BLOCK: Final = 64 * 1024
"""Most characters of ascii85 or uuencode that are decoded, in all."""
_UU: Final = re.compile(r"^begin [0-7]{3,4} [^\n]*\n", re.MULTILINE)


def has_tokens(raw: bytes) -> bool:
    """Whether `tokens` has anything to look at."""
    return _LONG in raw.translate(_IN_ALPHABET)


def _runs(raw: bytes) -> Iterator[tuple[bytes, ...]]:
    """Runs of sixteen or more base64 characters, each with the ways to read it, the likeliest first."""
    classes = raw.translate(_IN_ALPHABET)
    start = classes.find(_LONG)
    while start >= 0:
        end = classes.find(b".", start)
        if end < 0:
            end = len(raw)
        first = raw[start:end]
        lines = []
        while line := _LINE.match(raw, end):
            lines.append(line[0].strip())
            end = line.end()
        # Wrapped base64 goes on in the lines below; the last of them may be the next word of the prose around it.
        yield (first + b"".join(lines), first + b"".join(lines[:-1]), first) if lines else (first,)
        start = classes.find(_LONG, end)


def _base64(token: bytes) -> bytes:
    digits = token.translate(_URL_ALPHABET)
    return a2b_base64(digits[: len(digits) - (len(digits) & 3 == 1)] + b"=" * (-len(digits) & 3))


def _base32(token: bytes) -> bytes:
    # 1, 3 or 6 digits beyond a multiple of eight stand for no whole byte.
    size = len(token) - (0, 1, 0, 1, 0, 0, 1, 0)[len(token) & 7]
    return b32decode(token[:size] + b"=" * (-size % 8))


def _octets(bits: str) -> bytes:
    return bytes([int(bits[place : place + 8], 2) for place in range(0, len(bits) & ~7, 8)])


def _said(token: bytes) -> str:
    """What one run says, read as the narrowest alphabet it fits. Most runs are identifiers and paths: they leave early."""
    digits = token[2:] if token[:2] in (b"0x", b"0X") else token
    if not digits.translate(None, _HEX_DIGITS):
        if not digits.translate(None, b"01"):
            return readable(_octets(digits.decode()))
        return readable(unhexlify(digits[: len(digits) & ~1]))
    if token.upper() == token:
        decode = _base32
        if token.translate(None, _BASE32_DIGITS):
            return ""
    elif token[0] in _FIRST_DIGITS and token.lower() != token:
        decode = _base64
    else:
        return ""  # the base64 of text mixes cases
    if len(token) > _SAMPLE and not readable(decode(token[:_SAMPLE]), cut=True):
        return ""
    return readable(decode(token))


def _said_in_part(token: bytes) -> str:
    """What the longest part of a run between dashes and slashes says: `user-SWdub3Jl…` is not base64 as a whole."""
    part = max(token.translate(_GLUED).split(b"-"), key=len)
    return _said(part) if len(_LONG) <= len(part) < len(token) else ""


def _read(token: bytes) -> str:
    return _said(token) or _said_in_part(token)


_SHORT: Final = 64
_read_again = lru_cache(maxsize=2048)(_read)
"""Identifiers and paths come again, within a text and in the views of it."""


def tokens(raw: bytes) -> str:
    """Base64 of both alphabets, also wrapped into lines; base32; hexadecimal and binary without gaps."""
    said = []
    for readings in _runs(raw):
        for token in readings:
            if text := _read_again(token) if len(token) <= _SHORT else _read(token):
                said.append(text)
                break
    return "\n".join(said)


def pairs(text: str) -> str:
    """Hexadecimal pairs with gaps: `69 67 6e`, `69:67:6e`, `0x69, 0x67`."""
    runs = [unhexlify("".join(_PAIR.findall(run.lower().replace("0x", "")))) for run in _PAIRS.findall(text)]
    return "\n".join(filter(None, map(readable, runs)))


def _is_words(text: str) -> bool:
    """Nine in ten letters or blanks: lists of measured values between 32 and 126 are not."""
    return sum(char.isalpha() or char == " " for char in text) * 10 >= 9 * len(text)


def numbers(text: str) -> str:
    """Character codes with gaps: binary of seven or eight digits each, or decimal."""
    said = []
    for run in _NUMBERS.findall(text):
        codes = _NUMBER.findall(run)
        binary = all(len(code) in (7, 8) and not code.strip("01") for code in codes)
        values = [int(code, 2 if binary else 10) for code in codes]
        if max(values) < 256 and (text := readable(bytes(values))) and (binary or _is_words(text)):
            said.append(text)
    return "\n".join(said)


def ascii85(text: str) -> str:
    """Ascii85 between Adobe's `<~` and `~>`."""
    said = []
    left = _BLOCK
    for piece in text.split("<~")[1:]:
        body, closed, _ = piece.partition("~>")
        left -= len(body)
        if not closed or left < 0:
            continue
        try:
            said.append(readable(a85decode(body)))
        except ValueError:
            continue
    return "\n".join(filter(None, said))


def uuencoded(text: str) -> str:
    """The lines behind `begin MODE NAME`, up to the first that is not uuencoded."""
    said = []
    left = _BLOCK
    for match in _UU.finditer(text):
        if left <= 0:
            break
        body = text[match.end() : match.end() + left]
        left -= len(body)
        out = bytearray()
        for line in body.split("\n"):
            try:
                chunk = a2b_uu(line)
            except (BinasciiError, ValueError):
                break
            if not chunk:
                break
            out += chunk
        said.append(readable(bytes(out)))
    return "\n".join(filter(None, said))
