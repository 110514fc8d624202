"""Addresses."""

from __future__ import annotations

import ipaddress
from typing import Any

from waf.rules.operators.base import Context, Operator, OperatorSpec, text_list

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _cidr(argument: Any, _: Context) -> Operator:
    networks: list[Network] = []
    for item in text_list(argument):
        try:
            networks.append(ipaddress.ip_network(item))
        except ValueError as exc:
            raise ValueError(f'"{item}" is not a network like 10.0.0.0/8: {exc}') from None

    def test(value: str) -> bool:
        try:
            address = ipaddress.ip_address(value.strip().strip("[]"))
        except ValueError:
            return False
        mapped = getattr(address, "ipv4_mapped", None)  # ::ffff:10.0.0.1 is 10.0.0.1
        return any(address in network or (mapped is not None and mapped in network) for network in networks)

    return Operator(test=test)


NETWORK_OPERATORS = (
    OperatorSpec(
        "cidr", frozenset({"ip", "text"}), _cidr, "network or networks", "The value is an address in one of them."
    ),
)
