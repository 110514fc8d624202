"""multipart/form-data (RFC 7578): text parts become form fields, file parts `files.*`.

The `multipart` package splits the parts. What it lets pass but servers read differently is refused here: a preamble, an
epilogue, transfer encodings, repeated headers, boundaries that some parsers cut short.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from multipart import MultipartError, ParserLimitReached, PushMultipartParser

from waf.errors import BadRequest
from waf.model import Field, Skip
from waf.parse.disposition import Disposition, disposition, malformed
from waf.parse.media import CHARSETS, Media, media
from waf.parse.text_body import MAGIC
from waf.protocols.sink import Sink
from waf.protocols.texts import text_of, without_escapes
from waf.settings import Limits

_BOUNDARY: Final = re.compile(r"[0-9A-Za-z'()+_./:=?-]{1,70}")
"""RFC 2046 without comma and blank, at which some servers end it."""
MOST_HEADERS: Final = 16


class Part(NamedTuple):
    """One part: header lines as (name, value), what they say, and the bytes."""

    headers: tuple[tuple[str, str], ...]
    disposition: Disposition
    media: Media
    data: bytes

    @property
    def is_text(self) -> bool:
        """Some server may read it as a form field: there is no file name that every server knows."""
        return not self.disposition.plain_filename

    @property
    def is_file(self) -> bool:
        return bool(self.disposition.filenames)


def parts(raw: bytes, boundary: str, limits: Limits) -> Iterator[Part]:
    """Splits a body. Raises BadRequest for one that is malformed, truncated, ambiguous or past a limit."""
    if not _BOUNDARY.fullmatch(boundary):
        raise BadRequest(
            "multipart-boundary", "The multipart boundary is missing or not one that every server reads alike."
        )
    delimiter = b"--" + boundary.encode("ascii")
    body = raw.removeprefix(b"\r\n")
    if not body.startswith(delimiter) or not body.rstrip(b"\r\n").endswith(delimiter + b"--"):
        raise malformed()
    # Servers that take a lone LF or CR for a line's end see a delimiter wherever a line begins with it.
    lines = body.count(b"\n" + delimiter) + body.count(b"\r" + delimiter)
    # Latin-1 keeps every byte of the headers; `_text` turns them into what the rest of the firewall holds.
    parser = PushMultipartParser(
        boundary,
        max_header_size=limits.header,
        max_header_count=MOST_HEADERS,
        max_segment_count=limits.multipart_parts,
        header_charset="latin-1",
        strict=True,
    )
    headers: tuple[tuple[str, str], ...] = ()
    data: list[bytes] = []
    taken = 0
    try:
        for event in parser.parse(body):
            if event is None:
                taken += 1
                yield _part(headers, b"".join(data))
            elif isinstance(event, bytes):
                data.append(event)
            else:
                headers = tuple((_text(name), _text(value)) for name, value in event.headerlist)
                data = []
        parser.close()
        if taken != lines:
            raise malformed()
    except ParserLimitReached:
        raise BadRequest(
            "multipart-limit", "The multipart body has too many parts, or too large a part header."
        ) from None
    except MultipartError:
        raise malformed() from None


def _text(latin: str) -> str:
    return latin if latin.isascii() else latin.encode("latin-1").decode("utf-8", "surrogateescape")


def _part(headers: tuple[tuple[str, str], ...], data: bytes) -> Part:
    single: dict[str, str] = {}
    for name, value in headers:
        if single.setdefault(name.lower(), value) is not value:
            raise malformed()
    if single.get("content-transfer-encoding", "binary").strip().lower() not in ("7bit", "8bit", "binary"):
        raise malformed()
    return Part(headers, disposition(single["content-disposition"]), media(single.get("content-type", "")), data)


def read_multipart(raw: bytes, kind: Media, limits: Limits, sink: Sink) -> Iterator[tuple[str, str, Part]]:
    """Fills `multipart.part_headers` and `files.*`. Yields (name, text, part) of every part that may be a form field.

    File contents that are text go to `llm.documents`, others are skipped.
    """
    fields = sink.fields
    if any(name.startswith("boundary*") for name in kind.parameters):
        raise malformed()
    texts = 0
    for part in parts(raw, kind.parameters.get("boundary", ""), limits):
        name = part.disposition.name
        for header, value in part.headers:
            line = f"{header}: {value}"
            fields["multipart.part_headers"].append(
                Field("multipart.part_headers", header.lower(), line, "part:" + name)
            )
        if part.is_file:
            _file(part, sink)
        if part.is_text:
            texts += 1
            if texts > limits.args:
                raise BadRequest("too-many-arguments", "The request has too many arguments.")
            text = part.data.decode("utf-8", "surrogateescape")
            if name == "_charset_" and text.strip().lower() not in CHARSETS:
                raise BadRequest("charset", "The charset of the body is not one that can be inspected.")
            yield name, text, part


def _file(part: Part, sink: Sink) -> None:
    name = part.disposition.name
    origin = "file:" + name
    fields = sink.fields
    for filename in part.disposition.filenames:
        fields["files.names"].append(Field("files.names", name, filename, origin))
    fields["files.sizes"].append(Field("files.sizes", name, len(part.data), origin))
    if part.media.type:
        fields["files.types"].append(Field("files.types", name, part.media.type, origin))
    fields["files.magic"].append(Field("files.magic", name, part.data[:MAGIC].decode("latin-1"), origin))
    if part.is_text:
        return
    text = text_of(part.data)
    if text:
        fields["llm.documents"].append(Field("llm.documents", name, without_escapes(text), origin))
    elif len(part.data) > MAGIC:
        sink.skipped.append(Skip(origin, "file", len(part.data) - MAGIC))
