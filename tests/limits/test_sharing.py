"""What is asked of the others, and how the tables here follow what they answer."""

from __future__ import annotations

import pytest

from waf.errors import TooManyRequests
from waf.limits import sharing
from waf.limits.meter import KNOWN, OPENING, READ, Costs, Meter, Who, who
from waf.limits.rates import Quota
from waf.limits.sharing import Debt, Sharer, leaving, staying
from waf.state.protocol import DAY, LEASE, LEAVE, MONTH, WINDOW, Answer
from waf.usage import Rate, Usage

DAYS = 86_400.0
NOW, WALL = 1_000.0, 20_000 * DAYS + 5
RATES = (
    Rate(name="steady", by="address", limit=10, window=60.0, burst=5),
    Rate(name="daily", by="all", limit=100, period="day"),
    Rate(name="tokens", by="address", cost="tokens", limit=1000, period="month"),
)


@pytest.fixture
def alone() -> dict[bytes, Debt]:
    return {}


@pytest.fixture
def sharer(alone: dict[bytes, Debt]) -> Sharer:
    return Sharer(Meter(Usage(rates=RATES, callers=5_000), {}, bytes(32)), b"p", alone)


def somebody(number: int = 0) -> Who:
    return who("r", f"10.0.{number >> 8}.{number & 255}")


def test_an_ask_has_what_the_script_needs(sharer: Sharer) -> None:
    wanted = sharer.want((OPENING, KNOWN), somebody(), Costs())
    assert wanted is not None
    assert [key.rpartition(b":")[0] for key in wanted.ask.keys] == [
        b"p:w:steady:address:requests:",
        b"p:q:daily:all:requests:day",
    ]
    assert [(take.kind, take.cost, take.step, take.room) for take in wanted.ask.takes] == [
        (WINDOW, 1, 6.0, 30.0),
        (DAY, 1, 0, 100),
    ]
    place = sharer.place("busy", "x", 3)
    wanted = sharer.want((READ,), somebody(), Costs(1, 9, 250.5), [place], "id")
    assert wanted is not None
    assert [(take.kind, take.cost, take.room, take.member) for take in wanted.ask.takes] == [
        (MONTH, 250.5, 1000, ""),
        (LEASE, 1, 3, "id"),
    ]
    assert staying([place], "id")[0].takes[0].member == leaving([place], "id")[0].takes[0].member == "id"
    assert leaving([place], "id")[0].takes[0].kind == LEAVE
    assert Sharer(Meter(Usage(), {}, bytes(32)), b"p", {}).want((READ,), somebody(), Costs()) is None


def test_tables_follow(sharer: Sharer) -> None:
    wanted = sharer.want((OPENING, KNOWN), somebody(), Costs())
    assert wanted is not None
    taken = sharer.follow(wanted, Answer(0, 0.0, (12.0, 40.0)), NOW, WALL)
    said = dict(sharer.meter.said(taken, NOW, WALL))
    assert said["RateLimit"].startswith('"steady";r=3;t=12, "daily";r=60;')
    with pytest.raises(TooManyRequests, match="rate_limited") as refused:
        sharer.follow(wanted, Answer(1, 3.2, (30.0,)), NOW, WALL)
    assert dict(refused.value.headers)["Retry-After"] == "4"
    with pytest.raises(TooManyRequests, match="rate_limited"):
        sharer.meter.take(OPENING, somebody(), Costs(), NOW, WALL)
    with pytest.raises(TooManyRequests, match="quota_exceeded"):
        sharer.follow(wanted, Answer(2, 99.0, (0.0, 100.0)), NOW, WALL)
    assert sharer.follow(wanted, Answer(3, 0.0, (0.0, 7.0)), NOW, WALL) == [], "only a place is missing"


def test_debts_are_of_quotas_and_of_their_period(sharer: Sharer, alone: dict[bytes, Debt]) -> None:
    taken = sharer.meter.take(OPENING, somebody(), Costs(), NOW, WALL)
    sharer.alone(taken, "requests", 1)
    sharer.alone(taken, "requests", 2)
    sharer.alone(taken, "tokens", 9)
    assert [debt.amount for debt in alone.values()] == [3], "of the quota, not of the window"
    (ask,) = sharer.debts()
    assert (ask.forced, ask.takes[0].kind, ask.takes[0].cost, ask.takes[0].floor) == (True, DAY, 3, 0)
    assert sharer.debts() == []
    sharer.alone(taken, "requests", 5)
    tomorrow = sharer.meter.take(OPENING, somebody(), Costs(), NOW, WALL + DAYS)
    assert sharer.debts() == [], "yesterday's are nobody's"
    sharer.alone(tomorrow, "requests", 1)
    assert len(sharer.debts()) == 1


def test_there_is_an_end_to_what_is_remembered(
    sharer: Sharer, alone: dict[bytes, Debt], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing, "MAX_ALONE", 700)
    for number in range(1_000):
        taken = sharer.meter.take(READ, somebody(number), Costs(1, 0, 10), NOW, WALL)
        sharer.alone(taken, "tokens", 10)
    assert len(alone) == 700
    assert [len(sharer.debts()) for _ in range(3)] == [500, 200, 0]


def test_everything_is_told_to_those_who_know_nothing(sharer: Sharer) -> None:
    for number in range(1_000):
        sharer.meter.take(READ, somebody(number), Costs(1, 0, 1 + number % 7), NOW, WALL)
    pieces = list(sharer.everything(WALL))
    asks = [ask for piece in pieces for ask in piece]
    assert len({ask.keys for ask in asks}) == len(asks) == 1_000
    assert sum(ask.takes[0].floor for ask in asks) == sum(1 + number % 7 for number in range(1_000))
    assert all(ask.forced and ask.takes[0].cost == 0 for ask in asks)
    assert max(map(len, pieces)) <= sharing.CHUNK * 8
    wanted = sharer.want((READ,), somebody(6), Costs(1, 0, 1))
    assert wanted is not None
    sharer.restoring = True
    (taken,) = sharer.follow(wanted, Answer(0, 0.0, (1.0,)), NOW, WALL)
    assert isinstance(taken.rule.rate, Quota)
    assert taken.rule.rate.used(taken.slot) == 7, "what they do not know yet is not forgotten here"
    sharer.restoring = False
    (taken,) = sharer.follow(wanted, Answer(0, 0.0, (1.0,)), NOW, WALL)
    assert isinstance(taken.rule.rate, Quota)
    assert taken.rule.rate.used(taken.slot) == 1
