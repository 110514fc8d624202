"""Bodies that are text without a structure, and bodies that are no text at all."""

from __future__ import annotations

from typing import Final

from waf.errors import BadRequest
from waf.model import Field, Skip
from waf.protocols.sink import Sink
from waf.protocols.texts import is_wide, looks_like_text

MAGIC: Final = 256
"""So many first bytes of a file, or of a body that is no text, are looked at as text."""


def refuse_wide(raw: bytes) -> None:
    """Raises BadRequest for text in UTF-16 or UTF-32, which some servers decode unasked (Python's `json.loads` does)."""
    if is_wide(raw):
        raise BadRequest("charset", "The body is UTF-16 or UTF-32, which cannot be inspected.")


def read_text(raw: bytes, sink: Sink, *, declared: bool) -> int:
    """Fills `body` and `llm.prompt` where the body is text or says so (`declared`); of another the first bytes are looked at
    like those of a file, since servers take serialised objects that way, and it counts as skipped.

    Returns the number of bytes inspected.
    """
    refuse_wide(raw)
    if not declared and not looks_like_text(raw):
        sink.skipped.append(Skip("body", "binary", len(raw)))
        sink.fields["files.magic"].append(Field("files.magic", "", raw[:MAGIC].decode("latin-1"), "body"))
        return 0
    text = raw.decode("utf-8", "surrogateescape")
    sink.fields["body"].append(Field("body", "", text, "body"))
    sink.fields["llm.prompt"].append(Field("llm.prompt", "", text, "body"))
    return len(raw)
