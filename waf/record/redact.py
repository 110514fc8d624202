"""What a log may say about bytes that a client wrote.

Values are replaced by a keyed hash and their length: equal values can be told to be equal, but without the key nothing
can be told about what they were, and a guess cannot be confirmed.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import Final

HASHED_BYTES: Final = 65_536
"""A longer value is hashed up to here, and its length with it, so that a match in 8 MiB costs no more than 70 µs."""

_PLAIN_NAME: Final = re.compile(r"[\w.:$*\[\]/@+\-]*", re.ASCII)
"""What names of fields, models and paths look like: identifiers and their separators, no blanks, so no prose."""


def to_bytes(text: str) -> bytes:
    """The bytes that `text` came from (module docstring of `waf.model`); total on any str."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def cut(text: str, limit: int) -> str:
    """`text` shortened to `limit` characters, the last of them `…` when something is missing, with bytes that are not
    UTF-8 replaced by U+FFFD, so that it can be encoded."""
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    if text.isascii():
        return text
    return to_bytes(text).decode("utf-8", "replace")


class Redactor:
    """Keyed hashing for one process. `key`: 16 to 64 bytes; ValueError otherwise."""

    __slots__ = ("_keyed",)

    def __init__(self, key: bytes) -> None:
        if not 16 <= len(key) <= 64:
            raise ValueError("the key for hashes in events must have 16 to 64 bytes")
        self._keyed = blake2b(digest_size=8, key=key)

    def digest(self, data: bytes) -> str:
        """16 hexadecimal digits of a keyed BLAKE2b of `data` and its length."""
        mac = self._keyed.copy()
        mac.update(data[:HASHED_BYTES])
        mac.update(len(data).to_bytes(8, "big"))
        return mac.hexdigest()

    def name(self, text: str, limit: int) -> str:
        """A name that a client could choose (JSON member, model): as it is when it looks like one, else cut where it
        stops looking like one, with a hash for the rest: `json:$.inputs.~93ab0c11d2e4f607`."""
        if len(text) <= limit and ((text.isalnum() and text.isascii()) or _PLAIN_NAME.fullmatch(text)):
            return text
        plain = _PLAIN_NAME.match(text)
        end = min(plain.end() if plain else 0, limit)
        return f"{text[:end]}~{self.digest(to_bytes(text[end:]))}"
