"""Sets of networks against the standard library's, and the files they come from."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf.callers import Addresses
from waf.errors import BadRequest, ConfigError, Forbidden
from waf.identity import networks as module
from waf.identity.networks import AddressLists, Networks, normal
from waf.identity.proxies import nodes
from waf.identity.proxy_protocol import MAX_V2, Preface, read

ADDRESSES = st.ip_addresses(v=4) | st.ip_addresses(v=6)
NETWORKS = st.builds(
    lambda a, n: ip_network(f"{a}/{n % (a.max_prefixlen + 1)}", strict=False), ADDRESSES, st.integers(0, 128)
)


@given(st.lists(NETWORKS, max_size=8), ADDRESSES)
def test_the_same_as_asking_each(networks: list[ip_network], address: ip_address) -> None:
    mapped = getattr(address, "ipv4_mapped", None) or address
    expected = any(mapped.version == network.version and mapped in network for network in networks)
    found = Networks(map(str, networks))
    assert found.names(str(address)) == expected
    assert bool(found) == bool(networks)


@given(ADDRESSES)
def test_the_usual_spelling_is_the_same_address(address: ip_address) -> None:
    mapped = getattr(address, "ipv4_mapped", None) or address
    assert ip_address(normal(address.exploded) or "") == mapped


@pytest.mark.parametrize(
    "text",
    [
        "",
        "localhost",
        "1.2.3",
        "1.2.3.4.5",
        "256.1.1.1",
        "::g",
        "1::2::3",
        "fe80::1%eth0",
        "1.2.3.4\0",
        "\udcff",
        "１.2.3.4",
    ],
)
def test_what_is_no_address(text: str) -> None:
    assert normal(text) is None
    assert not Networks(["0.0.0.0/0", "::/0"]).names(text)


def test_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "nets.txt"
    path.write_text("# ours\n10.0.0.0/8\n\n  192.0.2.7  # one\n2001:db8::/32\n")
    lists = AddressLists(Addresses(allow_files=(str(path),), deny=("10.9.0.0/16",)))
    lists.check("10.1.2.3")
    lists.check("2001:db8::5")
    for address in ("10.9.1.1", "11.0.0.1", ""):
        with pytest.raises(Forbidden):
            lists.check(address)
    path.write_text("10.0.0.0/8\n10.0.0.1/8\nnonsense\n")
    with pytest.raises(ConfigError) as error:
        AddressLists(Addresses(deny_files=(str(path),)))
    assert [(p.line, p.message) for p in error.value.problems] == [
        (2, "has bits set past its prefix"),
        (3, "is not a network"),
    ]
    path.write_text("# nothing\n")
    with pytest.raises(ConfigError, match="nobody could come in"):
        AddressLists(Addresses(allow_files=(str(path),)))
    assert not AddressLists(Addresses(deny_files=(str(path),)))
    with pytest.raises(ConfigError, match="cannot be read"):
        AddressLists(Addresses(deny_files=(str(tmp_path / "missing"),)))
    path.write_text("10.0.0.0/8\n" * 9)
    monkeypatch.setattr(module, "MAX_NETWORKS", 8)
    with pytest.raises(ConfigError, match="more than 8"):
        AddressLists(Addresses(deny_files=(str(path),)))
    monkeypatch.setattr(module, "MAX_FILE", 10)
    with pytest.raises(ConfigError, match="larger than"):
        AddressLists(Addresses(deny_files=(str(path),)))


@given(st.text(max_size=200) | st.text(alphabet='for=;,"[]:.1 \\\t', max_size=60))
def test_no_header_upsets_the_parser(value: str) -> None:
    assert all(isinstance(node, str) for node in nodes(value))


V2 = b"\r\n\r\n\0\r\nQUIT\n"
GOOD = [
    (b"PROXY TCP4 192.0.2.1 192.0.2.2 1 65535\r\n", "192.0.2.1"),
    (b"PROXY TCP6 2001:DB8::1 ::1 0 2\r\n", "2001:db8::1"),
    (b"PROXY TCP6 ::ffff:192.0.2.1 ::1 1 2\r\n", "192.0.2.1"),
    (b"PROXY UNKNOWN\r\n", ""),
    (b"PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n", ""),
    (V2 + b"\x21\x11\x00\x0c" + bytes([192, 0, 2, 1]) + bytes(8), "192.0.2.1"),
    (V2 + b"\x21\x11\x00\x10" + bytes([192, 0, 2, 1]) + bytes(8) + b"\x04\x00\x01a", "192.0.2.1"),
    (V2 + b"\x21\x21\x00\x24" + bytes.fromhex("20010db8") + bytes(11) + b"\1" + bytes(20), "2001:db8::1"),
    (V2 + b"\x20\x00\x00\x00", ""),
    (V2 + b"\x20\x11\x00\x0c" + bytes(12), ""),
    (V2 + b"\x21\x00\x00\x00", ""),
]


@pytest.mark.parametrize(("data", "address"), GOOD, ids=lambda value: repr(value)[:30])
def test_prefaces_whole_split_and_with_more_behind(data: bytes, address: str) -> None:
    assert read(data, "any") == Preface(address, len(data))
    assert read(data + b"GET / HTTP/1.1\r\n\r\n", "any") == Preface(address, len(data))
    assert all(read(data[:end], "any") is None for end in range(len(data)))
    mine, other = ("v2", "v1") if data.startswith(V2) else ("v1", "v2")
    assert read(data, mine) == Preface(address, len(data))
    with pytest.raises(BadRequest):
        read(data, other)


@given(st.sampled_from([b"", b"PROXY ", b"PROXY TCP4 ", V2, V2 + b"\x21\x11"]), st.binary(max_size=200))
def test_no_bytes_upset_the_parser(start: bytes, rest: bytes) -> None:
    data = start + rest
    try:
        preface = read(data, "any")
    except BadRequest:
        return
    assert preface is None or 0 < preface.size <= min(len(data), MAX_V2)
