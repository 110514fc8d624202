"""What one setting alone cannot tell: pairs, clashes, loops, shadows. Warnings tell what works but is hardly meant."""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Callable
from typing import NoReturn
from urllib.parse import urlsplit

from waf.config.build import Builder
from waf.config.callers import check_callers
from waf.config.report import Reporter
from waf.config.texts import parse_address
from waf.inference import RouteClassifier
from waf.settings import Config, Route


def check(config: Config, builder: Builder) -> None:
    """Adds to `builder.problems` what is wrong between settings. Called only when each setting alone is right."""
    report = Reporter(builder)
    _addresses(config, report)
    _pair(report, "tls", config.tls.certificate, config.tls.key)
    tls = config.upstream.tls
    _pair(report, "upstream.tls", tls.certificate, tls.key)
    if tls.ca:
        _loads(
            report,
            "upstream.tls.ca",
            lambda context: context.load_verify_locations(tls.ca),
            "a PEM file of certificates",
        )
    if config.upstream.url.startswith("http:") and (tls.ca or tls.certificate or tls.server_name or not tls.verify):
        report.warn("upstream.tls", "has no effect, because the upstream is not https://")
    elif not tls.verify:
        report.warn("upstream.tls.verify", "whoever answers at the upstream's address is believed to be it")
    _trust(config, report)
    _secret(config, report)
    check_callers(config, report)
    _routes(config.routes, report)
    _classifier(config, report)


def _addresses(config: Config, report: Reporter) -> None:
    host, port = parse_address(config.listen)
    if config.admin.listen and port and _same(config.admin.listen, host, port):
        report.error("admin.listen", "is the address of the firewall itself", "give the own listener another port")
    url = urlsplit(config.upstream.url)
    target = f"[{url.hostname}]" if ":" in (url.hostname or "") else url.hostname
    if port and _same(f"{target}:{url.port or (443 if url.scheme == 'https' else 80)}", host, port):
        report.error("upstream.url", "is the firewall's own address: every request would come back to it")


def _same(address: str, host: str, port: int) -> bool:
    """Whether connecting to `address` reaches a listener on host and port of this machine."""
    other, other_port = parse_address(address)
    local = {"localhost", "127.0.0.1", "::1", "0.0.0.0", "::"}  # noqa: S104
    return port == other_port and (other == host or {other, host} <= local)


def _pair(report: Reporter, path: str, certificate: str, key: str) -> None:
    if bool(certificate) != bool(key):
        missing, present = ("key", "certificate") if certificate else ("certificate", "key")
        report.error(f"{path}.{present}", f"needs `{path}.{missing}` too")
    elif certificate:
        both = "PEM files with a certificate and the key that belongs to it"
        _loads(
            report,
            f"{path}.certificate",
            lambda context: context.load_cert_chain(certificate, key, _no_passphrase),
            both,
        )


def _loads(report: Reporter, path: str, load: Callable[[ssl.SSLContext], None], wanted: str) -> None:
    try:
        load(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    except _PassphraseError:
        report.error(path, "the key has a passphrase, and nobody is there to type it", "use a key without one")
    except ssl.SSLError as error:
        reason = (error.reason or "unreadable").replace("_", " ").lower()
        report.error(path, f"not usable: {reason}", wanted)
    except OSError as error:
        report.error(path, f"cannot be read: {error.strerror}")


class _PassphraseError(Exception):
    """OpenSSL asked for a passphrase."""


def _no_passphrase() -> NoReturn:
    raise _PassphraseError


def _trust(config: Config, report: Reporter) -> None:
    for i, cidr in enumerate(config.trusted_proxies):
        if ipaddress.ip_network(cidr).prefixlen == 0:
            report.warn(f"trusted_proxies[{i}]", "lets every client choose its own address")


def _secret(config: Config, report: Reporter) -> None:
    secrets = (
        ("signature_secret", config.signature_secret),
        ("admin.token", config.admin.token),
        ("log.key", config.log.key),
    )
    for path, secret in secrets:
        report.check_secret(path, secret)


def _classifier(config: Config, report: Reporter) -> None:
    settings, own = config.classifier, config.classifier.own
    if bool(own.model) != bool(own.tokenizer):
        missing, present = ("tokenizer", "model") if own.model else ("model", "tokenizer")
        report.error(f"classifier.own.{present}", f"needs `classifier.own.{missing}` too")
    if own.model and own.benign == own.jailbreak:
        report.error("classifier.own.jailbreak", "is the class that stands for harmless")
    if not settings.enabled:
        for i, route in enumerate(config.routes):
            if route.classifier != RouteClassifier():
                report.warn(f"routes[{i}].classifier", "has no effect, because `classifier.enabled` is false")


def _routes(routes: tuple[Route, ...], report: Reporter) -> None:
    first: dict[str, int] = {}
    all_taken = any(route.path in ("*", "/*") and not route.methods for route in routes)
    for i, route in enumerate(routes):
        where = f"routes[{i}]"
        if route.name == Route().name and not all_taken:
            report.warn(
                f"{where}.name", "is also that of the route for everything that no other takes", "give it a name"
            )
        if route.name in first:
            message = f"route {first[route.name] + 1} has this name already"
            report.error(f"{where}.name", message, "names tell routes apart in metrics and events")
        first.setdefault(route.name, i)
        for j, earlier in enumerate(routes[:i]):
            if _covers(earlier, route):
                report.warn(where, f"is never reached: route {j + 1} takes everything that it would")
                break


def _covers(earlier: Route, later: Route) -> bool:
    if earlier.methods and not (later.methods and set(later.methods) <= set(earlier.methods)):
        return False
    return covers(earlier.path, later.path)


def covers(wide: str, narrow: str) -> bool:
    """Whether every path that the pattern `narrow` matches is matched by `wide`, where `*` stands for any text.

    A `*` of `narrow` is read as one more letter of the alphabet, which only a `*` of `wide` can match.
    """
    *init, last = wide.split("*")
    if not init:
        return wide == narrow
    if not narrow.startswith(init[0]):
        return False
    at = len(init[0])
    for part in init[1:]:
        found = narrow.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return len(narrow) - at >= len(last) and narrow.endswith(last)
