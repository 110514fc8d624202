"""Bodies that are text without a structure, and bodies that are no text at all."""

from __future__ import annotations

import re
from typing import Final

from waf.errors import BadRequest
from waf.model import Field, Skip
from waf.protocols.sink import Sink

_BINARY: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_WIDE_JSON: Final = re.compile(rb"\s*+(?:[{\[\"<]\x00|\x00+[{\[\"<])")


def looks_like_text(raw: bytes) -> bool:
    """UTF-8 without control characters."""
    if _BINARY.search(raw):
        return False
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def refuse_wide(raw: bytes) -> None:
    """Raises BadRequest for text in UTF-16 or UTF-32, which some servers decode unasked (Python's `json.loads` does)."""
    if raw.startswith(_WIDE) or _WIDE_JSON.match(raw):
        raise BadRequest("charset", "The body is UTF-16 or UTF-32, which cannot be inspected.")


def read_text(raw: bytes, sink: Sink, *, declared: bool) -> int:
    """Fills `body` and `llm.prompt` where the body is text or says so (`declared`), else skips it.

    Returns the number of bytes inspected.
    """
    refuse_wide(raw)
    if not declared and not looks_like_text(raw):
        sink.skipped.append(Skip("body", "binary", len(raw)))
        return 0
    text = raw.decode("utf-8", "surrogateescape")
    sink.fields["body"].append(Field("body", "", text, "body"))
    sink.fields["llm.prompt"].append(Field("llm.prompt", "", text, "body"))
    return len(raw)
