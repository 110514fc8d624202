"""What an operator asks of a firewall that runs: entries to apply and to withdraw, as JSON over its own listener. Pure.

The firewall dates what it applies and gives it an id, so that a clock or a generator elsewhere decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import msgspec

from waf.errors import ConfigError, Problem
from waf.overrides.entry import ID, LONGEST, MAX_NAME, MAX_WHY, Action, Allowance, Entry, Scope, problems, utc
from waf.overrides.file import MAX_ENTRIES

MAX_ORDER: Final = 1 << 20
"""Bytes."""
MOST: Final = 1_000
"""Entries that one order applies or withdraws."""
WHERE: Final = "order"

_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz234567"


class Wish(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """An entry that is to be. `seconds`: how long it holds from now on."""

    action: Action
    match: Scope
    limit: Allowance | None = None
    why: str
    seconds: int


class Order(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """`who` says so. `why`: the reason for withdrawing; wishes have their own."""

    who: str
    why: str = ""
    apply: tuple[Wish, ...] = ()
    withdraw: tuple[str, ...] = ()


_decode: Final = msgspec.json.Decoder(Order).decode


def new_id(random: Callable[[int], bytes]) -> str:
    """`random(n)` gives that many bytes."""
    return "".join(_ALPHABET[byte & 31] for byte in random(10))


def read_order(data: bytes) -> Order:
    """Raises ConfigError with everything that is wrong; members are named as `apply[0].match.key`."""
    if len(data) > MAX_ORDER:
        raise _refused(f"is larger than {MAX_ORDER:,} bytes")
    try:
        order = _decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _refused(f"is not one: {error}", 'for example {"who": "ann", "apply": [{"action": "deny", …}]}') from None
    found = [Problem(WHERE, 0, 0, f"`{member}` {message}", hint) for member, message, hint in _complaints(order)]
    if found:
        raise ConfigError(found[:20])
    return order


def entries_of(order: Order, now: float, random: Callable[[int], bytes]) -> list[Entry]:
    """Those to apply, from now on. `now` in seconds since 1970. Raises ConfigError for what no file could hold."""
    made = [
        Entry(
            id=new_id(random),
            action=wish.action,
            match=wish.match,
            limit=wish.limit,
            who=order.who,
            why=wish.why,
            at=utc(now),
            until=utc(now + min(max(wish.seconds, 0), 2 * LONGEST.total_seconds())),
        )
        for wish in order.apply
    ]
    found = [
        Problem(WHERE, 0, 0, f"`apply[{number}].{'seconds' if member == 'until' else member}` {message}", hint)
        for number, entry in enumerate(made)
        for member, message, hint in problems(entry)
    ]
    if found:
        raise ConfigError(found[:20])
    return made


def encode_order(order: Order) -> bytes:
    return msgspec.json.encode(order)


def added(entries: Sequence[Entry]) -> Callable[[Sequence[Entry]], list[Entry]]:
    """The change that puts these behind the others."""
    return lambda before: [*before, *entries]


def without(ids: Sequence[str]) -> Callable[[Sequence[Entry]], list[Entry]]:
    """The change that takes these out. It raises UnknownIdError when one of them is not there, and then nothing is done."""

    def change(before: Sequence[Entry]) -> list[Entry]:
        known = {entry.id for entry in before}
        for ident in ids:
            if ident not in known:
                raise UnknownIdError(ident)
        return [entry for entry in before if entry.id not in ids]

    return change


class UnknownIdError(LookupError):
    """There is no entry with this id."""


def _complaints(order: Order) -> Iterator[tuple[str, str, str]]:
    texts = [("who", order.who, MAX_NAME)] + ([("why", order.why, MAX_WHY)] if order.withdraw else [])
    for name, value, most in texts:
        if not value.strip() or len(value) > most or not value.isprintable():
            yield name, "is not one line of text", f"1 to {most} printable characters"
    if not order.apply and not order.withdraw:
        yield "apply", "and `withdraw` are both empty", "an order changes something"
    for name in ("apply", "withdraw"):
        if len(getattr(order, name)) > MOST:
            yield name, f"has more than {MOST:,} entries", f"a file holds {MAX_ENTRIES:,}, in several orders"
    for number, ident in enumerate(order.withdraw):
        if not ID.fullmatch(ident):
            yield f"withdraw[{number}]", "is not an id", "8 to 26 of a-z and 2-7"


def _refused(message: str, hint: str = "") -> ConfigError:
    return ConfigError([Problem(WHERE, 0, 0, message, hint)])
