"""The upstream's answer on its way to the client: at once, piece by piece, and never looking complete when it is not."""

from __future__ import annotations

import msgspec
from aiohttp.http import HttpVersion10, RawRequestMessage

from waf.edge.connection import Connection
from waf.edge.forward import Header, response_headers
from waf.edge.respond import chunk, has_body, last_chunk, relayed_head
from waf.edge.upstream import UpstreamResponse
from waf.errors import UpstreamError


class Sent(msgspec.Struct):
    """How far an answer got; kept up to date, because the client may leave at any moment."""

    status: int = 0
    """0: nothing was sent."""
    body: int = 0
    fault: str = ""
    """Code of what went wrong upstream after the head was sent."""


def relay_whole(
    client: Connection,
    message: RawRequestMessage,
    answer: UpstreamResponse,
    request_id: str,
    sent: Sent,
    whole: bytes,
    rules: str = "",
) -> bool:
    """Send an answer that is all here and has no trailers, in one write. The caller waits until `client` has room again.
    `rules`: ids that the client may know.

    Returns whether the client's connection can be used again.
    """
    keep = client.keeps(message)
    status = answer.status
    head = relayed_head(
        status,
        answer.reason,
        response_headers(answer.headers),
        request_id.encode(),
        keep=keep,
        old=message.version is HttpVersion10,
        length=len(whole) if has_body(message.method, status) else None,
        rules=rules,
    )
    sent.status, sent.body = status, len(whole)
    client.write(head + whole)
    return keep


async def relay(
    client: Connection,
    message: RawRequestMessage,
    answer: UpstreamResponse,
    request_id: str,
    sent: Sent,
    whole: bytes | None,
    start: bytes = b"",
    rules: str = "",
) -> bool:
    """Send an answer on as it comes. `whole`: its body, if all of it has been read; else `start` is what has been read.
    `rules`: ids that the client may know.

    Returns whether the client's connection can be used again. Raises nothing but CancelledError.
    """
    old = message.version is HttpVersion10
    counted = answer.content_length is not None
    chunked = not counted and not old
    keep = client.keeps(message) and (counted or chunked)
    headers = response_headers(answer.headers, trailer=chunked)
    head = relayed_head(
        answer.status, answer.reason, headers, request_id.encode(), keep=keep, old=old, chunked=chunked, rules=rules
    )
    sent.status = answer.status
    client.write(head)
    data = start if whole is None else whole
    try:
        while data or (data := await answer.read()):
            client.write(chunk(data) if chunked else data)
            sent.body += len(data)
            data = b""
            await client.drained()
    except UpstreamError as error:
        sent.fault = error.code
        if not counted and not chunked:
            client.abort()  # only a reset tells a client that counts on the close that this is not the end
        return False
    if chunked:
        client.write(last_chunk(_sendable(answer.trailers)))
    return keep


def _sendable(trailers: list[Header]) -> list[Header]:
    """RFC 9110 section 6.5.1: nothing that frames the message, routes it or is about us may come in a trailer."""
    return [pair for pair in response_headers(trailers) if pair[0].lower() not in _NEVER_TRAILERS]


_NEVER_TRAILERS = frozenset({b"content-length", b"host", b"content-encoding", b"content-type", b"set-cookie"})
