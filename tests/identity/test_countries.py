"""Countries of addresses, from a database that is made here, and from what is none."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.identity.issuer import NOW
from tests.identity.mmdb import database
from waf.callers import Access, Addresses
from waf.errors import ConfigError, Forbidden
from waf.identity.countries import Countries
from waf.identity.gate import Gate
from waf.settings import Config, Route

PLACES = {
    "192.0.2.0/25": {"country": {"iso_code": "DE"}, "registered_country": {"iso_code": "FR"}},
    "192.0.2.128/25": {"registered_country": {"iso_code": "FR"}},
    "198.51.100.0/24": {"country": {"iso_code": "KP"}},
    "203.0.113.0/24": {"continent": {"code": "EU"}},
    "203.0.114.0/24": {"country": "XX"},
    "2001:db8::/32": {"country": {"iso_code": "DE"}},
}


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "countries.mmdb"
    path.write_bytes(database(PLACES))
    return str(path)


@pytest.mark.parametrize(
    ("address", "country"),
    [
        ("192.0.2.1", "DE"),
        ("192.0.2.129", "FR"),
        ("198.51.100.1", "KP"),
        ("203.0.113.1", ""),
        ("203.0.114.1", ""),
        ("10.0.0.1", ""),
        ("2001:db8::1", "DE"),
        ("2001:db9::1", ""),
        ("", ""),
        ("unix", ""),
    ],
)
def test_countries(file: str, address: str, country: str) -> None:
    assert Countries(file).of(address) == country


def code_of(gate: Gate, route: Route, address: str) -> str:
    try:
        gate.admit([route], "GET", [], address, "", NOW)
    except Forbidden as refused:
        return refused.code
    return ""


def test_who_is_kept_out(file: str) -> None:
    route = Route(access=Access(anonymous=True, addresses=Addresses(allow_countries=("DE", "KP"))))
    other = Route(access=Access(anonymous=True))
    config = Config(geoip=file, addresses=Addresses(deny_countries=("KP",)))
    gate = Gate(config, [route, other], {}, bytes(32))
    assert [code_of(gate, route, address) for address in ("192.0.2.1", "2001:db8::1")] == ["", ""]
    for address in ("192.0.2.200", "198.51.100.1", "203.0.113.1", "10.0.0.1", "unix"):
        assert code_of(gate, route, address) == "country_denied"
    assert [code_of(gate, other, address) for address in ("192.0.2.200", "10.0.0.1")] == ["", ""]
    assert code_of(gate, other, "198.51.100.1") == "country_denied"


@pytest.mark.parametrize("cut", [0, 1, 100, 700, -1, -30, -60, -120])
def test_what_is_no_database(file: str, cut: int) -> None:
    """Cut anywhere it is refused, or says nothing that is wrong."""
    path = Path(file)
    path.write_bytes(path.read_bytes()[:cut])
    with suppress(ConfigError):
        assert Countries(file).of("192.0.2.1") in ("", "DE")
    path.write_bytes(b"no database at all")
    with pytest.raises(ConfigError, match="is no MaxMind database"):
        Countries(file)


def test_a_file_that_is_not_there_or_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        Countries(str(tmp_path / "missing"))
    monkeypatch.setattr("waf.identity.countries.MAX_FILE", 10)
    with pytest.raises(ConfigError, match="larger than"):
        Countries(file)


def test_without_the_package(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "waf.identity.countries", None)
    with pytest.raises(ConfigError, match=r"mlwaf\[geoip\]"):
        Gate(Config(geoip=file, addresses=Addresses(deny_countries=("KP",))), [], {}, bytes(32))
