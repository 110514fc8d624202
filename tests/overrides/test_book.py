"""Which entries hold for whom, when, and what an exemption lifts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from waf.errors import Forbidden, Refusal, TooManyRequests
from waf.limits.table import Table
from waf.model import Caller
from waf.overrides.book import ADDRESS, CALLER, MODEL, Book, take
from waf.overrides.entry import Allowance, Entry, Scope

NOW = 1_800_000_000.0
AT = datetime.fromtimestamp(NOW, UTC)
KEY = "abcdefghijkl"
TEAM = Caller(kind="key", key=KEY, account="team", subject="team-a", tenant="acme")
OTHER = Caller(kind="key", key="lkjihgfedcba", account="other", subject="team-b", tenant="acme")


def entry(
    action: Any = "deny", number: int = 0, hours: float = 1, limit: Allowance | None = None, **scope: str
) -> Entry:
    ident = f"entry{'abcdefghij'[number]}aa"
    until = AT + timedelta(hours=hours)
    return Entry(id=ident, action=action, match=Scope(**scope), limit=limit, who="ann", why="x", at=AT, until=until)


def book(*entries: Entry) -> Book:
    return Book(entries, Table(100))


def outcome(
    found: Book, address: str = "192.0.2.7", caller: Caller | None = TEAM, model: str = "gpt-4o", now: float = NOW
) -> str:
    """At which step a request ends, or `in`."""
    for name, step in (("address", ADDRESS), ("caller", CALLER), ("model", MODEL)):
        someone = caller if step != ADDRESS else None
        models = (model,) if step == MODEL else ()
        try:
            take(found.check(step, address, someone, models, now).limits, now)
        except Refusal:
            return name
    return "in"


@pytest.mark.parametrize(
    ("scope", "more", "expected"),
    [
        ({"key": KEY}, {}, "caller"),
        ({"key": KEY}, {"caller": OTHER}, "in"),
        ({"key": KEY}, {"caller": None}, "in"),
        ({"subject": "team-a"}, {}, "caller"),
        ({"tenant": "acme"}, {"caller": OTHER}, "caller"),
        ({"tenant": "acme", "subject": "team-a"}, {"caller": OTHER}, "in"),
        ({"address": "192.0.2.7"}, {}, "address"),
        ({"address": "192.0.2.0/24"}, {"address": "192.0.2.250"}, "address"),
        ({"address": "192.0.2.0/24"}, {"address": "192.0.3.1"}, "in"),
        ({"address": "192.0.2.0/24"}, {"address": "::ffff:192.0.2.9"}, "address"),
        ({"address": "::ffff:192.0.2.0/120"}, {"address": "192.0.2.9"}, "address"),
        ({"address": "2001:db8::/32"}, {"address": "2001:db8:1::9"}, "address"),
        ({"address": "2001:db8::/32"}, {"address": "192.0.2.7"}, "in"),
        ({"address": "192.0.2.0/24"}, {"address": ""}, "in"),
        ({"address": "192.0.2.0/24"}, {"address": "unix"}, "in"),
        ({"key": KEY, "address": "192.0.2.0/24"}, {}, "caller"),
        ({"key": KEY, "address": "192.0.2.0/24"}, {"address": "198.51.100.1"}, "in"),
        ({"key": KEY, "address": "192.0.2.0/24"}, {"address": "nothing"}, "in"),
        ({"model": "gpt-*"}, {}, "model"),
        ({"model": "gpt-*"}, {"model": "small"}, "in"),
        ({"model": "gpt-*", "tenant": "else"}, {}, "in"),
        ({"model": "gpt-*", "address": "192.0.2.7"}, {}, "model"),
    ],
)
def test_who_is_meant(scope: dict[str, str], more: dict[str, Any], expected: str) -> None:
    assert outcome(book(entry(**scope)), **more) == expected


def test_an_entry_ends_by_itself() -> None:
    found = book(entry(key=KEY), entry(number=1, hours=2, address="192.0.2.7"), entry(number=2, model="gpt-4o"))
    assert outcome(found) == "address"
    assert outcome(found, "10.0.0.1") == "caller"
    assert outcome(found, now=NOW + 3599) == "address"
    assert outcome(found, "10.0.0.1", now=NOW + 3600) == "in"
    assert outcome(found, now=NOW + 3600) == "address"
    assert outcome(found, now=NOW + 7200) == "in"


def test_the_event_names_the_entry() -> None:
    with pytest.raises(Forbidden) as caught:
        book(entry(key=KEY)).check(CALLER, "", TEAM, (), NOW)
    assert (caught.value.code, caught.value.tags) == ("override_denied", ("override.entryaaa",))
    assert "team" not in str(caught.value)


def test_who_is_exempt() -> None:
    denied = entry(address="192.0.2.0/24")
    partner = book(denied, entry("allow", 1, key=KEY))
    assert outcome(partner) == "in"
    assert outcome(partner, caller=OTHER) == "caller", "only once it is known who it is not"
    assert outcome(partner, caller=None) == "caller"
    assert outcome(partner, now=NOW + 3600) == "in"
    brief = book(entry(hours=3, address="192.0.2.0/24"), entry("allow", 1, key=KEY))
    assert outcome(brief, now=NOW + 3600) == "address", "the exemption is over, so nobody need be asked first"
    near = book(denied, entry(number=1, key=KEY), entry("allow", 2, address="192.0.2.7"))
    assert outcome(near) == "in"
    assert outcome(near, "192.0.2.8") == "address"
    both = book(denied, entry("allow", 1, key=KEY, address="198.51.100.0/24"))
    assert outcome(both) == "caller", "all of an exemption must fit"
    assert outcome(book(entry(model="*"), entry("allow", 1, tenant="acme"))) == "in"


def test_limits() -> None:
    table = Table(100)
    slow = entry("limit", limit=Allowance(2, 60), address="192.0.2.0/24")
    found = Book([slow], table)
    assert [outcome(found, f"192.0.2.{i}") for i in range(4)] == ["in", "in", "address", "address"], "all together"
    with pytest.raises(TooManyRequests) as caught:
        take(found.check(ADDRESS, "192.0.2.1", None, (), NOW).limits, NOW)
    assert dict(caught.value.headers) == {"Retry-After": "30", "x-should-retry": "false"}
    assert (caught.value.code, caught.value.tags) == ("override_limited", ("override.entryaaa",))
    assert outcome(Book([slow, entry(number=1, key="else" * 3)], table)) == "address", "a new book forgives nobody"
    assert outcome(found, now=NOW + 31) == "in"


def test_a_request_that_one_limit_refuses_costs_nothing_in_another() -> None:
    wide = entry("limit", limit=Allowance(2, 60), address="192.0.2.0/24")
    narrow = entry("limit", 1, limit=Allowance(1, 600), address="192.0.2.7")
    found = book(wide, narrow)
    assert [outcome(found) for _ in range(3)] == ["in", "address", "address"]
    assert outcome(found, "192.0.2.8") == "in"
    assert outcome(book(entry("limit", limit=Allowance(1, 60), tenant="acme"), entry(number=1, key=KEY))) == "caller"
