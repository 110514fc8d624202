"""The head of a request: what is refused before a byte of its body is read.

aiohttp's parser (llhttp, strict) already refuses most of what request smuggling is made of; the table in
tests/edge/test_accept_wire.py proves each case. This module closes what it leaves open: Transfer-Encoding other than
`chunked` or from an HTTP/1.0 client, versions it lets through, CONNECT, TRACE and `OPTIONS *`, targets with a fragment,
an authority that contradicts Host, and header names that a CGI-style upstream would read as framing (`Content_Length`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain
from typing import Final

import msgspec
from aiohttp import hdrs
from aiohttp.http import HttpVersion10, HttpVersion11, RawRequestMessage

from waf.errors import BadRequest, BodyTooLarge, ExpectationFailed, HeadersTooLarge, MethodNotAllowed, TargetTooLong
from waf.settings import Limits

MAX_CODINGS: Final = 2

_REFUSED_METHODS: Final = frozenset({"CONNECT", "TRACE"})
_HOST: Final = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+;=%-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{0,5})?", re.ASCII)
_ABSOLUTE: Final = re.compile(r"https?://([^/?#]+)(.*)", re.ASCII | re.IGNORECASE | re.DOTALL)
_FRAMING: Final = frozenset(
    {b"content-length", b"transfer-encoding", b"content-encoding", b"host", b"connection", b"upgrade", b"expect", b"te"}
)
"""Names that change how a message is read; spelled with `_` they reach WSGI and CGI servers as the real ones."""


class Head(msgspec.Struct, frozen=True, gc=False):
    """What the checks found out on their way."""

    target: str
    """In origin form, always beginning with `/`."""
    codings: tuple[str, ...] = ()
    """Content-Encoding in the order they were applied, lower case, without `identity`."""
    expects: bool = False
    """The client waits for `100 Continue`."""


def check_head(message: RawRequestMessage, limits: Limits) -> Head:
    """Raises a Refusal for anything ambiguous or too large. Pure."""
    if message.version is not HttpVersion11 and message.version is not HttpVersion10:
        raise BadRequest("http_version", "Only HTTP/1.1 and HTTP/1.0 are spoken here.")
    if message.method in _REFUSED_METHODS:
        raise MethodNotAllowed("method", "This method is not allowed.")
    _check_sizes(message, limits)
    headers = message.headers
    host = headers.get(hdrs.HOST)
    if host is not None and not _is_host(host):
        raise BadRequest("host", "The Host header is not valid.")
    target = message.path
    if target[:1] != "/" or "#" in target:
        target = _origin_form(target, host)
    _check_framing(message, limits)
    codings = _codings(message) if hdrs.CONTENT_ENCODING in headers else ()
    expects = hdrs.EXPECT in headers and _expects(message)
    return Head(target, codings, expects)


@lru_cache(256)
def _is_host(value: str) -> bool:
    """Remembered for the few names that a server is called by."""
    return _HOST.fullmatch(value) is not None


def _check_sizes(message: RawRequestMessage, limits: Limits) -> None:
    if len(message.path) > limits.target:
        raise TargetTooLong("target_length", "The request-target is too long.")
    lines = message.raw_headers
    if len(lines) > limits.headers:
        raise HeadersTooLarge("header_count", "There are too many headers.")
    total = sum(map(len, chain.from_iterable(lines))) + 4 * len(lines)
    if total <= limits.header and total <= limits.header_total and b"_" not in b"".join([name for name, _ in lines]):
        return  # as nearly every head: no line can be too long when all of them together are not
    for name, value in lines:
        line = len(name) + len(value) + 2
        if line > limits.header:
            raise HeadersTooLarge("header_length", "A header is too large.")
        if b"_" in name and name.lower().replace(b"_", b"-") in _FRAMING:
            raise BadRequest("header_name", "A header name is not valid.")
    if total > limits.header_total:
        raise HeadersTooLarge("header_total", "The headers are too large.")


def _check_framing(message: RawRequestMessage, limits: Limits) -> None:
    """RFC 9112 section 6: exactly one way to find the end of the body, and the upstream must find the same one."""
    coding = message.headers.get(hdrs.TRANSFER_ENCODING)
    if coding is not None and (coding.lower() != "chunked" or message.version is HttpVersion10):
        raise BadRequest("transfer_encoding", "Only Transfer-Encoding: chunked is understood.")
    length = message.headers.get(hdrs.CONTENT_LENGTH)
    if length is not None:
        if coding is not None or not (length.isascii() and length.isdigit()):
            raise BadRequest("content_length", "The Content-Length is not valid.")
        if len(length) > 19 or int(length) > limits.body:
            raise BodyTooLarge("body_length", "The request body is too large.")


def _origin_form(target: str, host: str | None) -> str:
    """RFC 9112 section 3.2.2: absolute-form must be accepted; we accept it when it names the same host as Host does."""
    if "#" in target:
        raise BadRequest("target", "The request-target has a fragment.")
    absolute = _ABSOLUTE.fullmatch(target)
    if absolute is None:
        raise BadRequest("target", "The request-target is not a path.")
    if host is None or absolute[1].lower() != host.lower():
        raise BadRequest("host", "The request-target and the Host header disagree.")
    path = absolute[2]
    return path if path.startswith("/") else "/" + path


def _codings(message: RawRequestMessage) -> tuple[str, ...]:
    listed = ",".join(message.headers.getall(hdrs.CONTENT_ENCODING)).lower().split(",")
    codings = tuple(name for item in listed if (name := item.strip()) and name != "identity")
    if len(codings) > MAX_CODINGS:
        raise BadRequest("content_encoding", "The body is encoded too many times.")
    return codings


def _expects(message: RawRequestMessage) -> bool:
    """RFC 9110 section 10.1.1: 100-continue is all there is, and an HTTP/1.0 client cannot mean it."""
    if message.version is HttpVersion10:
        return False
    if any(value.strip().lower() != "100-continue" for value in message.headers.getall(hdrs.EXPECT)):
        raise ExpectationFailed("expect", "The Expect header cannot be met.")
    return True
