"""One stage's input → the bytes on the wire, as go-ftw writes them.

What go-ftw completes, unless it is told not to: a Content-Type for a body without one, form encoding of a form body that
is not encoded yet, `Connection: close`, and Content-Length. Nothing else: a request without Host stays without. The line
feeds of a multipart body become CR LF whether or not headers are completed.
"""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Iterable, Mapping
from typing import Final

from waf.ftw.template import expand
from waf.ftw.values import Headers, Input

FORM: Final = "application/x-www-form-urlencoded"
_MAY_HAVE_BODY: Final = re.compile(r"^POST|PUT|PATCH|DELETE$")
"""go-ftw's own expression; `^` and `$` belong to its first and last word only."""


def build(given: Input, uri: str, cookies: Mapping[str, str] | None = None) -> bytes:
    """The request for one of the input's `uris`. `cookies` of earlier stages are added to its Cookie header.

    Raises TemplateError when the body has an action that is not supported.
    """
    if given.encoded_request is not None:
        return given.encoded_request
    body = body_of(given)
    headers = list(_with_cookies(given.headers, cookies or {}))
    if body and given.autocomplete:
        if not _has(headers, "content-type"):
            headers.append(("Content-Type", FORM))
        if any(value.lower() == FORM for value in _values(headers, "content-type")):
            body = encode_form(body)
    if any("multipart/form-data;" in value.lower() for value in _values(headers, "content-type")):
        body = body.replace(b"\n", b"\r\n")
    if given.autocomplete:
        if not _has(headers, "connection"):
            headers.append(("Connection", "close"))
        if not _has(headers, "content-length") and (body or _MAY_HAVE_BODY.search(given.method)):
            headers.append(("Content-Length", str(len(body))))
    lines = [f"{given.method} {uri} {given.version}", *(f"{name}: {value}" for name, value in headers)]
    return to_bytes("\r\n".join(lines) + "\r\n\r\n") + body


def body_of(given: Input) -> bytes:
    if given.encoded_data is not None:
        return given.encoded_data
    return to_bytes(expand(given.data)) if given.data is not None else b""


def encode_form(data: bytes) -> bytes:
    """Names and values percent-encoded, unless decoding would change anything: then the author has done it."""
    text = data.decode("utf-8", "surrogateescape")
    if urllib.parse.unquote_to_bytes(data.replace(b"+", b" ")) != data or re.search(r"%(?![0-9A-Fa-f]{2})", text):
        return data
    pairs = [token.partition("=") for token in text.split("&")]
    if pairs[-1] == ("", "", ""):  # go-ftw cuts one `&` off the end
        pairs.pop()
    return "&".join(_quote(name) + equals + _quote(value) for name, equals, value in pairs).encode()


def _quote(text: str) -> str:
    return urllib.parse.quote_plus(to_bytes(text), safe="-_.~")


def _with_cookies(headers: Headers, cookies: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    if not cookies:
        return headers
    own = "; ".join(value for name, value in headers if name.lower() == "cookie")
    saved = "; ".join(f"{name}={value}" for name, value in cookies.items())
    rest = [pair for pair in headers if pair[0].lower() != "cookie"]
    return [*rest, ("Cookie", f"{own}; {saved}" if own else saved)]


def _values(headers: Iterable[tuple[str, str]], name: str) -> list[str]:
    return [value for key, value in headers if key.lower() == name]


def _has(headers: Iterable[tuple[str, str]], name: str) -> bool:
    return any(key.lower() == name for key, _ in headers)


def to_bytes(text: str) -> bytes:
    """UTF-8, as everything in a test file is written."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # a surrogate that YAML's \u escapes can spell and no text can hold
        return text.encode("utf-8", "replace")
