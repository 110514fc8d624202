"""Orders over the admin listener: what is refused, how it is named, and what they become."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf.errors import ConfigError
from waf.overrides.entry import problems
from waf.overrides.order import MAX_ORDER, UnknownIdError, added, entries_of, read_order, without

NOW = 1_800_000_000.5
DENY = {"action": "deny", "match": {"key": "abcdefghijkl"}, "why": "leaked", "seconds": 3600}


def order(**changes: Any) -> bytes:
    return json.dumps({"who": "ann", "apply": [DENY], **changes}).encode()


def wish(**changes: Any) -> bytes:
    return order(apply=[DENY, {**DENY, **changes}])


def made(data: bytes) -> list[Any]:
    return list(entries_of(read_order(data), NOW, lambda n: bytes(range(n))))


def test_what_it_becomes() -> None:
    (entry,) = made(order())
    assert (entry.id, entry.action, entry.match.key, entry.who, entry.why) == (
        *("abcdefghij", "deny", "abcdefghijkl", "ann", "leaked"),
    )
    assert entry.at.timestamp() == 1_800_000_000
    assert (entry.until - entry.at).total_seconds() == 3600
    assert not list(problems(entry))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is not one"),
        (b"[]", "is not one"),
        (b"\xff", "is not one"),
        (b"[" * 5000, "is not one"),
        (b" " * (MAX_ORDER + 1), "is larger than 1,048,576 bytes"),
        (order(who=""), "`who` is not one line"),
        (order(who="a\nb"), "`who` is not one line"),
        (order(who="a\x1b[2J"), "`who` is not one line"),
        (order(who="x" * 257), "`who` is not one line"),
        (order(who=None), r"Expected `str`, got `null` - at `\$.who`"),
        (order(more=1), "unknown field `more`"),
        (order(apply=[]), "`apply` and `withdraw` are both empty"),
        (order(apply=[DENY] * 1001), "`apply` has more than 1,000"),
        (order(withdraw=["abcdefgh"]), "`why` is not one line"),
        (order(withdraw=["../x"], why="x"), r"`withdraw\[0\]` is not an id"),
        (wish(action="drop"), "Invalid enum value 'drop'"),
        (wish(match={}), r"`apply\[1\].match` names nobody"),
        (wish(match={"key": "waf_abcdefghijkl_secret"}), "never the key itself"),
        (wish(match={"address": "0.0.0.0/0"}), r"`apply\[1\].match.address` is wider than /8"),
        (wish(action="limit"), r"`apply\[1\].limit` is missing"),
        (wish(limit={"requests": 1, "window": 60}), "has no meaning with deny"),
        (wish(seconds=0), r"`apply\[1\].seconds` is not after"),
        (wish(seconds=-5), r"`apply\[1\].seconds` is not after"),
        (wish(seconds=10**18), r"`apply\[1\].seconds` is not after"),
        (wish(seconds=10**30), r"`apply\[1\].seconds` is not after"),
        (wish(seconds="1h"), "Expected `int`, got `str`"),
        (wish(id="abcdefgh"), "unknown field `id`"),
        (wish(until="2030-01-01T00:00:00Z"), "unknown field `until`"),
        (wish(why=""), r"`apply\[1\].why` is not one line"),
    ],
)
def test_what_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        made(data)


def test_all_or_nothing() -> None:
    first, second = made(order())[0], entries_of(read_order(order()), NOW, lambda n: b"\1" * n)[0]
    assert added([second])([first]) == [first, second]
    assert without([first.id])([first, second]) == [second]
    with pytest.raises(UnknownIdError):
        without([first.id, "cccccccc"])([first, second])


@given(
    st.binary(max_size=200)
    | st.dictionaries(
        st.sampled_from(["who", "why", "apply", "withdraw"]),
        st.none() | st.text() | st.lists(st.text() | st.just(DENY)),
    ).map(lambda value: json.dumps(value).encode())
)
def test_nothing_else_comes_out(data: bytes) -> None:
    try:
        found = made(data)
    except ConfigError:
        return
    assert all(not list(problems(entry)) for entry in found)
