"""The checks on a head by themselves, whatever the parser before them lets through."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp.http import HttpVersion, HttpVersion10, HttpVersion11, RawRequestMessage
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from waf.edge.accept import Head, check_head
from waf.errors import (
    BadRequest,
    BodyTooLarge,
    ExpectationFailed,
    HeadersTooLarge,
    MethodNotAllowed,
    Refusal,
    TargetTooLong,
)
from waf.settings import Limits

LIMITS = Limits(body=1000, target=256, header=300, headers=10, header_total=1024)
Lines = list[tuple[str, str]]


def message(*lines: tuple[str, str], target: str = "/", version: Any = HttpVersion11, method: str = "GET") -> Any:
    headers: Lines = [("Host", "api"), *lines] if not any(name == "Host" for name, _ in lines) else list(lines)
    return RawRequestMessage(
        method=method,
        path=target,
        version=version,
        headers=CIMultiDictProxy(CIMultiDict(headers)),
        raw_headers=tuple((name.encode(), value.encode()) for name, value in headers),
        should_close=False,
        compression=None,
        upgrade=False,
        chunked=False,
        url=URL(),
    )


REFUSED: dict[str, tuple[Any, type[Refusal]]] = {
    "version": (message(version=HttpVersion(2, 0)), BadRequest),
    "old version": (message(version=HttpVersion(0, 9)), BadRequest),
    "CONNECT": (message(method="CONNECT", target="api:443"), MethodNotAllowed),
    "TRACE": (message(method="TRACE"), MethodNotAllowed),
    "target": (message(target="/" + "a" * 256), TargetTooLong),
    "header": (message(("X", "a" * 298)), HeadersTooLarge),
    "headers": (message(*[("X", "a")] * 10), HeadersTooLarge),
    "header total": (message(*[("X", "a" * 250)] * 5), HeadersTooLarge),
    "TE with CL": (message(("Transfer-Encoding", "chunked"), ("Content-Length", "1")), BadRequest),
    "TE": (message(("Transfer-Encoding", "gzip, chunked")), BadRequest),
    "TE on 1.0": (message(("Transfer-Encoding", "chunked"), version=HttpVersion10), BadRequest),
    "CL with a sign": (message(("Content-Length", "+1")), BadRequest),
    "CL in other digits": (message(("Content-Length", "\u0661")), BadRequest),
    "CL empty": (message(("Content-Length", "")), BadRequest),
    "CL over the limit": (message(("Content-Length", "1001")), BodyTooLarge),
    "CL of twenty digits": (message(("Content-Length", "0" * 19 + "1")), BodyTooLarge),
    "CGI spelling": (message(("content_length", "1")), BadRequest),
    "mixed CGI spelling": (message(("Transfer_encoding", "chunked")), BadRequest),
    "host": (message(("Host", "a b")), BadRequest),
    "host, empty": (message(("Host", "")), BadRequest),
    "absolute-form without Host": (message(("Host", "other"), target="http://api/"), BadRequest),
    "fragment": (message(target="/a#b"), BadRequest),
    "asterisk": (message(target="*", method="OPTIONS"), BadRequest),
    "three codings": (message(("Content-Encoding", "gzip, br"), ("Content-Encoding", "gzip")), BadRequest),
    "expectation": (message(("Expect", "100-continue"), ("Expect", "x")), ExpectationFailed),
}


@pytest.mark.parametrize(("head", "refusal"), REFUSED.values(), ids=list(REFUSED))
def test_refused(head: Any, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal) as refused:
        check_head(head, LIMITS)
    assert type(refused.value) is refusal


PASSED: dict[str, tuple[Any, Head]] = {
    "plain": (message(), Head("/")),
    "at the limits": (message(("X", "a" * 297), target="/" + "a" * 255), Head("/" + "a" * 255)),
    "as many headers as allowed": (message(*[("X", "a")] * 9), Head("/")),
    "HTTP/1.0": (message(version=HttpVersion10), Head("/")),
    "absolute-form": (message(target="HTTP://API/a?b=//c"), Head("/a?b=//c")),
    "absolute-form with a port": (message(("Host", "api:80"), target="http://api:80/"), Head("/")),
    "a body of the limit": (message(("Content-Length", "1000")), Head("/")),
    "coding": (message(("Content-Encoding", "GZip")), Head("/", ("gzip",))),
    "codings": (
        message(("Content-Encoding", "gzip , identity"), ("Content-Encoding", "br")),
        Head("/", ("gzip", "br")),
    ),
    "no coding": (message(("Content-Encoding", "identity,")), Head("/")),
    "expectation": (message(("Expect", "100-Continue")), Head("/", expects=True)),
    "expectation of HTTP/1.0": (message(("Expect", "x"), version=HttpVersion10), Head("/")),
    "underscores elsewhere": (message(("X_Own", "a")), Head("/")),
    "underscores in a value": (message(("Cookie", "content_length=1")), Head("/")),
    "together more than one may be": (message(("X", "a" * 200), ("Y", "b" * 200)), Head("/")),
}


@pytest.mark.parametrize(("head", "found"), PASSED.values(), ids=list(PASSED))
def test_passed(head: Any, found: Head) -> None:
    assert check_head(head, LIMITS) == found


@pytest.mark.parametrize(
    "host", ["api", "api:8080", "api.example.com", "API-1", "127.0.0.1:80", "[::1]", "[2001:db8::1]:443", "a_b", "x:"]
)
def test_hosts(host: str) -> None:
    assert check_head(message(("Host", host)), LIMITS).target == "/"
