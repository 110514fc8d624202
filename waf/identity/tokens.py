"""Signed tokens (JWT, RFC 7519): one is believed when its issuer is known, and the issuer's own key fits its signature.

Nothing in a token chooses how it is checked beyond picking one of the algorithms and keys that the operator allows for that
issuer: no `none`, no shared secrets, no keys or addresses of keys in the header (RFC 8725).
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any, Final

import jwt
from jwt.exceptions import InvalidTokenError

from waf.callers import Issuer
from waf.errors import ConfigError, Problem, Unauthorized
from waf.identity.claims import caller_of, check_claims
from waf.identity.credentials import INVALID
from waf.identity.jwks import Keys, choose, read_key_file
from waf.identity.keycache import KeyCache, KeysWanted, source_of
from waf.model import Caller

MAX_REMEMBERED: Final = 16_384
LONGEST: Final = 300.0
"""Seconds for which a verified token is remembered, at most."""

_FORM: Final = re.compile(r"([A-Za-z0-9_-]{1,2048})\.([A-Za-z0-9_-]{1,8192})\.([A-Za-z0-9_-]{1,2048})", re.ASCII)
_TYPES: Final = frozenset({"jwt", "at+jwt", "application/at+jwt", "application/jwt"})


class _Source:
    """One issuer and where its keys come from."""

    __slots__ = ("_keys", "cache", "settings")

    def __init__(self, settings: Issuer, caches: dict[str, KeyCache]) -> None:
        self.settings = settings
        self._keys: Keys = read_key_file(settings.key_file) if settings.key_file else ()
        self.cache: KeyCache | None = None
        if url := source_of(settings):
            self.cache = caches.setdefault(url, KeyCache(settings))
            self.cache.settings = settings
        if self._keys and not any(key.fits(name) for key in self._keys for name in settings.algorithms):
            message = f"its key is not for any of {', '.join(settings.algorithms)}"
            raise ConfigError([Problem(settings.key_file, 0, 0, message, "set `algorithms` of this issuer")])

    def keys(self, now: float) -> Keys:
        return self._keys if self.cache is None else self._keys + self.cache.current(now)


class Tokens:
    """Checks tokens. `caches` are kept over reloads; `secret` keys the hashes under which tokens are remembered."""

    def __init__(self, issuers: Sequence[Issuer], caches: dict[str, KeyCache], secret: bytes) -> None:
        self._sources = {issuer.issuer: _Source(issuer, caches) for issuer in issuers}
        self._signatures = jwt.PyJWS()
        self._remembered: dict[bytes, tuple[Caller, float, Keys, _Source]] = {}
        self._hasher = blake2b(digest_size=32, key=secret)

    @property
    def caches(self) -> list[KeyCache]:
        return [source.cache for source in self._sources.values() if source.cache is not None]

    def check(self, token: str, now: float, *, fetched: bool = False) -> Caller:
        """The caller. `fetched`: the keys have just been asked for. Raises Unauthorized, or KeysWanted."""
        hasher = self._hasher.copy()
        hasher.update(token.encode("ascii"))
        known = hasher.digest()
        found = self._remembered.get(known)
        if found is not None and now < found[1] and found[3].keys(now) == found[2]:
            return found[0]
        parts = _FORM.fullmatch(token)
        if parts is None:
            raise _bad("token_malformed")
        header, claims = _object(parts[1]), _object(parts[2])
        issuer = claims.get("iss")
        source = self._sources.get(issuer) if isinstance(issuer, str) else None
        if source is None:
            raise _bad("token_issuer")
        keys = source.keys(now)
        self._verify(token, header, source, keys, now, fetched=fetched)
        until = check_claims(claims, source.settings, now)
        caller = caller_of(claims, source.settings)
        self._remember(known, (caller, min(until, now + LONGEST), keys, source))
        return caller

    def _verify(
        self, token: str, header: Mapping[str, Any], source: _Source, keys: Keys, now: float, *, fetched: bool
    ) -> None:
        algorithm, kid, kind = header.get("alg"), header.get("kid"), header.get("typ", "JWT")
        if algorithm not in source.settings.algorithms or not isinstance(algorithm, str):
            raise _bad("token_algorithm")
        if "crit" in header or "b64" in header or "zip" in header:
            raise _bad("token_header")
        if not isinstance(kind, str) or kind.lower() not in _TYPES or not isinstance(kid, str | None):
            raise _bad("token_header")
        key = choose(keys, kid, algorithm)
        if key is None:
            if source.cache is not None and not fetched and source.cache.worth_asking(now):
                raise KeysWanted(source.cache)
            raise _bad("token_key")
        try:
            self._signatures.decode(token, key.public, algorithms=[algorithm])
        except InvalidTokenError:
            raise _bad("token_signature") from None

    def _remember(self, known: bytes, entry: tuple[Caller, float, Keys, _Source]) -> None:
        """The oldest goes when there is no room; it is checked again when it comes back."""
        remembered = self._remembered
        remembered.pop(known, None)
        if len(remembered) >= MAX_REMEMBERED:
            del remembered[next(iter(remembered))]
        remembered[known] = entry


def _object(part: str) -> dict[str, Any]:
    """A part of a token, which is UTF-8. Duplicate members are refused, because whoever reads it next may take the other one."""
    if len(part) % 4 == 1:
        raise _bad("token_malformed")
    try:
        document = json.loads(
            urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode(),
            object_pairs_hook=_members,
            parse_constant=_no_constant,
        )
    except (ValueError, RecursionError):
        raise _bad("token_malformed") from None
    if not isinstance(document, dict):
        raise _bad("token_malformed")
    return document


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member is there twice")
    return members


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _bad(code: str) -> Unauthorized:
    return Unauthorized(code, "The token is not valid.", INVALID)
