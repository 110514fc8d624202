"""What attackers send to be somebody else: each row is refused, and says with which code."""

from __future__ import annotations

import hashlib
import hmac
import json
import struct
from typing import Any

import msgspec
import pytest

from tests.identity.issuer import AUDIENCE, CLAIMS, ISSUER, NOW, b64, jwk, jwks, key_file, pem, private, signed, token
from waf.callers import Access, Addresses, Certificates, Identity, Issuer, Keys
from waf.errors import BadRequest, Forbidden, Refusal, Unauthorized
from waf.identity.gate import Gate
from waf.identity.jwks import read_set
from waf.identity.keycache import KeyCache
from waf.identity.keyfile import write_keys
from waf.identity.keys import KeyRecord, digest, mint
from waf.identity.proxies import TrustedProxies
from waf.identity.proxy_protocol import read
from waf.settings import Config, Route

PEPPER = "a pepper of thirty-two characters"
IDENT, KEY = mint(bytes(range(44)))
EXPIRED_ID, EXPIRED = mint(bytes(range(1, 45)))
REVOKED_ID, REVOKED = mint(bytes(range(2, 46)))
LATER_ID, LATER = mint(bytes(range(3, 47)))
URL = "https://idp.test/keys"


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Gate:
    folder = tmp_path_factory.mktemp("identity")
    records = [
        KeyRecord(id=IDENT, name="team-a", hash=digest(KEY, PEPPER), roles=("user",), models=("gpt-*",)),
        KeyRecord(id=EXPIRED_ID, name="old", hash=digest(EXPIRED, PEPPER), expires=int(NOW)),
        KeyRecord(id=LATER_ID, name="later", hash=digest(LATER, PEPPER), expires=int(NOW) + 3600),
        KeyRecord(id=REVOKED_ID, name="gone", hash=digest(REVOKED, PEPPER), revoked=1),
    ]
    keys = str(folder / "keys.json")
    write_keys(keys, records)
    issuers = (
        Issuer(issuer=ISSUER, audience=(AUDIENCE,), algorithms=("RS256", "ES256"), jwks_url=URL),
        Issuer(issuer="https://other.test", algorithms=("ES256",), key_file=key_file(folder, pem("ec256-other"))),
    )
    certificates = Certificates(subjects=("spiffe://prod/*",))
    config = Config(
        identity=Identity(keys=Keys(keys, PEPPER), jwt=issuers, certificates=certificates),
        addresses=Addresses(deny=("203.0.113.0/24", "2001:db8:bad::/48")),
    )
    cache = KeyCache(issuers[0])
    cache.trying(NOW)
    cache.succeeded(read_set(jwks(jwk("rsa", kid="a"), jwk("ec256", kid="b"))), NOW)
    return Gate(config, [ROUTE, ADMINS], {URL: cache}, bytes(32))


ROUTE = Route(name="all")
ADMINS = Route(name="admins", access=Access(roles=("admin",), methods=("GET",)))


def ask(
    gate: Gate,
    *headers: tuple[str, str],
    address: str = "192.0.2.1",
    certificate: str = "",
    route: Route = ROUTE,
    method: str = "POST",
) -> Any:
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    return gate.admit([route], method, raw, address, certificate, NOW)


def good(**claims: Any) -> str:
    return token(header={"kid": "a"}, **claims)


def altered(part: int, text: str) -> str:
    parts = good().split(".")
    parts[part] = text
    return ".".join(parts)


def hmac_signed(secret: bytes, **header: Any) -> str:
    """A token signed with HS256 under a secret that is no secret."""
    signing = f"{b64({'alg': 'HS256', 'typ': 'JWT', **header})}.{b64(json.dumps(CLAIMS).encode())}"
    return f"{signing}.{b64(hmac.digest(secret, signing.encode(), hashlib.sha256))}"


def raw(payload: bytes, **header: Any) -> str:
    return signed({"alg": "RS256", "kid": "a", **header}, payload, private("rsa"), "RS256")


HEADER, CLAIMED = b64({"alg": "none"}), b64(json.dumps(CLAIMS).encode())
EVIL = jwk("rsa2048")

TOKENS: dict[str, tuple[Any, str]] = {
    "alg none": (lambda: f"{HEADER}.{CLAIMED}.", "credential_unknown|token_malformed"),
    "alg none with a signature": (lambda: f"{HEADER}.{CLAIMED}.AAAA", "token_algorithm"),
    "alg None": (lambda: f"{b64({'alg': 'None'})}.{CLAIMED}.AAAA", "token_algorithm"),
    "alg nOnE": (lambda: f"{b64({'alg': 'nOnE'})}.{CLAIMED}.AAAA", "token_algorithm"),
    "alg empty": (lambda: f"{b64({'alg': ''})}.{CLAIMED}.AAAA", "token_algorithm"),
    "alg missing": (lambda: f"{b64({'typ': 'JWT'})}.{CLAIMED}.AAAA", "token_algorithm"),
    "alg a list": (lambda: f"{b64({'alg': ['RS256']})}.{CLAIMED}.AAAA", "token_algorithm"),
    "alg null": (lambda: f"{b64({'alg': None})}.{CLAIMED}.AAAA", "token_algorithm"),
    "public key as shared secret": (lambda: hmac_signed(pem("rsa"), kid="a"), "token_algorithm"),
    "public key as shared secret, no kid": (lambda: hmac_signed(pem("rsa")), "token_algorithm"),
    "HS256 with an empty secret": (lambda: hmac_signed(b""), "token_algorithm"),
    "HS256 with a known word": (lambda: hmac_signed(b"secret"), "token_algorithm"),
    "an algorithm that is not allowed": (lambda: token(alg="RS512", header={"kid": "a"}), "token_algorithm"),
    "PS256 where RS256 is meant": (lambda: token(alg="PS256", header={"kid": "a"}), "token_algorithm"),
    "EC signature under an RSA kid": (lambda: token("ec256", "ES256", {"kid": "a"}), "token_key"),
    "RSA signature under an EC kid": (lambda: token(header={"kid": "b"}), "token_key"),
    "its own key in the header": (lambda: token("rsa2048", header={"jwk": EVIL, "kid": "a"}), "token_signature"),
    "its own key set's address": (lambda: token("rsa2048", header={"jku": "https://evil.test/", "kid": "a"}), "token_signature"),
    "its own certificate": (lambda: token("rsa2048", header={"x5c": ["MIIB"], "kid": "a"}), "token_signature"),
    "its own certificate's address": (lambda: token("rsa2048", header={"x5u": "https://evil.test/", "kid": "a"}), "token_signature"),
    "kid as a path": (lambda: token("rsa2048", header={"kid": "../../dev/null"}), "token_key"),
    "kid as SQL": (lambda: token("rsa2048", header={"kid": "a' UNION SELECT 'x"}), "token_key"),
    "kid a number": (lambda: token(header={"kid": 1}), "token_header"),
    "kid a list": (lambda: token(header={"kid": ["a"]}), "token_header"),
    "critical extension": (lambda: token(header={"kid": "a", "crit": ["exp"], "exp": 1}), "token_header"),
    "unencoded payload": (lambda: token(header={"kid": "a", "b64": False}), "token_header"),
    "compressed": (lambda: token(header={"kid": "a", "zip": "DEF"}), "token_header"),
    "another type": (lambda: token(header={"kid": "a", "typ": "logout+jwt"}), "token_header"),
    "type a number": (lambda: token(header={"kid": "a", "typ": 1}), "token_header"),
    "changed claims": (lambda: altered(1, b64(json.dumps({**CLAIMS, "roles": ["admin"]}).encode())), "token_signature"),
    "changed header": (lambda: altered(0, b64({"alg": "RS256", "kid": "a", "x": 1})), "token_signature"),
    "signature of nothing": (lambda: altered(2, "AAAA"), "token_signature"),
    "signature of zeros": (lambda: altered(2, b64(bytes(256))), "token_signature"),
    "an ECDSA signature of zeros": (lambda: f"{b64({'alg': 'ES256', 'kid': 'b'})}.{CLAIMED}.{b64(bytes(64))}", "token_signature"),
    "signature padded": (lambda: good() + "=", "token_malformed"),
    "signature cut": (lambda: good()[:-1], "token_signature"),
    "two signatures": (lambda: good() + ".AAAA", "credential_unknown"),
    "expired": (lambda: good(exp=NOW - 30), "token_expired"),
    "expires never": (lambda: good(exp=None), "token_claim_missing"),
    "expires in text": (lambda: good(exp="9999999999"), "token_time"),
    "expires true": (lambda: good(exp=True), "token_time"),
    "expires in a list": (lambda: good(exp=[NOW + 9]), "token_time"),
    "expires infinitely late": (lambda: raw(json.dumps(CLAIMS).replace(str(NOW + 600), "1e999").encode()), "token_time"),
    "expires later than any number": (lambda: good(exp=10**400), "token_time"),
    "begins earlier than any number": (lambda: good(nbf=-(10**400)), "token_time"),
    "expires in thousands of digits": (lambda: raw(json.dumps(CLAIMS).replace(str(NOW + 600), "9" * 4400).encode()), "token_malformed"),
    "claims in UTF-16": (lambda: raw(json.dumps(CLAIMS).encode("utf-16-le")), "token_malformed"),
    "claims in UTF-32": (lambda: raw(json.dumps(CLAIMS).encode("utf-32-be")), "token_malformed"),
    "header in UTF-16": (lambda: signed('{"alg":"RS256","kid":"a"}'.encode("utf-16"), json.dumps(CLAIMS).encode(), private("rsa"), "RS256"), "token_malformed"),
    "claims behind a byte order mark": (lambda: raw(b"\xef\xbb\xbf" + json.dumps(CLAIMS).encode()), "token_malformed"),
    "a claim twice, once escaped": (lambda: raw(json.dumps(CLAIMS).encode()[:-1] + b', "s\\u0075b": "root"}'), "token_malformed"),
    "audience in a list of lists": (lambda: good(aud=[[AUDIENCE]]), "token_audience"),
    "subject a blank": (lambda: good(sub=" "), "token_subject"),
    "subject written backwards": (lambda: good(sub="ali\u202ece"), "token_claim"),
    "subject half a character": (lambda: good(sub="\ud800"), "token_claim"),
    "expires NaN": (lambda: raw(json.dumps({**CLAIMS, "exp": float("nan")}).encode()), "token_malformed"),
    "not yet": (lambda: good(nbf=NOW + 31), "token_early"),
    "issued tomorrow": (lambda: good(iat=NOW + 86_400), "token_early"),
    "not before, in text": (lambda: good(nbf="0"), "token_time"),
    "another issuer": (lambda: good(iss="https://evil.test"), "token_issuer"),
    "issuer with a slash": (lambda: good(iss=ISSUER + "/"), "token_issuer"),
    "no issuer": (lambda: good(iss=None), "token_issuer"),
    "issuer a list": (lambda: good(iss=[ISSUER]), "token_issuer"),
    "one issuer's key for another's name": (lambda: token("ec256-other", "ES256"), "token_signature"),
    "the other issuer's algorithm": (lambda: token(iss="https://other.test"), "token_algorithm"),
    "for another service": (lambda: good(aud="billing"), "token_audience"),
    "for nobody": (lambda: good(aud=None), "token_audience"),
    "audience an object": (lambda: good(aud={"models": 1}), "token_audience"),
    "audience in part": (lambda: good(aud="model"), "token_audience"),
    "nobody's": (lambda: good(sub=None), "token_subject"),
    "subject empty": (lambda: good(sub=""), "token_subject"),
    "subject a number": (lambda: good(sub=0), "token_claim"),
    "subject with a line end": (lambda: good(sub="alice\r\nX-Admin: 1"), "token_claim"),
    "subject too long": (lambda: good(sub="a" * 257), "token_claim"),
    "roles an object": (lambda: good(roles={"admin": True}), "token_claim"),
    "roles of numbers": (lambda: good(roles=[1]), "token_claim"),
    "thousands of roles": (lambda: good(roles=["r"] * 257), "token_claim"),
    "a claim twice": (lambda: raw(json.dumps(CLAIMS).encode()[:-1] + b', "sub": "root"}'), "token_malformed"),
    "header member twice": (lambda: signed(b'{"alg":"RS256","kid":"a","alg":"RS256"}', json.dumps(CLAIMS).encode(), private("rsa"), "RS256"), "token_malformed"),
    "claims a list": (lambda: raw(b"[]"), "token_malformed"),
    "claims not JSON": (lambda: raw(b"sub=alice"), "token_malformed"),
    "claims not UTF-8": (lambda: raw(b'{"sub": "\xff"}'), "token_malformed"),
    "claims without end": (lambda: raw(b"[" * 3000), "token_malformed"),
    "too long": (lambda: good(junk="x" * 9000), "credential_malformed|token_malformed"),
}  # fmt: skip


@pytest.mark.parametrize("name", TOKENS)
def test_tokens(name: str, gate: Gate) -> None:
    make, code = TOKENS[name]
    with pytest.raises(Unauthorized) as refused:
        ask(gate, ("Authorization", f"Bearer {make()}"))
    assert refused.value.code in code.split("|")
    assert any(header == "WWW-Authenticate" for header, _ in refused.value.headers)


WRONG_SECRET = KEY[:-1] + ("A" if KEY[-1] != "A" else "B")
BEARER = "Bearer "

CREDENTIALS: dict[str, tuple[list[tuple[str, str]], str]] = {
    "nothing": ([], "credential_missing"),
    "another scheme": ([("Authorization", "Basic YTpi")], "credential_missing"),
    "the key without its scheme": ([("Authorization", KEY)], "credential_missing"),
    "a wrong secret": ([("x-api-key", WRONG_SECRET)], "key_invalid"),
    "another key's secret": ([("x-api-key", KEY[:17] + EXPIRED[17:])], "key_invalid"),
    "an id that does not exist": ([("x-api-key", "waf_" + "a" * 12 + KEY[16:])], "key_invalid"),
    "the id alone": ([("x-api-key", KEY[:16])], "key_invalid"),
    "no secret": ([("x-api-key", KEY[:17])], "key_invalid"),
    "one character too many": ([("x-api-key", KEY + "A")], "key_invalid"),
    "other case": ([("x-api-key", KEY.upper())], "credential_unknown"),
    "the hash as the key": ([("x-api-key", digest(KEY, PEPPER))], "credential_unknown"),
    "expired key": ([("api-key", EXPIRED)], "key_expired"),
    "revoked key": ([("api-key", REVOKED)], "key_revoked"),
    "a provider's key": ([("x-api-key", "sk-ant-api03-abc")], "credential_unknown"),
    "two Authorization headers": ([("Authorization", BEARER + KEY), ("authorization", BEARER + KEY)], "credential_repeated"),
    "two different keys": ([("x-api-key", KEY), ("api-key", REVOKED)], "credential_repeated"),
    "x-api-key twice": ([("x-api-key", KEY), ("X-Api-Key", WRONG_SECRET)], "credential_repeated"),
    "a key and a token": ([("x-api-key", KEY), ("Authorization", "Bearer a.b.c")], "credential_repeated"),
    "two keys in one header": ([("x-api-key", f"{KEY}, {REVOKED}")], "credential_malformed"),
    "two tokens in one header": ([("Authorization", f"{BEARER}{KEY} {KEY}")], "credential_malformed"),
    "an empty key": ([("x-api-key", "")], "credential_malformed"),
    "an empty token": ([("Authorization", "Bearer")], "credential_malformed"),
    "a tab for the blank": ([("Authorization", f"Bearer\t{KEY}")], "credential_malformed"),
    "bytes past ASCII": ([("x-api-key", KEY[:-1] + "é")], "credential_malformed"),
    "bytes past ASCII in the id": ([("x-api-key", KEY[:5] + "é" + KEY[6:])], "credential_malformed"),
    "bytes past ASCII in a token": ([("Authorization", BEARER + KEY[:-1] + "é")], "credential_malformed"),
    "what only begins like a key": ([("x-api-key", "waf_")], "key_invalid"),
    "a NUL": ([("x-api-key", KEY + "\0")], "credential_malformed"),
    "a key of 9 KB": ([("x-api-key", "waf_" + "a" * 9000)], "credential_malformed"),
    "the firewall's own header": ([("X-WAF-Subject", "admin")], "credential_missing"),
    "a proxy's word for a certificate": ([("X-Forwarded-Client-Cert", "URI=spiffe://prod/a"), ("X-SSL-Client-Verify", "SUCCESS")], "credential_missing"),
    "an underscore": ([("x_api_key", KEY)], "credential_missing"),
    "the key in a cookie": ([("Cookie", f"x-api-key={KEY}")], "credential_missing"),
}  # fmt: skip


@pytest.mark.parametrize("name", CREDENTIALS)
def test_credentials(name: str, gate: Gate) -> None:
    headers, code = CREDENTIALS[name]
    with pytest.raises(Unauthorized) as refused:
        ask(gate, *headers)
    assert refused.value.code == code


def test_what_is_right_is_let_in(gate: Gate) -> None:
    for headers in (
        [("Authorization", BEARER + KEY)],
        [("x-api-key", KEY)],
        [("API-Key", KEY), ("Authorization", f"bearer  {KEY}")],
    ):
        caller = ask(gate, *headers)
        assert (caller.kind, caller.key, caller.subject, caller.models) == ("key", IDENT, "team-a", ("gpt-*",))
    assert ask(gate, ("Authorization", BEARER + good())).subject == "alice"
    assert ask(gate, certificate="spiffe://prod/scorer").kind == "certificate"


@pytest.mark.parametrize("address", ["203.0.113.9", "::ffff:203.0.113.9", "2001:db8:bad::1"])
def test_addresses_come_first(address: str, gate: Gate) -> None:
    with pytest.raises(Forbidden, match="address_denied"):
        ask(gate, ("x-api-key", KEY), address=address)


@pytest.mark.parametrize(
    "name", ["spiffe://prod", "spiffe://production/a", "SPIFFE://prod/a", "spiffe://evil/spiffe://prod/a"]
)
def test_certificates_of_others(name: str, gate: Gate) -> None:
    with pytest.raises(Forbidden, match="certificate_denied"):
        ask(gate, certificate=name)


def test_routes_of_others(gate: Gate) -> None:
    with pytest.raises(Forbidden, match="role_missing"):
        ask(gate, ("x-api-key", KEY), route=ADMINS, method="GET")
    with pytest.raises(Forbidden, match="method_denied"):
        ask(gate, ("x-api-key", KEY), route=ADMINS)


V2 = b"\r\n\r\n\0\r\nQUIT\n"
ADDRESSES = bytes([192, 0, 2, 1, 192, 0, 2, 2]) + struct.pack(">HH", 1, 2)
PREFACES = [
    b"GET / HTTP/1.1\r\n", b"\x16\x03\x01", b"PROXY\r\n", b"PROXY TCP4\r\n", b"PROXY  TCP4 192.0.2.1 192.0.2.2 1 2\r\n",
    b"PROXY TCP4 192.0.2.1 192.0.2.2 1\r\n", b"PROXY TCP4 192.0.2.1 192.0.2.2 1 2 3\r\n", b"proxy TCP4 192.0.2.1 192.0.2.2 1 2\r\n",
    b"PROXY TCP5 192.0.2.1 192.0.2.2 1 2\r\n", b"PROXY UDP4 192.0.2.1 192.0.2.2 1 2\r\n", b"PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n",
    b"PROXY TCP6 192.0.2.1 192.0.2.2 1 2\r\n", b"PROXY TCP4 192.0.2.256 192.0.2.2 1 2\r\n", b"PROXY TCP4 192.0.2.01 192.0.2.2 1 2\r\n",
    b"PROXY TCP4 localhost 192.0.2.2 1 2\r\n", b"PROXY TCP4 192.0.2.1 192.0.2.2 65536 2\r\n", b"PROXY TCP4 192.0.2.1 192.0.2.2 -1 2\r\n",
    b"PROXY TCP4 192.0.2.1 192.0.2.2 01 2\r\n", b"PROXY TCP4 192.0.2.1\0 192.0.2.2 1 2\r\n", b"PROXY TCP4 \xff 192.0.2.2 1 2\r\n",
    b"PROXY TCP6 fe80::1%eth0 fe80::2 1 2\r\n", b"PROXY TCP4 " + b"1" * 100, b"PROXY UNKNOWN " + b"x" * 100 + b"\r\n",
    V2 + b"\x11\x11\x00\x0c" + ADDRESSES, V2 + b"\x22\x11\x00\x0c" + ADDRESSES, V2 + b"\x2f\x11\x00\x0c" + ADDRESSES,
    V2 + b"\x21\x11\x00\x0b" + ADDRESSES[:11], V2 + b"\x21\x21\x00\x0c" + ADDRESSES, V2 + b"\x21\x12\x00\x0c" + ADDRESSES,
    V2 + b"\x21\x31\x00\xd8" + bytes(216), V2 + b"\x21\x11\xff\xff", b"\r\n\r\n\0\r\nQUIX\n" + b"\x21\x11\x00\x0c" + ADDRESSES,
]  # fmt: skip


@pytest.mark.parametrize("data", PREFACES, ids=repr)
def test_prefaces(data: bytes) -> None:
    with pytest.raises(BadRequest):
        read(data, "any")


TRUSTED = TrustedProxies(["10.0.0.0/8"])
FORWARDED = [
    "for=198.51.100.7, for=", "for=198.51.100.7, for=10.0.0.1;for=198.51.100.8", "for=198.51.100.7, =1.1.1.1", "198.51.100.7",
    'for="198.51.100.7', 'for="198.51.100.7\\"', "for=198.51.100.7, for=unknown", "for=198.51.100.7, for=_hidden", "for=198.51.100.7, for=1.2.3",
    "for=198.51.100.7, by=10.0.0.2", "for=198.51.100.7 for=198.51.100.8", "for=[2001:db8::7]", "for=198.51.100.7;", "for=198.51.100.7, proto=http",
    "for=198.51.100.7, for=0x7f000001", "for=198.51.100.7, for=2130706433", "for=198.51.100.7, for=\"198.51.100.8 \"x",
]  # fmt: skip


@pytest.mark.parametrize("value", FORWARDED)
def test_what_cannot_be_read_names_nobody(value: str) -> None:
    assert TRUSTED.forwarded_client("10.0.0.9", [value]) == "10.0.0.9"


@pytest.mark.parametrize(
    "value",
    [
        "198.51.100.7, 1.2.3",
        "198.51.100.7, 0x7f.1",
        "198.51.100.7, 10.0.0.1\0",
        "198.51.100.7, ",
        "198.51.100.7, 010.0.0.1",
    ],
)
def test_nor_does_it_in_the_other_header(value: str) -> None:
    assert TRUSTED.client("10.0.0.9", [value]) == "10.0.0.9"


def test_the_header_of_strangers_says_nothing() -> None:
    assert TRUSTED.forwarded_client("192.0.2.1", ["for=198.51.100.7"]) == "192.0.2.1"
    assert TRUSTED.forwarded_client("10.0.0.9", ["for=1.1.1.1, for=198.51.100.7", "for=10.0.0.2"]) == "198.51.100.7"
    assert TRUSTED.forwarded_client("10.0.0.9", ['proto=https;For="[2001:db8::7]:443";by=_x']) == "2001:db8::7"


DAY = 86_400.0
CLOCKS: dict[str, tuple[Any, float, str]] = {
    "expired for just longer than clocks may differ": (lambda: good(exp=NOW - 30), 0.0, "token_expired"),
    "expired a moment ago by their clock, and ours is late": (lambda: good(exp=NOW - 29.9), 0.1, "token_expired"),
    "remembered, and expired since": (good, 631.0, "token_expired"),
    "remembered, and a day later": (good, DAY, "token_expired"),
    "good from just later than clocks may differ": (lambda: good(nbf=NOW + 30.1), 0.0, "token_early"),
    "issued by a clock that is far ahead": (lambda: good(iat=NOW + 31, exp=NOW + 999), 0.0, "token_early"),
    "our clock put back by an hour": (lambda: good(nbf=NOW), -3600.0, "token_early"),
    "our clock put back to 1970": (lambda: good(jti="x"), -NOW, "token_early"),
    "expires before it begins": (lambda: good(exp=NOW - 60, nbf=NOW + 60), 0.0, "token_expired"),
    "expires before 1970": (lambda: good(exp=-1), 0.0, "token_expired"),
    "begins after the end of time": (lambda: good(nbf=1e300), 0.0, "token_early"),
    "keys that nobody could fetch for two days": (lambda: good(exp=NOW + 9 * DAY), 2 * DAY, "token_key"),
    "a key a moment past its time": (lambda: LATER, 3600.0, "key_expired"),
    "a key far past its time": (lambda: LATER, 400 * DAY, "key_expired"),
    "a revoked key, our clock before it was": (lambda: REVOKED, -NOW, "key_revoked"),
}  # fmt: skip


@pytest.mark.parametrize("name", CLOCKS)
def test_clocks(name: str, gate: Gate) -> None:
    """A credential, and by how much our clock has moved when it is shown."""
    make, moved, code = CLOCKS[name]
    shown = make()
    header = [(b"Authorization", f"Bearer {shown}".encode())]
    if name.startswith("remembered"):
        gate.admit([ROUTE], "POST", header, "192.0.2.1", "", NOW)
    with pytest.raises(Unauthorized) as refused:
        gate.admit([ROUTE], "POST", header, "192.0.2.1", "", NOW + moved, fetched=True)
    assert refused.value.code == code


def test_there_are_enough_of_them() -> None:
    assert len(TOKENS) + len(CREDENTIALS) + len(PREFACES) + len(FORWARDED) + len(CLOCKS) >= 150


def test_models(gate: Gate) -> None:
    caller = ask(gate, ("x-api-key", KEY))
    gate.check_models([ROUTE], caller, ["gpt-4o"], "POST")
    gate.check_models([ROUTE], caller, [], "GET")
    for models, method in (
        (["o3"], "POST"),
        (["gpt-4o", "o3"], "POST"),
        ([], "POST"),
        (None, "GET"),
        (["GPT-4o"], "POST"),
        ([], "UPGRADE"),
    ):
        with pytest.raises(Refusal, match="model_"):
            gate.check_models([ROUTE], caller, models, method)
    gate.check_models([ROUTE], msgspec.structs.replace(caller, models=()), ["o3"], "POST")
