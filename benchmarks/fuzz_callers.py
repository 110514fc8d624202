"""What is fuzzed of identity and limits: whatever a client, a proxy, an issuer or a model server may send."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from waf.callers import Addresses, Issuer
from waf.errors import BadRequest, ConfigError, Unauthorized
from waf.hours import parse_hours
from waf.identity.claims import caller_of, check_claims
from waf.identity.countries import Countries
from waf.identity.credentials import find_credential
from waf.identity.jwks import read_description, read_set
from waf.identity.keycache import KeysWanted
from waf.identity.keyfile import read_keys
from waf.identity.networks import AddressLists, normal
from waf.identity.proxies import TrustedProxies
from waf.identity.proxy_protocol import MAX_V2, read
from waf.identity.tokens import Tokens
from waf.limits.tokens import counted
from waf.state.script import answers

NOW: Final = 1_800_000_000.0
_PROXIES: Final = TrustedProxies(["10.0.0.0/8"])
_ISSUER: Final = Issuer(issuer="https://idp.test", audience=("models",), jwks_url="https://idp.test/keys")
_TOKENS: Final = Tokens([_ISSUER], {}, bytes(32))
_TOKENS.caches[0].trying(NOW)
_V2: Final = b"\r\n\r\n\0\r\nQUIT\n"


def preface(data: bytes) -> None:
    """A PROXY header is whole, refused or to be continued; what is whole stays so with more behind it."""
    try:
        found = read(data, "any")
    except BadRequest:
        return
    if found is None:
        assert len(data) < MAX_V2
        return
    assert 0 < found.size <= len(data)
    assert not found.address or normal(found.address) == found.address
    assert read(data + b"GET / HTTP/1.1\r\n", "any") == found


def forwarded(data: bytes) -> None:
    """Both headers name an address, or the peer."""
    text = data.decode("utf-8", "surrogateescape")
    for found in (_PROXIES.client("10.0.0.1", [text]), _PROXIES.forwarded_client("10.0.0.1", [text])):
        assert normal(found) == found


def credential(data: bytes) -> None:
    """Headers have one credential in visible ASCII, none, or are refused."""
    headers = [(name, value) for name, _, value in (line.partition(b": ") for line in data.split(b"\n"))]
    try:
        found = find_credential(headers)
    except Unauthorized:
        return
    assert found is None or (found.isascii() and found.isprintable() and " " not in found)


def token(data: bytes) -> None:
    """Nothing without a signature is a caller; what is not refused wants a key."""
    text = data.decode("ascii", "ignore")
    header, _, claims = data.partition(b"\n")
    made = ".".join(urlsafe_b64encode(part).decode().rstrip("=") for part in (header, claims, b"signature"))
    for one in (text, made):
        try:
            caller = _TOKENS.check(one, NOW)
        except (Unauthorized, KeysWanted):
            continue
        raise AssertionError(caller)


def claims(data: bytes) -> None:
    """Claims of a token whose signature is right are refused, or name somebody."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return
    if not isinstance(document, dict):
        return
    try:
        assert check_claims(document, _ISSUER, NOW) > NOW
        assert caller_of(document, _ISSUER).subject.isprintable()
    except Unauthorized:
        return


def keys(data: bytes) -> None:
    """A key set of an issuer has keys or is refused; an answer's tokens are a number that can be believed."""
    tokens = counted(data)
    assert tokens is None or 0 <= tokens <= 100_000_000
    try:
        assert read_set(data)
    except (ValueError, msgspec.DecodeError):
        return


def description(data: bytes) -> None:
    """An issuer's description of itself names an address that is as safe as the issuer's, or is refused."""
    try:
        url = read_description(data, "https://idp.test")
    except (ValueError, msgspec.DecodeError):
        return
    assert url.startswith("https://")
    assert url.isascii()
    assert url.isprintable()
    assert " " not in url


def hours(data: bytes) -> None:
    """Times of the week hold or do not, or are refused."""
    try:
        found = parse_hours(data.decode("utf-8", "replace"))
    except ValueError:
        return
    assert found.hold(NOW) in (True, False)


def shared(data: bytes) -> None:
    """Whatever Redis may send for an answer: so many of them, or a fault that is known."""
    try:
        found = answers(data, 2)
    except (ValueError, msgspec.DecodeError):
        return
    assert len(found) == 2


def files(folder: Path) -> Callable[[bytes], None]:
    """The operator's files of keys and networks."""

    def caller_files(data: bytes) -> None:
        path = folder / "callers"
        path.write_bytes(data)
        for use in (read_keys, lambda name: AddressLists(Addresses(deny_files=(name,))), _country):
            try:
                use(str(path))
            except ConfigError as error:
                assert error.problems

    return caller_files


def _country(name: str) -> None:
    assert isinstance(Countries(name).of("192.0.2.1"), str)


_CLAIMS: Final = (
    b'{"iss": "https://idp.test", "aud": ["models"], "exp": 1800000600, "nbf": 0, '
    b'"sub": "a", "roles": ["b"], "scope": "c d"}'
)


def _mmdb() -> bytes:
    """A MaxMind database of one node: every IPv4 address is in one country."""
    data = b"\xe1\x47country\xe1\x48iso_code\x42DE"
    about = (
        b"\xe9\x4anode_count\xc1\x01\x4brecord_size\xa1\x18\x4aip_version\xa1\x04\x4ddatabase_type\x41x"
        b"\x5bbinary_format_major_version\xa1\x02\x5bbinary_format_minor_version\xa0"
        b"\x4bbuild_epoch\xc1\x01\x49languages\x00\x04\x4bdescription\xe0"
    )
    return (17).to_bytes(3) * 2 + bytes(16) + data + b"\xab\xcd\xefMaxMind.com" + about


SEEDS: Final[dict[str, list[bytes]]] = {
    "preface": [
        b"PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\nGET /",
        b"PROXY TCP6 2001:db8::1 ::1 1 65535\r\n",
        b"PROXY UNKNOWN\r\n",
        _V2 + b"\x21\x11\x00\x0c" + bytes(range(12)),
        _V2 + b"\x21\x21\x00\x27" + bytes(range(39)),
        _V2 + b"\x20\x00\x00\x00",
    ],
    "forwarded": [b'for=192.0.2.1;proto=https, For="[2001:db8::1]:80";by=_x', b"192.0.2.1:80, [::1]:2, 10.0.0.1, unknown"],
    "credential": [b"Authorization: Bearer waf_aaaaaaaaaaaa_x\nx-api-key: a", b"api-key: b\nCookie: c\nauthorization: Basic d"],
    "token": [b'{"alg": "RS256", "kid": "a", "typ": "JWT"}\n' + _CLAIMS, b"e30.e30.e30"],
    "claims": [_CLAIMS],
    "keys": [
        b'{"keys": [{"kty": "EC", "crv": "P-256", "kid": "a", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", '
        b'"y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}',
        b'{"usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}, "eval_count": 4}',
    ],
    "description": [b'{"issuer": "https://idp.test", "jwks_uri": "https://idp.test/certs"}'],
    "hours": [b"mon-fri 08:00-18:00 Europe/Berlin", b"sat,sun 00:00-24:00", b"daily 22:00-06:00"],
    "shared": [msgspec.msgpack.encode([(0, 0, (1.5, 2)), (1, 0.25, (3,))])],
    "caller_files": [
        _mmdb(),
        b'{"schema": "waf-keys/v1", "keys": [{"id": "aaaaaaaaaaaa", "name": "n", "hash": "'
        + b"0" * 64
        + b'", "models": ["a*"]}]}',
        b"10.0.0.0/8 # a\n2001:db8::/32\n",
    ],
}  # fmt: skip
