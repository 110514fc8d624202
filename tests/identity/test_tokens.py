"""Signed tokens: which are believed, how long that is remembered, and what comes of the claims."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.identity.issuer import (
    CLAIMS,
    ISSUER,
    NOW,
    jwk,
    jwks,
    key_file,
    pem,
    private,
    private_pem,
    signed,
    token,
)
from waf.callers import Issuer
from waf.errors import ConfigError, Unauthorized
from waf.identity import tokens as module
from waf.identity.jwks import choose, read_key_file, read_set
from waf.identity.keycache import LONGEST_RETRY, UNKNOWN_GAP, KeyCache, KeysWanted
from waf.identity.tokens import Tokens

SECRET = bytes(32)


def checker(folder: Path, kind: str = "rsa", alg: str = "RS256", **settings: Any) -> Tokens:
    file = key_file(folder, pem(kind))
    issuer = Issuer(issuer=ISSUER, audience=("models",), algorithms=(alg,), key_file=file)
    return Tokens([replace(issuer, **settings)], {}, SECRET)


def fetching(**settings: Any) -> tuple[Tokens, KeyCache]:
    issuer = Issuer(issuer=ISSUER, audience=("models",), jwks_url="https://idp.test/keys", **settings)
    tokens = Tokens([issuer], {}, SECRET)
    return tokens, tokens.caches[0]


ALGORITHMS = [
    ("rsa", "RS256"), ("rsa", "RS512"), ("rsa", "PS256"), ("ec256", "ES256"), ("ec384", "ES384"), ("ec521", "ES512"),
    ("ed", "EdDSA"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "alg"), ALGORITHMS)
def test_algorithms(kind: str, alg: str, tmp_path: Path) -> None:
    caller = checker(tmp_path, kind, alg).check(token(kind, alg), NOW)
    assert (caller.kind, caller.subject, caller.tenant) == ("token", "alice", "acme")
    assert caller.roles == {"user"}
    assert caller.scopes == {"chat", "embed"}
    assert caller.models == ()


@pytest.mark.parametrize(("kind", "alg"), ALGORITHMS)
@pytest.mark.parametrize(("other", "wrong"), ALGORITHMS)
def test_a_key_is_only_good_for_its_own_algorithms(kind: str, alg: str, other: str, wrong: str, tmp_path: Path) -> None:
    if kind == other:
        return
    with pytest.raises(Unauthorized):
        Tokens(
            [Issuer(issuer=ISSUER, algorithms=(alg, wrong), key_file=key_file(tmp_path, pem(kind)))], {}, SECRET
        ).check(token(other, wrong, aud=None), NOW)


def test_leeway_and_the_end_of_memory(tmp_path: Path) -> None:
    tokens = checker(tmp_path, leeway=30.0)
    text = token(exp=NOW + 10)
    assert tokens.check(text, NOW).subject == "alice"
    assert tokens.check(text, NOW + 39).subject == "alice"
    with pytest.raises(Unauthorized, match="token_expired"):
        tokens.check(text, NOW + 40)
    assert checker(tmp_path).check(token(nbf=NOW + 29, iat=NOW + 29), NOW)


def test_a_token_is_verified_once_until_it_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens, verified = checker(tmp_path), []
    genuine = Tokens._verify
    monkeypatch.setattr(Tokens, "_verify", lambda self, *a, **k: verified.append(1) or genuine(self, *a, **k))
    monkeypatch.setattr(module, "MAX_REMEMBERED", 2)
    texts = [token(sub=f"user{i}") for i in range(3)]
    for text in (texts[0], texts[0], texts[1], texts[2], texts[2], texts[0]):
        tokens.check(text, NOW)
    assert len(verified) == 4
    assert len(tokens._remembered) == 2
    tokens.check(texts[0], NOW + module.LONGEST)
    assert len(verified) == 5


def test_claims_can_have_other_names(tmp_path: Path) -> None:
    tokens = checker(
        tmp_path, subject_claim="email", roles_claim="realm.roles", tenant_claim="https://x.test/org", scope_claim="scp",
        models_claim="models", require=("jti",),
    )  # fmt: skip
    caller = tokens.check(
        token(
            email="a@b.test",
            realm={"roles": ["r"]},
            scp=["s"],
            models=["gpt-*"],
            jti="1",
            **{"https://x.test/org": "o"},
        ),
        NOW,
    )
    assert (caller.subject, caller.tenant, caller.roles, caller.scopes) == ("a@b.test", "o", {"r"}, {"s"})
    assert caller.models == ("gpt-*",)
    assert tokens.check(token(email="a", jti="1"), NOW).models == ("",), "nothing said means nothing allowed"
    with pytest.raises(Unauthorized, match="claim_missing"):
        tokens.check(token(email="a"), NOW)


def test_keys_are_fetched_when_one_is_missing() -> None:
    tokens, cache = fetching()
    text = token(header={"kid": "new"})
    with pytest.raises(KeysWanted) as wanted:
        tokens.check(text, NOW)
    assert wanted.value.cache is cache
    cache.trying(NOW)
    with pytest.raises(Unauthorized, match="token_key"):
        tokens.check(text, NOW, fetched=True)
    cache.succeeded(read_set(jwks(jwk("rsa", kid="old"))), NOW)
    with pytest.raises(Unauthorized, match="token_key"):
        tokens.check(text, NOW + 1)
    with pytest.raises(KeysWanted):
        tokens.check(text, NOW + UNKNOWN_GAP)
    cache.succeeded(read_set(jwks(jwk("rsa", kid="new"))), NOW + 20)
    assert tokens.check(text, NOW + 20).subject == "alice"
    cache.trying(NOW + 21)
    cache.succeeded(read_set(jwks(jwk("rsa2048", kid="other"))), NOW + 21)
    with pytest.raises(Unauthorized, match="token_key"):  # a key that was taken away is not remembered
        tokens.check(text, NOW + 22)


def test_old_keys_are_used_while_new_ones_cannot_be_had() -> None:
    tokens, cache = fetching(jwks_ttl=60.0, jwks_stale=120.0)
    cache.trying(NOW)
    cache.succeeded(read_set(jwks(jwk("rsa"))), NOW)
    assert not cache.due(NOW + 60)
    assert cache.due(NOW + 61)
    waits = []
    for _ in range(12):
        cache.trying(NOW + 61)
        cache.failed()
        waits.append(next(s for s in range(1000) if cache.due(NOW + 61 + s)))
    assert waits[:4] == [1, 2, 4, 8]
    assert waits[-1] == LONGEST_RETRY
    assert tokens.check(token(exp=NOW + 9000), NOW + 180).subject == "alice"
    with pytest.raises((Unauthorized, KeysWanted)):
        tokens.check(token(exp=NOW + 9000), NOW + 181)
    assert cache.due(NOW - 10_000), "a clock that was put back"


def test_caches_outlive_the_checker() -> None:
    caches: dict[str, KeyCache] = {}
    issuer = Issuer(issuer=ISSUER, jwks_url="https://idp.test/keys")
    Tokens([issuer], caches, SECRET).caches[0].succeeded(read_set(jwks(jwk("rsa"))), NOW)
    assert Tokens([issuer], caches, SECRET).check(token(aud=None), NOW).subject == "alice"


@pytest.mark.parametrize(
    ("keys", "kid", "found"),
    [
        ([{"kid": "a"}, {"kid": "b"}], "a", "a"),
        ([{"kid": "a"}, {"kid": "b"}], None, None),
        ([{"kid": "a"}], None, "a"),
        ([{"kid": "a"}], "b", None),
        ([{}], "anything", ""),
        ([{"kid": "a", "alg": "RS512"}], "a", None),
        ([{"kid": "a", "use": "enc"}, {"kid": "b"}], "a", None),
        ([{"kid": "a", "key_ops": ["sign"]}, {"kid": "b"}], "a", None),
        ([{"kid": 7}, {"kid": "b"}], None, "b"),
    ],
)
def test_choice_of_a_key(keys: list[dict[str, Any]], kid: str | None, found: str | None) -> None:
    key = choose(read_set(jwks(*(jwk("rsa", **more) for more in keys))), kid, "RS256")
    assert (key and key.kid) == found


@pytest.mark.parametrize(
    "data",
    [
        b"", b"[]", b"{}", b'{"keys": {}}', b'{"keys": []}', jwks({"kty": "oct", "k": "c2VjcmV0"}), jwks({"kty": "RSA"}),
        jwks({"kty": "RSA", "n": "!!", "e": "AQAB"}), jwks({"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}),
        jwks(*[jwk("rsa")] * 65), b"{" + b" " * (256 << 10), b"\xff", jwks({"kty": ["RSA"]}), b"[" * 100_000,
        b'{"keys": ' + b"[" * 100_000,
    ],
)  # fmt: skip
def test_sets_without_a_usable_key(data: bytes) -> None:
    with pytest.raises((ValueError, msgspec.DecodeError), match=r"key|JSON|bytes|UTF-8|truncated|utf-8|deeply"):
        read_set(data)


def test_weak_odd_and_private_keys_are_of_no_use(tmp_path: Path) -> None:
    assert [
        key.kid for key in read_set(jwks(jwk("rsa1024", kid="weak"), jwk("ec256k", kid="odd"), jwk("ed", kid="good")))
    ] == ["good"]
    with pytest.raises(ValueError, match="private"):
        read_set(jwks(jwk("rsa", d="AQAB")))
    for content in (private_pem("rsa"), pem("rsa1024"), b"nonsense", b"", b"{}"):
        with pytest.raises(ConfigError):
            read_key_file(key_file(tmp_path, content))
    with pytest.raises(ConfigError, match="cannot be read"):
        read_key_file(str(tmp_path / "missing"))
    assert read_key_file(key_file(tmp_path, json.dumps(jwk("ec256", kid="x")).encode()))[0].kid == "x"
    certificate = Path(__file__).parents[1] / "edge/data/listener_cert.pem"
    assert read_key_file(str(certificate))
    with pytest.raises(ConfigError, match="not for any"):
        checker(tmp_path, "ec256", "RS256")


@given(
    st.text(max_size=300)
    | st.from_regex(r"[A-Za-z0-9_-]{1,20}\.[A-Za-z0-9_-]{1,20}\.[A-Za-z0-9_-]{0,20}", fullmatch=True)
)
def test_no_text_is_anything_but_refused(text: str) -> None:
    tokens, _ = fetching()
    if text.isascii():
        with pytest.raises(Unauthorized):
            tokens.check(text, NOW)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5),
        lambda s: st.lists(s, max_size=3) | st.dictionaries(st.sampled_from(sorted(CLAIMS)), s),
        max_leaves=8,
    )
)
def test_no_claims_are_anything_but_refused_or_a_caller(claims: Any) -> None:
    tokens, cache = fetching(algorithms=("EdDSA",))
    cache.succeeded(read_set(jwks(jwk("ed"))), NOW)
    body = json.dumps({**CLAIMS, **claims} if isinstance(claims, dict) else claims).encode()
    try:
        caller = tokens.check(signed({"alg": "EdDSA"}, body, private("ed"), "EdDSA"), NOW)
    except Unauthorized:
        return
    assert caller.subject
