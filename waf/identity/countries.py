"""Which country an address is in, by a MaxMind database. The one module that needs the package maxminddb."""

from __future__ import annotations

import struct
from functools import lru_cache
from pathlib import Path
from typing import Final

import maxminddb

from waf.errors import ConfigError, Problem

MAX_FILE: Final = 512 << 20
REMEMBERED: Final = 65_536
"""Addresses; a look-up takes some ten microseconds."""
_BROKEN: Final = (
    *(maxminddb.InvalidDatabaseError, OSError, ValueError, EOFError, LookupError, ArithmeticError),
    *(TypeError, AttributeError, RecursionError, struct.error),
)
"""What the package raises for files that are none: it trusts what they say of themselves."""


class Countries:
    """One file, read as a whole, so that nothing happens when somebody writes into it. Raises ConfigError when it is of no
    use."""

    def __init__(self, path: str) -> None:
        try:
            if Path(path).stat().st_size > MAX_FILE:
                raise ConfigError([Problem(path, 0, 0, f"is larger than {MAX_FILE:,} bytes")])
            self._reader = maxminddb.open_database(path, maxminddb.MODE_MEMORY)
            self._reader.get("192.0.2.1")
        except _BROKEN as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else "is no MaxMind database"
            raise ConfigError(
                [Problem(path, 0, 0, f"cannot be used: {reason}", "a file like GeoLite2-Country.mmdb")]
            ) from None
        self.of = lru_cache(REMEMBERED)(self._of)
        """Two capital letters (ISO 3166-1 alpha-2) for an address; empty when it is in no country, or no address."""

    def _of(self, address: str) -> str:
        try:
            found = self._reader.get(address)
        except _BROKEN:
            return ""
        for name in ("country", "registered_country"):
            place = found.get(name) if isinstance(found, dict) else None
            code = place.get("iso_code") if isinstance(place, dict) else None
            if isinstance(code, str):
                return code
        return ""
