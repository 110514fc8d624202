"""Query strings and urlencoded forms (WHATWG URL, `application/x-www-form-urlencoded`): `&` between, `+` for a blank."""

from __future__ import annotations

import re
from typing import Final

from waf.errors import BadRequest

_ESCAPES: Final = re.compile(rb"(?:%[0-9A-Fa-f]{2}){1,4096}+")


def unquote(raw: bytes) -> bytes:
    """Percent-decodes once; what is no escape stays. A run at a time, of a bounded length: a body may be megabytes of
    nothing else, and each match holds the interpreter lock."""
    return _ESCAPES.sub(lambda run: bytes.fromhex(run[0].replace(b"%", b"").decode("ascii")), raw)


def decode(text: str) -> str:
    """Percent-decodes once, `+` first. Sequences that are no escapes stay as they are; bytes keep their identity."""
    if "+" in text:
        text = text.replace("+", " ")
    if "%" not in text:
        return text
    return unquote(text.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")


def pairs(text: str, most: int) -> list[tuple[str, str, bool]]:
    """(name, value, whether there was a `=`) of each argument, in order; empty ones between `&&` are left out.

    Raises BadRequest for more than `most`: a server that reads further would read what nobody looked at.
    """
    pieces = text.split("&")
    if len(pieces) > most:
        raise BadRequest("too-many-arguments", "The request has too many arguments.")
    found = []
    for piece in pieces:
        if piece:
            name, equals, value = piece.partition("=")
            found.append((decode(name), decode(value), equals != ""))
    return found
