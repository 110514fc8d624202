"""Where a client puts its credential. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from waf.errors import Unauthorized

MAX_LENGTH: Final = 8192
CHALLENGE: Final = (("WWW-Authenticate", "Bearer"),)
"""Sent when no credential came; RFC 6750 section 3.1 says that no error is named then."""
INVALID: Final = (("WWW-Authenticate", 'Bearer error="invalid_token"'),)

_HEADERS: Final = frozenset({b"authorization", b"x-api-key", b"api-key"})
"""As the clients of OpenAI, Anthropic and Azure send it."""
_LENGTHS: Final = frozenset(map(len, _HEADERS))
_BEARER: Final = re.compile(rb"[Bb][Ee][Aa][Rr][Ee][Rr] +([!-~]+)")
_VISIBLE: Final = re.compile(rb"[!-~]+")


def find_credential(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    """The one credential of a request; None when there is none, or only some other kind of Authorization.

    Raises Unauthorized when there are several that differ, since we and the model server might choose different ones,
    and for one that is too long or not visible ASCII.
    """
    found: bytes | None = None
    authorized = False
    for name, value in headers:
        if len(name) not in _LENGTHS:
            continue
        lower = name.lower()
        if lower not in _HEADERS:
            continue
        if lower == b"authorization":
            if authorized:
                raise Unauthorized("credential_repeated", "The request has several credentials.", INVALID)
            authorized = True
            match = _BEARER.fullmatch(value)
            if match is None and value[:6].lower() != b"bearer":
                continue
            credential = match[1] if match else b""
        else:
            credential = value if _VISIBLE.fullmatch(value) else b""
        if not credential or len(credential) > MAX_LENGTH:
            raise Unauthorized("credential_malformed", "The credential is not well formed.", INVALID)
        if found is not None and found != credential:
            raise Unauthorized("credential_repeated", "The request has several credentials.", INVALID)
        found = credential
    return found.decode("ascii") if found is not None else None


def without_credentials(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers less those, in every spelling that some server reads as theirs (`X_Api_Key`)."""
    return [pair for pair in headers if len(pair[0]) not in _LENGTHS or _plain(pair[0]) not in _HEADERS]


def _plain(name: bytes) -> bytes:
    return name.lower().replace(b"_", b"-")
