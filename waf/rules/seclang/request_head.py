"""Request line, headers, cookies and query string as libmodsecurity v3 names them."""

from __future__ import annotations

from typing import Final, NamedTuple

from waf.model import Request
from waf.parse.query import decode, unquote
from waf.rules.seclang.base import PROCESSORS
from waf.rules.seclang.transaction import Items, Transaction
from waf.transform.base import to_bytes

_SPACES: Final = " \t\n\v\f\r"
_PROCESSORS: Final = {
    "multipart/form-data": "MULTIPART",
    "application/x-www-form-urlencoded": "URLENCODED",
}


class Reading(NamedTuple):
    """How requests are read: what separates arguments, how many there may be (0: any number), whether the Content-Type
    chooses XML and JSON processors too, and which members of a JSON body are no arguments (`$.messages[0].content`)."""

    separator: str = "&"
    most: int = 0
    by_type: bool = True
    prose: frozenset[str] = frozenset()


def fill_head(transaction: Transaction, request: Request, how: Reading) -> None:
    """Everything that is known before the body."""
    scalars, maps = transaction.scalars, transaction.maps
    _target(scalars, request)
    headers: Items = list(request.headers)
    names: Items = [(name, name) for name, _ in headers]
    cookies: Items = []
    for name, value in headers:
        lower = name.lower()
        if lower == "cookie":
            cookies += split_cookies(value)
        elif lower == "content-type":
            kind = value.lower()
            for beginning, processor in _PROCESSORS.items():
                if kind.startswith(beginning):
                    transaction.processor = processor
            for processor, begins in PROCESSORS if how.by_type else ():
                if begins.match(kind):
                    transaction.processor = processor
        elif lower == "host":
            scalars["SERVER_NAME"] = value.split(":", 1)[0]
        elif lower == "authorization":
            scalars["AUTH_TYPE"] = value.split(" ", 1)[0]
    scalars["REQBODY_PROCESSOR"] = transaction.processor
    scalars["REMOTE_ADDR"] = scalars["REMOTE_HOST"] = request.client_ip
    scalars["UNIQUE_ID"] = request.id
    maps["REQUEST_HEADERS"], maps["REQUEST_HEADERS_NAMES"] = headers, names
    maps["REQUEST_COOKIES"] = cookies
    maps["REQUEST_COOKIES_NAMES"] = [(name, name) for name, _ in cookies]
    arguments = split_arguments(scalars["QUERY_STRING"], how.separator, how.most)
    add_arguments(transaction, arguments, "ARGS_GET")


def _target(scalars: dict[str, str], request: Request) -> None:
    """The path ends at the first `?` or `#` and is decoded afterwards; what the fragment holds is in RAW alone."""
    target, method = request.target, request.method
    whole, _, _ = target.partition("#")
    path, asked, query = whole.partition("?")
    filename = _percent(path)
    scalars["REQUEST_METHOD"] = method
    scalars["REQUEST_PROTOCOL"] = request.version
    scalars["REQUEST_LINE"] = f"{method} {target} {request.version}"
    scalars["REQUEST_URI_RAW"] = target
    scalars["QUERY_STRING"] = query
    scalars["REQUEST_FILENAME"] = scalars["PATH_INFO"] = filename
    cut = max(filename.rfind("/"), filename.rfind("\\"))
    scalars["REQUEST_BASENAME"] = filename[cut + 1 :] if cut >= 0 else ""
    uri = filename + asked + _percent(query)
    if not uri.startswith("/"):
        colon = uri.find(":")
        if colon >= 0 and uri.startswith("//", colon + 1) and (slash := uri.find("/", colon + 3)) >= 0:
            uri = uri[slash:]
    scalars["REQUEST_URI"] = uri


def _percent(text: str) -> str:
    return unquote(to_bytes(text)).decode("utf-8", "surrogateescape") if "%" in text else text


def split_arguments(text: str, separator: str, most: int) -> Items:
    """(name, value) of each piece; an empty piece between two separators counts as one, as libmodsecurity has it."""
    if not text:
        return []
    pieces = text.split(separator, most) if most else text.split(separator)
    if pieces[-1] == "" or (most and len(pieces) > most):
        pieces.pop()
    found = []
    for piece in pieces:
        name, _, value = piece.partition("=")
        found.append((decode(name), decode(value)))
    return found


def split_cookies(header: str) -> Items:
    """Blanks stay but for those before a name and after the last value; a cookie without a name is left out."""
    found: Items = []
    for piece in header.rstrip(_SPACES).split(";"):
        name, _, value = piece.partition("=")
        name = name.lstrip(_SPACES)
        if name:
            found.append((name, value))
    return found


def add_arguments(transaction: Transaction, arguments: Items, place: str, *, sized: bool = True) -> None:
    """Adds to ARGS and, by `place`, to ARGS_GET or ARGS_POST (empty: to neither), and to their names and sizes."""
    maps, scalars = transaction.maps, transaction.scalars
    names = [(name, name) for name, _ in arguments]
    for collection, items in (("ARGS", arguments), (place, arguments)):
        if collection:
            maps[collection] = maps.get(collection, []) + items
            maps[collection + "_NAMES"] = maps.get(collection + "_NAMES", []) + names
    if sized:
        before = int(scalars.get("ARGS_COMBINED_SIZE") or 0)
        size = sum(_size(name) + _size(value) for name, value in arguments)
        scalars["ARGS_COMBINED_SIZE"] = str(before + size)


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(to_bytes(text))
