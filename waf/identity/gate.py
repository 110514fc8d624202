"""Who may come in: addresses, then credentials, then what the route asks of a caller. No sockets; the clock is handed in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from waf.callers import Keys
from waf.errors import ConfigError, Problem, Unauthorized
from waf.identity.access import AccessPolicy
from waf.identity.certificates import caller_of
from waf.identity.credentials import INVALID, find_credential
from waf.identity.keyfile import read_keys
from waf.identity.keys import KeyRecord, KeyStore
from waf.identity.networks import AddressLists
from waf.model import Caller
from waf.settings import Config, Route

if TYPE_CHECKING:
    from waf.identity.keycache import KeyCache
    from waf.identity.tokens import Tokens

Header = tuple[bytes, bytes]

ANONYMOUS: Final = Caller()


class Gate:
    """Made from a configuration and its routes. `country` says which one an address is in; without it, the file that the
    configuration names is read. Raises ConfigError when a file cannot be used."""

    def __init__(
        self,
        config: Config,
        routes: Iterable[Route],
        caches: dict[str, KeyCache],
        secret: bytes,
        country: Callable[[str], str] | None = None,
    ) -> None:
        identity = config.identity
        self._asked = identity.asked
        country = country or countries_of(config.geoip)
        self._addresses = AddressLists(config.addresses, country)
        self._routes = tuple(routes)
        self._policies = {id(route): AccessPolicy(route.access, country) for route in self._routes}
        self._keys = KeyStore(_keys(identity.keys), identity.keys.pepper) if identity.keys.file else None
        self._certificates = identity.certificates
        self._tokens: Tokens | None = _tokens(config, caches, secret) if identity.jwt else None
        self.reads_tokens = self._tokens is not None
        self._reads_credentials = self._keys is not None or self.reads_tokens
        self.limits_models = any(route.access.models for route in self._routes)
        """Whether some route only lets certain models be asked for."""

    @property
    def caches(self) -> list[KeyCache]:
        """Keys of issuers that are fetched from somewhere."""
        return self._tokens.caches if self._tokens is not None else []

    def admit(
        self,
        routes: Sequence[Route],
        method: str,
        headers: Sequence[Header],
        address: str,
        certificate: str,
        now: float,
        *,
        fetched: bool = False,
    ) -> Caller:
        """Who it is. `routes` are those that the request may be for: what each of them asks must be met.

        `now` is in seconds since 1970. Raises Unauthorized or Forbidden, and KeysWanted when an issuer's keys should be
        fetched first; `fetched`: they were.
        """
        if self._addresses.some:
            self._addresses.check(address)
        policies = [self._policies[id(route)] for route in routes]
        for policy in policies:
            if policy.picky:
                policy.addresses.check(address)
                policy.check_method(method)
                policy.check_hours(now)
        if not self._asked:
            return ANONYMOUS
        caller = self._identify(headers, certificate, now, fetched=fetched)
        if caller is None:
            needed = not all(policy.settings.anonymous for policy in policies)
            if needed and self._reads_credentials and find_credential(headers) is not None:
                raise Unauthorized("credential_unknown", "The credential is not valid.", INVALID)
            caller = ANONYMOUS
        for policy in policies:
            policy.check_caller(caller)
        return caller

    def check_models(self, routes: Sequence[Route], caller: Caller, models: Iterable[str] | None, method: str) -> None:
        """`models`: every one that the request names, None when it was not read. Raises Forbidden."""
        for route in routes:
            self._policies[id(route)].check_models(caller, models, method)

    def _identify(self, headers: Sequence[Header], certificate: str, now: float, *, fetched: bool) -> Caller | None:
        """None for nobody: no credential, or one that is none of ours. One of ours that is wrong is refused everywhere."""
        credential = find_credential(headers) if self._reads_credentials else None
        if credential is not None:
            if self._keys is not None and credential.startswith("waf_"):
                return self._keys.check(credential, now)
            if self._tokens is not None and credential.count(".") == 2:
                return self._tokens.check(credential, now, fetched=fetched)
        return caller_of(certificate, self._certificates) if certificate else None


def gate_of(
    config: Config,
    routes: Iterable[Route],
    caches: dict[str, KeyCache],
    secret: bytes,
    country: Callable[[str], str] | None = None,
) -> Gate | None:
    """None where the configuration asks nothing of anybody, so that nothing is spent on it."""
    routes = tuple(routes)
    if not (config.identity.asked or config.addresses != type(config.addresses)()) and all(
        route.access == type(route.access)() for route in routes
    ):
        return None
    return Gate(config, routes, caches, secret, country)


def _keys(keys: Keys) -> tuple[KeyRecord, ...]:
    """Nobody is known while a copy of shared keys has never been made."""
    return () if keys.shared and not Path(keys.file).exists() else read_keys(keys.file)


def countries_of(path: str) -> Callable[[str], str]:
    """Which country an address is in, by that file; empty for none, and where there is no file. Raises ConfigError."""
    if not path:
        return lambda _: ""
    try:
        from waf.identity.countries import Countries
    except ImportError:
        message = "needs the package maxminddb, which is not installed"
        raise ConfigError([Problem("geoip", 0, 0, message, "pip install 'mlwaf[geoip]'")]) from None
    return Countries(path).of


def _tokens(config: Config, caches: dict[str, KeyCache], secret: bytes) -> Tokens:
    try:
        from waf.identity.tokens import Tokens
    except ImportError:
        message = "needs PyJWT and cryptography, which are not installed"
        raise ConfigError([Problem("identity.jwt", 0, 0, message, "pip install 'mlwaf[jwt]'")]) from None
    return Tokens(config.identity.jwt, caches, secret)
