"""The PROXY protocol's header on a connection: collected until it is whole, and believed from the right peers only."""

from __future__ import annotations

from waf.errors import BadRequest
from waf.identity.proxies import TrustedProxies
from waf.identity.proxy_protocol import read


class PrefaceReader:
    """Reads one header. `trusted`: who may write it; with nobody in it, whoever can connect."""

    __slots__ = ("_data", "_trusted", "_version", "done", "peer")

    def __init__(self, version: str, trusted: TrustedProxies) -> None:
        self._version = version
        self._trusted = trusted
        self._data = b""
        self.done = version == "off"
        self.peer = ""
        """The client's address; empty when the header has none to tell."""

    def feed(self, data: bytes, peer: str) -> bytes:
        """What follows the header, once `done`. Raises BadRequest."""
        if self._trusted and peer not in self._trusted:
            raise BadRequest("proxy_protocol", "The connection does not come from a trusted proxy.")
        self._data += data
        preface = read(self._data, self._version)
        if preface is None:
            return b""
        self.done, self.peer = True, preface.address
        return self._data[preface.size :]
