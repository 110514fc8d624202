"""The header that a load balancer writes before a connection's first byte: the PROXY protocol, versions 1 and 2. Pure.

Specification: https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt. A listener that expects it accepts nothing
else: guessing whether it is there would let every client write its own address.
"""

from __future__ import annotations

import socket
from typing import Final, NamedTuple

from waf.errors import BadRequest
from waf.identity.networks import normal, packed

MAX_V1: Final = 107
MAX_V2: Final = 16 + 1024
"""An address and room for the extensions that are in use; the length field could ask for 64 KiB."""

_V2: Final = b"\r\n\r\n\0\r\nQUIT\n"
_FAMILIES: Final = {0x11: (4, 12, socket.AF_INET), 0x21: (16, 36, socket.AF_INET6)}
"""By family and transport: bytes of an address, bytes of the whole block, and what they are to the system."""


class Preface(NamedTuple):
    """What the header said: the client's address, empty when it has none to tell (a health check), and where it ended."""

    address: str
    size: int


def read(data: bytes, version: str) -> Preface | None:
    """None while there is too little to tell. `version`: `v1`, `v2` or `any`. Raises BadRequest."""
    if version != "v1" and data[: len(_V2)] == _V2[: len(data)]:
        return _second(data) if len(data) >= len(_V2) else None
    if version != "v2" and data[:6] == b"PROXY "[: len(data)]:
        return _first(data)
    raise _bad()


def _first(data: bytes) -> Preface | None:
    end = data.find(b"\r\n", 0, MAX_V1)
    if end < 0:
        if len(data) >= MAX_V1:
            raise _bad()
        return None
    try:
        words = data[:end].decode("ascii").split(" ")
    except UnicodeDecodeError:
        raise _bad() from None
    if words[1] == "UNKNOWN":
        return Preface("", end + 2)
    if len(words) != 6 or words[1] not in ("TCP4", "TCP6") or not all(map(_is_port, words[4:])):
        raise _bad()
    for address in words[2:4]:
        if packed(address) is None or (":" in address) != (words[1] == "TCP6"):
            raise _bad()
    return Preface(normal(words[2]) or "", end + 2)


def _second(data: bytes) -> Preface | None:
    if len(data) < 16:
        return None
    command, family, length = data[12], data[13], int.from_bytes(data[14:16])
    size = 16 + length
    if command not in (0x20, 0x21) or size > MAX_V2:
        raise _bad()
    if len(data) < size:
        return None
    if command == 0x20 or family == 0:  # the load balancer itself, or a client that it cannot name
        return Preface("", size)
    if family not in _FAMILIES or length < _FAMILIES[family][1]:
        raise _bad()
    width, _, kind = _FAMILIES[family]
    return Preface(normal(socket.inet_ntop(kind, data[16 : 16 + width])) or "", size)


def _is_port(text: str) -> bool:
    return text.isdigit() and len(text) <= 5 and int(text) <= 65_535 and (text == "0" or text[0] != "0")


def _bad() -> BadRequest:
    return BadRequest("proxy_protocol", "The connection does not begin with a valid PROXY protocol header.")
