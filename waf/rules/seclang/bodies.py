"""The request body, by the processor that the Content-Type or a rule chose."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import Any, Final
from xml.sax import SAXException, handler

import msgspec
from defusedxml import DefusedXmlException
from defusedxml.expatreader import create_parser

from waf.parse import at, below
from waf.rules.seclang.multipart import Multipart
from waf.rules.seclang.request_head import Reading, add_arguments, split_arguments
from waf.rules.seclang.transaction import Items, Transaction
from waf.transform.base import from_bytes

MOST_DEPTH: Final = 500
NUMBERS: Final = 64
"""A list of more elements than this, all of them numbers, is a tensor and no list of arguments."""
MOST_OF_MESSAGE: Final = 10_000
"""Values of a JSON message, of which no parser has bounded the number. One with more is looked at as a text."""
_SMALL: Final = 2048
"""Bytes below which no time is to be won with tensors."""
_EDGE: Final = 32
_OF_NUMBERS: Final = b"0123456789+-.eE, \t\r\n"
_SCALARS: Final = frozenset({int, float, bool, type(None)})
_FLAT: Final = _SCALARS | {str}
_strings = msgspec.json.Decoder(float_hook=str).decode
_plain = msgspec.json.Decoder().decode


def read_body(transaction: Transaction, raw: bytes, content_type: str, how: Reading) -> None:
    """Fills ARGS, FILES, XML and the flags from a body. What cannot be read sets REQBODY_ERROR, and nothing is raised."""
    processor, scalars = transaction.processor, transaction.scalars
    error = ""
    if processor == "JSON":
        error = _json(transaction, raw, how) if raw else ""
    elif processor == "XML":
        error = _xml(transaction, raw)
    elif processor == "MULTIPART":
        error = _multipart(transaction, raw, content_type)
    elif processor == "URLENCODED":
        add_arguments(transaction, split_arguments(from_bytes(raw), how.separator, how.most), "ARGS_POST")
        return
    flag = "1" if error else "0"
    scalars["REQBODY_ERROR"] = scalars["REQBODY_PROCESSOR_ERROR"] = flag
    scalars["REQBODY_ERROR_MSG"] = scalars["REQBODY_PROCESSOR_ERROR_MSG"] = error


def read_message(transaction: Transaction, raw: bytes, text: str, how: Reading) -> None:
    """Fills ARGS from a text that says nothing of its type: the members of JSON, or all of it as `message`."""
    if text.lstrip(" \t\r\n")[:1] in ("{", "[") and not _json(transaction, raw, how, most=MOST_OF_MESSAGE):
        transaction.processor = transaction.scalars["REQBODY_PROCESSOR"] = "JSON"
    else:
        transaction.processor = transaction.scalars["REQBODY_PROCESSOR"] = ""
        add_arguments(transaction, [("message", text)], "ARGS_POST")


def _multipart(transaction: Transaction, raw: bytes, content_type: str) -> str:
    read = Multipart(content_type, raw)
    scalars, maps = transaction.scalars, transaction.maps
    for name, flag in read.flags.items():
        scalars["MULTIPART_" + name.upper()] = str(int(flag))
    scalars["MULTIPART_UNMATCHED_BOUNDARY"] = str(read.unmatched)
    scalars["MULTIPART_CRLF_LF_LINES"] = str(int(read.crlf_line and read.flags["lf_line"]))
    scalars["MULTIPART_STRICT_ERROR"] = str(int(read.strict_error))
    maps["MULTIPART_NAME"], maps["MULTIPART_FILENAME"] = read.names, read.filenames
    arguments: Items = []
    files: Items = []
    sizes: Items = []
    headers: Items = []
    for part in read.parts:
        headers += [(part.name, line) for _, _, line in part.headers]
        content = part.content
        if part.filename:
            files.append((part.name, part.filename))
            sizes.append((part.name, str(len(content))))
        else:
            arguments.append((part.name, from_bytes(content)))
    maps["MULTIPART_PART_HEADERS"] = headers
    maps["FILES"], maps["FILES_SIZES"] = files, sizes
    maps["FILES_NAMES"] = [(name, name) for name, _ in files]
    if sizes:
        scalars["FILES_COMBINED_SIZE"] = str(sum(int(size) for _, size in sizes))
    add_arguments(transaction, arguments, "ARGS_POST", sized=False)
    return read.error


# --------------------------------------------------------------------------- JSON


class _Pairs(list[tuple[str, Any]]):
    """An object with a name that occurs twice: both values are arguments."""


def _json(transaction: Transaction, raw: bytes, how: Reading, most: int = 0) -> str:
    """`most`: arguments at which a body is taken for something else."""
    try:
        value = _read(raw)
        texts: list[str] = []
        members = _members(value, texts)
        if (
            b"\\u003" in raw or raw.count(b":") - "".join(texts).count(":") != members
        ):  # one was lost: a name occurs twice
            value = json.loads(raw, object_pairs_hook=_pairs, parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        return "the body is not JSON"
    arguments: Items = []
    limit = how.most or 1 << 62
    for item in flatten_but(value, how.prose) if how.prose else flatten(value):
        if len(arguments) >= limit:
            break
        arguments.append(item)
    if most and len(arguments) > most:
        return "the body has too many members"
    add_arguments(transaction, arguments, "")
    return ""


def _read(raw: bytes) -> Any:
    """The body with its floats as they are written, but for those in tensors, of which nothing is read."""
    if len(raw) > _SMALL:
        try:
            value = _plain(raw)
        except ValueError:  # a number that is too large for a float is a number all the same
            return _strings(raw)
        if not _has_float(value):
            return value
    return _strings(raw)


def _has_float(value: Any) -> bool:
    """Whether there is a float outside of tensors."""
    todo = [value]
    while todo:
        node = todo.pop()
        kind = type(node)
        if kind is float:
            return True
        if kind is dict:
            todo += node.values()
        elif kind is list and not (len(node) > NUMBERS and _SCALARS.issuperset(map(type, node))):
            todo += node
    return False


def without_numbers(raw: bytes) -> bytes:
    """A JSON body with no more than the beginning and the end of each list of more than 64 numbers: REQUEST_BODY, where rules
    look for words. Bytes that no number has are never left out."""
    if len(raw) <= _SMALL:
        return raw
    kept = []
    for piece in raw.split(b"["):
        end = piece.find(b"]")
        if end > 2 * _EDGE and not piece[:end].translate(None, _OF_NUMBERS) and piece.count(b",", 0, end) > NUMBERS:
            begin, rest = piece.find(b",", _EDGE, end), piece.rfind(b",", 0, end - _EDGE)
            piece = piece[:begin] + piece[rest:] if 0 <= begin < rest else piece
        kept.append(piece)
    return b"[".join(kept)


def _members(value: Any, texts: list[str]) -> int:
    """How many members all objects have together, as far as they are nested by dict and list; `texts` gets their names and all
    strings."""
    count, todo = 0, [value]
    while todo:
        node = todo.pop()
        kind = type(node)
        if kind is dict:
            count += len(node)
            texts += node
            todo += node.values()
        elif kind is str:
            texts.append(node)
        elif kind is list and not (len(node) > NUMBERS and _FLAT.issuperset(map(type, node))):
            todo += node
        elif kind is list:
            texts += [item for item in node if type(item) is str]
    return count


def _pairs(pairs: list[tuple[str, Any]]) -> Any:
    found = dict(pairs)
    return found if len(found) == len(pairs) else _Pairs(pairs)


def flatten(value: Any, name: str = "json", depth: int = 0) -> Iterator[tuple[str, str]]:
    """(name, text) of each value: `json.a.b`, `json.a.array_0`, as yajl's callbacks name them in libmodsecurity."""
    kind = type(value)
    if kind is str:
        yield name, value
    elif kind is dict or kind is _Pairs:
        if depth < MOST_DEPTH:
            for key, member in value.items() if kind is dict else value:
                yield from flatten(member, f"{name}.{key or 'empty-key'}", depth + 1)
    elif kind is list:
        if depth < MOST_DEPTH and not _is_tensor(value):
            for index, member in enumerate(value):
                yield from flatten(member, f"{name}.array_{index}", depth + 1)
    elif value is None:
        yield name, ""
    else:
        yield name, str(value).lower()


def flatten_but(value: Any, prose: frozenset[str], name: str = "json", path: str = "$") -> Iterator[tuple[str, str]]:
    """As `flatten`, without the members whose path is in `prose`."""
    if path in prose:
        return
    kind = type(value)
    if kind is dict or kind is _Pairs:
        for key, member in value.items() if kind is dict else value:
            yield from flatten_but(member, prose, f"{name}.{key or 'empty-key'}", below(path, key))
    elif kind is list and not _is_tensor(value):
        for index, member in enumerate(value):
            yield from flatten_but(member, prose, f"{name}.array_{index}", at(path, index))
    else:
        yield from flatten(value, name)


def _is_tensor(values: list[Any]) -> bool:
    if len(values) <= NUMBERS:
        return False
    kinds = set(map(type, values))
    return _SCALARS.issuperset(kinds) or (_FLAT.issuperset(kinds) and all(map(_numeric, values)))


_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")


def _numeric(value: Any) -> bool:
    """Floats come as their text."""
    return type(value) is not str or _NUMBER.fullmatch(value) is not None


# --------------------------------------------------------------------------- XML


class _Content(handler.ContentHandler):
    """The text of the root element, all of it joined, and the values of all attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.attributes: list[str] = []
        self.begun = False

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802, the names are SAX's
        self.begun = True
        self.attributes += [value for key, value in attrs.items() if key != "xmlns" and not key.startswith("xmlns:")]

    def characters(self, content: str) -> None:
        self.text.append(content)


def _xml(transaction: Transaction, raw: bytes) -> str:
    content, error = _Content(), ""
    parser = create_parser(forbid_dtd=True, forbid_entities=True, forbid_external=True)
    parser.setContentHandler(content)
    try:
        parser.parse(io.BytesIO(raw))
    except (SAXException, DefusedXmlException, ValueError):
        error = "the body is not well-formed XML"
    if content.begun:
        transaction.maps["XML:/*"] = [("/*", "".join(content.text))]
        transaction.maps["XML://@*"] = [("//@*", value) for value in content.attributes]
    return error
