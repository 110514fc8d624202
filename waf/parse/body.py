"""Which parser reads a body: one table by Content-Type, after the protocol had its say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from waf.model import Field
from waf.parse import json_body
from waf.parse.media import Media, media
from waf.parse.multipart_body import read_multipart
from waf.parse.options import ParseOptions
from waf.parse.query import pairs
from waf.parse.text_body import read_text, refuse_wide
from waf.parse.xml_body import read_xml
from waf.protocols import Protocol
from waf.protocols.content import split_names
from waf.protocols.shape import unknown
from waf.protocols.sink import Sink, below


class Body(NamedTuple):
    """A body that no protocol reads: its strings are web input and possible prompt text alike."""

    raw: bytes
    media: Media
    options: ParseOptions
    nan: bool


def read_body(
    raw: bytes, content_type: str, protocol: Protocol, operation: str, options: ParseOptions, sink: Sink
) -> int:
    """Fills `sink` from a body that is not empty; returns the number of its bytes that were inspected.

    Raises BadRequest for a body that is not what its Content-Type, or the API it is sent to, says.
    """
    kind = media(content_type)
    if protocol.reads_json(operation):
        before = len(sink.skipped)
        protocol.extract(_document(raw, options, sink, protocol.nan), sink, operation)
        return _inspected(raw, sink, before)
    inspected = parser_for(kind.type)(Body(raw, kind, options, protocol.nan), sink)
    if operation in protocol.forms:
        _known_fields(protocol.forms[operation], sink)
    return inspected


def _known_fields(prompts: frozenset[str], sink: Sink) -> None:
    """Of a form that an API knows: the model that it names, and prompts, which are no input of a web application."""
    form = sink.fields.pop("args.form", [])
    for field in form:
        if field.name == "model" and type(field.value) is str:
            named = split_names(field.value, sink)
            sink.fields["model.name"] += [Field("model.name", "", name, field.origin) for name in named]
    if rest := [field for field in form if field.name not in prompts]:
        sink.fields["args.form"] = rest


def _document(raw: bytes, options: ParseOptions, sink: Sink, nan: bool) -> object:
    refuse_wide(raw)
    return sink.open(json_body.decode(raw, options.limits, options.json, nan=nan))


def _inspected(raw: bytes, sink: Sink, before: int) -> int:
    return max(0, len(raw) - sum(skip.size for skip in sink.skipped[before:]))


def _json(body: Body, sink: Sink) -> int:
    before = len(sink.skipped)
    body.options.generic(_document(body.raw, body.options, sink, body.nan), "$", sink)
    return _inspected(body.raw, sink, before)


def _form(body: Body, sink: Sink) -> int:
    """A form; and JSON as well where it is that (curl's `-d` says form, and some servers read JSON whatever it says)."""
    refuse_wide(body.raw)
    _try_json(body, sink)
    return _arguments(body, sink)


def _arguments(body: Body, sink: Sink) -> int:
    text = body.raw.decode("utf-8", "surrogateescape")
    for name, value, equals in pairs(text, body.options.limits.args):
        _form_field(name, value, value if equals else name, sink)
    return len(body.raw)


def _form_field(name: str, value: str, text: str, sink: Sink) -> None:
    origin = "form:" + name
    sink.fields["args.form"].append(Field("args.form", name, value, origin))
    if text:
        sink.fields["llm.prompt"].append(Field("llm.prompt", name, text, origin))


def _multipart(body: Body, sink: Sink) -> int:
    before = len(sink.skipped)
    for name, text, part in read_multipart(body.raw, body.media, body.options.limits, sink):
        _form_field(name, text, text, sink)
        if part.data and PARSERS.get(part.media.type) is _json:
            document = _document(part.data, body.options, sink, body.nan)
            unknown(document, below("$", name) + "#$", sink)
    return _inspected(body.raw, sink, before)


def _xml(body: Body, sink: Sink) -> int:
    def emit(path: str, text: str) -> None:
        for bucket in ("xml", "llm.prompt"):
            sink.fields[bucket].append(Field(bucket, path, text, "xml:" + path))

    read_xml(body.raw, body.options.limits.xml_nodes, emit)
    return len(body.raw)


def _lines(body: Body, sink: Sink) -> int:
    """Newline-delimited JSON, read as the one array it amounts to, so that the limits hold for all of it together."""
    before = len(sink.skipped)
    lines = [line for line in body.raw.split(b"\n") if line.strip()]
    _json(body._replace(raw=b"[" + b",".join(lines) + b"]"), sink)
    return _inspected(body.raw, sink, before)


def _text(body: Body, sink: Sink) -> int:
    read = _try_json(body, sink)
    return read_text(body.raw, sink, declared=True) if read is None else read


def _untyped(body: Body, sink: Sink) -> int:
    """No Content-Type: JSON, or text and a form at once, as CGI's heirs (WebOb, Bottle) take it for one."""
    read = _try_json(body, sink)
    if read is not None:
        return read
    read = read_text(body.raw, sink, declared=False)
    return _arguments(body, sink) if read and b"=" in body.raw else read


def _unknown(body: Body, sink: Sink) -> int:
    read = _try_json(body, sink)
    return read_text(body.raw, sink, declared=False) if read is None else read


def _try_json(body: Body, sink: Sink) -> int | None:
    """Servers that ignore the Content-Type read JSON where it looks like JSON, so it is read here. None if it is none."""
    if body.raw.lstrip(b" \t\r\n\xef\xbb\xbf")[:1] not in (b"{", b"["):
        return None
    for reader in (_json, _lines):
        try:
            return reader(body, sink)
        except json_body.Malformed:
            continue
    return None


Parser = Callable[[Body, Sink], int]
"""Fills the sink, returns how many bytes were inspected, raises BadRequest."""

PARSERS: Final[dict[str, Parser]] = {
    "": _untyped,
    "application/json": _json,
    "text/json": _json,
    "application/x-ndjson": _lines,
    "application/ndjson": _lines,
    "application/jsonl": _lines,
    "application/x-jsonlines": _lines,
    "application/x-www-form-urlencoded": _form,
    "multipart/form-data": _multipart,
    "application/xml": _xml,
    "text/xml": _xml,
    "application/yaml": _text,
    "application/javascript": _text,
    "application/graphql": _text,
}
"""By media type, exactly; `parser_for` knows the families."""


def parser_for(kind: str) -> Parser:
    """The parser of a media type. What nothing here knows is text if it looks like it, and skipped if not."""
    found = PARSERS.get(kind)
    if found is not None:
        return found
    if kind.endswith("+json"):
        return _json
    if kind.endswith("+xml"):
        return _xml
    return _text if kind.startswith("text/") else _unknown
