"""Any other API: each string is web input and possible prompt text, unless the route's JSON paths say which."""

from __future__ import annotations

from typing import Final

from waf.protocols import refusals
from waf.protocols.base import Protocol

GENERIC: Final = Protocol(
    name="generic",
    operations={},
    default="",
    refusal=refusals.generic,
    stream_error=refusals.generic_stream,
)
"""Without operations, so that the Content-Type decides how a body is read. Its JSON is read as the route's paths say,
see `waf.parse.paths`."""
