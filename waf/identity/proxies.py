"""Which address a request comes from, when proxies that we trust stand before us."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from waf.identity.networks import Networks, normal

MAX_HOPS: Final = 32
"""Addresses of an X-Forwarded-For that are looked at, from the right."""

_WORD: Final = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_PAIR: Final = re.compile(rf'[ \t]*({_WORD})=(?:({_WORD})|"([^"\\]*)")[ \t]*', re.ASCII)
"""One `name=value` of a Forwarded header (RFC 7239 section 4). An escape in a quoted value is not an address."""
_GAPS: Final = re.compile(r"[ \t,]*")


class TrustedProxies:
    """Peers whose word about the client is believed. `cidrs` have been validated by the configuration; ValueError otherwise."""

    __slots__ = ("_networks",)

    def __init__(self, cidrs: Iterable[str]) -> None:
        self._networks = Networks(cidrs)

    def __bool__(self) -> bool:
        return bool(self._networks)

    def __contains__(self, address: str) -> bool:
        return self._networks.names(address)

    def client(self, peer: str, forwarded: Iterable[str]) -> str:
        """The nearest address that is not a trusted proxy's. `forwarded`: values of X-Forwarded-For, in order.

        Only what trusted proxies wrote counts: reading goes from the right and stops at the first stranger, or at the
        first thing that is no address, since everything further left could have been made up.
        """
        if peer not in self:
            return peer
        return self._nearest(peer, ",".join(forwarded).rsplit(",", MAX_HOPS)[-MAX_HOPS:])

    def forwarded_client(self, peer: str, values: Iterable[str]) -> str:
        """The same from the values of Forwarded (RFC 7239). A header that breaks its grammar says nothing at all."""
        if peer not in self:
            return peer
        return self._nearest(peer, nodes(",".join(values))[-MAX_HOPS:])

    def _nearest(self, peer: str, hops: list[str]) -> str:
        client = peer
        for hop in reversed(hops):
            address = normal(_without_port(hop.strip()))
            if address is None:
                break
            client = address
            if client not in self:
                break
        return client


def nodes(value: str) -> list[str]:
    """The `for` of each element of a Forwarded header, empty for an element without one; [] when it is not valid."""
    found: list[str] = []
    at = _skip(value, 0)
    while at < len(value):
        node: str | None = None
        while True:
            pair = _PAIR.match(value, at)
            if pair is None:
                return []
            if pair[1].lower() == "for":
                if node is not None:
                    return []
                node = pair[2] if pair[2] is not None else pair[3]
            at = pair.end()
            if at == len(value) or value[at] != ";":
                break
            at += 1
        found.append(node or "")
        if at < len(value) and value[at] != ",":
            return []
        at = _skip(value, at)
    return found


def _skip(value: str, at: int) -> int:
    gap = _GAPS.match(value, at)
    return gap.end() if gap else at


def _without_port(text: str) -> str:
    """`192.0.2.1:80` and `[2001:db8::1]:80` without their port; proxies of some clouds write it."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    host, colon, _ = text.partition(":")
    return host if colon and "." in host else text
