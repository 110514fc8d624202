"""API keys: how they look, how they are remembered, and whether one is right. Pure; the clock is handed in.

A key is `waf_ID_SECRET`: 12 characters that find its record, 43 that prove it (256 random bits). Only a keyed BLAKE2b of the
whole is kept. A slow hash would protect guessable passwords; nobody guesses 256 bits, so a fast one gives nothing away.
"""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from hashlib import blake2b
from typing import Final

import msgspec

from waf.errors import Unauthorized
from waf.model import Caller

NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@:/-]{0,127}", re.ASCII)
"""What names of keys, subjects, tenants, roles and scopes look like in a file of keys."""
MODEL: Final = re.compile(r"[!-~]{1,128}", re.ASCII)
LIVE: Final = 2
"""Most live keys of one name: the one in use, and the one that replaces it."""

_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz234567"
_PERSON: Final = b"mlwaf-key-v1"
_CHALLENGE: Final = (("WWW-Authenticate", 'Bearer error="invalid_token"'),)


class KeyRecord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One key as the file keeps it. Times are seconds since 1970, 0: none."""

    id: str
    name: str
    """What stays when the key is rotated; limits count by it."""
    hash: str
    """64 hexadecimal digits."""
    subject: str = ""
    """Empty: the name."""
    tenant: str = ""
    roles: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    created: int = 0
    expires: int = 0
    revoked: int = 0

    def live(self, now: float) -> bool:
        return not self.revoked and not (self.expires and now >= self.expires)


def digest(text: str, pepper: str) -> str:
    """64 hexadecimal digits. A pepper may have any length; BLAKE2b's own key is at most 64 bytes."""
    key = blake2b(pepper.encode("utf-8", "surrogatepass"), digest_size=64).digest()
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=32, key=key, person=_PERSON).hexdigest()


def mint(random: bytes) -> tuple[str, str]:
    """(id, the whole key) from 44 random bytes."""
    if len(random) != 44:
        raise ValueError("a key is made of 44 random bytes")
    ident = "".join(_ALPHABET[byte & 31] for byte in random[:12])
    secret = urlsafe_b64encode(random[12:]).decode().rstrip("=")
    return ident, f"waf_{ident}_{secret}"


class KeyStore:
    """The keys of one file, found by their id."""

    __slots__ = ("_hasher", "_known", "_nobody")

    def __init__(self, records: Iterable[KeyRecord], pepper: str) -> None:
        key = blake2b(pepper.encode("utf-8", "surrogatepass"), digest_size=64).digest()
        self._hasher = blake2b(digest_size=32, key=key, person=_PERSON)
        self._known = {record.id: (bytes.fromhex(record.hash), record, _caller(record)) for record in records}
        self._nobody = bytes(32)

    def __len__(self) -> int:
        return len(self._known)

    def check(self, text: str, now: float) -> Caller:
        """The caller that the key names, which is ASCII. Raises Unauthorized; a wrong secret, an id that does not exist and what
        does not look like a key cannot be told apart, not by the time it takes either."""
        hasher = self._hasher.copy()
        hasher.update(text.encode("ascii"))
        found = self._known.get(text[4:16])
        right = hmac.compare_digest(hasher.digest(), found[0] if found else self._nobody)
        if found is None or not right:
            raise Unauthorized("key_invalid", "The API key is not valid.", _CHALLENGE)
        record = found[1]
        if record.revoked:
            raise Unauthorized("key_revoked", "The API key has been revoked.", _CHALLENGE)
        if record.expires and now >= record.expires:
            raise Unauthorized("key_expired", "The API key has expired.", _CHALLENGE)
        return found[2]


def _caller(record: KeyRecord) -> Caller:
    return Caller(
        kind="key",
        key=record.id,
        account=record.name,
        subject=record.subject or record.name,
        tenant=record.tenant,
        roles=frozenset(record.roles),
        scopes=frozenset(record.scopes),
        models=record.models,
    )
