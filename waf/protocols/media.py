"""Pictures, sound and other compressed files in base64, at places that no table knows.

A quarter of a megabyte of base64 has nothing in it that a rule or a model could read, and takes a hundred times as long as the
rest of its request. So what begins as such a file does and goes on like one is left out, except its beginning, its end and
whatever looks more like words than like compressed bytes.
"""

from __future__ import annotations

import re
from base64 import b64decode
from typing import Final, NamedTuple

LEAST: Final = 4_096
"""Characters from which on it is worth a look."""
_SHOWN: Final = 256
"""Characters at either end that are shown in any case."""
_BLOCK: Final = 128
_CAPITALS: Final = 30
"""So many of a block of random base64 are capitals at least; 52 on average, one block in 72,000 has fewer."""
_DIGITS: Final = 7
"""The same of digits: 20, and one in 9,500."""
_MOST_ODD: Final = 8
"""One block in so many may be otherwise; where more are, nothing is left out."""
_HEAD: Final = 24
_DATA: Final = re.compile(r"data:[\w.+/;=-]{1,200},", re.ASCII | re.IGNORECASE)
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]++={0,2}", re.ASCII)
_WORDS: Final = re.compile(r"[a-z+/_-]{20,}", re.ASCII)
"""Random base64 has that once in 27 megabytes."""
_MAGIC: Final = (
    (
        re.compile(
            rb"\x89PNG\r\n|\xff\xd8\xff|GIF8[79]a|RIFF.{4}WEBP|II\*\0|MM\0\*|.{4}ftyp(?:avif|heic|mif1)", re.DOTALL
        ),
        "image",
    ),
    (re.compile(rb"OggS|fLaC|ID3[\x02-\x04]|\xff[\xf2\xf3\xfb]|RIFF.{4}WAVE|.{4}ftypM4A", re.DOTALL), "audio"),
    (re.compile(rb"\x1aE\xdf\xa3|.{4}ftyp", re.DOTALL), "video"),
    (re.compile(rb"%PDF-|PK\x03\x04|\x1f\x8b\x08"), "file"),
)
_CAPITAL: Final = bytes(range(65, 91))
_DIGIT: Final = bytes(range(48, 58))


class Media(NamedTuple):
    """`kind`: image, audio, video or file. `shown`: the parts that are to be inspected. `hidden`: how many characters are not."""

    kind: str
    shown: list[str]
    hidden: int


def read(text: str) -> Media | None:
    """What a string of at least `LEAST` characters holds, where it is such a file; None where it is anything else."""
    begin = 0
    if text[:5].lower() == "data:":
        found = _DATA.match(text)
        if found is None:
            return None
        begin = found.end()
    kind = _kind(text[begin : begin + _HEAD])
    if not kind or _BASE64.fullmatch(text, begin) is None:
        return None
    spans = _odd(text, begin)
    if spans is None:
        return None
    shown = [text[first:last] for first, last in spans]
    return Media(kind, shown, len(text) - sum(map(len, shown)))


def _kind(head: str) -> str:
    try:
        raw = b64decode(head.replace("-", "+").replace("_", "/"), validate=True)
    except ValueError:
        return ""
    return next((kind for magic, kind in _MAGIC if magic.match(raw)), "")


def _odd(text: str, begin: int) -> list[tuple[int, int]] | None:
    """Both ends and the parts that may be words, apart from each other and in order; None where these are too many."""
    raw = text.encode("ascii")
    odd = [match.span() for match in _WORDS.finditer(text, begin)]
    for first in range(begin, len(raw), _BLOCK):
        block = raw[first : first + _BLOCK]
        size = len(block)
        if size == _BLOCK and (
            size - len(block.translate(None, _CAPITAL)) < _CAPITALS
            or size - len(block.translate(None, _DIGIT)) < _DIGITS
        ):
            odd.append((first, first + size))
    if len(odd) * _MOST_ODD * _BLOCK > len(raw):
        return None
    spans: list[tuple[int, int]] = []
    for first, last in sorted([(0, begin + _SHOWN), *odd, (len(raw) - _SHOWN, len(raw))]):
        first, last = max(0, first - _BLOCK), min(len(raw), last + _BLOCK)
        if spans and first <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(last, spans[-1][1]))
        else:
            spans.append((first, last))
    return spans
