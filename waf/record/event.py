"""One event per request: what came, what was seen of it, what was done and why. docs/events.md describes each member.

Whatever a client could have written is cut, and either hashed or escaped: the encoded line is printable ASCII and one
newline, so no value can begin a line of its own, move a terminal's cursor or turn text around.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

import msgspec

from waf.record.event_abuse import Suspected
from waf.record.event_ml import Ml


class Hashed(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A value that is not shown: its keyed hash and its length in bytes; `text` only where the operator wants it."""

    hash: str
    length: int
    text: str = ""


class RuleMatch(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    id: int
    name: str
    severity: str
    score: int
    mode: str
    bucket: str
    origin: str = ""
    value: Hashed | None = None
    timed_out: bool = False


class CoreMatch(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A rule of the CRS in its own words. `data` quotes the request, so it is only there where no credentials can be."""

    id: int
    target: str
    message: str
    data: str = ""


class CoreRules(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What the OWASP CRS says, by its own scores. `logged` are the ids that ModSecurity would log."""

    inbound: int
    inbound_threshold: int
    outbound: int = 0
    outbound_threshold: int = 0
    blocked_by: int = 0
    logged: list[int] = []
    rules: list[CoreMatch] = []
    """The same rules in words; only where the operator wants texts."""


class EventCaller(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Who it was, by what kind of proof; never the proof."""

    kind: str
    key: str = ""
    subject: str = ""
    tenant: str = ""
    certificate: str = ""


class Event(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Members without a default are in every event, the others only when they say something."""

    ts: datetime
    id: str
    client: str
    method: str
    path: str
    route: str
    protocol: str
    mode: str
    action: str
    would_block: bool
    reason: str
    status: int
    outcome: str
    score: int
    us: dict[str, int]
    bytes_in: int
    bytes_out: int
    query: Hashed | None = None
    operation: str = ""
    model: str = ""
    stream: bool = False
    upstream_status: int = 0
    shadow: int = 0
    scores: dict[str, int] = {}
    rules: list[RuleMatch] = []
    rules_more: int = 0
    tags: list[str] = []
    crs: CoreRules | None = None
    ml: Ml | None = None
    coverage: dict[str, Any] = {}
    caller: EventCaller | None = None
    similar: str = ""
    abuse: Suspected | None = None
    country: str = ""


_ENCODER: Final = msgspec.json.Encoder()


def encode(event: Event) -> bytes:
    """One line of JSON in printable ASCII, newline included. msgspec leaves what is outside ASCII as it is (U+2028, C1
    controls and direction marks among it), so such an event takes the slower way, with everything escaped."""
    try:
        line = _ENCODER.encode(event)
        plain = line.isascii()
    except UnicodeEncodeError:  # a lone surrogate in a name of the operator's own
        plain = False
    if not plain:
        line = json.dumps(msgspec.to_builtins(event), separators=(",", ":")).encode("ascii")
    return line.replace(b"\x7f", b"\\u007f") + b"\n"
