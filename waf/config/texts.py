"""What the text of a setting must look like, by the unit the settings table gives it.

Every check returns None or a `Complaint`. The message never quotes the text, for it may be a secret; a hint may, and is left
out where the text came from a reference.
"""

from __future__ import annotations

import difflib
import ipaddress
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import SplitResult, urlsplit

import msgspec

from waf.hours import FORM, parse_hours
from waf.parse.paths import steps
from waf.protocols import PROTOCOLS

MIN_SECRET: Final = 16

ALGORITHMS: Final = tuple("RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA".split())
"""Of RFC 7518 and RFC 8037, those with a public key. A shared secret in a firewall could sign tokens, not only check them."""

_HOST: Final = re.compile(r"(?=.{1,253}\Z)[A-Za-z0-9_][A-Za-z0-9_-]{0,62}(?:\.[A-Za-z0-9_-]{1,63})*+\.?", re.ASCII)
"""Names whose parts resolvers can encode: 1 to 63 characters each (RFC 1035 section 2.3.4)."""
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", re.ASCII)
_METHOD: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}", re.ASCII)
_SELECTOR: Final = re.compile(r"[0-9]{1,12}|(?:tag|pack):[A-Za-z0-9_.:/-]{1,128}", re.ASCII)
_URL_PATTERN: Final = re.compile(r"[/*][!-\"$->@-~]{0,1023}", re.ASCII)
_VISIBLE: Final = re.compile(r"[!-~](?:[ -~]{0,254}[!-~])?", re.ASCII)


class Complaint(NamedTuple):
    message: str
    hint: str = ""


def parse_address(text: str) -> tuple[str, int]:
    """`HOST:PORT` or `[IPv6]:PORT` → host without brackets, and port (0: any free one). ValueError says what is bad."""
    host, colon, port = text.rpartition(":")
    if not colon or not port.isascii() or not port.isdigit() or len(port) > 5 or int(port) > 65_535:
        raise ValueError("an address is HOST:PORT with a port from 0 to 65535")
    if host.startswith("[") and host.endswith("]"):
        try:
            ipaddress.IPv6Address(host[1:-1])
        except ValueError:
            raise ValueError("what stands in brackets is not an IPv6 address") from None
        return host[1:-1], int(port)
    if ":" in host:
        raise ValueError("an IPv6 address stands in brackets")
    if not _HOST.fullmatch(host):
        raise ValueError("the host is missing or not a host name" if host else "the host is missing")
    return host, int(port)


def _address(text: str) -> Complaint | None:
    try:
        parse_address(text)
    except ValueError as error:
        return Complaint(str(error), "for example 127.0.0.1:8080, 0.0.0.0:8080 or [::1]:8080")
    return None


def _url(text: str) -> Complaint | None:
    if not _VISIBLE.fullmatch(text) or " " in text:
        return Complaint("a URL has no blanks and nothing but visible ASCII", "percent-encode the rest")
    try:
        url = urlsplit(text)
        port = url.port
    except ValueError:
        return Complaint("not a URL", "for example http://127.0.0.1:8000")
    if url.scheme not in ("http", "https"):
        return Complaint("the URL must start with http:// or https://", "for example http://127.0.0.1:8000")
    if "@" in url.netloc:
        return Complaint("a user name or password in the URL is not supported")
    if "?" in text or "#" in text:
        return Complaint("the URL cannot have a query or a fragment", "a path is all that is put before a target")
    return _url_host(url, port)


def _url_host(url: SplitResult, port: int | None, hint: str = "for example http://127.0.0.1:8000") -> Complaint | None:
    host = url.hostname or ""
    if port == 0:
        return Complaint("port 0 cannot be connected to")
    try:
        parse_address(f"[{host}]:1" if ":" in host else f"{host}:1")
    except ValueError as error:
        return Complaint(str(error), hint)
    return None


def _redis(text: str) -> Complaint | None:
    hint = "for example redis://127.0.0.1:6379/0, rediss://redis.example.com:6380 or unix:///run/redis.sock"
    if not _VISIBLE.fullmatch(text) or " " in text:
        return Complaint("a URL has no blanks and nothing but visible ASCII", hint)
    scheme, _, rest = text.partition("://")
    if "sentinel" in scheme or "cluster" in scheme or "," in rest.partition("/")[0]:
        return Complaint(
            "Sentinel and Cluster are not supported",
            "one address that leads to the primary (a service, a virtual address, HAProxy): docs/limits.md",
        )
    try:
        url = urlsplit(text)
        port = url.port
    except ValueError:
        return Complaint("not a URL", hint)
    if url.scheme == "unix":
        return None if url.path and not url.netloc else Complaint("names no socket", hint)
    if url.scheme not in ("redis", "rediss"):
        return Complaint("the URL must start with redis://, rediss:// or unix://", hint)
    if url.path.strip("/") and not re.fullmatch(r"/[0-9]{1,4}", url.path, re.ASCII):
        return Complaint("what follows the host is the number of a database", hint)
    return _url_host(url, port, hint)


def _cidr(text: str) -> Complaint | None:
    try:
        ipaddress.ip_network(text)
    except ValueError:
        try:
            network = ipaddress.ip_network(text, strict=False)
        except ValueError:
            return Complaint("not a network", "for example 10.0.0.0/8, 192.0.2.7 or fd00::/8")
        return Complaint("the address has bits set past the prefix", f"did you mean {network}?")
    return None


def _country(text: str) -> Complaint | None:
    if re.fullmatch(r"[A-Z]{2}", text, re.ASCII):
        return None
    return Complaint("not a country", "two capital letters, as DE (ISO 3166-1 alpha-2)")


def _hours(text: str) -> Complaint | None:
    try:
        parse_hours(text)
    except ValueError as error:
        return Complaint(str(error), f"write {FORM}")
    return None


def _secret(text: str) -> Complaint | None:
    if len(text.encode("utf-8", "surrogatepass")) < MIN_SECRET:
        return Complaint(f"a secret needs at least {MIN_SECRET} bytes", "`openssl rand -hex 32` makes one")
    return None


def _selector(text: str) -> Complaint | None:
    return (
        None
        if _SELECTOR.fullmatch(text)
        else Complaint("not a choice of rules", "write a rule id, tag:NAME or pack:NAME")
    )


def _json_path(text: str) -> Complaint | None:
    try:
        steps(text)
    except (ValueError, msgspec.DecodeError):
        return Complaint("not a JSON path", 'write $.a.b[*].c or $["any name"], where [*] is every item')
    return None


def _pattern(text: str) -> Complaint | None:
    if _URL_PATTERN.fullmatch(text):
        return None
    if not text.startswith(("/", "*")):
        return Complaint("a path pattern begins with / or *")
    return Complaint(
        "a path pattern is visible ASCII without ? or #", "queries are not part of it; percent-encode the rest"
    )


def _method(text: str) -> Complaint | None:
    if not _METHOD.fullmatch(text):
        return Complaint("not an HTTP method")
    return Complaint("methods are compared with case", f"write {text.upper()}") if text != text.upper() else None


def _protocol(text: str) -> Complaint | None:
    if text in PROTOCOLS:
        return None
    return Complaint("no such protocol", suggest(text, PROTOCOLS) or f"known are {', '.join(sorted(PROTOCOLS))}")


def _algorithm(text: str) -> Complaint | None:
    if text in ALGORITHMS:
        return None
    hint = suggest(text, ALGORITHMS) or f"known are {', '.join(ALGORITHMS)}"
    return Complaint("not a signature algorithm with a public key", hint)


def _name(text: str) -> Complaint | None:
    if _NAME.fullmatch(text):
        return None
    return Complaint("a name is up to 64 letters, digits, `_`, `.` and `-`, the first a letter or digit")


def _header(text: str) -> Complaint | None:
    return None if _VISIBLE.fullmatch(text) else Complaint("a header value is up to 256 visible ASCII characters")


def _file(text: str) -> Complaint | None:
    return _path(text) or (None if Path(text).is_file() else Complaint("is not a file"))


def _folder(text: str) -> Complaint | None:
    """It may be made later, by a command that reads this configuration."""
    if "\0" in text:
        return Complaint("a path cannot hold NUL")
    return Complaint("is a file, not a folder") if Path(text).is_file() else None


def _path(text: str) -> Complaint | None:
    if "\0" in text:
        return Complaint("a path cannot hold NUL")
    return None if Path(text).exists() else Complaint("does not exist", f"looked for {text}")


def _sink(text: str) -> Complaint | None:
    if "\0" in text:
        return Complaint("a path cannot hold NUL")
    if Path(text).is_dir():
        return Complaint("cannot be written: it is a folder")
    return None if Path(text).parent.is_dir() else Complaint("cannot be written: its folder does not exist")


CHECKS: Final[Mapping[str, Callable[[str], Complaint | None]]] = {
    "address": _address,
    "url": _url,
    "cidr": _cidr,
    "redis": _redis,
    "country": _country,
    "hours": _hours,
    "secret": _secret,
    "selector": _selector,
    "jsonpath": _json_path,
    "pattern": _pattern,
    "method": _method,
    "protocol": _protocol,
    "algorithm": _algorithm,
    "name": _name,
    "header": _header,
    "file": _file,
    "path": _path,
    "folder": _folder,
    "sink": _sink,
}
"""By unit. A test compares it with the units that the settings use."""

ON_DISK: Final = frozenset({"file", "path", "folder", "sink"})
"""Units whose text, unless one of the setting's words, is a path: relative to the folder of the configuration file."""


def suggest(text: str, names: Mapping[str, object] | tuple[str, ...]) -> str:
    """`did you mean …?`, or "" when nothing is near."""
    near = difflib.get_close_matches(text, list(names), 1, 0.6)
    return f"did you mean `{near[0]}`?" if near else ""
