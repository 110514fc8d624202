"""The backend that the CRS's tests assume: `/reflect` answers what the request's JSON asks for, all else is an empty 200.

Pure, so that the run in process and the one over HTTP see the same answers. The shape of the JSON is albedo's:
https://github.com/coreruleset/albedo.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

import msgspec

from waf.model import Response

_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)
_VALUE: Final = re.compile(r"[^\r\n\0]*")
_HTML: Final = re.compile(
    rb"\s*<(?:!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|!--)[ >]", re.IGNORECASE
)
_BINARY: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SNIFFED: Final = 512


class Wanted(msgspec.Struct):
    """What a client of `/reflect` asks for."""

    status: int = 200
    headers: dict[str, str] = {}
    body: str = ""
    encoded_body: str = msgspec.field(default="", name="encodedBody")
    log_message: str = msgspec.field(default="", name="logMessage")


def answer(method: str, target: str, body: bytes) -> Response:
    """Never raises: what cannot be understood is a 400. No Content-Length or Connection; the wire adds those."""
    path = target.partition("?")[0]
    if not (path == "/reflect" or path.startswith("/reflect/")):
        return Response(status=200)
    if method != "POST":
        return Response(status=405)
    try:
        wanted = msgspec.json.decode(body, type=Wanted)
        content = base64.b64decode(wanted.encoded_body, validate=True) if wanted.encoded_body else b""
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, binascii.Error, ValueError):
        return _plain(400, b"what to answer is not understood")
    status = wanted.status or 200
    if not 100 <= status <= 599:
        return _plain(400, b"not a status")
    content = wanted.body.encode() if wanted.body else content
    headers = tuple([pair for pair in wanted.headers.items() if _NAME.fullmatch(pair[0]) and _VALUE.fullmatch(pair[1])])
    if content and not any(name.lower() == "content-type" for name, _ in headers):
        headers = (*headers, ("Content-Type", _sniff(content)))
    return Response(status=status, headers=headers, body=content)


def _plain(status: int, message: bytes) -> Response:
    return Response(status=status, headers=(("Content-Type", "text/plain; charset=utf-8"),), body=message)


def _sniff(content: bytes) -> str:
    """What Go's server puts there when nobody said; enough of it for what tests send."""
    start = content[:_SNIFFED]
    if _HTML.match(start):
        return "text/html; charset=utf-8"
    if start.startswith(b"\x1f\x8b\x08"):
        return "application/x-gzip"
    return "application/octet-stream" if _BINARY.search(start) else "text/plain; charset=utf-8"
