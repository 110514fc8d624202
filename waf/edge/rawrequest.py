"""A request as bytes, read as a connection would read it: the same parser, the same checks, no socket."""

from __future__ import annotations

import asyncio
from typing import Final

from aiohttp.base_protocol import BaseProtocol
from aiohttp.http import HttpProcessingError, HttpRequestParser, HttpVersion10, RawRequestMessage
from aiohttp.streams import StreamReader

from waf.edge.accept import check_head
from waf.edge.accept_coding import decode
from waf.edge.malformed import refusal_of
from waf.errors import BadRequest, BodyTooLarge, HeadersTooLarge, Refusal, RequestTimeout
from waf.model import Request
from waf.settings import Limits

PIECE: Final = 65_536
"""Bytes that a loop reads from a socket at once. What stands behind a request in the same piece can spoil it."""

_ROOM: Final = 1 << 30
"""Bytes of a body that the parser may hold before it would want to pause a socket; `Limits.body` is what bounds it."""


class RawReader:
    """Reads requests, one at a time. Use as a context manager: the parser needs an event loop, which never runs."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._loop = asyncio.new_event_loop()

    def __enter__(self) -> RawReader:
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.close()

    def read(self, data: bytes, client_ip: str = "127.0.0.1") -> Request:
        """The first request in `data`, after which the client is taken to have sent all it will ever send.

        Raises the Refusal that the edge would answer with; what never ends is RequestTimeout.
        """
        message, payload, fault = self._parse(data)
        head = check_head(message, self._limits)
        wire = self._body(payload, fault)
        limits = self._limits
        body = decode(wire, head.codings, limits.body, limits.decompression_ratio) if head.codings else wire
        return Request(
            method=message.method,
            target=head.target,
            headers=tuple([(name.decode("ascii"), _text(value)) for name, value in message.raw_headers]),
            body=body,
            version="HTTP/1.0" if message.version is HttpVersion10 else "HTTP/1.1",
            client_ip=client_ip,
            wire_length=len(wire),
        )

    def _parse(self, data: bytes) -> tuple[RawRequestMessage, StreamReader, Refusal | None]:
        limits = self._limits
        parser = HttpRequestParser(
            BaseProtocol(self._loop),
            self._loop,
            _ROOM,
            max_line_size=limits.target + (limits.target == limits.header),  # as connection.Connection does
            max_field_size=limits.header,
            max_headers=limits.headers,
            auto_decompress=False,
        )
        messages, fault = [], None
        for start in range(0, len(data), PIECE):
            try:
                messages += parser.feed_data(data[start : start + PIECE])[0]
            except HttpProcessingError as error:
                fault = refusal_of(error, limits)
                break
        if messages:
            return (*messages[0], fault)
        if fault is None and len(data) > limits.header_total + limits.target:
            fault = HeadersTooLarge("header_total", "The headers are too large.")
        raise fault or RequestTimeout("header_timeout", "The request did not arrive in time.")

    def _body(self, payload: StreamReader, fault: Refusal | None) -> bytes:
        problem = payload.exception()
        if not payload.is_eof() or problem is not None:
            if fault is not None or problem is not None:
                raise fault or BadRequest("malformed", "The request is not valid HTTP/1.1.")
            raise RequestTimeout("body_timeout", "The request body did not arrive in time.")
        body = payload.read_nowait(-1)
        if len(body) > self._limits.body:
            raise BodyTooLarge("body_length", "The request body is too large.")
        return body


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
