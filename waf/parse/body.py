"""Which parser reads a body: one table by Content-Type, after the protocol had its say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from waf.model import Field
from waf.parse import json_body
from waf.parse.media import Media, media
from waf.parse.options import ParseOptions
from waf.parse.query import pairs
from waf.parse.text_body import read_text, refuse_wide
from waf.protocols import Protocol
from waf.protocols.sink import Sink


class Body(NamedTuple):
    """A body and what is known about it. `prompts`: its strings are possible prompt text as well as web input."""

    raw: bytes
    media: Media
    options: ParseOptions
    nan: bool
    prompts: bool


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
    # Only the operations that no table reads arrive here; their strings are web input and prompt text alike.
    body = Body(raw, kind, options, protocol.nan, True)
    reader = PARSERS.get(kind.type)
    if reader is None:
        reader = _by_suffix(kind.type)
    return reader(body, sink)


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
    refuse_wide(body.raw)
    text = body.raw.decode("utf-8", "surrogateescape")
    for name, value, equals in pairs(text, body.options.limits.args):
        _form_field(name, value, value if equals else name, body, sink)
    return len(body.raw)


def _form_field(name: str, value: str, text: str, body: Body, sink: Sink) -> None:
    origin = "form:" + name
    sink.fields["args.form"].append(Field("args.form", name, value, origin))
    if body.prompts and text:
        sink.fields["llm.prompt"].append(Field("llm.prompt", name, text, origin))


def _text(body: Body, sink: Sink) -> int:
    return _json_or_text(body, sink, declared=True)


def _unknown(body: Body, sink: Sink) -> int:
    return _json_or_text(body, sink, declared=False)


def _json_or_text(body: Body, sink: Sink, *, declared: bool) -> int:
    """Servers that ignore the Content-Type read JSON where it looks like JSON, so it is read here; else it is text."""
    if body.raw.lstrip(b" \t\r\n\xef\xbb\xbf")[:1] in (b"{", b"["):
        try:
            return _json(body, sink)
        except json_body.Malformed:
            pass
    return read_text(body.raw, sink, declared=declared, prompts=body.prompts)


Parser = Callable[[Body, Sink], int]

PARSERS: Final[dict[str, Parser]] = {
    "": _unknown,
    "application/json": _json,
    "application/x-www-form-urlencoded": _form,
}
"""By media type; see `_by_suffix` for the rest."""


def _by_suffix(kind: str) -> Parser:
    if kind.endswith(("+json", "/json")):
        return _json
    if kind.startswith("text/"):
        return _text
    return _unknown
