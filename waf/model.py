"""The values that travel through the firewall, and the closed scheme of fields that rules may name.

Hot values are msgspec structs because creating a frozen dataclass costs ten times as much and a request makes dozens.

Text convention: every `str` taken from bytes of the network is UTF-8 decoded with `surrogateescape`, so
`value.encode("utf-8", "surrogateescape")` gives back exactly the bytes that came. A lone surrogate written as a JSON escape
(`"\\ud800"`) has no bytes and becomes U+FFFD.
"""

from __future__ import annotations

from array import array
from enum import StrEnum
from typing import Any, Final, Literal

import msgspec

Mode = Literal["off", "monitor", "enforce"]
Value = str | int | float | bool | tuple[int, ...]
"""What a field holds: text, a number, a flag or a tensor's shape."""


class Caller(msgspec.Struct, frozen=True, gc=False):
    """Who sends a request, as far as that was proven. Never holds a credential."""

    kind: Literal["anonymous", "key", "token", "certificate"] = "anonymous"
    key: str = ""
    """Id of the API key; it names the key and opens nothing."""
    account: str = ""
    """Name of the API key, which a rotation keeps."""
    subject: str = ""
    tenant: str = ""
    roles: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    models: tuple[str, ...] = ()
    """Patterns of the models that it may ask for; none: whatever the route allows."""
    certificate: str = ""
    """Name in the client's certificate, whatever else proved who it is."""


class Request(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One request as the model server will read it. `body` is after Content-Encoding; `wire_length` is before."""

    method: str
    target: str
    """The request-target exactly as received, query string included."""
    headers: tuple[tuple[str, str], ...] = ()
    """Name as received, value stripped of surrounding blanks; in order, repeated names kept."""
    body: bytes = b""
    version: str = "HTTP/1.1"
    client_ip: str = ""
    id: str = ""
    wire_length: int = 0
    protocol: str | None = None
    """Name of a protocol to force; None reads it from the path."""
    caller: Caller | None = None
    """None where nobody is asked who they are."""


class Response(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """The head of an upstream's answer, and as much of the body as is inspected."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


class Field(msgspec.Struct, frozen=True, gc=False):
    """One value that can be inspected.

    `bucket` is a key of `BUCKETS`; `name` is what a selector compares (argument, header or tensor name, JSON path);
    `origin` is the provenance that logs, exclusions and `waf explain` show, e.g. `json:$.messages[2].content[0].text`.
    """

    bucket: str
    name: str
    value: Value
    origin: str


class Skip(msgspec.Struct, frozen=True, gc=False):
    """Something that was there and was *not* inspected, and why. Goes into the coverage receipt."""

    origin: str
    reason: str
    size: int = 0
    """Bytes, 0 when unknown."""


class Tensor(msgspec.Struct, frozen=True, gc=False):
    """Numbers of a request, elements in row-major order. No rule reads them; `waf.abuse` compares requests by them."""

    name: str
    values: array[float]
    shape: tuple[int, ...]


class Parsed(msgspec.Struct, gc=False):
    """What `parse` found: fields by bucket, what it could not read, and what the protocol says about the call."""

    fields: dict[str, list[Field]]
    skipped: list[Skip] = []
    protocol: str = "generic"
    operation: str = ""
    model: str = ""
    stream: bool = False
    inspected_bytes: int = 0
    """Bytes of the body that became fields."""
    tensors: list[Tensor] = []
    document: Any = None
    """The JSON body as it was decoded, where the options keep it."""


class Severity(StrEnum):
    critical = "critical"
    error = "error"
    warning = "warning"
    notice = "notice"


SCORES: Final = {Severity.critical: 5, Severity.error: 4, Severity.warning: 3, Severity.notice: 2}
"""The score follows from the severity, as in the OWASP CRS."""

RuleAction = Literal["score", "block", "tag", "challenge", "log"]
Action = Literal["allow", "tag", "challenge", "block"]


class Match(msgspec.Struct, frozen=True, gc=False):
    """One rule that matched, once per request however many fields it matched on."""

    rule: int
    name: str
    severity: Severity
    score: int
    category: str
    """The `attack.X` tag without its prefix; scores are kept per category under this name."""
    tags: tuple[str, ...]
    action: RuleAction
    mode: Mode
    bucket: str
    origin: str
    """Provenance of the first field that made it match; empty for a rule that is about absence."""
    timed_out: bool = False


class Screened(msgspec.Struct, gc=False):
    """What the rules said. `score` and `scores` count enforcing rules; `shadow` counts monitored ones on top."""

    matches: list[Match] = []
    score: int = 0
    shadow: int = 0
    scores: dict[str, int] = {}
    evaluated: int = 0
    """Rules that the prefilter let through."""


class Decision(msgspec.Struct, gc=False):
    """What happens to the request, and why.

    `action` is what is done; `would_block` is what enforce mode would do, so that monitor mode stays truthful.
    """

    action: Action
    status: int
    """HTTP status of a refusal, 0 when the request goes on."""
    reason: str
    """A stable slug: `clean`, `tagged`, `score`, `rule`, or the code of a Refusal."""
    score: int = 0
    scores: dict[str, int] = {}
    matches: list[Match] = []
    tags: tuple[str, ...] = ()
    would_block: bool = False
    mode: Mode = "enforce"
    route: str = "default"

    @property
    def blocks(self) -> bool:
        return self.action in ("block", "challenge")


# --------------------------------------------------------------------------- the field scheme

Phase = Literal["request", "scored", "response"]
