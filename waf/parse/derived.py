"""Values inside values: the parts of a path, the arguments of the page that a client says it came from, Basic credentials, and
what stands in base64, as escapes or in a string of GraphQL.

Servers take them apart themselves, so a payload in them is a value like any other, and a rule that looks at the beginning or the
end of a value has to see it by itself. Ordinary parts (letters, digits, a few marks) make no fields.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Mapping, Sequence
from typing import Final

from waf.model import Field
from waf.parse.query import decode, unquote
from waf.protocols.sink import Sink
from waf.transform import TRANSFORMS

_PLAIN: Final = re.compile(r"[\w.~@:,+/-]*", re.ASCII)
"""What ordinary paths are made of."""
_PLAIN_VALUE: Final = re.compile(r"[\w.~@,+ -]*", re.ASCII)
"""What ordinary values are made of."""
_MOST_PARTS: Final = 16
"""Parts of a path that stand by themselves; what is behind them is looked at in one piece."""
_MOST_ARGS: Final = 64
_BEGINS: Final = re.compile("[?#&]")
_PLAIN_PAGE: Final = re.compile(r"[^?#]*+(?:[?#&][\w.~@,+ -]*+(?:=[\w.~@,+ -]*+)?+)*+", re.ASCII)
"""An address all of whose arguments are ordinary."""
_BASE64: Final = re.compile(r"(?:[CDI-Za-f][\w+/-]{3}){3}[\w+/-]{2,65536}={0,2}", re.ASCII)
"""Three bytes are four characters, the first of which says that the first byte is ASCII: identifiers fail at once."""
SHORTEST: Final = 14
"""Characters below which nothing is decoded: a payload needs ten."""
_ENCODED_IN: Final = ("args.get", "args.form", "json", "cookies")
_ESCAPED: Final = re.compile(r"&#\w{1,8};?|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\u\{[0-9a-fA-F]{1,6}\}")
_LITERAL: Final = re.compile(r'"((?:[^"\\]|\\.){0,4096}+)"?', re.DOTALL)
"""A string of GraphQL, less its quotes. One that never ends is one as well, so that nothing is looked at twice."""
_LONGEST: Final = 65_536
_BASIC: Final = re.compile(r"\s*basic\s+([\w+/-]{2,8192}={0,2})\s*", re.ASCII | re.IGNORECASE)
"""Credentials of RFC 7617; longer ones than 6 KB stay as they came."""
_NO_PASSWORD: Final = re.compile(r"[\s\x00]|://|\.\.[/\\]|<[a-zA-Z/!?]{2}|\{\{|\$[{(][a-z]|/\*|\|\||&&")
"""What payloads have and generated passwords hardly ever do: three in a thousand of those would look like payloads."""
_HTML: Final = TRANSFORMS["html_entity_decode"].apply
_JS: Final = TRANSFORMS["js_decode"].apply
_UNSHOWN: Final = bytes([*range(9), 11, 12, *range(14, 32), 127])
_URL_SAFE: Final = str.maketrans("-_", "+/")


def path_parts(path: str, sink: Sink) -> None:
    """Fills `path.parts`: each part that is more than plain, percent-decoded, and all from the first of them to the end, since a
    payload may have slashes of its own."""
    if _PLAIN.fullmatch(path):
        return
    parts = path.split("/", _MOST_PARTS)
    first = next((n for n, part in enumerate(parts) if not _PLAIN.fullmatch(part)), 0)
    texts = [part for part in parts[first:] if not _PLAIN.fullmatch(part)]
    if first + 1 < len(parts):
        texts.append("/".join(parts[first:]))
    for text in texts:
        raw = unquote(text.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")
        sink.fields["path.parts"].append(Field("path.parts", "", raw, "request.path"))


def referer_args(value: str, sink: Sink) -> None:
    """Fills `headers.args`: values of the query and the fragment of a Referer that are more than plain, decoded."""
    if _PLAIN_PAGE.fullmatch(value):
        return
    _, *pieces = _BEGINS.split(value, maxsplit=_MOST_ARGS)
    for piece in pieces:
        name, equals, text = piece.partition("=")
        if not _PLAIN_VALUE.fullmatch(text or name):
            field = Field("headers.args", decode(name), decode(text if equals else name), "header:referer")
            sink.fields["headers.args"].append(field)


def decoded(sink: Sink) -> None:
    """Fills `decoded` from arguments, JSON and cookies: what stands there in base64, as escapes or in strings of GraphQL."""
    fields: Mapping[str, Sequence[Field]] = sink.fields
    for bucket in _ENCODED_IN:
        for field in fields.get(bucket, ()):
            value = field.value
            if type(value) is not str or len(value) < SHORTEST:
                continue
            if " " in value and "\\" not in value and '"' not in value and "&#" not in value:
                continue  # prose, which is most of what comes
            decode_value(field.name, value, field.origin, sink)


def decode_value(name: str, value: str, origin: str, sink: Sink) -> None:
    """The same for one value, of a header for instance."""
    text = None if " " in value or value.islower() else from_base64(value)
    if text is None and ("&#" in value or "\\" in value):
        value = value[:_LONGEST]
        text = _unescaped(value) if len(_ESCAPED.findall(value)) * 12 >= len(value) else None
    if text is not None:
        sink.fields["decoded"].append(Field("decoded", name, text, origin))
    elif '"' in value and "{" in value and name.endswith("query"):
        literals = [each for each in _LITERAL.findall(value, 0, _LONGEST) if not _PLAIN_VALUE.fullmatch(each)]
        sink.fields["decoded"] += [Field("decoded", name, _unescaped(each), origin) for each in literals[:_MOST_ARGS]]


def credentials(name: str, value: str, origin: str, sink: Sink) -> None:
    """Fills `decoded` from Basic credentials (RFC 7617): the user where that is more than plain, and then both together, since a
    payload may have a colon of its own; the password where it has what passwords have not."""
    found = _BASIC.fullmatch(value)
    if found is None:
        return
    try:
        raw = binascii.a2b_base64(found[1].translate(_URL_SAFE).rstrip("=") + "==")
    except binascii.Error:
        return
    text = raw.decode("utf-8", "surrogateescape")
    user, colon, password = text.partition(":")
    odd = not _PLAIN_VALUE.fullmatch(user)
    texts = [user, text] if odd and colon else [user] if odd else []
    if not _PLAIN_VALUE.fullmatch(password) and _NO_PASSWORD.search(password):
        texts.append(password)
    if texts:
        sink.fields["decoded"] += [Field("decoded", name, each, origin) for each in texts]


def _unescaped(text: str) -> str:
    """HTML entities, `\\uXXXX` and the like become what they stand for."""
    return _JS(_HTML(text))


def from_base64(value: str) -> str | None:
    """The text that a whole value is the base64 of (RFC 4648, either alphabet, with padding or without); None where it is of no
    text, or of nothing that is worth looking at."""
    if "%" in value:
        value = value.replace("%3D", "=").replace("%3d", "=").replace("%2B", "+").replace("%2F", "/")
    if _BASE64.fullmatch(value) is None:
        return None
    if "-" in value or "_" in value:
        value = value.translate(_URL_SAFE)
    try:
        raw = binascii.a2b_base64(value if value.endswith("=") else value + "==")
        if len(raw.translate(None, _UNSHOWN)) < len(raw):
            return None
        text = raw.decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return None if _PLAIN_VALUE.fullmatch(text) else text
