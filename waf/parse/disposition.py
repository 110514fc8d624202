"""Content-Disposition of a multipart part (RFC 7578, RFC 6266, RFC 8187), read without guessing.

Frameworks differ on which of two file names they take and on which spelling they know, so every name given is handed
on, and what only some of them would read (continuations, other charsets, a parameter twice) is refused.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from waf.errors import BadRequest
from waf.parse.media import CHARSETS
from waf.parse.query import unquote

_PARAMETER: Final = re.compile(r';[ \t]*(?:([^\s=;"]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^;"]*))[ \t]*)?', re.DOTALL)
_ESCAPED: Final = re.compile(r'\\(["\\])')


class Disposition(NamedTuple):
    """`filenames` holds each that was given, `filename*` decoded. `plain_filename` is None without a `filename=`."""

    name: str
    filenames: tuple[str, ...]
    plain_filename: str | None


def disposition(header: str) -> Disposition:
    """Reads `form-data; name="…"; filename="…"; filename*=UTF-8''…`. Raises BadRequest for what is ambiguous."""
    kind, semicolon, _ = header.partition(";")
    if kind.strip(" \t").lower() != "form-data":
        raise malformed()
    parameters: dict[str, str] = {}
    position = len(kind) if semicolon else len(header)
    while position < len(header):
        part = _PARAMETER.match(header, position)
        if part is None:
            raise malformed()
        position = part.end()
        if part[1]:
            key = part[1].lower()
            value = _ESCAPED.sub(r"\1", part[2]) if part[2] is not None else part[3].rstrip(" \t")
            if key in parameters or ("*" in key and key != "filename*"):
                raise malformed()
            parameters[key] = value
    plain = parameters.get("filename")
    extended = parameters.get("filename*")
    names = [] if plain is None else [_percent(plain)]
    if extended is not None:
        names.append(_extended(extended))
    return Disposition(_percent(parameters.get("name", "")), tuple(names), plain)


def _percent(value: str) -> str:
    """The three escapes that browsers write (WHATWG HTML, multipart/form-data encoding)."""
    if "%" not in value:
        return value
    return value.replace("%0D", "\r").replace("%0A", "\n").replace("%22", '"')


def _extended(value: str) -> str:
    """RFC 8187: `charset'language'percent-encoded`."""
    charset, quote, rest = value.partition("'")
    _, second, data = rest.partition("'")
    charset = charset.lower()
    if not quote or not second or charset not in CHARSETS:
        raise malformed()
    raw = unquote(data.encode("utf-8", "surrogateescape"))
    if charset in ("iso-8859-1", "latin-1", "latin1"):
        return raw.decode("latin-1")
    return raw.decode("utf-8", "surrogateescape")


def malformed() -> BadRequest:
    return BadRequest("multipart-malformed", "The multipart body is malformed, truncated or ambiguous.")
