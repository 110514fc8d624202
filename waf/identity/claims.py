"""What a token says, once its signature is right: until when, for whom, about whom. Pure; the clock is handed in."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, Final

from waf.callers import Issuer
from waf.errors import Unauthorized
from waf.identity.credentials import INVALID
from waf.model import Caller

MAX_NAME: Final = 256
MAX_NAMES: Final = 256
_REGISTERED: Final = ("exp",)
_LATEST: Final = sys.float_info.max


def check_claims(claims: Mapping[str, Any], settings: Issuer, now: float) -> float:
    """When the token stops being good, leeway included. Raises Unauthorized (RFC 7519 section 4.1, RFC 8725 section 3)."""
    for name in (*_REGISTERED, *settings.require):
        if claims.get(name) is None:
            raise _bad("token_claim_missing")
    expires = _time(claims, "exp")
    if expires is None or now >= expires + settings.leeway:
        raise _bad("token_expired")
    for name in ("nbf", "iat"):
        begins = _time(claims, name)
        if begins is not None and begins > now + settings.leeway:
            raise _bad("token_early")
    if claims.get("iss") != settings.issuer:
        raise _bad("token_issuer")
    audience = claims.get("aud")
    named = [audience] if isinstance(audience, str) else audience
    if settings.audience and not (isinstance(named, list) and any(name in settings.audience for name in named)):
        raise _bad("token_audience")
    return expires + settings.leeway


def caller_of(claims: Mapping[str, Any], settings: Issuer) -> Caller:
    """Raises Unauthorized for a subject that is missing or no name, and for a claim of the wrong type."""
    subject = _name(_find(claims, settings.subject_claim))
    if not subject.strip():
        raise _bad("token_subject")
    return Caller(
        kind="token",
        subject=subject,
        tenant=_name(_find(claims, settings.tenant_claim)),
        roles=frozenset(_words(_find(claims, settings.roles_claim))),
        scopes=frozenset(_words(_find(claims, settings.scope_claim))),
        models=_models(claims, settings),
    )


def _models(claims: Mapping[str, Any], settings: Issuer) -> tuple[str, ...]:
    """No such claim in a token means no model at all: the issuer says who may ask for what, and did not."""
    if not settings.models_claim:
        return ()
    return _words(_find(claims, settings.models_claim)) or ("",)


def _time(claims: Mapping[str, Any], name: str) -> float | None:
    value = claims.get(name)
    if value is None:
        return None
    # A whole number may be longer than any other number can be.
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= _LATEST:
        raise _bad("token_time")
    return float(value)


def _find(claims: Mapping[str, Any], path: str) -> Any:
    """A claim by its whole name, else along the dots."""
    if not path or path in claims:
        return claims.get(path)
    value: Any = claims
    for step in path.split("."):
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value


def _name(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > MAX_NAME or not value.isprintable():
        raise _bad("token_claim")
    return value


def _words(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    words = value.split() if isinstance(value, str) else value
    if not isinstance(words, list) or len(words) > MAX_NAMES:
        raise _bad("token_claim")
    return tuple(map(_name, words))


def _bad(code: str) -> Unauthorized:
    message = "The token has expired." if code == "token_expired" else "The token is not valid."
    return Unauthorized(code, message, INVALID)
