"""Recorded traffic, as other programs write it down: HAR, access logs with bodies, `waf scan` records, our own events.

Everything becomes a request, except events: those hold no request, only a few parts of one (`Partial`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import msgspec

from waf.cli.requests import RequestError, complete, decode_json, request_from_json
from waf.cli.scan import lines
from waf.errors import InputError, Problem
from waf.fields import BUCKETS
from waf.model import Field, Request
from waf.record.redact import to_bytes

MAX_HAR: Final = 512 << 20
"""Bytes of a HAR file: it is one JSON document and is read as a whole."""
_HAR: Final = re.compile(rb'\{\s*"log"\s*:\s*\{')
"""How a HAR begins, and no line of a log."""
_LEFT_OUT: Final = frozenset({"content-length", "transfer-encoding", "content-encoding"})
"""Headers about how the body travelled. What was written down is the body after that, as text."""


class Partial(msgspec.Struct, frozen=True):
    """What an event of ours holds of its request."""

    method: str
    path: str
    fields: dict[str, list[Field]]
    """The method, the path, and the matched values that were written as text and are whole."""
    rules: tuple[int, ...]
    """Rules that matched then."""
    action: str
    """What was done then."""
    missing: int
    """Matched values (and paths) of which only a hash is there, or only the beginning."""


class Recorded(msgspec.Struct, frozen=True):
    """One entry of a recording. `number` is its line, or its place in a HAR."""

    number: int
    item: Request | Partial | None
    error: str = ""
    """Why it cannot be replayed; then there is no item."""


def recordings(path: Path) -> Iterator[Recorded]:
    """The entries of a file, in order. One that cannot be read is given with its error, so that the rest go on.

    Raises InputError when the file as a whole is not a recording.
    """
    with path.open("rb") as file:
        head = file.read(1 << 16).lstrip(b"\xef\xbb\xbf \t\r\n")
        file.seek(0)
        if _HAR.match(head):
            yield from _har(path, file.read(MAX_HAR + 1))
            return
        for number, line in lines(file):
            yield _entry(number, line)


# ---------------------------------------------------------------------- HAR


def _har(path: Path, data: bytes) -> Iterator[Recorded]:
    if len(data) > MAX_HAR:
        raise InputError([Problem(str(path), 0, 0, f"a HAR of more than {MAX_HAR:,} bytes")])
    try:
        document = decode_json(data.removeprefix(b"\xef\xbb\xbf"))
    except RequestError as error:
        raise InputError([Problem(str(path), 0, 0, f"not a HAR: {error}")]) from None
    log = document.get("log") if isinstance(document, dict) else None
    entries = log.get("entries") if isinstance(log, dict) else None
    if not isinstance(entries, list):
        raise InputError([Problem(str(path), 0, 0, "not a HAR: no log.entries")])
    for number, entry in enumerate(entries, 1):
        try:
            yield Recorded(number, _har_request(entry))
        except (RequestError, ValueError, TypeError, AttributeError, KeyError) as error:
            yield Recorded(number, None, f"not a HAR entry: {type(error).__name__}: {error}")


def _har_request(entry: Any) -> Request:
    given = entry["request"]
    url = urlsplit(given["url"])
    headers = [(str(h["name"]), str(h["value"])) for h in given.get("headers") or []]
    post = given.get("postData") or {}
    kind = str(post.get("mimeType") or "")
    if isinstance(post.get("text"), str):
        body = post["text"].encode("utf-8", "surrogateescape")
    else:
        body = urlencode([(p.get("name", ""), p.get("value", "")) for p in post.get("params") or []]).encode()
    return _request(given["method"], _target(url.path, url.query), headers, body, url.netloc, kind)


def _target(path: str, query: str) -> str:
    return (path or "/") + (f"?{query}" if query else "")


def _request(
    method: Any, target: Any, headers: list[tuple[str, str]], body: bytes, host: str = "", kind: str = "", ip: str = ""
) -> Request:
    kept = [(n, v) for n, v in headers if n.lower() not in _LEFT_OUT and not n.startswith(":")]
    names = {name.lower() for name, _ in kept}
    if "host" not in names:
        kept.insert(0, ("Host", host or "replay.example"))
    if kind and "content-type" not in names:
        kept.append(("Content-Type", kind))
    if not isinstance(method, str) or not isinstance(target, str) or not method or not target:
        raise RequestError("no method or no path")
    return complete(Request(method=method, target=target, headers=tuple(kept), body=body, client_ip=ip))


# ---------------------------------------------------------------------- lines of JSON

_METHOD: Final = ("method", "request_method", "RequestMethod", "http_method", "verb")
_PATH: Final = ("path", "request_uri", "uri", "RequestPath", "url", "target", "request_path")
_QUERY: Final = ("query_string", "args", "query")
_HEADERS: Final = ("headers", "request_headers", "req_headers")
_BODY: Final = ("body", "request_body", "req_body")
_BODY64: Final = ("body_b64", "body_base64", "request_body_base64", "request_body_b64")
_IP: Final = ("client_ip", "remote_addr", "remote_ip", "ClientHost", "client")
_SINGLE: Final = {"http_host": "Host", "host": "Host", "http_user_agent": "User-Agent", "http_referer": "Referer",
                  "http_cookie": "Cookie", "content_type": "Content-Type", "http_content_type": "Content-Type",
                  "http_x_forwarded_for": "X-Forwarded-For", "http_authorization": "Authorization"}  # fmt: skip
"""Names under which the access logs of nginx, Caddy, Traefik and the like keep the parts of a request."""


def _entry(number: int, line: bytes | None) -> Recorded:
    if line is None:
        return Recorded(number, None, "the line is too long")
    try:
        value = decode_json(line)
        if not isinstance(value, dict):
            raise RequestError("not a JSON object")
        if set(value) >= _EVENT:
            return Recorded(number, _partial(value))
        inner = value.get("request")
        return Recorded(number, _logged({**value, **inner} if isinstance(inner, dict) else value))
    except (RequestError, ValueError, TypeError) as error:
        return Recorded(number, None, str(error))


def _logged(record: Mapping[str, Any]) -> Request:
    """A `waf scan` record, or a line of an access log that has the request in it."""
    path = _first(record, _PATH)
    line = record.get("request")
    method = _first(record, _METHOD)
    if isinstance(line, str) and line.count(" ") >= 1:  # nginx's $request: `GET /path HTTP/1.1`
        method, path = method or line.split(" ")[0], path or line.split(" ")[1]
    if not isinstance(path, str):
        raise RequestError(f"no path: one of {', '.join(_PATH)} has to be there")
    if path.startswith(("http://", "https://")):
        url = urlsplit(path)
        path, record = _target(url.path, url.query), {"http_host": url.netloc, **record}
    query = _first(record, _QUERY)
    if isinstance(query, str) and query and "?" not in path:
        path = f"{path}?{query.removeprefix('?')}"
    body = {"body": _first(record, _BODY)} if _first(record, _BODY64) is None else {"body_b64": _first(record, _BODY64)}
    if body.get("body") is not None and not isinstance(body["body"], str):  # logged as JSON, not as text
        body = {"body": msgspec.json.encode(body["body"]).decode()}
    read = request_from_json({"path": path, "method": method or "", "client_ip": _address(record), **body,
                              "protocol": record.get("protocol") if "path" in record else None})  # fmt: skip
    asked = _request(read.method, path, _headers(record), read.body, ip=read.client_ip)
    return msgspec.structs.replace(asked, protocol=read.protocol)


def _first(record: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((record[name] for name in names if record.get(name) not in (None, "-")), None)


def _address(record: Mapping[str, Any]) -> str:
    found = _first(record, _IP)
    return found if isinstance(found, str) else ""


def _headers(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """A mapping (values may be lists), a list of pairs, or variables such as nginx's `http_user_agent`."""
    given = _first(record, _HEADERS)
    if isinstance(given, dict):
        return [(n, str(v)) for n, values in given.items() for v in (values if isinstance(values, list) else [values])]
    if isinstance(given, list):
        return [(str(name), str(value)) for name, value in given]
    return [
        (name, record[key]) for key, name in _SINGLE.items() if isinstance(record.get(key), str) and record[key] != "-"
    ]


# ---------------------------------------------------------------------- our own events


_EVENT: Final = frozenset({"ts", "action", "would_block", "outcome", "bytes_in"})
"""Members that all of our events have, and hardly any other log line."""


def _partial(event: Mapping[str, Any]) -> Partial:
    method, path = str(event.get("method", "")), str(event.get("path", "")) or "/"
    fields = {
        "request.method": [Field("request.method", "", method, "request.method")],
        "request.path": [Field("request.path", "", path, "request.path")],
    }
    missing = int(path.endswith("…"))
    matched: list[int] = []
    for rule in event.get("rules") or []:
        matched.append(int(rule["id"]))
        value = rule.get("value") or {}
        text = value.get("text")
        bucket = str(rule.get("bucket", ""))
        if bucket in ("request.method", "request.path"):
            continue
        if not isinstance(text, str) or bucket not in BUCKETS or len(to_bytes(text)) != value.get("length"):
            missing += 1
            continue
        origin = str(rule.get("origin", ""))
        fields.setdefault(bucket, []).append(Field(bucket, origin.partition(":")[2], text, origin))
    return Partial(method, path, fields, tuple(matched), str(event.get("action", "")), missing)
