"""Addresses, and sets of networks that find one in a handful of look-ups however many there are."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from ipaddress import ip_network
from pathlib import Path
from typing import Final

from waf.callers import Addresses
from waf.errors import ConfigError, Forbidden, Problem

MAX_FILE: Final = 32 << 20
MAX_NETWORKS: Final = 1_000_000
_MAPPED: Final = b"\0" * 10 + b"\xff\xff"


def packed(text: str) -> bytes | None:
    """4 or 16 bytes; None for what is no address. IPv4 inside IPv6 (`::ffff:192.0.2.1`) is IPv4, as a dual-stack socket
    reports it."""
    try:
        if ":" not in text:
            return socket.inet_pton(socket.AF_INET, text)
        data = socket.inet_pton(socket.AF_INET6, text)
    except (OSError, ValueError):  # ValueError: NUL, or not even text
        return None
    return data[12:] if data.startswith(_MAPPED) else data


def normal(text: str) -> str | None:
    """An address in its usual spelling, None for what is none."""
    data = packed(text)
    if data is None:
        return None
    return socket.inet_ntop(socket.AF_INET if len(data) == 4 else socket.AF_INET6, data)


class Networks:
    """A set of networks in CIDR notation. ValueError for one that is not valid."""

    __slots__ = ("_by_length", "some")

    def __init__(self, cidrs: Iterable[str]) -> None:
        self._by_length: dict[int, dict[int, set[int]]] = {4: {}, 16: {}}
        for cidr in cidrs:
            network = ip_network(cidr, strict=False)
            shift = network.max_prefixlen - network.prefixlen
            size = network.max_prefixlen // 8
            self._by_length[size].setdefault(shift, set()).add(int(network.network_address) >> shift)
        self.some = any(self._by_length.values())
        """Whether there is any."""

    def __bool__(self) -> bool:
        return self.some

    def names(self, address: str) -> bool:
        """Whether one of the networks holds the address; False for what is no address."""
        if not self.some:
            return False
        data = packed(address)
        if data is None:
            return False
        number = int.from_bytes(data)
        return any(number >> shift in starts for shift, starts in self._by_length[len(data)].items())


class AddressLists:
    """One pair of lists. `country` says which one an address is in. Raises ConfigError for a file that cannot be used, with the
    line."""

    __slots__ = ("_allow", "_allow_countries", "_country", "_deny", "_deny_countries", "_knows_countries", "some")

    def __init__(self, settings: Addresses, country: Callable[[str], str] = lambda _: "") -> None:
        self._country = country
        self._allow_countries, self._deny_countries = (
            frozenset(settings.allow_countries),
            frozenset(settings.deny_countries),
        )
        self._knows_countries = bool(settings.allow_countries or settings.deny_countries)
        problems: list[Problem] = []
        self._allow = Networks([*settings.allow, *_read(settings.allow_files, problems)])
        self._deny = Networks([*settings.deny, *_read(settings.deny_files, problems)])
        if settings.allow_files and not self._allow and not problems:
            # An allow list that is empty by mistake would let everybody in.
            problems.append(Problem(settings.allow_files[0], 0, 0, "names no network, and nobody could come in"))
        if problems:
            raise ConfigError(problems)
        self.some = self._allow.some or self._deny.some or self._knows_countries
        """Whether anybody is in one of them."""

    def __bool__(self) -> bool:
        return self.some

    def check(self, address: str) -> None:
        """Raises Forbidden. An address that is none (a Unix socket's peer, say) is in no list."""
        if self._deny.names(address) or (self._allow.some and not self._allow.names(address)):
            raise Forbidden("address_denied", "Requests from this address are not accepted.")
        if not self._knows_countries:
            return
        country = self._country(address)
        if country in self._deny_countries or (self._allow_countries and country not in self._allow_countries):
            raise Forbidden("country_denied", "Requests from this country are not accepted.")


def _read(files: Iterable[str], problems: list[Problem]) -> list[str]:
    found: list[str] = []
    for name in files:
        try:
            with Path(name).open("rb") as file:
                data = file.read(MAX_FILE + 1)
        except OSError as error:
            problems.append(Problem(name, 0, 0, f"cannot be read: {error.strerror}"))
            continue
        if len(data) > MAX_FILE:
            problems.append(Problem(name, 0, 0, f"is larger than {MAX_FILE:,} bytes"))
            continue
        for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
            text = line.partition("#")[0].strip()
            if not text:
                continue
            try:
                ip_network(text)
            except ValueError as error:
                if len(problems) < 20:
                    hint = "one network a line, as 192.0.2.0/24 or 2001:db8::/32"
                    message = "has bits set past its prefix" if "host bits" in str(error) else "is not a network"
                    problems.append(Problem(name, number, 1, message, hint))
                continue
            found.append(text)
        if len(found) > MAX_NETWORKS:
            problems.append(Problem(name, 0, 0, f"more than {MAX_NETWORKS:,} networks"))
            break
    return found
