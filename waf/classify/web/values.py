"""Which values of a request the web-attack head reads, on which surface each stands, and in which readings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from waf.model import Field
from waf.transform import TRANSFORMS

SURFACES: Final = ("query", "form", "json", "header", "cookie", "path", "file", "body")
"""Where a value stood; each has a threshold of its own."""
_BUCKETS: Final = {
    "args.get": "query",
    "args.form": "form",
    "json": "json",
    "xml": "json",
    "cookies": "cookie",
    "request.path": "path",
    "path.parts": "path",
    "headers.args": "query",
    "decoded": "query",
    "files.names": "file",
    "headers": "header",
    "body": "body",
}
_NAMED: Final = frozenset({"args.get", "args.form", "json"})
"""Buckets whose names a client makes up, so that they may carry a payload as well."""
_SILENT: Final = frozenset({"authorization", "proxy-authorization", "cookie", "x-api-key", "content-length", "host"})
"""Headers that are not read: credentials, what other fields show, and what the edge has checked."""
_CREDENTIALS: Final = frozenset({"header:authorization", "header:proxy-authorization"})
"""Where decoded credentials come from: a good password looks like nothing else, so only rules read them."""
_NEGOTIATION: Final = re.compile(
    r"(?:accept|content-(?:type|encoding)|cache-control|connection|sec-|if-|range|te\Z|upgrade|x-stainless)"
)
_PLAIN_HEADER: Final = re.compile(r'[\w/*+.:;=,"? -]{0,300}', re.ASCII)
"""What headers of negotiation hold in every browser's request."""
_ORDINARY_NAME: Final = re.compile(r'[\w$."\[\]-]{0,300}')
"""Names of arguments and paths of JSON members that hold no payload: `$.items[3].name`, `tags[]`."""
HARMLESS: Final = re.compile(r"[A-Za-z0-9_-]{0,64}(?:\.[A-Za-z0-9_-]{1,64}){0,4}|[A-Za-z0-9_/-]{0,64}")
"""Words, numbers, identifiers, plain paths: never scored."""
_SUSPECT: Final = re.compile(
    r"[^\w .,@+!?-]|\.\.|--"
    r"|(?<![a-z])(?:x?or|and|union|select|having|order|like|where|null|sleep|between|is|in|exec|drop|limit)(?![a-z])",
    re.IGNORECASE,
)
"""A sign, or a word of a query language: without either, prose is not scored."""
_BEGINS: Final = re.compile("[?#]")
_ENCODED: Final = ("args.get", "args.form", "json", "cookies", "headers")
_NONE: Final[frozenset[str]] = frozenset()
_GRAPHQL: Final = re.compile(r"\s*(?:query|mutation|subscription|fragment|\{)[\w\s{}()\[\]:$!,.@|&=#-]*")
_STRING: Final = re.compile(r'"(?:[^"\\]|\\.){0,4096}+"', re.DOTALL)
_LONGEST: Final = 65_536
_COMMENT: Final = re.compile(r"/\*!?\d*|\*/")


class Value(msgspec.Struct, frozen=True, gc=False):
    """One value to be scored."""

    text: str
    surface: str
    origin: str


def suspect(text: str) -> bool:
    """Whether a value is worth scoring at all: a payload needs a sign, or a word of a query language."""
    return HARMLESS.fullmatch(text) is None and _SUSPECT.search(text) is not None


def select(fields: Mapping[str, Sequence[Field]]) -> list[Value]:
    """The values that may hold a payload, each text once on a surface; what only a model reads is not among them."""
    found: dict[tuple[str, str], Value] = {}
    shown = _shown(fields)
    for bucket, surface in _BUCKETS.items():
        if bucket == "request.path" and fields.get("path.parts"):
            continue  # they are what is odd in it
        for field in fields.get(bucket, ()):
            text = field.value
            if type(text) is not str or field.origin in _CREDENTIALS or (field.origin in shown and bucket != "decoded"):
                continue
            if bucket == "headers":
                if _usual(field.name, text):
                    continue
                if field.name == "referer":
                    text = _BEGINS.split(text, maxsplit=1)[0]  # its arguments are values of their own
            if suspect(text) and not (field.name.endswith("query") and _is_graphql(text)):
                found.setdefault((surface, text), Value(text, surface, field.origin))
            if bucket in _NAMED and _ORDINARY_NAME.fullmatch(field.name) is None and suspect(field.name):
                found.setdefault((surface, field.name), Value(field.name, surface, field.origin))
    return list(found.values())


def _shown(fields: Mapping[str, Sequence[Field]]) -> frozenset[str]:
    """Origins of which what is in the value is read and not the value: one that is all escapes says nothing. Where several
    values have one origin all are read, since nobody knows which of them was decoded."""
    inner = {field.origin for field in fields.get("decoded", ())}
    if not inner:
        return _NONE
    count = Counter(field.origin for bucket in _ENCODED for field in fields.get(bucket, ()) if field.origin in inner)
    return frozenset(origin for origin, times in count.items() if times == 1)


def _is_graphql(text: str) -> bool:
    """A document of GraphQL, whose strings are values of their own."""
    return "{" in text and len(text) <= _LONGEST and _GRAPHQL.fullmatch(_STRING.sub("", text)) is not None


def _usual(name: str, value: str) -> bool:
    return name in _SILENT or (_NEGOTIATION.match(name) is not None and _PLAIN_HEADER.fullmatch(value) is not None)


def readings(text: str) -> list[str]:
    """The value as it is, and decoded where something in it is encoded or commented out."""
    plain = text
    if "%" in plain:
        for _ in range(3):
            decoded = _URL(plain)
            if decoded is plain or decoded == plain:
                break
            plain = decoded
    if "&" in plain and ";" in plain:
        plain = _HTML(plain)
    if "\\" in plain:
        plain = _ESCAPES(plain)
    found = [text] if plain == text else [text, plain]
    if "/*" in plain:
        found.append(_COMMENT.sub(" ", plain))
    return found


_URL: Final = TRANSFORMS["url_decode_uni"].apply
_HTML: Final = TRANSFORMS["html_entity_decode"].apply
_ESCAPES: Final = TRANSFORMS["js_decode"].apply
