"""Which address a request comes from, when proxies that we trust stand before us."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

MAX_HOPS: Final = 32
"""Addresses of an X-Forwarded-For that are looked at, from the right."""


class TrustedProxies:
    """Peers whose X-Forwarded-For is believed. `cidrs` have been validated by the configuration; ValueError otherwise."""

    __slots__ = ("_networks",)

    def __init__(self, cidrs: Iterable[str]) -> None:
        self._networks: list[IPv4Network | IPv6Network] = [ip_network(cidr, strict=False) for cidr in cidrs]

    def __bool__(self) -> bool:
        return bool(self._networks)

    def __contains__(self, address: str) -> bool:
        parsed = _parse(address) if self._networks else None
        return parsed is not None and any(parsed in network for network in self._networks)

    def client(self, peer: str, forwarded: Iterable[str]) -> str:
        """The nearest address that is not a trusted proxy's. `forwarded`: values of X-Forwarded-For, in order.

        Only what trusted proxies wrote counts: reading goes from the right and stops at the first stranger, or at the
        first thing that is no address, since everything further left could have been made up.
        """
        if peer not in self:
            return peer
        client = peer
        hops = ",".join(forwarded).rsplit(",", MAX_HOPS)[-MAX_HOPS:]
        for hop in reversed(hops):
            parsed = _parse(_without_port(hop.strip()))
            if parsed is None:
                break
            client = str(parsed)
            if client not in self:
                break
        return client


def _parse(text: str) -> IPv4Address | IPv6Address | None:
    """An address; IPv4 inside IPv6 (`::ffff:192.0.2.1`) is IPv4, as a dual-stack socket reports it."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _without_port(text: str) -> str:
    """`192.0.2.1:80` and `[2001:db8::1]:80` without their port; proxies of some clouds write it."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    host, colon, _ = text.partition(":")
    return host if colon and "." in host else text
