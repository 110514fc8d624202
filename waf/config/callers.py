"""What one setting about callers alone cannot tell: who they are, how much they may ask, what is done about misuse."""

from __future__ import annotations

from typing import Final

from waf.config.report import Reporter
from waf.config.texts import CHECKS
from waf.settings import Config, Route
from waf.usage import Concurrency, Rate

LOWEST: Final = 0.4
"""Risk under which a response is hardly meant: with the budget as it ships, one in a hundred honest callers a day."""


def check_callers(config: Config, report: Reporter) -> None:
    """Adds what is wrong to the report."""
    _keys(config, report)
    _issuers(config, report)
    _connections(config, report)
    _access(config, report)
    _usage(config, report)
    _abuse(config, report)
    _state(config, report)


def _keys(config: Config, report: Reporter) -> None:
    keys = config.identity.keys
    if bool(keys.file) != bool(keys.pepper):
        missing, present = ("pepper", "file") if keys.file else ("file", "pepper")
        report.error(f"identity.keys.{present}", f"needs `identity.keys.{missing}` too")
    if keys.shared and not (keys.file and config.state.redis.url):
        report.error("identity.keys.shared", "needs `state.redis.url`, and `identity.keys.file` for a copy")
    report.check_secret("identity.keys.pepper", keys.pepper)


def _issuers(config: Config, report: Reporter) -> None:
    """Of tokens: each has a name of its own, keys from one place, and nobody on the way who could give others."""
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


def _connections(config: Config, report: Reporter) -> None:
    """What TLS and the PROXY protocol are to prove about a client."""
    tls = config.tls
    if config.identity.certificates.subjects and not tls.client_ca:
        report.error("identity.certificates.subjects", "needs `tls.client_ca`, which says who signs them")
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


def _abuse(config: Config, report: Reporter) -> None:
    abuse, proof = config.abuse, config.abuse.proof
    known = {route.name for route in config.routes} | {Route().name}
    if not known.issuperset(abuse.routes):
        report.error("abuse.routes", "names a route that does not exist")
    if proof.hardest < proof.work:
        report.warn("abuse.proof.hardest", "is less than `abuse.proof.work`, which holds at every risk then")
    report.check_secret("abuse.proof.secret", proof.secret)
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


def _usage(config: Config, report: Reporter) -> None:
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


def _state(config: Config, report: Reporter) -> None:
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
        report.check_secret(f"state.redis.{name}", getattr(redis, name))


def _access(config: Config, report: Reporter) -> None:
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
