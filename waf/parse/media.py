"""The Content-Type header (RFC 9110 §8.3), read without guessing."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from waf.errors import BadRequest


class Media(NamedTuple):
    """Type and subtype, lower case, and the parameters by lower-case name; `""` when no type was given."""

    type: str
    parameters: dict[str, str]


_PLAIN: Final = {
    text: Media(text.partition(";")[0], {})
    for text in (
        "",
        "application/json",
        "application/x-www-form-urlencoded",
        "text/plain",
        "application/json; charset=utf-8",
        "application/json;charset=utf-8",
        "application/json; charset=UTF-8",
        "application/json;charset=UTF-8",
    )
}

_WORD: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_TYPE: Final = re.compile(rf"({_WORD}/{_WORD})[ \t]*")
_PARAMETER: Final = re.compile(rf';[ \t]*(?:({_WORD})[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))[ \t]*)?')
_PAIR: Final = re.compile(r"\\(.)", re.DOTALL)

CHARSETS: Final = frozenset({"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin-1", "latin1"})
"""Those in which an attack's ASCII bytes mean themselves, so that what is read here is what the server reads."""


def media(header: str) -> Media:
    """Reads a Content-Type value. Raises BadRequest for one that two servers could read differently (bad syntax, a
    parameter twice) and for a charset that could hide the text."""
    known = _PLAIN.get(header)
    if known is not None:
        return known
    match = _TYPE.match(header)
    if match is None:
        raise BadRequest("content-type-malformed", "The Content-Type header cannot be read.")
    parameters: dict[str, str] = {}
    position = match.end()
    while position < len(header):
        part = _PARAMETER.match(header, position)
        if part is None:
            raise BadRequest("content-type-malformed", "The Content-Type header cannot be read.")
        position = part.end()
        if part[1]:
            name = part[1].lower()
            value = _PAIR.sub(r"\1", part[2]) if part[2] is not None else part[3]
            if parameters.setdefault(name, value) != value:
                raise BadRequest("content-type-malformed", "The Content-Type header has a parameter twice.")
    if "charset*" in parameters or parameters.get("charset", "utf-8").strip().lower() not in CHARSETS:
        raise BadRequest("charset", "The charset of the body is not one that can be inspected.")
    return Media(match[1].lower(), parameters)
