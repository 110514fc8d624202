"""What a caller may do: patterns of models, roles, scopes, tenants."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.identity.issuer import ISSUER, NOW, key_file, pem
from waf.callers import Access, Certificates, Identity, Issuer, Keys
from waf.errors import ConfigError, Forbidden, Unauthorized
from waf.identity.access import AccessPolicy, matches
from waf.identity.certificates import caller_of
from waf.identity.claims import check_claims
from waf.identity.gate import Gate, gate_of
from waf.identity.keyfile import read_keys
from waf.model import Caller
from waf.settings import Config, Route


@given(st.lists(st.text("ab*", max_size=8), min_size=1, max_size=3).map(tuple), st.text("ab", max_size=12))
def test_patterns_are_the_whole_text(patterns: tuple[str, ...], text: str) -> None:
    expected = any(re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text) for pattern in patterns)
    assert matches(patterns, text) == expected


ALICE = Caller("token", "", "", "alice", "acme", frozenset({"user"}), frozenset({"a", "b"}))


@pytest.mark.parametrize(
    ("access", "code"),
    [
        (Access(), ""),
        (Access(roles=("user", "admin")), ""),
        (Access(roles=("admin",)), "role_missing"),
        (Access(scopes=("a", "b")), ""),
        (Access(scopes=("a", "c")), "scope_missing"),
        (Access(tenants=("acme", "other")), ""),
        (Access(tenants=("other",)), "tenant_denied"),
        (Access(tenants=("other",), roles=("user",)), "tenant_denied"),
        (Access(anonymous=True, roles=("admin",)), "role_missing"),
    ],
)
def test_callers(access: Access, code: str) -> None:
    policy = AccessPolicy(access)
    if not code:
        policy.check_caller(ALICE)
        return
    with pytest.raises(Forbidden) as refused:
        policy.check_caller(ALICE)
    assert refused.value.code == code
    if code == "scope_missing":
        assert refused.value.headers == (("WWW-Authenticate", 'Bearer error="insufficient_scope", scope="a c"'),)
    with pytest.raises(Unauthorized):
        policy.check_caller(Caller())


def test_nothing_is_asked_where_nothing_is_configured() -> None:
    assert gate_of(Config(), [Route()], {}, bytes(32)) is None
    gate = gate_of(Config(), [route := Route(access=Access(methods=("GET",)))], {}, bytes(32))
    assert gate is not None
    assert gate.admit([route], "GET", [(b"x-api-key", b"anything")], "192.0.2.1", "", NOW) == Caller()
    with pytest.raises(Forbidden, match="method_denied"):
        gate.admit([route], "POST", [], "192.0.2.1", "", NOW)


def test_credentials_that_nobody_reads_are_left_alone() -> None:
    config = Config(identity=Identity(certificates=Certificates(subjects=("a",))))
    gate = Gate(config, [route := Route()], {}, bytes(32))
    headers = [(b"x-api-key", b"a"), (b"api-key", b"b")]
    assert gate.admit([route], "GET", headers, "192.0.2.1", "a", NOW).subject == "a"
    with pytest.raises(Unauthorized, match="credential_missing"):
        gate.admit([route], "GET", headers, "192.0.2.1", "", NOW)
    assert caller_of("a", Certificates()) is None


def test_without_pyjwt_tokens_cannot_be_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "waf.identity.tokens", raising=False)
    monkeypatch.setitem(sys.modules, "jwt", None)
    config = Config(identity=Identity(jwt=(Issuer(issuer=ISSUER, jwks_url="https://idp.test"),)))
    with pytest.raises(ConfigError, match=r"mlwaf\[jwt\]"):
        Gate(config, [Route()], {}, bytes(32))


def test_files_that_are_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("waf.identity.keyfile.MAX_FILE", 10)
    with pytest.raises(ConfigError, match="larger"):
        read_keys(key_file(tmp_path, pem("rsa")))
    with pytest.raises(ConfigError, match="add"):
        Gate(Config(identity=Identity(keys=Keys(str(tmp_path / "none"), "p" * 32))), [Route()], {}, bytes(32))


def test_an_issuer_without_an_audience_takes_any() -> None:
    settings = replace(Issuer(issuer=ISSUER), audience=())
    assert check_claims({"iss": ISSUER, "exp": NOW + 1, "aud": 7}, settings, NOW) == NOW + 31


def test_hours_of_a_route() -> None:
    """NOW is a Friday, 08:00 UTC."""
    begins = Route(access=Access(anonymous=True, hours=("sat 00:00-24:00", "fri 08:00-09:00")))
    ended = Route(access=Access(anonymous=True, hours=("fri 07:00-08:00",)))
    gate = Gate(Config(), [begins, ended], {}, bytes(32))
    assert gate.admit([begins], "GET", [], "192.0.2.1", "", NOW).kind == "anonymous"
    with pytest.raises(Forbidden) as refused:
        gate.admit([begins, ended], "GET", [], "192.0.2.1", "", NOW)
    assert refused.value.code == "hours_denied"
