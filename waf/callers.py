"""Settings about those who call: who they are, and what each of them may do. A part of the table in `waf.settings`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from waf.setting import setting


@dataclass(frozen=True, slots=True)
class Addresses:
    """A client that a deny list names is refused; with any allow list, so is one that none of them names. Files hold one
    network a line, `#` begins a comment, and they are read again when they change."""

    allow: tuple[str, ...] = setting((), "Networks that are let in; none: all.", unit="cidr")
    deny: tuple[str, ...] = setting((), "Networks that are kept out, before anything else is looked at.", unit="cidr")
    allow_files: tuple[str, ...] = setting((), "Files of such networks, one a line.", unit="file")
    deny_files: tuple[str, ...] = setting((), "Files of networks that are kept out, one a line.", unit="file")
    allow_countries: tuple[str, ...] = setting(
        (), "Countries that are let in, by `geoip`; an address of no country is not. None: all.", unit="country"
    )
    deny_countries: tuple[str, ...] = setting((), "Countries that are kept out, by `geoip`.", unit="country")


@dataclass(frozen=True, slots=True)
class Access:
    """What a caller must be to use a route. Where several lists are given, each of them must be met."""

    anonymous: bool = setting(False, "Let clients in that say nothing about who they are.")
    roles: tuple[str, ...] = setting((), "Roles of which a caller must have one.")
    scopes: tuple[str, ...] = setting((), "Scopes of which a caller must have all.")
    tenants: tuple[str, ...] = setting((), "Tenants of which a caller must be one.")
    models: tuple[str, ...] = setting((), "Models that may be asked for; `*` stands for anything.")
    methods: tuple[str, ...] = setting((), "Methods that may be used; none: all.", unit="method")
    hours: tuple[str, ...] = setting(
        (),
        "Times of the week at which it may be used, as `mon-fri 08:00-18:00 Europe/Berlin`; none: always.",
        unit="hours",
    )
    credentials: Literal["strip", "forward"] = setting(
        "strip", "Whether the credential that named the caller goes on to the model server."
    )
    addresses: Addresses = setting(Addresses, "Clients' addresses, after the lists for everything.")


@dataclass(frozen=True, slots=True)
class Keys:
    """API keys that `waf keys` makes, in Authorization: Bearer, x-api-key or api-key."""

    file: str = setting("", "File of the keys' hashes, written by `waf keys`; empty: no keys.", unit="sink")
    pepper: str = setting("", "Secret without which the hashes are of no use; `waf keys` needs it too.", unit="secret")
    shared: bool = setting(
        False,
        "The keys are kept where `state.redis` says; `file` is a copy, renewed every two seconds, for when it is away.",
    )


@dataclass(frozen=True, slots=True)
class Issuer:
    """Somebody whose signed tokens (JWT) are believed."""

    issuer: str = setting("", "The `iss` claim, exactly as it stands in tokens.")
    audience: tuple[str, ...] = setting((), "The `aud` claim must name one of these.")
    algorithms: tuple[str, ...] = setting(("RS256", "ES256"), "Signature algorithms.", unit="algorithm")
    key_file: str = setting("", "PEM or JWK file with the public keys.", unit="file")
    jwks_url: str = setting("", "Address of the public keys as a JWK set.", unit="url")
    discovery: bool = setting(
        False, "The issuer is an https:// address, and says itself where its keys are (OpenID Connect Discovery 1.0)."
    )
    jwks_ttl: float = setting(
        300.0, "How long keys are used before they are read again.", low=10, high=86_400, unit="seconds"
    )
    jwks_stale: float = setting(
        86_400.0, "How much longer they are used when they cannot be.", low=0, high=604_800, unit="seconds"
    )
    leeway: float = setting(30.0, "By how much clocks may differ.", low=0, high=600, unit="seconds")
    require: tuple[str, ...] = setting((), "Further claims that must be there; `exp` must always be.")
    subject_claim: str = setting("sub", "Claim with the caller's name; a dot leads into an object.")
    roles_claim: str = setting("roles", "Claim with the roles, a list or words.")
    tenant_claim: str = setting("tenant", "Claim with the tenant.")
    scope_claim: str = setting("scope", "Claim with the scopes, a list or words.")
    models_claim: str = setting("", "Claim with patterns of models that the caller may ask for; empty: no such claim.")


@dataclass(frozen=True, slots=True)
class Certificates:
    """Clients' certificates that `tls.client_ca` signed. A SPIFFE id, else a DNS name, else the common name names the caller."""

    subjects: tuple[str, ...] = setting((), "Names that are callers; `*` stands for anything. None: no certificates.")
    tenant: str = setting("", "Tenant of callers that a certificate names.")
    roles: tuple[str, ...] = setting((), "Roles of callers that a certificate names.")


@dataclass(frozen=True, slots=True)
class Identity:
    """With any of these, a caller must be known on every route that does not say `anonymous: true`."""

    keys: Keys = setting(Keys, "API keys.")
    jwt: tuple[Issuer, ...] = setting((), "Issuers of signed tokens.")
    certificates: Certificates = setting(Certificates, "Clients' certificates.")

    @property
    def asked(self) -> bool:
        """Whether anybody is asked who they are."""
        return bool(self.keys.file or self.jwt or self.certificates.subjects)
