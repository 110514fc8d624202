"""Escapes inside a text: the whole text with its escapes resolved, kind after kind."""

from __future__ import annotations

import re
from binascii import a2b_qp, unhexlify
from collections.abc import Iterable, Iterator
from html import unescape as html_unescape
from itertools import islice
from typing import Any, AnyStr, Final

from waf.transform.base import from_bytes, pieces, to_bytes

ENOUGH: Final = 3
"""Escapes of one kind that make a text an encoded one; fewer are prose about escapes."""

_PERCENT: Final = re.compile(rb"(?:%[0-9A-Fa-f]{2}){1,4096}")
# No longer than a character has: Python refuses to read very long numbers.
_ENTITY: Final = re.compile(r"&(?:#0{0,8}[0-9]{1,7}|#[xX]0{0,8}[0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});?")
_QUOTED: Final = re.compile(rb"(?:=[0-9A-F]{2}){3}|=20[A-Za-z]")
_BACKSLASH: Final = re.compile(
    r"(?:\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|u\{[0-9A-Fa-f]{1,6}\}|U[0-9A-Fa-f]{8}|[0-3][0-7]{2}))+"
)
_CODE: Final = re.compile(r"\\(?:[xuU]\{?([0-9A-Fa-f]+)\}?|([0-7]{3}))")


def _all(pattern: re.Pattern[AnyStr], parts: Iterable[AnyStr]) -> Iterator[re.Match[AnyStr]]:
    for part in parts:  # not in C, so that others get their turn between the pieces
        yield from pattern.finditer(part)


def _come_to(escapes: Iterable[re.Match[Any]], characters: int) -> bool:
    """Whether the escapes are that many characters together; looks no further than it must."""
    for escape in escapes:
        characters -= len(escape[0])
        if characters <= 0:
            return True
    return False


def _are_enough(escapes: Iterable[re.Match[Any]]) -> bool:
    return sum(1 for _ in islice(escapes, ENOUGH)) == ENOUGH


def _percent_run(match: re.Match[bytes]) -> bytes:
    return unhexlify(match[0].replace(b"%", b""))


def _percent(text: str) -> str:
    parts = [to_bytes(piece) for piece in pieces(text)]
    if not _come_to(_all(_PERCENT, parts), 3 * ENOUGH):
        return text
    return from_bytes(b"".join([_PERCENT.sub(_percent_run, part) for part in parts]))


def _entity(match: re.Match[str]) -> str:
    return html_unescape(match[0])


def _entities(text: str) -> str:
    parts = pieces(text)
    return "".join([_ENTITY.sub(_entity, part) for part in parts]) if _are_enough(_all(_ENTITY, parts)) else text


def _quoted_printable(text: str) -> str:
    enough = _are_enough(_all(_QUOTED, [to_bytes(piece) for piece in pieces(text)]))
    return from_bytes(a2b_qp(to_bytes(text))) if enough else text


def _codes(match: re.Match[str]) -> str:
    units = [int(hexadecimal or octal, 16 if hexadecimal else 8) for hexadecimal, octal in _CODE.findall(match[0])]
    said = "".join([chr(unit) if unit < 0x110000 else "\ufffd" for unit in units])
    # Two escapes may be the halves of one character, as JSON and Java write it.
    return said.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _backslashes(text: str) -> str:
    parts = pieces(text)
    if not _come_to(_all(_BACKSLASH, parts), 4 * ENOUGH):
        return text
    return "".join([_BACKSLASH.sub(_codes, part) for part in parts])


def unescape(text: str) -> str:
    """Percent, HTML, quoted-printable and backslash escapes off `text`, one kind after the other."""
    if "%" in text:
        text = _percent(text)
    if "&" in text:
        text = _entities(text)
    if "=" in text:
        text = _quoted_printable(text)
    return _backslashes(text) if "\\" in text else text
