"""What is wrong with bytes that are no request, in words for a client."""

from __future__ import annotations

from aiohttp.http import HttpProcessingError
from aiohttp.http_exceptions import LineTooLong

from waf.errors import BadRequest, HeadersTooLarge, Refusal, TargetTooLong
from waf.settings import Limits


def refusal_of(error: HttpProcessingError, limits: Limits) -> Refusal:
    """What the parser's error means to a client. Its own text quotes the request and names the parser.

    A target and a header that are too long are one exception; only the limit in it tells which, so the two must differ.
    """
    if isinstance(error, LineTooLong):
        if error.args[1] == limits.header:
            return HeadersTooLarge("header_length", "A header is too large.")
        return TargetTooLong("target_length", "The request-target is too long.")
    if "Too many headers" in error.message:
        return HeadersTooLarge("header_count", "There are too many headers.")
    return BadRequest("malformed", "The request is not valid HTTP/1.1.")
