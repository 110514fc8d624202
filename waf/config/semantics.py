"""What one setting alone cannot tell: pairs, clashes, loops, shadows. Warnings tell what works but is hardly meant."""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Callable
from typing import Final, NoReturn
from urllib.parse import urlsplit

from waf.config.build import Builder
from waf.config.substitute import refers
from waf.config.texts import CHECKS, Complaint, parse_address
from waf.inference import RouteClassifier
from waf.settings import Config, Route
from waf.source import Node
from waf.usage import Concurrency, Rate

LOWEST: Final = 0.4
"""Risk under which a response is hardly meant: with the budget as it ships, one in a hundred honest callers a day."""


def check(config: Config, builder: Builder) -> None:
    """Adds to `builder.problems` what is wrong between settings. Called only when each setting alone is right."""
    report = _Reporter(builder)
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
    _callers(config, report)
    _state(config, report)
    _routes(config.routes, report)
    _classifier(config, report)


class _Reporter:
    """Finds the place of a setting: its own, or that of the nearest section around it that is present."""

    def __init__(self, builder: Builder) -> None:
        self._builder = builder

    def error(self, path: str, message: str, hint: str = "") -> None:
        self._builder.complain(self.node(path), path, Complaint(message, hint))

    def warn(self, path: str, message: str, hint: str = "") -> None:
        self._builder.complain(self.node(path), path, Complaint(message, hint), warning=True)

    def node(self, path: str) -> Node:
        places = self._builder.places
        while path not in places:
            path = path.rpartition(".")[0]
        return places[path]


def _addresses(config: Config, report: _Reporter) -> None:
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


def _pair(report: _Reporter, path: str, certificate: str, key: str) -> None:
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


def _loads(report: _Reporter, path: str, load: Callable[[ssl.SSLContext], None], wanted: str) -> None:
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


def _trust(config: Config, report: _Reporter) -> None:
    for i, cidr in enumerate(config.trusted_proxies):
        if ipaddress.ip_network(cidr).prefixlen == 0:
            report.warn(f"trusted_proxies[{i}]", "lets every client choose its own address")


def _secret(config: Config, report: _Reporter) -> None:
    secrets = (
        ("signature_secret", config.signature_secret),
        ("admin.token", config.admin.token),
        ("log.key", config.log.key),
    )
    for path, secret in secrets:
        raw = report.node(path).value
        if secret and isinstance(raw, str) and not refers(raw):
            report.warn(path, "the secret stands in the file", "use ${env:NAME} or ${file:PATH}")


def _classifier(config: Config, report: _Reporter) -> None:
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


def _callers(config: Config, report: _Reporter) -> None:
    keys, certificates = config.identity.keys, config.identity.certificates
    if bool(keys.file) != bool(keys.pepper):
        missing, present = ("pepper", "file") if keys.file else ("file", "pepper")
        report.error(f"identity.keys.{present}", f"needs `identity.keys.{missing}` too")
    if keys.shared and not (keys.file and config.state.redis.url):
        report.error("identity.keys.shared", "needs `state.redis.url`, and `identity.keys.file` for a copy")
    raw = report.node("identity.keys.pepper").value
    if keys.pepper and isinstance(raw, str) and not refers(raw):
        report.warn("identity.keys.pepper", "the secret stands in the file", "use ${env:NAME} or ${file:PATH}")
    seen: set[str] = set()
    for i, issuer in enumerate(config.identity.jwt):
        where = f"identity.jwt[{i}]"
        if not issuer.issuer or issuer.issuer in seen:
            report.error(f"{where}.issuer", "is missing" if not issuer.issuer else "is there twice")
        seen.add(issuer.issuer)
        if not issuer.key_file and not issuer.jwks_url and not issuer.discovery:
            report.error(where, "has no keys", "set `key_file`, `jwks_url` or `discovery`")
        if issuer.discovery and issuer.jwks_url:
            report.error(f"{where}.discovery", "finds the keys itself", "leave `jwks_url` out, or this")
        if issuer.discovery and CHECKS["url"](issuer.issuer):
            report.error(f"{where}.discovery", "needs an issuer that is an address", "as in https://login.example.com")
        if issuer.discovery and issuer.issuer.startswith("http:"):
            report.warn(f"{where}.discovery", "whoever answers there can sign tokens", "use https://")
        if not issuer.algorithms:
            report.error(f"{where}.algorithms", "names none")
        if issuer.jwks_url.startswith("http:"):
            report.warn(f"{where}.jwks_url", "whoever answers there can sign tokens", "use https://")
        if not issuer.audience:
            report.warn(f"{where}.audience", "is empty: a token for any other service of the issuer is good here, too")
    if certificates.subjects and not config.tls.client_ca:
        report.error("identity.certificates.subjects", "needs `tls.client_ca`, which says who signs them")
    tls = config.tls
    if tls.client_ca and not tls.certificate:
        report.error("tls.client_ca", "needs `tls.certificate` too")
    if tls.client_crl and not tls.client_ca:
        report.error("tls.client_crl", "needs `tls.client_ca` too")
    if config.proxy_protocol != "off" and tls.certificate:
        report.error(
            "proxy_protocol", "cannot be read before TLS", "end TLS in front of the firewall, or use no PROXY protocol"
        )
    if config.proxy_protocol != "off" and not config.trusted_proxies:
        report.warn(
            "proxy_protocol", "whoever can connect can claim any address", "name the load balancer in `trusted_proxies`"
        )
    _access(config, report)
    _usage(config, report)
    _abuse(config, report)


def _abuse(config: Config, report: _Reporter) -> None:
    abuse, proof = config.abuse, config.abuse.proof
    known = {route.name for route in config.routes} | {Route().name}
    if not known.issuperset(abuse.routes):
        report.error("abuse.routes", "names a route that does not exist")
    if proof.hardest < proof.work:
        report.warn("abuse.proof.hardest", "is less than `abuse.proof.work`, which holds at every risk then")
    raw = report.node("abuse.proof.secret").value
    if proof.secret and isinstance(raw, str) and not refers(raw):
        report.warn("abuse.proof.secret", "the secret stands in the file", "use ${env:NAME} or ${file:PATH}")
    respond = abuse.respond
    levels = {name: getattr(respond, name) for name in ("limit", "round", "challenge", "block")}
    acts = any(levels.values())
    watches = abuse.watch == "all" or (abuse.watch == "known" and config.identity.asked)
    if acts and not watches:
        hint = "set `identity`, or `watch: all`" if abuse.watch == "known" else "set `watch`"
        report.warn("abuse.respond", "has no effect, because nobody is watched", hint)
    for name, level in levels.items():
        if 0 < level < LOWEST:
            report.warn(f"abuse.respond.{name}", "is met by many honest callers", "0.5 is the budget of false alarms")
    if config.reuse_port and respond.challenge and not proof.secret:
        report.error("abuse.proof.secret", "is missing: each process on the port would refuse the others' challenges")


def _usage(config: Config, report: _Reporter) -> None:
    usage = config.usage
    known = {route.name for route in config.routes} | {Route().name}
    parts: tuple[tuple[str, tuple[Rate | Concurrency, ...]], ...] = (
        ("rates", usage.rates),
        ("concurrency", usage.concurrency),
    )
    for part, limits in parts:
        seen: set[str] = set()
        for i, limit in enumerate(limits):
            where = f"usage.{part}[{i}]"
            if limit.name in seen:
                report.error(f"{where}.name", "is there twice")
            seen.add(limit.name)
            if limit.by in ("key", "subject", "tenant") and not config.identity.asked:
                report.error(f"{where}.by", "nobody has one, because nobody is asked", "set `identity`")
            for name in limit.routes:
                if name not in known:
                    report.error(f"{where}.routes", "names a route that does not exist")
    for i, rate in enumerate(usage.rates):
        if rate.burst > rate.limit:
            report.error(f"usage.rates[{i}].burst", "is greater than the limit")
    for i, cost in enumerate(usage.model_costs):
        if not cost.models:
            report.error(f"usage.model_costs[{i}]", "names no models")
    if usage.model_costs and not any(rate.cost == "tokens" for rate in usage.rates):
        report.warn("usage.model_costs", "has no effect: no rate counts tokens")
    shedding = usage.shedding
    if not shedding.least <= shedding.start <= shedding.most:
        report.warn("usage.shedding.start", f"is not from `least` ({shedding.least}) to `most` ({shedding.most})")
    if usage.file and not any(rate.period for rate in usage.rates):
        report.warn("usage.file", "has no effect: no rate has a `period`")
    elif usage.file and config.state.redis.url:
        report.warn("usage.file", "has no effect: quotas are kept where `state.redis` says")


def _state(config: Config, report: _Reporter) -> None:
    redis = config.state.redis
    if redis.ca and not redis.url.startswith("rediss:"):
        report.error("state.redis.ca", "needs an address that starts with rediss://")
    abuse = config.abuse.watch
    uses = config.usage.rates or config.usage.concurrency or config.identity.keys.shared or config.state.overrides
    if redis.url and not uses and (abuse == "off" or (abuse == "known" and not config.identity.asked)):
        message = "has no effect: nothing is limited or watched, no keys or overrides are shared"
        report.warn("state.redis.url", message, "set `usage`, `abuse.watch` or `state.overrides`")
    if config.state.overrides and not (config.overrides and redis.url):
        report.error("state.overrides", "needs `state.redis.url`, and `overrides` for a copy")
    for name in ("password", "secret"):
        raw = report.node(f"state.redis.{name}").value
        if getattr(redis, name) and isinstance(raw, str) and not refers(raw):
            report.warn(f"state.redis.{name}", "the secret stands in the file", "use ${env:NAME} or ${file:PATH}")


def _access(config: Config, report: _Reporter) -> None:
    for where, lists in (
        ("addresses", config.addresses),
        *((f"routes[{i}].access.addresses", route.access.addresses) for i, route in enumerate(config.routes)),
    ):
        for name in ("allow_countries", "deny_countries"):
            if getattr(lists, name) and not config.geoip:
                report.error(f"{where}.{name}", "needs `geoip`, which says where addresses are")
    for i, route in enumerate(config.routes):
        access, where = route.access, f"routes[{i}].access"
        named = [name for name in ("roles", "scopes", "tenants") if getattr(access, name)]
        for name in named:
            if not config.identity.asked:
                report.error(f"{where}.{name}", "nobody can have them, because nobody is asked", "set `identity`")
            elif access.anonymous:
                report.error(f"{where}.anonymous", f"contradicts `{name}`")
        if access.models and (route.mode or config.mode) == "off":
            report.error(f"{where}.models", "needs a mode other than off: requests are not read there")


def _routes(routes: tuple[Route, ...], report: _Reporter) -> None:
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
