"""What a protocol is: a name, a table for each operation, and the shapes its client expects errors in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from waf.protocols.shape import Walk
from waf.protocols.sink import Sink

Refuse = Callable[[int, str, str, str], tuple[bytes, str]]
"""(status, code, message, request id) → (body, content type)."""
StreamError = Callable[[int, str, str, str, str], bytes]
"""(status, code, message, request id, operation) → bytes to put into the stream."""


@dataclass(frozen=True, slots=True)
class Protocol:
    """One model API."""

    name: str
    operations: Mapping[str, Walk]
    """How the JSON body of each operation is read. An operation that is not here has no JSON body of its own: it is
    read by its Content-Type as a generic request is (uploads, listings)."""
    default: str
    """The operation of a path that this protocol does not know, when a route forces the protocol."""
    refusal: Refuse
    stream_error: StreamError
    forms: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Operations whose bodies are forms with a field `model`, and which of their fields are prompts."""
    nan: bool = False
    """True where the API's servers read NaN and Infinity in JSON."""

    def reads_json(self, operation: str) -> bool:
        """Whether the body is JSON whatever its Content-Type says."""
        return operation in self.operations

    def extract(self, document: Any, sink: Sink, operation: str) -> None:
        """Reads a decoded JSON body into `sink`."""
        self.operations[operation](document, "$", sink)
