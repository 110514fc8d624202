"""What a caller may do on a route. Compiled from the settings, then pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from waf.callers import Access
from waf.errors import Forbidden, Unauthorized
from waf.hours import parse_hours
from waf.identity.credentials import CHALLENGE
from waf.identity.networks import AddressLists
from waf.model import Caller

_NOT_YOURS: Final = "You are not allowed to do this."
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods of requests that only look at something."""


class AccessPolicy:
    """One route's `access`. Raises ConfigError for a file of addresses that cannot be used."""

    __slots__ = ("_hours", "_open", "_scopes", "addresses", "picky", "settings")

    def __init__(self, settings: Access, country: Callable[[str], str] = lambda _: "") -> None:
        self.settings = settings
        self.addresses = AddressLists(settings.addresses, country)
        self._open = not (settings.roles or settings.scopes or settings.tenants)
        self._scopes = frozenset(settings.scopes)
        self._hours = tuple(map(parse_hours, settings.hours))
        self.picky = self.addresses.some or bool(settings.methods or self._hours)
        """Whether anything is asked before it is known who calls."""

    def check_method(self, method: str) -> None:
        """Raises Forbidden."""
        if self.settings.methods and method not in self.settings.methods:
            raise Forbidden("method_denied", "This method may not be used here.")

    def check_hours(self, now: float) -> None:
        """Raises Forbidden."""
        if self._hours and not any(hours.hold(now) for hours in self._hours):
            raise Forbidden("hours_denied", "This may not be used at this time.")

    def check_caller(self, caller: Caller) -> None:
        """Raises Unauthorized for somebody unknown, Forbidden for somebody who may not."""
        settings = self.settings
        if caller.kind == "anonymous" and not (settings.anonymous and self._open):
            raise Unauthorized("credential_missing", "A credential is needed here.", CHALLENGE)
        if self._open:
            return
        if settings.roles and caller.roles.isdisjoint(settings.roles):
            raise Forbidden("role_missing", _NOT_YOURS)
        if settings.tenants and caller.tenant not in settings.tenants:
            raise Forbidden("tenant_denied", _NOT_YOURS)
        if not self._scopes <= caller.scopes:
            needed = f'Bearer error="insufficient_scope", scope="{" ".join(settings.scopes)}"'
            raise Forbidden("scope_missing", _NOT_YOURS, (("WWW-Authenticate", needed),))

    def check_models(self, caller: Caller, models: Iterable[str] | None, method: str) -> None:
        """`models`: every model that the request names; None when it was not read. Raises Forbidden.

        Who may only ask for certain models must name one, since a server has a default; asking for nothing at all (a list,
        a file) is what GET is for.
        """
        for patterns in (self.settings.models, caller.models):
            if not patterns:
                continue
            named = tuple(models) if models is not None else ()
            if not named and (models is None or method not in SAFE):
                raise Forbidden("model_unnamed", "The request must name a model here.")
            if not all(_one(name) and matches(patterns, name) for name in named):
                raise Forbidden("model_denied", "This model may not be used.")


def _one(name: str) -> bool:
    """Whether it can only be read as one model's name: servers split it at commas, or make a path of it."""
    return name.isprintable() and "," not in name and ".." not in name.replace("\\", "/").split("/")


def matches(patterns: tuple[str, ...], text: str) -> bool:
    """Whether one of the patterns is the whole text; `*` stands for anything. Takes time in proportion to the text."""
    return any(_is(pattern, text) for pattern in patterns)


def _is(pattern: str, text: str) -> bool:
    first, *rest = pattern.split("*")
    if not rest:
        return pattern == text
    if not text.startswith(first):
        return False
    at = len(first)
    for part in rest[:-1]:
        found = text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return len(text) - at >= len(rest[-1]) and text.endswith(rest[-1])
