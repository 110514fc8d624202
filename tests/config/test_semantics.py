"""Warnings, shadowed routes, and what counts as one machine's own address."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fnmatch import translate
from pathlib import Path
from re import compile as pattern

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf.config import Loaded, parse_address
from waf.config.semantics import covers
from waf.errors import ConfigError

Reader = Callable[..., Loaded]


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("trusted_proxies: [10.0.0.0/8, 0.0.0.0/0]", 1, 31, "trusted_proxies[1]: lets every client choose"),
        ("upstream: {tls: {verify: false}}", 1, 17, "upstream.tls: has no effect"),
        ("upstream: {url: 'https://h', tls: {verify: false}}", 1, 44, "upstream.tls.verify: whoever answers"),
        ("routes: [{path: /a}]", 1, 10, "routes[0].name: is also that of the route for everything"),
        ("routes: [{name: a, path: /a, classifier: {mode: monitor}}]", 1, 42, "routes[0].classifier: has no effect"),
        ("routes: [{path: /*}, {name: b, path: /b}]", 1, 22, "routes[1]: is never reached: route 1 takes"),
        ("usage: {shedding: {start: 2}}", 1, 27, "usage.shedding.start: is not from `least` (4)"),
        ("state: {redis: {url: 'redis://h'}}", 1, 22, "state.redis.url: has no effect: nothing is limited or watched"),
        ("state: {redis: {password: p}}", 1, 27, "state.redis.password: the secret stands in the file"),
        ("state: {redis: {secret: sixteen-or-more-of-it}}", 1, 25, "state.redis.secret: the secret stands"),
        (
            "usage: {file: used.db, rates: [{period: day}]}\nstate: {redis: {url: 'unix:///run/redis.sock'}}",
            *(1, 15, "usage.file: has no effect: quotas are kept where"),
        ),
    ],
)
def test_warnings(reader: Reader, text: str, line: int, column: int, message: str) -> None:
    (warning,) = reader(text).warnings
    assert warning.warning
    assert warning.message.startswith(message)
    assert (warning.line, warning.column) == (line, column)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://h", "must start with redis://"),
        ("redis://", "the host is missing"),
        ("redis://h:0", "port 0"),
        ("redis://h:x", "not a URL"),
        ("redis://h/name", "the number of a database"),
        ("redis://a b", "no blanks"),
        ("unix://", "names no socket"),
        ("unix://h/s", "names no socket"),
        ("redis+sentinel://h:26379/mymaster", "Sentinel and Cluster are not supported"),
        ("redis+cluster://h:6379", "Sentinel and Cluster are not supported"),
        ("redis://a:6379,b:6379/0", "Sentinel and Cluster are not supported"),
    ],
)
def test_addresses_of_redis(reader: Reader, url: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        reader(f"state: {{redis: {{url: '{url}'}}}}")


def test_a_ca_of_redis_without_tls(reader: Reader) -> None:
    with pytest.raises(ConfigError, match="rediss://"):
        reader("state: {redis: {url: 'redis://h:1/2', ca: waf.yaml}}")


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ("{model: waf.yaml}", "classifier.own.model: needs `classifier.own.tokenizer` too"),
        ("{tokenizer: waf.yaml}", "classifier.own.tokenizer: needs `classifier.own.model` too"),
        ("{model: waf.yaml, tokenizer: waf.yaml, jailbreak: 0}", "classifier.own.jailbreak: is the class"),
    ],
)
def test_a_model_of_one_s_own(reader: Reader, own: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        reader(f"classifier: {{enabled: true, own: {own}}}")
    assert [problem.message for problem in caught.value.problems if problem.message.startswith(message)]


@pytest.mark.parametrize(
    ("earlier", "later", "shadowed"),
    [
        ("{path: /v1/*}", "{path: /v1/chat}", True),
        ("{path: /v1/*}", "{path: /v1/*/x}", True),
        ("{path: '*'}", "{path: /a}", True),
        ("{path: /v1/chat}", "{path: /v1/*}", False),
        ("{path: /v1/*, methods: [POST]}", "{path: /v1/chat}", False),
        ("{path: /v1/*, methods: [POST]}", "{path: /v1/chat, methods: [GET, POST]}", False),
        ("{path: /v1/*, methods: [POST, GET]}", "{path: /v1/chat, methods: [GET]}", True),
        ("{path: /a*b*}", "{path: /a}", False),
    ],
)
def test_shadowed_routes(reader: Reader, earlier: str, later: str, shadowed: bool) -> None:
    text = f"routes: [{earlier.replace('{', '{name: a, ')}, {later.replace('{', '{name: b, ')}]"
    assert bool(reader(text).warnings) == shadowed


KEYS = "keys: {file: k, pepper: '${env:PEPPER}'}"
ISSUER = "issuer: a, audience: [b], jwks_url: 'https://idp/keys'"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "identity: {jwt: [{issuer: a, audience: [m], discovery: true}]}",
            "identity.jwt[0].discovery: needs an issuer that is an address",
        ),
        (
            "identity: {jwt: [{issuer: 'https://a', audience: [m], discovery: true, jwks_url: 'https://a/k'}]}",
            "identity.jwt[0].discovery: finds the keys itself",
        ),
        ("state: {overrides: true}", "state.overrides: needs `state.redis.url`, and `overrides` for a copy"),
        (
            "state: {overrides: true, redis: {url: 'redis://h'}}",
            "state.overrides: needs `state.redis.url`, and `overrides` for a copy",
        ),
        ("addresses: {deny_countries: [DE]}", "addresses.deny_countries: needs `geoip`"),
        (
            "routes: [{name: a, path: /*, access: {addresses: {allow_countries: [DE]}}}]",
            "routes[0].access.addresses.allow_countries: needs `geoip`",
        ),
        ("addresses: {deny_countries: [Germany]}", "addresses.deny_countries[0]: not a country"),
        (
            "routes: [{name: a, path: /*, access: {hours: [always]}}]",
            "routes[0].access.hours[0]: not times of the week",
        ),
        (
            "identity: {keys: {file: k, shared: true, pepper: '${env:PEPPER}'}}",
            "identity.keys.shared: needs `state.redis.url`",
        ),
        ("identity: {keys: {file: k}}", "identity.keys.file: needs `identity.keys.pepper` too"),
        ("identity: {keys: {pepper: '${env:PEPPER}'}}", "identity.keys.pepper: needs `identity.keys.file` too"),
        (
            "identity: {keys: {file: k, pepper: 0123456789abcdef0}}",
            "identity.keys.pepper: the secret stands in the file",
        ),
        ("admin: {token: 0123456789abcdef0}", "admin.token: the secret stands in the file"),
        ("log: {key: 0123456789abcdef0}", "log.key: the secret stands in the file"),
        ("identity: {jwt: [{audience: [b], jwks_url: 'https://idp/keys'}]}", "identity.jwt[0].issuer: is missing"),
        (f"identity: {{jwt: [{{{ISSUER}}}, {{{ISSUER}}}]}}", "identity.jwt[1].issuer: is there twice"),
        ("identity: {jwt: [{issuer: a, audience: [b]}]}", "identity.jwt[0]: has no keys"),
        (f"identity: {{jwt: [{{{ISSUER}, algorithms: []}}]}}", "identity.jwt[0].algorithms: names none"),
        (
            f"identity: {{jwt: [{{{ISSUER}, algorithms: [HS256]}}]}}",
            "identity.jwt[0].algorithms[0]: not a signature algorithm",
        ),
        (
            f"identity: {{jwt: [{{{ISSUER.replace('https', 'http')}}}]}}",
            "identity.jwt[0].jwks_url: whoever answers there",
        ),
        (f"identity: {{jwt: [{{{ISSUER.replace('audience: [b], ', '')}}}]}}", "identity.jwt[0].audience: is empty"),
        ("identity: {certificates: {subjects: ['*']}}", "identity.certificates.subjects: needs `tls.client_ca`"),
        ("tls: {client_ca: ca.pem}", "tls.client_ca: needs `tls.certificate` too"),
        ("tls: {client_crl: ca.pem}", "tls.client_crl: needs `tls.client_ca` too"),
        ("proxy_protocol: v2", "proxy_protocol: whoever can connect"),
        ("routes: [{name: a, path: /*, access: {roles: [b]}}]", "routes[0].access.roles: nobody can have them"),
        (
            f"identity: {{{KEYS}}}\nroutes: [{{name: a, path: /*, access: {{anonymous: true, scopes: [b]}}}}]",
            "routes[0].access.anonymous: contradicts",
        ),
        ("mode: off\nroutes: [{name: a, path: /*, access: {models: [b]}}]", "routes[0].access.models: needs a mode"),
        ("usage: {rates: [{name: a}, {name: a, by: all}]}", "usage.rates[1].name: is there twice"),
        ("usage: {concurrency: [{name: a}, {name: a}]}", "usage.concurrency[1].name: is there twice"),
        ("usage: {rates: [{by: tenant}]}", "usage.rates[0].by: nobody has one"),
        ("usage: {rates: [{routes: [none]}]}", "usage.rates[0].routes: names a route that does not exist"),
        ("usage: {rates: [{limit: 5, burst: 6}]}", "usage.rates[0].burst: is greater than the limit"),
        ("usage: {model_costs: [{factor: 2}], rates: [{cost: tokens}]}", "usage.model_costs[0]: names no models"),
        ("usage: {model_costs: [{models: [a]}]}", "usage.model_costs: has no effect"),
        ("usage: {file: used.db}", "usage.file: has no effect"),
        ("abuse: {routes: [none]}", "abuse.routes: names a route that does not exist"),
        ("abuse: {proof: {work: 100, hardest: 99}}", "abuse.proof.hardest: is less than"),
        ("abuse: {proof: {secret: not-a-good-place-for-it}}", "abuse.proof.secret: the secret stands in the file"),
        ("abuse: {respond: {limit: 0.5}}", "abuse.respond: has no effect, because nobody is watched"),
        ("abuse: {watch: 'off', respond: {limit: 0.5}}", "abuse.respond: has no effect, because nobody is watched"),
        ("abuse: {watch: all, respond: {block: 0.2}}", "abuse.respond.block: is met by many honest callers"),
        ("reuse_port: true\nabuse: {watch: all, respond: {challenge: 0.5}}", "abuse.proof.secret: is missing"),
        (
            "tls: {certificate: cert.pem, key: key.pem}\ntrusted_proxies: [10.0.0.0/8]\nproxy_protocol: v1",
            "proxy_protocol: cannot be read before TLS",
        ),
    ],
)
def test_callers(reader: Reader, tmp_path: Path, pem: Path, text: str, message: str) -> None:
    (tmp_path / "ca.pem").write_text("")
    for name in ("cert.pem", "key.pem"):
        (tmp_path / name).write_bytes((pem / name).read_bytes())
    try:
        problems = reader(text, environ={"PEPPER": "p" * 32}).warnings
    except ConfigError as error:
        problems = error.problems
    assert [problem.message[: len(message)] for problem in problems] == [message]


_PATTERNS = st.text("ab*", max_size=6)
_TEXTS = ["".join(letters) for n in range(7) for letters in itertools.product("ab", repeat=n)]


@given(_PATTERNS, _PATTERNS)
def test_covers_is_never_wrong(wide: str, narrow: str) -> None:
    by_wide, by_narrow = pattern(translate(wide)), pattern(translate(narrow))
    if covers(wide, narrow):
        assert all(by_wide.match(text) for text in _TEXTS if by_narrow.match(text))
    elif narrow.count("*") == 0:
        assert not by_wide.match(narrow)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:80", ("127.0.0.1", 80)),
        ("[::1]:0", ("::1", 0)),
        ("model_server.internal:65535", ("model_server.internal", 65535)),
        (f"{'a' * 63}.b.:80", (f"{'a' * 63}.b.", 80)),
    ],
)
def test_addresses(text: str, address: tuple[str, int]) -> None:
    assert parse_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":",
        "a",
        "a:",
        "a:b",
        "a:-1",
        "a:65536",
        "a:٣",
        "::1:80",
        "[a]:80",
        ":80",
        "[]:1",
        "a..b:80",
        ".a:80",
        f"{'a' * 64}:80",
        f"{'a.' * 127}:80",
    ],
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        parse_address(text)
