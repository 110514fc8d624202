"""What a reload replaces: one reference to everything that follows from the configuration and the rules."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import hdrs
from multidict import CIMultiDictProxy

from waf.edge.accounts import Accounts
from waf.edge.suspects import AbuseMonitor, Suspects
from waf.edge.usage import Limiter
from waf.edge.usage_shared import limiter_of
from waf.engine import Engine
from waf.identity.gate import Gate, countries_of, gate_of
from waf.identity.proxies import TrustedProxies
from waf.settings import Config

if TYPE_CHECKING:
    from waf.identity.keycache import KeyCache


@dataclass(frozen=True, slots=True)
class Runtime:
    """A request takes the reference once, at its start, and is finished by the same rules that it began with."""

    config: Config
    engine: Engine
    trusted: TrustedProxies
    secret: bytes
    """Key of X-WAF-Signature; empty: none is sent."""
    gate: Gate | None
    """None: everybody may come in."""
    limiter: Limiter | None
    """None: as much as they like."""
    abuse: AbuseMonitor
    country: Callable[[str], str]
    """Of an address, two letters; empty where it is in none, or nobody knows."""
    guarded: bool
    """There is a gate or a limiter."""

    @classmethod
    def of(
        cls, config: Config, engine: Engine, caches: dict[str, KeyCache] | None = None, accounts: Accounts | None = None
    ) -> Runtime:
        """`caches`: keys of token issuers; `accounts`: what callers have used. Both outlive a reload. Raises ConfigError for
        what the gate cannot use."""
        routes = (route.settings for route in engine.routes.routes)
        country = countries_of(config.geoip)
        gate = gate_of(config, routes, {} if caches is None else caches, secrets.token_bytes(32), country)
        limiter = limiter_of(config, accounts) if accounts is not None else None
        trusted, secret = TrustedProxies(config.trusted_proxies), config.signature_secret.encode()
        abuse = AbuseMonitor(config, accounts.suspects if accounts is not None else Suspects())
        return cls(
            config, engine, trusted, secret, gate, limiter, abuse, country, gate is not None or limiter is not None
        )

    def client_of(self, peer: str, headers: CIMultiDictProxy[str]) -> str:
        """The client's address, `peer` being the other end of the connection."""
        if not self.trusted:
            return peer
        if self.config.forwarded_header == "forwarded":
            return self.trusted.forwarded_client(peer, headers.getall(hdrs.FORWARDED, ()))
        return self.trusted.client(peer, headers.getall(hdrs.X_FORWARDED_FOR, ()))
