"""A token issuer with keys of every kind, made once, and tokens of any shape that anybody could write."""

from __future__ import annotations

import base64
import json
from functools import cache
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization as ser
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

NOW = 1_800_000_000.0
ISSUER = "https://idp.test"
AUDIENCE = "models"
CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "aud": AUDIENCE,
    "sub": "alice",
    "exp": NOW + 600,
    "iat": NOW,
    "roles": ["user"],
    "tenant": "acme",
    "scope": "chat embed",
}


@cache
def private(kind: str) -> Any:
    if kind.startswith("rsa"):
        return rsa.generate_private_key(65537, int(kind[3:] or 2048))
    if kind.startswith("ed"):
        return ed25519.Ed25519PrivateKey.generate()
    curves = {"256": ec.SECP256R1, "384": ec.SECP384R1, "521": ec.SECP521R1, "256k": ec.SECP256K1}
    return ec.generate_private_key(curves[kind.removeprefix("ec").partition("-")[0]]())


def pem(kind: str) -> bytes:
    return private(kind).public_key().public_bytes(ser.Encoding.PEM, ser.PublicFormat.SubjectPublicKeyInfo)


def private_pem(kind: str) -> bytes:
    return private(kind).private_bytes(ser.Encoding.PEM, ser.PrivateFormat.PKCS8, ser.NoEncryption())


def jwk(kind: str, **more: Any) -> dict[str, Any]:
    algorithms = {
        "rsa": jwt.algorithms.RSAAlgorithm,
        "ec": jwt.algorithms.ECAlgorithm,
        "ed": jwt.algorithms.OKPAlgorithm,
    }
    algorithm = next(value for name, value in algorithms.items() if kind.startswith(name))
    members: dict[str, Any] = json.loads(algorithm.to_jwk(private(kind).public_key()))
    members.pop("key_ops", None)
    return {**members, **more}


def jwks(*keys: dict[str, Any]) -> bytes:
    return json.dumps({"keys": list(keys)}).encode()


def b64(data: bytes | dict[str, Any]) -> str:
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def token(kind: str = "rsa", alg: str = "RS256", header: dict[str, Any] | None = None, **claims: Any) -> str:
    """A token that is right unless something is changed; a claim given as None is left out."""
    members = {name: value for name, value in {**CLAIMS, **claims}.items() if value is not None}
    return signed({"alg": alg, "typ": "JWT", **(header or {})}, json.dumps(members).encode(), private(kind), alg)


def signed(header: dict[str, Any] | bytes, payload: bytes, key: Any, alg: str) -> str:
    """Header and payload as they are given, with a genuine signature over them."""
    signing = f"{b64(header)}.{b64(payload)}"
    signature = jwt.get_algorithm_by_name(alg).sign(signing.encode(), key)
    return f"{signing}.{b64(signature)}"


def key_file(folder: Path, content: bytes, name: str = "issuer.pem") -> str:
    path = folder / name
    path.write_bytes(content)
    return str(path)
