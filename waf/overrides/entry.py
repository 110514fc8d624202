"""One entry of the file, what may stand in it, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Annotated, Final, Literal

import msgspec

from waf.identity.keys import MODEL

SCHEMA: Final = "waf-overrides/v1"
LONGEST: Final = timedelta(days=366)
"""An entry ends by itself; what should stay belongs into the configuration."""
MAX_REQUESTS: Final = 1_000_000
MAX_WINDOW: Final = 86_400
MAX_NAME: Final = 256
MAX_WHY: Final = 500
WIDEST: Final = {4: 8, 6: 16}
"""Shortest prefix of a network: anything wider is a mistake, or half the world."""

ID: Final = re.compile(r"[a-z2-7]{8,26}", re.ASCII)
KEY_ID: Final = re.compile(r"[a-z2-7]{12}", re.ASCII)

Action = Literal["allow", "deny", "limit", "challenge"]
Time = Annotated[datetime, msgspec.Meta(tz=True)]


ACTIONS: Final[dict[str, str]] = {
    "allow": "Exempt from every other entry; addresses, credentials, limits and rules hold as ever.",
    "deny": "Refuse with 403.",
    "limit": "Let so many requests in so much time through, and refuse the rest with 429.",
    "challenge": "Ask for a proof of work with each request; without one, 429.",
}


class Scope(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Whom an entry is about. All members that are there must fit."""

    key: str = ""
    """Id of an API key."""
    subject: str = ""
    tenant: str = ""
    address: str = ""
    """An address or a network in CIDR notation."""
    model: str = ""
    """Pattern of the model that is asked for; `*` stands for anything."""

    def __str__(self) -> str:
        return " ".join(f"{name}={value}" for name, value in self.parts())

    def parts(self) -> Iterator[tuple[str, str]]:
        """The members that are there."""
        for name in self.__struct_fields__:
            if value := getattr(self, name):
                yield name, value


class Allowance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much a `limit` lets through, for everybody together that its entry is about."""

    requests: int
    window: float
    """Seconds."""

    def __str__(self) -> str:
        return f"{self.requests} in {self.window:g} s"


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    id: str
    action: Action
    match: Scope
    limit: Allowance | None = None
    who: str
    """Who made it."""
    why: str
    at: Time
    until: Time
    """It says nothing from this moment on."""

    def live(self, now: float) -> bool:
        """`now` in seconds since 1970."""
        return now < self.until.timestamp()


def problems(entry: Entry) -> Iterator[tuple[str, str, str]]:
    """(member, what is wrong, what would be right) for everything that types do not tell."""
    if not ID.fullmatch(entry.id):
        yield "id", "is not an id", "8 to 26 of a-z and 2-7"
    yield from _scope(entry)
    if (entry.limit is not None) != (entry.action == "limit"):
        message = "is missing" if entry.action == "limit" else f"has no meaning with {entry.action}"
        yield "limit", message, "only a limit has `limit: {requests: 10, window: 60}`"
    if entry.limit is not None and not 1 <= entry.limit.requests <= MAX_REQUESTS:
        yield "limit.requests", f"is not from 1 to {MAX_REQUESTS:,}", "deny lets none through"
    if entry.limit is not None and not 1 <= entry.limit.window <= MAX_WINDOW:
        yield "limit.window", f"is not from 1 to {MAX_WINDOW:,} seconds", ""
    for name, value, most in (("who", entry.who, MAX_NAME), ("why", entry.why, MAX_WHY)):
        if not value.strip() or len(value) > most or not value.isprintable():
            yield name, "is not one line of text", f"1 to {most} printable characters"
    if not timedelta(0) < entry.until - entry.at <= LONGEST:
        yield "until", "is not after `at`, or more than 366 days after it", "what should stay belongs into waf.yaml"


def _scope(entry: Entry) -> Iterator[tuple[str, str, str]]:
    scope = entry.match
    if not any(scope.parts()):
        yield "match", "names nobody, which would be everybody", "key, subject, tenant, address or model"
    if scope.key and not KEY_ID.fullmatch(scope.key):
        yield "match.key", "is not the id of a key", "the 12 characters after `waf_`; never the key itself"
    for name in ("subject", "tenant"):
        value = getattr(scope, name)
        if value and (len(value) > MAX_NAME or not value.isprintable()):
            yield f"match.{name}", "is not a name", f"at most {MAX_NAME} printable characters"
    if scope.model and not MODEL.fullmatch(scope.model):
        yield "match.model", "is not a pattern of model names", "visible ASCII; * stands for anything"
    if scope.model and entry.action == "allow":
        yield "match.model", "has no meaning with allow", "what is refused earlier never gets to name a model"
    if scope.address:
        yield from _address(scope.address)


def _address(text: str) -> Iterator[tuple[str, str, str]]:
    try:
        network = ip_network(text)
    except ValueError as error:
        message = "has bits set past its prefix" if "host bits" in str(error) else "is not an address or a network"
        yield "match.address", message, "for example 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32"
        return
    if network.prefixlen < WIDEST[network.version]:
        yield "match.address", f"is wider than /{WIDEST[network.version]}", "several entries, if that is really meant"


def utc(seconds: float) -> datetime:
    """A time of the file, to the second."""
    return datetime.fromtimestamp(int(seconds), UTC)
