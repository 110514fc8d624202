"""Public keys of token issuers: read strictly, each usable for the algorithms of its own kind only.

The one module, with `tokens`, that needs PyJWT and cryptography; both are imported when tokens are configured.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import jwt
import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from cryptography.x509 import load_pem_x509_certificate
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from waf.errors import ConfigError, Problem

MAX_SET: Final = 256 << 10
"""Bytes of a JWK set. The largest of public providers have a few kilobytes."""
MAX_KEYS: Final = 64
MIN_RSA: Final = 2048
MAX_RSA: Final = 8192
"""Bits. The time that a verification takes grows with them."""

_URL: Final = re.compile(r"https?://[A-Za-z0-9.\[\]:_-]{1,255}(?:/[!-~]{0,1024})?", re.ASCII)

_READERS: Final[Mapping[str, Any]] = {"RSA": RSAAlgorithm, "EC": ECAlgorithm, "OKP": OKPAlgorithm}
_CURVES: Final = {"ES256": "secp256r1", "ES384": "secp384r1", "ES512": "secp521r1"}
_PRIVATE: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


class Key(msgspec.Struct, frozen=True):
    """`kid` is empty where the key has none; `algorithm` where the set does not bind it to one."""

    kid: str
    algorithm: str
    public: Any

    def fits(self, algorithm: str) -> bool:
        """Whether a signature of this algorithm can be checked with the key at all."""
        if self.algorithm and self.algorithm != algorithm:
            return False
        if algorithm.startswith(("RS", "PS")):
            return isinstance(self.public, RSAPublicKey)
        if algorithm in _CURVES:
            return isinstance(self.public, EllipticCurvePublicKey) and self.public.curve.name == _CURVES[algorithm]
        return algorithm == "EdDSA" and isinstance(self.public, Ed25519PublicKey)


Keys = tuple[Key, ...]


def choose(keys: Keys, kid: str | None, algorithm: str) -> Key | None:
    """The key that a token's header means. A token without a `kid` is only understood when one key alone fits."""
    fitting = [key for key in keys if key.fits(algorithm)]
    if kid is None:
        return fitting[0] if len(fitting) == 1 else None
    named = [key for key in fitting if key.kid == kid]
    if named:
        return named[0]
    return fitting[0] if len(keys) == 1 and fitting and not keys[0].kid else None


def read_set(data: bytes) -> Keys:
    """The usable keys of a JWK set (RFC 7517), or of one JWK. Keys for other uses are passed over. Raises ValueError when
    it is not one, has no key of use, or holds a private one."""
    if len(data) > MAX_SET:
        raise ValueError(f"larger than {MAX_SET:,} bytes")
    document = _object(data)
    listed = document.get("keys", [document])
    if not isinstance(listed, list) or len(listed) > MAX_KEYS:
        raise ValueError(f"`keys` is not a list of at most {MAX_KEYS}")
    keys = tuple(key for key in map(_read, listed) if key is not None)
    if not keys:
        raise ValueError("no key in it can check signatures of RSA (2048 bits or more), EC or Ed25519")
    return keys


def read_description(data: bytes, issuer: str) -> str:
    """Where an issuer that describes itself has its keys (OpenID Connect Discovery 1.0, section 4.3; RFC 8414). Raises
    ValueError when it is somebody else's description, or names no address that is as safe as its own."""
    document = _object(data)
    if document.get("issuer") != issuer:
        raise ValueError("it does not describe this issuer")
    url = document.get("jwks_uri")
    schemes = ("https://",) if issuer.startswith("https://") else ("https://", "http://")
    if not isinstance(url, str) or not url.startswith(schemes) or not _URL.fullmatch(url):
        raise ValueError("`jwks_uri` is no https:// address")
    return url


def _object(data: bytes) -> dict[str, Any]:
    try:
        document = msgspec.json.decode(data)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(document, dict):
        raise ValueError("not a JSON object")
    return document


def _read(item: object) -> Key | None:
    kind = item.get("kty") if isinstance(item, dict) else None
    if not isinstance(item, dict) or not isinstance(kind, str) or kind not in _READERS:
        return None
    if _PRIVATE & item.keys():
        raise ValueError("it holds a private key, which belongs to the issuer alone")
    operations = item.get("key_ops", ["verify"])
    if item.get("use", "sig") != "sig" or not isinstance(operations, list) or "verify" not in operations:
        return None
    kid, algorithm = item.get("kid", ""), item.get("alg", "")
    if not isinstance(kid, str) or not isinstance(algorithm, str):
        return None
    try:
        public = _READERS[kind].from_jwk(item)
    except (jwt.InvalidKeyError, ValueError, TypeError, KeyError, UnsupportedAlgorithm):
        return None
    return Key(kid, algorithm, public) if _usable(public) else None


def _usable(public: object) -> bool:
    if isinstance(public, RSAPublicKey):
        return MIN_RSA <= public.key_size <= MAX_RSA
    if isinstance(public, EllipticCurvePublicKey):
        return public.curve.name in _CURVES.values()
    return isinstance(public, Ed25519PublicKey)


def read_key_file(path: str) -> Keys:
    """A PEM public key, a PEM certificate, a JWK or a JWK set. Raises ConfigError."""
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_SET + 1)
    except OSError as error:
        raise ConfigError([Problem(path, 0, 0, f"cannot be read: {error.strerror}")]) from None
    try:
        if data.lstrip()[:1] == b"{":
            return read_set(data)
        if b"PRIVATE KEY" in data:
            raise ValueError("it holds a private key, which belongs to the issuer alone")
        public = (
            load_pem_x509_certificate(data).public_key() if b"BEGIN CERTIFICATE" in data else load_pem_public_key(data)
        )
    except (ValueError, UnsupportedAlgorithm, msgspec.DecodeError) as error:
        raise ConfigError([Problem(path, 0, 0, f"no public key: {error}", "a PEM or JWK file")]) from None
    if not _usable(public):
        message = "the key is of no use: RSA of 2048 to 8192 bits, P-256, P-384, P-521 or Ed25519"
        raise ConfigError([Problem(path, 0, 0, message)])
    return (Key("", "", public),)
