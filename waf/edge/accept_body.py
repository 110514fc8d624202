"""The body of a request, whole and capped: decisions are made about all of it before a byte of it goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from aiohttp.streams import StreamReader

from waf.edge.connection import Connection
from waf.errors import BodyTooLarge

FREE: Final = 65_536
"""Bytes of a body that are not counted: how many of them there can be follows from the number of connections."""


async def read_body(client: Connection, payload: StreamReader, cap: int, hold: Callable[[int], None]) -> bytes:
    """Everything up to the end of the body. `cap` is about what a chunked body turns out to be; a Content-Length has been
    checked before. `hold` is told how many bytes of a long one are here, and may raise. Raises BodyTooLarge, RequestTimeout
    when it stalls, BadRequest when its chunks are malformed."""
    pieces: list[bytes] = []
    size = 0
    while not payload.is_eof():
        client.await_body(size)
        piece = await payload.readany()
        size += len(piece)
        if size > cap:
            raise _too_large()
        if size > FREE:
            hold(size)
        pieces.append(piece)
    client.body_complete()
    pieces.append(take_body(payload, cap - size))
    return b"".join(pieces)


def take_body(payload: StreamReader, cap: int) -> bytes:
    """What is left of a body whose end has arrived. Raises as `read_body`."""
    rest = payload.read_nowait(-1)
    if len(rest) > cap:
        raise _too_large()
    return rest


def _too_large() -> BodyTooLarge:
    return BodyTooLarge("body_length", "The request body is too large.")
