"""A curl command line, read as curl would send it. Nothing is run, and of files only those it would send are read."""

from __future__ import annotations

import re
import shlex
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlsplit

from waf.model import Request

MAX_FILE: Final = 64 << 20
BOUNDARY: Final = "------------------------mlwaf0explain0curl"

_ANSI: Final = re.compile(r"""'[^']*'|"(?:[^"\\]|\\.)*"|\$'((?:[^'\\]|\\.)*)'|\\.""", re.DOTALL)
_ESCAPE: Final = re.compile(r"\\(x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|U[0-9a-fA-F]{1,8}|[0-7]{1,3}|.)", re.DOTALL)
_SIMPLE: Final = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "e": "\x1b", "E": "\x1b"}

_VALUED: Final = {
    "-X": "method", "--request": "method", "-H": "header", "--header": "header", "-d": "data", "--data": "data",
    "--data-ascii": "data", "--data-binary": "binary", "--data-raw": "raw", "--data-urlencode": "urlencode",
    "--json": "json", "-F": "form", "--form": "form", "--form-string": "string", "-A": "agent", "--user-agent": "agent",
    "-e": "referer", "--referer": "referer", "-b": "cookie", "--cookie": "cookie", "-u": "user", "--user": "user",
    "--url": "url", "--oauth2-bearer": "bearer",
}  # fmt: skip
"""Options with a value that shape the request."""
_FLAGS: Final = {"-G": "get", "--get": "get", "-I": "head", "--head": "head", "-0": "http10", "--http1.0": "http10"}
_IGNORED_VALUED: Final = frozenset(
    "-o --output -m --max-time --connect-timeout -w --write-out --retry --retry-delay --retry-max-time -x --proxy "
    "--resolve --connect-to --cacert --capath -E --cert --key --cert-type --key-type --ciphers -c --cookie-jar -D "
    "--dump-header --interface --limit-rate --max-redirs -r --range --trace --trace-ascii --unix-socket -K --config "
    "--stderr -y -Y -z --keepalive-time --tls-max --max-filesize --proxy-user -U --dns-servers --expect100-timeout".split()
)
"""Options with a value that does not reach the server, or not in a way that is inspected."""


def from_curl(line: str) -> Request:
    """The request of one command line. Raises ValueError with the reason when curl would not send one."""
    words = shlex.split(_ANSI.sub(_unansi, line.replace("\\\n", " ").replace("\\\r\n", " ")))
    words = words[1:] if words[:1] == ["$"] else words
    given: dict[str, list[str]] = {}
    data: list[tuple[str, str]] = []
    for name, value in _options(iter(words[1:])):
        if name in ("data", "binary", "raw", "urlencode", "json", "form", "string"):
            data.append((name, value))
        given.setdefault(name, []).append(value)
    urls = given.get("url", [])
    if len(urls) != 1:
        shown = ", ".join(repr(url[:60]) for url in urls[:5])
        raise ValueError(f"only one URL at a time, not {len(urls)}: {shown}" if urls else "one URL is needed")
    return _build(urls[0], given, data)


def _options(words: Iterator[str]) -> Iterator[tuple[str, str]]:
    """(what, value) of every option that matters; values of short options may be attached, of long ones after `=`."""
    for word in words:
        if not word.startswith("-") or word == "-":
            yield "url", word
        elif word.startswith("--"):
            name, equals, attached = word.partition("=")
            if name in _VALUED or name in _IGNORED_VALUED:
                value = attached if equals else _next(words, name)
                if name in _VALUED:
                    yield _VALUED[name], value
            elif name in _FLAGS:
                yield _FLAGS[name], ""
        else:
            yield from _short(word, words)


def _short(word: str, words: Iterator[str]) -> Iterator[tuple[str, str]]:
    """A cluster such as `-sSXPOST`: flags up to the first option with a value."""
    for at, letter in enumerate(word[1:], 1):
        name = "-" + letter
        if name in _VALUED or name in _IGNORED_VALUED:
            value = word[at + 1 :] or _next(words, name)
            if name in _VALUED:
                yield _VALUED[name], value
            return
        if name in _FLAGS:
            yield _FLAGS[name], ""


def _next(words: Iterator[str], name: str) -> str:
    value = next(words, None)
    if value is None:
        raise ValueError(f"{name} needs a value")
    return value


def _build(address: str, given: dict[str, list[str]], data: list[tuple[str, str]]) -> Request:
    url = urlsplit(address if "://" in address else "http://" + address)
    if url.scheme not in ("http", "https") or not url.hostname:
        raise ValueError("the URL is not http:// or https://")
    target = quote(url.path or "/", "/%:@!$&'()*+,;=~-._\"<>{}|\\^`[]") + (f"?{url.query}" if url.query else "")
    headers, removed = _headers(given.get("header", []))
    body, content_type = _body(data)
    if "get" in given and body:
        query = body.decode("utf-8", "surrogateescape")
        target, body, content_type = target + ("&" if url.query else "?") + query, b"", ""
    defaults = [("Host", url.netloc.rpartition("@")[2]), ("User-Agent", given.get("agent", ["curl/8.0"])[-1])]
    defaults += [("Accept", "application/json" if any(kind == "json" for kind, _ in data) else "*/*")]
    defaults += _extras(given, url.netloc.rpartition("@")[0]) + (
        [("Content-Type", content_type)] if content_type else []
    )
    present = {name.lower() for name, _ in headers} | removed
    method = "HEAD" if "head" in given else "POST" if content_type or body else "GET"
    return Request(
        method=given.get("method", [method])[-1],
        target=target,
        headers=(*(h for h in defaults if h[0].lower() not in present), *headers),
        body=body,
        version="HTTP/1.0" if "http10" in given else "HTTP/1.1",
    )


def _headers(lines: list[str]) -> tuple[list[tuple[str, str]], set[str]]:
    """Headers given, and names that `-H 'Name:'` takes out; `-H 'Name;'` sends an empty one."""
    headers: list[tuple[str, str]] = []
    removed: set[str] = set()
    for line in lines:
        name, colon, value = line.partition(":")
        if colon and value.strip():
            headers.append((name.strip(), value.strip()))
        elif colon:
            removed.add(name.strip().lower())
        elif line.endswith(";"):
            headers.append((line[:-1].strip(), ""))
        else:
            raise ValueError(f"-H {line!r} is not a header")
    return headers, removed


def _extras(given: dict[str, list[str]], userinfo: str) -> list[tuple[str, str]]:
    extras: list[tuple[str, str]] = []
    if user := given.get("user", [userinfo])[-1]:
        extras.append(("Authorization", "Basic " + b64encode(user.encode()).decode()))
    if "bearer" in given:
        extras.append(("Authorization", "Bearer " + given["bearer"][-1]))
    if "referer" in given:
        extras.append(("Referer", given["referer"][-1]))
    cookies = [cookie for cookie in given.get("cookie", []) if "=" in cookie]  # without `=` it names a file
    return [*extras, ("Cookie", "; ".join(cookies))] if cookies else extras


def _body(data: list[tuple[str, str]]) -> tuple[bytes, str]:
    """Body and the Content-Type that curl gives it."""
    kinds = {kind for kind, _ in data}
    if kinds & {"form", "string"}:
        if kinds - {"form", "string"}:
            raise ValueError("-F and -d exclude each other")
        parts = b"".join(_part(kind, value) for kind, value in data)
        return parts + f"--{BOUNDARY}--\r\n".encode(), f"multipart/form-data; boundary={BOUNDARY}"
    joint = b"" if "json" in kinds else b"&"
    body = joint.join(_datum(kind, value) for kind, value in data)
    if "json" in kinds:
        return body, "application/json"
    return body, "application/x-www-form-urlencoded" if data else ""


def _datum(kind: str, value: str) -> bytes:
    if kind == "urlencode":
        return _urlencode(value)
    if kind == "raw" or not value.startswith("@"):
        return value.encode()
    content = _file(value[1:])
    return content.translate(None, b"\r\n\0") if kind == "data" else content


def _urlencode(value: str) -> bytes:
    name, mark, content = re.match(r"([^=@]*)([=@]?)(.*)", value, re.DOTALL).groups()  # type: ignore[union-attr]
    if not mark:
        return quote(value, safe="").encode()
    raw = _file(content) if mark == "@" else content.encode()
    return (f"{name}=" if name else "").encode() + quote(raw, safe="").encode()


def _part(kind: str, value: str) -> bytes:
    name, equals, content = value.partition("=")
    if not equals:
        raise ValueError(f"-F {value!r} is not name=content")
    head = f'Content-Disposition: form-data; name="{name}"'
    raw = content.encode()
    if kind == "form" and content[:1] in ("@", "<"):
        path, *settings = content[1:].split(";")
        given = dict(setting.strip().partition("=")[::2] for setting in settings)
        raw = _file(path)
        if content[0] == "@":
            head += f'; filename="{given.get("filename", Path(path).name)}"'
            head += f"\r\nContent-Type: {given.get('type', 'application/octet-stream')}"
    return f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode() + raw + b"\r\n"


def _file(name: str) -> bytes:
    if name == "-":
        raise ValueError(
            "the body that curl would read from stdin is not there; write it into a file, or into the line"
        )
    try:
        with Path(name).open("rb") as file:
            content = file.read(MAX_FILE + 1)
    except (OSError, ValueError) as error:
        raise ValueError(f"file {name!r} cannot be read: {getattr(error, 'strerror', error)}") from None
    if len(content) > MAX_FILE:
        raise ValueError(f"file {name!r} is larger than {MAX_FILE:,} bytes")
    return content


def _unansi(found: re.Match[str]) -> str:
    """`$'…'`, which shlex does not know and browsers put into "copy as cURL", as a plain quoted word."""
    return found[0] if found[1] is None else shlex.quote(_ESCAPE.sub(_unescape, found[1]))


def _unescape(found: re.Match[str]) -> str:
    what = found[1]
    if what[0] in "xuU" and len(what) > 1:
        code = int(what[1:], 16)
        return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
    if what[0] in "01234567":
        return chr(int(what, 8) & 0xFF)
    return _SIMPLE.get(what, what)
