"""A request becomes fields: every value in it that a rule can look at, with its name and where it came from.

`parse` is pure. It reads the request the way the server behind will, and raises `Refusal` where two servers could read
it differently. What it cannot read is in `Parsed.skipped`, never silently left out.
"""

from __future__ import annotations

from waf.errors import BadRequest, BodyTooLarge, Refusal
from waf.model import Field, Parsed, Request
from waf.parse import derived, json_body
from waf.parse.body import read_body
from waf.parse.head import read_head, read_query, split_target
from waf.parse.options import DEFAULTS, ParseOptions
from waf.protocols import PROTOCOLS, Place, locate
from waf.protocols.generic import GENERIC
from waf.protocols.sink import Document, Sink, at, below

__all__ = ["ParseOptions", "at", "below", "parse"]


def parse(request: Request, options: ParseOptions = DEFAULTS) -> Parsed:
    """Fields of a request by bucket (see `waf.model.FIELDS`), and the coverage receipt.

    Raises subclasses of `Refusal` only: a body past its limit, malformed, ambiguous or not what its type says.
    """
    raw = request.body
    if len(raw) > options.limits.body:
        raise BodyTooLarge("body-too-large", "The request body is too large.")
    place = _place(request, options)
    protocol, operation = place.protocol, place.operation

    def embedded(text: str) -> Document | None:
        return _embedded(text, options)

    sink = Sink(embedded, place.model)
    fields = sink.fields
    head = read_head(request, sink, options.limits.args)
    read_query(head.query, sink, options.limits.args, prompts=not protocol.reads_json(operation))
    fields["body.length"].append(Field("body.length", "", len(raw), "body.length"))
    if place.model:
        fields["model.name"].append(Field("model.name", "", place.model, "request.path"))
    if operation:
        fields["model.operation"].append(Field("model.operation", "", operation, "request.path"))
    inspected = read_body(raw, head.content_type, protocol, operation, options, sink) if raw else 0
    derived.decoded(sink)
    return Parsed(
        fields=dict(fields),
        skipped=sink.skipped,
        protocol=protocol.name,
        operation=operation,
        model=sink.model,
        stream=sink.stream,
        inspected_bytes=inspected,
        tensors=sink.tensors,
        document=sink.document if options.keep else None,
    )


_GENERIC = Place(GENERIC, "")


def _place(request: Request, options: ParseOptions) -> Place:
    """The API a request is for. A protocol forced by the request or its route holds whatever the path says."""
    path = split_target(request.target)[0]
    found = locate(path)
    forced = request.protocol or options.protocol
    if forced:
        protocol = PROTOCOLS.get(forced)
        if protocol is None:
            raise BadRequest("protocol-unknown", "There is no such protocol.")
        if found is None or found.protocol is not protocol:
            if options.strict_paths:
                raise BadRequest("path-unknown", "The path is not one of this API's.")
            return Place(protocol, protocol.default)
        return found
    if found is None and options.strict_paths:
        raise BadRequest("path-unknown", "The path is not one of a known API's.")
    return found or _GENERIC


def _embedded(text: str, options: ParseOptions) -> Document | None:
    """JSON inside a JSON string; duplicates are inspected there, as nobody but the tool reads it."""
    if text.lstrip(" \t\r\n")[:1] not in ("{", "["):
        return None
    try:
        return json_body.decode(text.encode("utf-8", "surrogateescape"), options.limits, json_body.LENIENT, nan=True)
    except Refusal:
        return None
