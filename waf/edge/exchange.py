"""What a connection hands its requests to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from aiohttp.http import RawRequestMessage
from aiohttp.streams import StreamReader

from waf.errors import Refusal

if TYPE_CHECKING:
    from waf.edge.connection import Connection


class Exchange(Protocol):
    """What answers requests."""

    async def handle(self, client: Connection, message: RawRequestMessage, payload: StreamReader) -> bool:
        """Answer one request. False: the connection ends here, `client.keeps` having been told to the client."""
        ...

    def refuse(self, client: Connection, refusal: Refusal) -> None:
        """Answer what could not even be read as a request. The connection ends afterwards."""
        ...
