"""The name in a client's certificate. Pure; TLS has checked who signed it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from waf.callers import Certificates
from waf.errors import Forbidden
from waf.identity.access import matches
from waf.model import Caller

MAX_NAME: Final = 256


def subject(certificate: Mapping[str, Any]) -> str:
    """What `ssl.SSLSocket.getpeercert` gives → a SPIFFE id, else the first DNS name, else the common name; "" for none.

    A certificate with two SPIFFE ids, or two common names, names nobody (SPIFFE X.509-SVID section 2).
    """
    names = [(str(kind), str(value)) for kind, value in certificate.get("subjectAltName", ())]
    uris = [value for kind, value in names if kind == "URI" and value.startswith("spiffe://")]
    if uris:
        return _plain(uris[0]) if len(uris) == 1 else ""
    for kind, value in names:
        if kind == "DNS":
            return _plain(value)
    common = [value for part in certificate.get("subject", ()) for kind, value in part if kind == "commonName"]
    return _plain(common[0]) if len(common) == 1 else ""


def caller_of(name: str, settings: Certificates) -> Caller | None:
    """The caller that a certificate's name is; None where certificates are nobody. Raises Forbidden."""
    if not settings.subjects or not name:
        return None
    if not matches(settings.subjects, name):
        raise Forbidden("certificate_denied", "This certificate may not be used here.")
    return Caller(
        kind="certificate",
        subject=name,
        tenant=settings.tenant,
        roles=frozenset(settings.roles),
        certificate=name,
    )


def _plain(name: str) -> str:
    """Names of certificates are text of whoever signed them; one that is no plain text is none."""
    return name if len(name) <= MAX_NAME and name.isascii() and name.isprintable() else ""
