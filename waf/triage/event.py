"""Events as they stand in a log, read with suspicion: whatever is not needed is not looked at."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, BinaryIO, Final

import msgspec

MAX_LINE: Final = 1 << 20
"""Bytes; the longest event that the firewall writes is less than half of it."""
MAX_KEY: Final = 160
"""Characters of a value that are told apart."""
MAX_RULES: Final = 16
EXAMPLES: Final = 5

REFUSED_CREDENTIAL: Final = 401
TOO_MANY: Final = 429
DECIDED: Final = frozenset({"score", "rule", "crs"})
PROBES: Final = frozenset({403, 404, 405, 414})
MALFORMED: Final = frozenset({400, 408, 413, 415, 417, 431})

CLASSES: Final = {
    "attack": "a rule, the CRS or a model found an attack, blocked or not",
    "credential": "a credential was missing or wrong (401)",
    "limited": "over a limit or a quota (429)",
    "probe": "something that is not there or not allowed (403, 404, 405)",
    "malformed": "could not be read (400, 413 and the like)",
    "held": "already kept out by an override",
    "clean": "nothing",
}
SUSPECT: Final = frozenset({"attack", "credential", "limited", "probe", "malformed"})


class Value(msgspec.Struct, gc=False):
    hash: str = ""
    length: int = 0
    text: str = ""


class Rule(msgspec.Struct, gc=False):
    id: int
    name: str = ""
    bucket: str = ""
    origin: str = ""
    value: Value | None = None


class Said(msgspec.Struct, gc=False):
    """Who it was."""

    key: str = ""
    subject: str = ""
    tenant: str = ""


class Core(msgspec.Struct, gc=False):
    """What the OWASP CRS said."""

    logged: list[int] = []


class Seen(msgspec.Struct, gc=False):
    ts: Annotated[datetime, msgspec.Meta(tz=True)]
    client: str
    method: str = ""
    path: str = ""
    route: str = ""
    action: str = ""
    would_block: bool = False
    reason: str = ""
    status: int = 0
    model: str = ""
    operation: str = ""
    upstream_status: int = 0
    rules: list[Rule] = []
    tags: list[str] = []
    crs: Core | None = None
    similar: str = ""
    caller: Said | None = None

    @property
    def kind(self) -> str:
        """One of `CLASSES`."""
        if self.reason.startswith("override_"):
            return "held"
        if self.would_block and (self.rules or self.reason in DECIDED or "crs" in self.tags):
            return "attack"
        status = self.status or self.upstream_status
        if status == REFUSED_CREDENTIAL:
            return "credential"
        if status == TOO_MANY:
            return "limited"
        if self.action == "tag" and self.rules:
            return "attack"
        if status in PROBES:
            return "probe"
        return "malformed" if status in MALFORMED else "clean"

    @property
    def found(self) -> list[str]:
        """The rules that matched, ours first, at most 16 of each."""
        ours = [f"{rule.id} {rule.name[:MAX_KEY]}".strip() for rule in self.rules[:MAX_RULES]]
        return ours + [f"crs {ident}" for ident in (self.crs.logged[:MAX_RULES] if self.crs is not None else ())]

    @property
    def who(self) -> str:
        """`key:…`, else `subject:…`, else `address:…`."""
        caller = self.caller
        if caller is not None and caller.key:
            return f"key:{caller.key[:MAX_KEY]}"
        if caller is not None and caller.subject:
            return f"subject:{caller.subject[:MAX_KEY]}"
        return f"address:{self.client[:MAX_KEY]}"


class Unread:
    """Lines that are no events: how many, and which were the first."""

    __slots__ = ("examples", "long", "malformed")

    def __init__(self) -> None:
        self.malformed = self.long = 0
        self.examples: list[str] = []

    def tell(self, place: str, message: str) -> None:
        if len(self.examples) < EXAMPLES:
            self.examples.append(f"{place}: {message}")


_decode: Final = msgspec.json.Decoder(Seen).decode


def events(file: BinaryIO, name: str, unread: Unread) -> Iterator[Seen]:
    """The events of a file; at most one line of it is in memory. What is no event is counted in `unread`."""
    number = 0
    while line := file.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            unread.long += 1
            unread.tell(f"{name}:{number}", f"longer than {MAX_LINE:,} bytes")
            while line and not line.endswith(b"\n"):
                line = file.readline(MAX_LINE)
            continue
        line = line.removeprefix(BOM_UTF8)
        if not line or line.isspace():
            continue
        try:
            seen = _decode(line)
            seen.ts.timestamp()
        except (msgspec.DecodeError, UnicodeDecodeError, ValueError, OverflowError, RecursionError) as error:
            unread.malformed += 1
            unread.tell(f"{name}:{number}", str(error))
            continue
        yield seen
