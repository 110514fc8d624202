"""Requests as people hand them over: `waf scan` records, raw HTTP, curl command lines."""

from __future__ import annotations

import binascii
import difflib
import ipaddress
import re
from base64 import b64decode
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from typing import Any, Final

import msgspec

from waf.cli.curl import from_curl
from waf.model import Request
from waf.protocols import PROTOCOLS

METHODS_WITHOUT_BODY: Final = ("GET", "HEAD", "DELETE", "OPTIONS")
_REQUEST_LINE: Final = re.compile(rb"([!-~]{1,32}) ([^\r\n]{1,65536}?) (HTTP/1\.[01])\r?\n")
_CHUNK: Final = re.compile(rb"([0-9A-Fa-f]{1,8})[^\r\n]*\r?\n")


class RequestError(ValueError):
    """What was given is not a request; the message says why."""


class Record(msgspec.Struct, forbid_unknown_fields=False):
    """One line of `waf scan`."""

    path: str
    method: str = ""
    headers: list[tuple[str, str]] = []
    body: str | None = None
    body_b64: str | None = None
    client_ip: str = ""
    protocol: str | None = None


MEMBERS: Final = frozenset({"id", *Record.__struct_fields__})


def near_member(name: str) -> str:
    """The member that a name of no member is spelled nearly like; "" for somebody's own, as labels of a corpus are."""
    near = difflib.get_close_matches(name[:32].lower(), MEMBERS, 1, 0.75)
    return near[0] if near and name not in MEMBERS else ""


def decode_json(data: bytes) -> Any:
    """JSON as plain values. Raises RequestError."""
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
            raise RequestError("not JSON: this is UTF-16, JSON is UTF-8") from None
        raise RequestError(f"not JSON: {error}") from None


def request_from_json(value: Any) -> Request:
    """A `waf scan` record as a request, its missing Content-Length supplied. Raises RequestError."""
    try:
        record = msgspec.convert(value, Record)
    except msgspec.ValidationError as error:
        raise RequestError(str(error)) from None
    if record.body is not None and record.body_b64 is not None:
        raise RequestError("both body and body_b64 are given")
    if record.protocol and record.protocol not in PROTOCOLS:
        raise RequestError(f"there is no protocol {record.protocol!r}; known are {', '.join(sorted(PROTOCOLS))}")
    try:
        body = b64decode(record.body_b64, validate=True) if record.body_b64 else (record.body or "").encode()
    except binascii.Error as error:
        raise RequestError(f"body_b64 is not base64: {error}") from None
    if record.client_ip:
        try:
            ipaddress.ip_address(record.client_ip)
        except ValueError:
            raise RequestError("client_ip is not an address") from None
    return complete(
        Request(
            method=record.method or ("POST" if body else "GET"),
            target=record.path,
            headers=tuple(record.headers),
            body=body,
            client_ip=record.client_ip,
            protocol=record.protocol or None,
        )
    )


def complete(request: Request) -> Request:
    """The request with the Content-Length that whoever wrote it down may have left out."""
    names = {name.lower() for name, _ in request.headers}
    if names & {"content-length", "transfer-encoding"} or (not request.body and request.method in METHODS_WITHOUT_BODY):
        return request
    headers = (*request.headers, ("Content-Length", str(len(request.body))))
    return msgspec.structs.replace(request, headers=headers)


def read_request(data: bytes) -> Request:
    """Whatever was given: a JSON record, a curl command line or raw HTTP. Raises RequestError."""
    start = data.lstrip()
    if start.startswith(b"{"):
        return request_from_json(decode_json(start))
    if re.match(rb"(?:\$ )?curl\s", start):
        try:
            return complete(from_curl(start.decode()))
        except ValueError as error:
            raise RequestError(f"curl: {error}") from None
    return from_http(start)


def from_http(data: bytes) -> Request:
    """One raw HTTP/1 request. Bare LF is taken for a line end and a missing Content-Length for the rest of the text,
    because that is how requests are pasted; `waf explain` judges the content, the edge judges the framing.
    """
    line = _REQUEST_LINE.match(data)
    if line is None:
        raise RequestError(
            "neither a JSON record, nor a curl command line, nor raw HTTP (METHOD PATH HTTP/1.1); @FILE reads a file"
        )
    head, blank, body = _partition(data[line.end() :])
    headers: list[tuple[str, str]] = []
    for number, raw in enumerate(head.splitlines(), 2):
        name, colon, value = raw.partition(b":")
        if not colon or not name:
            raise RequestError(f"line {number} is not a header")
        headers.append((_text(name), _text(value).strip(" \t")))
    if not blank and head and not data.endswith(b"\n"):
        raise RequestError("the headers are cut off: a blank line ends them")
    return complete(
        Request(
            method=_text(line[1]), target=_text(line[2]), headers=tuple(headers), version=_text(line[3]),
            body=_framed({name.lower(): value for name, value in headers}, body),
        )
    )  # fmt: skip


def _partition(data: bytes) -> tuple[bytes, bytes, bytes]:
    if data[:1] == b"\n" or data[:2] == b"\r\n":
        return b"", b"\n", data[2 if data[:1] == b"\r" else 1 :]
    found = re.search(rb"\r?\n\r?\n", data)
    return (data[: found.start()], b"\n", data[found.end() :]) if found else (data, b"", b"")


def _framed(headers: dict[str, str], body: bytes) -> bytes:
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return _unchunk(body)
    length = headers.get("content-length", "")
    if not (length.isascii() and length.isdigit()):
        return body
    if len(body.rstrip(b"\r\n")) > int(length):
        raise RequestError(f"Content-Length says {length}, and {len(body)} bytes follow")
    return body[: int(length)]


def _unchunk(body: bytes) -> bytes:
    pieces: list[bytes] = []
    at = 0
    while size := _CHUNK.match(body, at):
        length = int(size[1], 16)
        if length == 0:
            return b"".join(pieces)
        pieces.append(body[size.end() : size.end() + length])
        end = re.compile(rb"\r?\n").match(body, size.end() + length)
        if end is None:
            break
        at = end.end()
    raise RequestError("the chunked body is cut off or malformed")


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
