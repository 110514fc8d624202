"""What a reload replaces: one reference to everything that follows from the configuration and the rules."""

from __future__ import annotations

from dataclasses import dataclass

from waf.edge.accept_client import TrustedProxies
from waf.engine import Engine
from waf.settings import Config


@dataclass(frozen=True, slots=True)
class Runtime:
    """A request takes the reference once, at its start, and is finished by the same rules that it began with."""

    config: Config
    engine: Engine
    trusted: TrustedProxies
    secret: bytes
    """Key of X-WAF-Signature; empty: none is sent."""

    @classmethod
    def of(cls, config: Config, engine: Engine) -> Runtime:
        return cls(config, engine, TrustedProxies(config.trusted_proxies), config.signature_secret.encode())
