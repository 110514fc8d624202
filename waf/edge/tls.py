"""TLS contexts: ours towards clients, and the one towards the upstream. Both can take new certificates while running."""

from __future__ import annotations

import ssl

from waf.errors import ConfigError, Problem
from waf.settings import Tls, UpstreamTls


def listener_context(tls: Tls) -> ssl.SSLContext | None:
    """Context for the listener; None when no certificate is set. Raises ConfigError when the files cannot be used."""
    if not tls.certificate:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    _load(context, tls.certificate, tls.key, "tls.certificate")
    if tls.client_ca:
        _ask_for_certificate(context, tls)
    return context


def _ask_for_certificate(context: ssl.SSLContext, tls: Tls) -> None:
    """`create_default_context` loads nobody for clients; only the operator's own CAs count."""
    for setting, file in (("tls.client_ca", tls.client_ca), ("tls.client_crl", tls.client_crl)):
        try:
            if file:
                context.load_verify_locations(file)
        except (OSError, ssl.SSLError) as error:
            raise _problem(setting, file, error) from None
    if tls.client_crl:
        context.verify_flags |= ssl.VerifyFlags.VERIFY_CRL_CHECK_LEAF
    context.verify_mode = ssl.CERT_REQUIRED if tls.client_certificate == "required" else ssl.CERT_OPTIONAL


def renew(context: ssl.SSLContext, tls: Tls) -> None:
    """Read the listener's files again; handshakes from now on use them. Raises ConfigError and changes nothing when they
    do not fit together: they are tried on another context first, because OpenSSL keeps a new certificate whose key it
    then refuses."""
    _load(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), tls.certificate, tls.key, "tls.certificate")
    _load(context, tls.certificate, tls.key, "tls.certificate")


def upstream_context(tls: UpstreamTls) -> ssl.SSLContext:
    """Context for an https:// upstream. Raises ConfigError when its files cannot be used."""
    try:
        context = ssl.create_default_context(cafile=tls.ca or None)
    except (OSError, ssl.SSLError) as error:
        raise _problem("upstream.tls.ca", tls.ca, error) from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    if not tls.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if tls.certificate:
        _load(context, tls.certificate, tls.key, "upstream.tls.certificate")
    return context


def _load(context: ssl.SSLContext, certificate: str, key: str, setting: str) -> None:
    try:
        # A password callback keeps OpenSSL from asking the terminal for one.
        context.load_cert_chain(certificate, key or None, password=lambda: "")
    except (OSError, ssl.SSLError) as error:
        raise _problem(setting, f"{certificate}, {key}" if key else certificate, error) from None


def _problem(setting: str, files: str, error: OSError) -> ConfigError:
    return ConfigError([Problem(setting, 0, 0, f"{files} cannot be used: {_reason(error)}")])


def _reason(error: OSError) -> str:
    if isinstance(error, ssl.SSLError):
        return (error.reason or "not a valid PEM file").lower().replace("_", " ")
    return error.strerror or type(error).__name__
