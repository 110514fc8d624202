"""When an issuer's keys are fetched, and how long they are believed. Pure; the clock is handed in, fetching is the edge's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from waf.callers import Issuer

if TYPE_CHECKING:
    from waf.identity.jwks import Keys  # which imports PyJWT

UNKNOWN_GAP: Final = 15.0
"""Seconds between two fetches because of a key id nobody knows: a client can make up as many as it likes."""
WELL_KNOWN: Final = "/.well-known/openid-configuration"
FIRST_RETRY: Final = 1.0
LONGEST_RETRY: Final = 300.0


class KeysWanted(Exception):
    """A token's key is not here, and the issuer's set may have it by now."""

    def __init__(self, cache: KeyCache) -> None:
        self.cache = cache
        super().__init__(cache.url)


class KeyCache:
    """The keys of one address. Differences of time are taken without their sign, so that a clock that is put back cannot
    stop the fetching. `settings` may be replaced by a reload, the keys stay."""

    def __init__(self, settings: Issuer) -> None:
        self.settings = settings
        self.keys: Keys = ()
        self._fetched = float("-inf")
        self._tried = float("-inf")
        self._retry = 0.0

    @property
    def url(self) -> str:
        """Where to begin: the keys, or the issuer's own description of itself."""
        return source_of(self.settings)

    def current(self, now: float) -> Keys:
        """The keys, none once they are too old even for when they cannot be fetched."""
        if now - self._fetched > self.settings.jwks_ttl + self.settings.jwks_stale:
            return ()
        return self.keys

    def due(self, now: float) -> bool:
        """Whether they should be fetched in the background."""
        return abs(now - self._fetched) > self.settings.jwks_ttl and abs(now - self._tried) >= self._retry

    def worth_asking(self, now: float) -> bool:
        """Whether a fetch may bring a key that is missing."""
        return abs(now - self._tried) >= max(self._retry, UNKNOWN_GAP if self.keys else 0.0)

    def trying(self, now: float) -> None:
        """A fetch begins."""
        self._tried = now

    def succeeded(self, keys: Keys, now: float) -> None:
        if keys != self.keys:
            self.keys = keys
        self._fetched = now
        self._retry = 0.0

    def failed(self) -> None:
        """The keys that are here stay; the next attempt waits twice as long as the last did."""
        self._retry = min(max(self._retry * 2, FIRST_RETRY), LONGEST_RETRY)


def source_of(settings: Issuer) -> str:
    """Address from which an issuer's keys are found; empty: it has none."""
    return settings.issuer.rstrip("/") + WELL_KNOWN if settings.discovery else settings.jwks_url
