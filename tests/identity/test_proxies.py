"""Whose address counts behind which proxies."""

from __future__ import annotations

import pytest

from waf.identity.proxies import MAX_HOPS, TrustedProxies

OURS = TrustedProxies(["10.0.0.0/8", "192.168.1.1", "fd00::/8"])


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),  # a stranger may write what it likes
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["1.1.1.1, 198.51.100.1"], "198.51.100.1"),  # what stands left of a stranger was made up by it
        ("10.0.0.1", ["1.1.1.1", "198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["198.51.100.1, 10.0.0.2"], "198.51.100.1"),
        ("10.0.0.1", ["198.51.100.1,10.0.0.2,192.168.1.1"], "198.51.100.1"),
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", ["198.51.100.1, unknown"], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1, ,10.0.0.2"], "10.0.0.2"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1:4711"], "198.51.100.1"),
        ("10.0.0.1", ["[2001:db8::1]:4711"], "2001:db8::1"),
        ("10.0.0.1", ["2001:db8::1"], "2001:db8::1"),
        ("10.0.0.1", ["2001:DB8:0::1"], "2001:db8::1"),
        ("10.0.0.1", ["::ffff:198.51.100.1"], "198.51.100.1"),
        ("::ffff:10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("fd00::1", ["2001:db8::1"], "2001:db8::1"),
        ("fd00::1", ["2001:db8::1, fd00::2"], "2001:db8::1"),
        ("", ["198.51.100.1"], ""),
        ("10.0.0.1", ["198.51.100.1, " + ", ".join(["10.0.0.2"] * (MAX_HOPS + 5))], "10.0.0.2"),
    ],
)
def test_client(peer: str, forwarded: list[str], client: str) -> None:
    assert OURS.client(peer, forwarded) == client


def test_nobody_is_trusted_by_default() -> None:
    nobody = TrustedProxies([])
    assert not nobody
    assert nobody.client("127.0.0.1", ["198.51.100.1"]) == "127.0.0.1"
    assert OURS


def test_a_bad_network_is_an_error() -> None:
    with pytest.raises(ValueError, match="not-a-network"):
        TrustedProxies(["not-a-network"])
