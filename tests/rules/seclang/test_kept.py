"""Collections that outlive a request: what is kept, for how long, and how much at most."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.seclang.conftest import request_of
from waf.errors import Problem
from waf.model import Request, Response
from waf.rules.seclang import CrsRuleset, Kept
from waf.rules.seclang.kept import LONGEST, MOST_CHARACTERS, MOST_VARIABLES, TIMEOUT

COUNT = """
SecAction "id:1,phase:1,pass,nolog,initcol:ip=%{REMOTE_ADDR}"
SecRule ARGS "@rx ." "id:2,phase:2,pass,nolog,setvar:ip.n=+1,expirevar:ip.n=60"
SecRule IP:n "@gt 2" "id:3,phase:2,deny"
"""
ANSWERS = """
SecAction "id:1,phase:1,pass,nolog,initcol:global=all"
SecRule RESPONSE_STATUS "@ge 500" "id:2,phase:3,pass,nolog,setvar:global.errors=+1"
SecRule GLOBAL:errors "@ge 2" "id:3,phase:2,deny"
"""


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def from_(address: str, target: str = "/?a=1") -> Request:
    return Request(method="GET", target=target, client_ip=address)


@pytest.mark.parametrize("plain", [False, True])
def test_counting_over_requests(rules: Callable[..., CrsRuleset], plain: bool) -> None:
    made, clock = rules(COUNT, plain=plain), Clock()
    kept = Kept(clock)

    def status(address: str) -> int:
        return made.inspect(from_(address), kept=kept).verdict().status

    assert [status("192.0.2.1") for _ in range(4)] == [0, 0, 403, 403]
    assert status("192.0.2.2") == 0, "another key, another record"
    clock.now += 59
    assert status("192.0.2.1") == 403
    clock.now += 2
    assert status("192.0.2.1") == 403, "expirevar ran again with each request"
    clock.now += 61
    assert [status("192.0.2.1") for _ in range(3)] == [0, 0, 403]


def test_without_a_store_nothing_is_kept(rules: Callable[..., CrsRuleset]) -> None:
    made = rules(COUNT)
    assert [made.inspect(from_("192.0.2.1")).verdict().status for _ in range(4)] == [0] * 4


def test_the_key_is_that_of_the_same_action(rules: Callable[..., CrsRuleset]) -> None:
    text = """
        SecAction "id:1,phase:1,pass,nolog,setvar:ip.n=+1,initcol:ip=%{REMOTE_ADDR}"
        SecRule IP:n "@eq 2" "id:2,phase:1,deny"
    """
    made, kept = rules(text), Kept(Clock())
    assert [made.inspect(from_("192.0.2.1"), kept=kept).verdict().status for _ in range(3)] == [0, 403, 0]


def test_what_an_answer_leaves(rules: Callable[..., CrsRuleset]) -> None:
    made, kept = rules(ANSWERS), Kept(Clock())
    for expected in (0, 0, 403):
        inspection = made.inspect(from_("192.0.2.1"), kept=kept)
        assert inspection.verdict().status == expected
        inspection.response(Response(status=503))


def test_deleted_and_macros(rules: Callable[..., CrsRuleset]) -> None:
    text = """
        SecAction "id:1,phase:1,pass,nolog,initcol:session=%{ARGS.s},initcol:tx=all"
        SecRule ARGS:set "@rx (.*)" "id:2,phase:1,pass,nolog,setvar:'session.%{ARGS.set}=%{ARGS.s}',expirevar:session.none=5"
        SecRule ARGS:del "@rx ." "id:3,phase:1,pass,nolog,setvar:'!session.%{ARGS.del}',expirevar:tx.a=5"
        SecRule SESSION:Name "@rx ." "id:4,phase:1,pass,msg:'%{SESSION.name}'"
    """
    made, kept = rules(text), Kept(Clock())

    def matched(target: str) -> list[str]:
        return [line.message for line in made.inspect(request_of(target), kept=kept).verdict().rules]

    assert matched("/?s=a&set=name") == ["a"]
    assert matched("/?s=b") == []
    assert matched("/?s=a") == ["a"]
    assert matched("/?s=a&del=NAME") == []
    assert matched("/?s=a") == []


def test_a_time_of_the_file(rules: Callable[..., CrsRuleset]) -> None:
    clock = Clock()
    made, kept = rules("SecCollectionTimeout 10\n" + COUNT.replace(",expirevar:ip.n=60", "")), Kept(clock)

    def status() -> int:
        return made.inspect(from_("192.0.2.1"), kept=kept).verdict().status

    assert [status() for _ in range(3)] == [0, 0, 403]
    clock.now += 9
    assert status() == 403, "each change begins the time anew"
    clock.now += 10
    assert status() == 0
    assert len(kept) == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("SecCollectionTimeout soon", "takes a number"),
        ("SecCollectionTimeout 99999999999", "takes a number"),
        ('SecAction "id:1,pass,expirevar:ip"', "names no variable"),
        ('SecAction "id:1,pass,expirevar:!ip.a"', "is not collection.name=seconds"),
        ('SecAction "id:1,pass,expirevar:foo.a=1"', "collection FOO is not supported"),
    ],
)
def test_what_is_wrong(problems: Callable[[str], list[Problem]], text: str, says: str) -> None:
    (problem,) = problems(text)
    assert says in problem.message


def test_caps() -> None:
    clock = Clock()
    kept = Kept(clock, most=20)
    record = kept.open("IP", "k" * 1000)
    assert kept.open("IP", "k" * LONGEST) is record
    record["n0"] = ("N0", "v" * 1000)
    assert record["n0"] == ("N0", "v" * LONGEST)
    for number in range(MOST_VARIABLES + 5):
        record[f"n{number}"] = (f"N{number}", "7")
    assert len(record) == MOST_VARIABLES
    record["n0"] = ("n0", "2")
    assert record["n0"] == ("n0", "2"), "one that is there can always be set"
    for number in range(1, 9):
        record[f"n{number}"] = (f"N{number}", "v" * LONGEST)
    assert sum(len(name) + len(value) for name, value in record.values()) <= MOST_CHARACTERS
    assert record["n8"][1] == "7", "there was no room"
    for number in range(100):
        clock.now += 1
        kept.open("IP", str(number))
        if number % 5 == 0:
            assert kept.open("IP", "k" * LONGEST) is record, "what is used stays"
        assert len(kept) <= 20
    clock.now += TIMEOUT
    kept.open("GLOBAL", "x")
    kept.open("GLOBAL", "y")
    assert len(kept) == 2, "what is over goes first"


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 40), st.booleans()), max_size=40))
def test_against_a_plain_model(steps: list[tuple[str, int, bool]]) -> None:
    """A counter for each key, gone 30 seconds after its first expiry was set or 50 after its last change."""
    clock = Clock()
    kept = Kept(clock, most=100)
    model: dict[str, tuple[int, float, float | None]] = {}
    for key, wait, expires in steps:
        clock.now += wait
        count, until, gone = model.get(key, (0, 0.0, None))
        if until <= clock.now or (gone is not None and gone <= clock.now):
            count, gone = 0, None
        record = kept.open("IP", key, timeout=50)
        assert int(record.get("n", ("", "0"))[1]) == count
        record["n"] = ("n", str(count + 1))
        if expires:
            record.expire("n", 30)
            gone = clock.now + 30
        model[key] = (count + 1, clock.now + 50, gone)
