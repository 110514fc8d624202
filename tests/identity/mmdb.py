"""A writer of small MaxMind databases (MaxMind DB file format 2.0), for tests."""

from __future__ import annotations

import ipaddress
from typing import Any


def database(networks: dict[str, Any]) -> bytes:
    """A file in which each network has its value; IPv4 networks stand in ::/96."""
    nodes: list[list[Any]] = [[None, None]]
    data, offsets = b"", {}
    for cidr, value in networks.items():
        network = ipaddress.ip_network(cidr)
        shift = 96 if network.version == 4 else 0
        bits = f"{int(network.network_address):0{network.max_prefixlen}b}"
        bits = "0" * shift + bits[: network.prefixlen]
        packed = _pack(value)
        if packed not in offsets:
            offsets[packed] = len(data)
            data += packed
        at = 0
        for bit in bits[:-1]:
            if nodes[at][int(bit)] is None:
                nodes.append([None, None])
                nodes[at][int(bit)] = len(nodes) - 1
            at = nodes[at][int(bit)]
        nodes[at][int(bits[-1])] = ("data", offsets[packed])
    count = len(nodes)

    def record(value: Any) -> bytes:
        number = count if value is None else count + 16 + value[1] if isinstance(value, tuple) else value
        return int(number).to_bytes(3)

    tree = b"".join(record(left) + record(right) for left, right in nodes)
    metadata = {
        "node_count": count,
        "record_size": 24,
        "ip_version": 6,
        "database_type": "Test-Country",
        "binary_format_major_version": 2,
        "binary_format_minor_version": 0,
        "build_epoch": 1_800_000_000,
        "languages": [],
        "description": {},
    }
    return tree + bytes(16) + data + b"\xab\xcd\xefMaxMind.com" + _pack(metadata)


def _pack(value: Any) -> bytes:
    if isinstance(value, str):
        return _head(2, len(value.encode())) + value.encode()
    if isinstance(value, int):
        raw = value.to_bytes(4).lstrip(b"\0")
        return _head(6, len(raw)) + raw
    if isinstance(value, list):
        return bytes([len(value), 11 - 7]) + b"".join(map(_pack, value))
    return _head(7, len(value)) + b"".join(_pack(key) + _pack(item) for key, item in value.items())


def _head(kind: int, size: int) -> bytes:
    assert size < 29
    return bytes([kind << 5 | size])
