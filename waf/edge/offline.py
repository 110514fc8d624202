"""A request that did not come over a socket, put through the checks that one which did would meet."""

from __future__ import annotations

import re
from typing import Final

import msgspec
from aiohttp.http import HttpVersion10, HttpVersion11, RawRequestMessage
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from waf.edge.accept import check_head
from waf.edge.accept_coding import decode
from waf.errors import BadRequest, BodyTooLarge
from waf.model import Request
from waf.settings import Limits

_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)
_CONTROL: Final = re.compile(r"[\r\n\0]")


def accept(request: Request, limits: Limits) -> Request:
    """The request as the engine would get it from the edge: target in origin form, Content-Encoding undone.

    Raises a Refusal where the edge would. `request.body` is the body as sent; a missing Content-Length is its own.
    """
    for name, value in request.headers:
        if not _TOKEN.fullmatch(name) or _CONTROL.search(value):
            raise BadRequest("header", "A header is not valid.")
    if not _TOKEN.fullmatch(request.method) or not request.target or _CONTROL.search(request.target):
        raise BadRequest("request_line", "The request line is not valid.")
    if len(request.body) > limits.body:
        raise BodyTooLarge("body_length", "The request body is too large.")
    head = check_head(_message(request), limits)
    body = decode(request.body, head.codings, limits.body, limits.decompression_ratio) if head.codings else request.body
    return msgspec.structs.replace(request, target=head.target, body=body, wire_length=len(request.body))


def _message(request: Request) -> RawRequestMessage:
    raw = tuple((name.encode(), value.encode("utf-8", "surrogateescape")) for name, value in request.headers)
    return RawRequestMessage(
        method=request.method,
        path=request.target,
        version=HttpVersion10 if request.version == "HTTP/1.0" else HttpVersion11,
        headers=CIMultiDictProxy(CIMultiDict(request.headers)),
        raw_headers=raw,
        should_close=False,
        compression=None,
        upgrade=False,
        chunked=False,
        url=URL(),
    )
