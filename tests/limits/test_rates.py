"""Rates and quotas against a model that remembers everything, and the table against one that never forgets anybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf.errors import TooManyRequests
from waf.limits.meter import KNOWN, OPENING, READ, Costs, Meter, Who, place_of, who
from waf.limits.rates import Quota, Window, period
from waf.limits.table import WAYS, Table
from waf.model import Caller
from waf.usage import ModelCost, Rate, Usage


def wait(rate: Window | Quota, key: int, cost: float, now: float) -> float:
    return rate.wait(rate.find(key, now), cost, now)


def take(rate: Window | Quota, key: int, cost: float, now: float) -> None:
    rate.take(rate.find(key, now), cost, now)


def left(rate: Window | Quota, key: int, now: float) -> tuple[int, int]:
    return rate.left(rate.find(key, now), now)


class Bucket:
    """A bucket of tokens in exact arithmetic: what GCRA is another way to write down."""

    def __init__(self, rate: Rate) -> None:
        self.size = Fraction(rate.burst or rate.limit)
        self.speed = Fraction(rate.limit) / Fraction(rate.window)
        self.filled = self.size
        self.at = Fraction(0)

    def take(self, cost: int, now: Fraction) -> bool:
        self.filled = min(self.size, self.filled + (now - self.at) * self.speed)
        self.at = now
        if min(Fraction(cost), self.size) > self.filled:
            return False
        self.filled -= cost
        return True


STEPS = st.lists(st.tuples(st.integers(0, 64), st.integers(1, 9)), max_size=60)


@given(st.sampled_from([1, 2, 4, 8]), st.sampled_from([0, 1, 2, 4]), st.sampled_from([1, 8, 64]), STEPS)
def test_a_window_is_a_bucket(limit: int, burst: int, window: int, steps: list[tuple[int, int]]) -> None:
    """Times are eighths and steps powers of two, so floats are exact and both must agree on every single request."""
    rate = Rate(limit=limit, burst=min(burst, limit), window=float(window))
    ours, bucket, now = Window(rate, Table(100)), Bucket(rate), Fraction(8)
    for pause, cost in steps:
        now += Fraction(pause, 8)
        let_in = wait(ours, 1, cost, float(now)) == 0
        assert let_in == bucket.take(cost, now)
        if let_in:
            take(ours, 1, cost, float(now))
        assert left(ours, 1, float(now))[0] == max(bucket.filled, 0) // 1


@given(STEPS, st.integers(1, 20), st.sampled_from(["", "day"]))
def test_drawing_is_waiting_and_taking(steps: list[tuple[int, int]], limit: int, name: str) -> None:
    kind, rate = (Quota, Rate(limit=limit, period="day")) if name else (Window, Rate(limit=limit, window=7.0))
    one, other, now = kind(rate, Table(100)), kind(rate, Table(100)), 1e6
    for pause, cost in steps:
        now += pause / 8
        pause_named = wait(one, 5, cost, now)
        if not pause_named:
            take(one, 5, cost, now)
        assert other.draw(5, cost, now) == (other.find(5, now), pause_named)
        assert left(one, 5, now) == left(other, 5, now)


@given(st.integers(1, 100), st.floats(1, 1000), st.lists(st.floats(0, 50), max_size=50))
def test_never_more_than_burst_and_rate_allow(limit: int, window: float, pauses: list[float]) -> None:
    ours, now, let_in = Window(Rate(limit=limit, window=window), Table(100)), 1000.0, 0
    start = now
    for pause in pauses:
        now += pause
        pause = wait(ours, 1, 1, now)
        if pause == 0:
            take(ours, 1, 1, now)
            let_in += 1
        else:
            assert wait(ours, 1, 1, now + pause + 1e-6) == 0, "the wait that it names is long enough"
    assert let_in <= limit + (now - start) * limit / window + 1e-6


def test_a_cost_above_the_burst_is_owed_and_a_guess_is_settled() -> None:
    window = Window(Rate(limit=10, window=10.0), Table(100))
    assert wait(window, 1, 25, 100.0) == 0
    take(window, 1, 25, 100.0)
    assert wait(window, 1, 1, 100.0) == pytest.approx(16)
    take(window, 1, -20, 100.0)
    assert left(window, 1, 100.0) == (5, 5)
    take(window, 1, -100, 100.0)
    assert left(window, 1, 100.0) == (10, 0), "nobody can save up more than the burst"


@given(st.lists(st.tuples(st.integers(1, 40), st.floats(0, 3)), max_size=300), st.integers(1, 12))
def test_a_table_that_is_too_small_never_forgives(steps: list[tuple[int, float]], limit: int) -> None:
    """64 slots, and forty callers of the same group: whoever is let in would have been let in by a table without end."""
    rate = Rate(limit=limit, window=30.0)
    small, endless, now = Window(rate, Table(1)), {}, 10.0
    step = rate.window / rate.limit
    for caller, pause in steps:
        now += pause
        if wait(small, caller << 20, 1, now) == 0:
            take(small, caller << 20, 1, now)
            owed = max(endless.get(caller, 0.0), now) + step
            assert owed - now <= rate.window + 1e-6
            endless[caller] = owed


def test_a_table_that_is_large_enough_keeps_everybody_apart() -> None:
    table = Table(1)
    window = Window(Rate(limit=1, window=10.0), table)
    for caller in range(1, WAYS + 1):
        assert wait(window, caller << 20, 1, 5.0) == 0
        take(window, caller << 20, 1, 5.0)
    assert table.crowded == 0
    assert wait(window, 99 << 20, 1, 5.0) == 10, "the newcomer finds what the one it pushes out had"
    assert table.crowded == 1
    assert wait(window, 98 << 20, 1, 15.0) == 0, "slots are free again when nothing is owed"
    assert table.crowded == 1


JAN, FEB = datetime(2026, 1, 31, 23, 59, tzinfo=UTC).timestamp(), datetime(2026, 2, 1, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("moment", "name", "start", "end"),
    [
        ("2026-01-31T23:59:59", "day", "2026-01-31", "2026-02-01"),
        ("2026-02-01T00:00:00", "day", "2026-02-01", "2026-02-02"),
        ("2026-12-31T12:00:00", "month", "2026-12-01", "2027-01-01"),
        ("2028-02-29T00:00:00", "month", "2028-02-01", "2028-03-01"),
    ],
)
def test_periods(moment: str, name: str, start: str, end: str) -> None:
    def seconds(text: str) -> float:
        return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()

    assert period(seconds(moment), name) == (seconds(start), seconds(end))


def test_quotas() -> None:
    table = Table(100)
    table.dirty = set()
    quota = Quota(Rate(limit=10, period="month"), table)
    assert wait(quota, 1, 6, JAN) == 0
    take(quota, 1, 6, JAN)
    assert wait(quota, 1, 4, JAN) == 0
    assert wait(quota, 1, 5, JAN) == 60
    assert left(quota, 1, JAN) == (4, 60)
    assert wait(quota, 2, 1000, JAN) == 0, "more than all of it, at once: it is owed"
    take(quota, 1, -100, JAN)
    assert quota.changed(JAN, 9) == [(1, period(JAN, "month")[0], 0.0)]
    assert quota.changed(JAN, 9) == []
    for key in (5, 6, 7):
        take(quota, key, 1, JAN)
    assert [len(quota.changed(JAN, 2)) for _ in range(3)] == [2, 1, 0]
    take(quota, 1, 10, JAN)
    later = Quota(Rate(limit=20, period="month"), table)
    assert left(later, 1, JAN)[0] == 10, "a reload that changes the limit keeps what was used"
    assert wait(later, 1, 20, FEB) == 0
    assert left(later, 1, JAN)[0] == 20, "a clock that is put back does not bring it back"
    later.restore(3, FEB, 7.0, FEB)
    later.restore(4, JAN, 7.0, FEB)
    assert (left(later, 3, FEB)[0], left(later, 4, FEB)[0]) == (13, 20)


def meter(*rates: Rate, tables: dict[tuple[str, ...], Table] | None = None) -> Meter:
    return Meter(Usage(rates=rates, callers=1000), {} if tables is None else tables, bytes(32))


SOMEONE = Who("chat", "192.0.2.1", "team-a", "alice", "acme", "key:team-a")


def test_all_of_a_step_or_nothing() -> None:
    rates = meter(Rate(name="a", limit=5), Rate(name="b", limit=2, by="tenant"))
    for _ in range(2):
        rates.take(KNOWN, SOMEONE, Costs(), 10.0, JAN)
    for _ in range(3):
        with pytest.raises(TooManyRequests) as refused:
            rates.take(KNOWN, SOMEONE, Costs(), 10.0, JAN)
    assert dict(refused.value.headers) == {
        "Retry-After": "30",
        "RateLimit-Policy": '"b";q=2;w=60',
        "RateLimit": '"b";r=0;t=60',
    }
    assert refused.value.code == "rate_limited"
    other = SOMEONE._replace(tenant="other")
    taken = rates.take(KNOWN, other, Costs(), 10.0, JAN)
    assert rates.said(taken, 10.0, JAN)[1] == ("RateLimit", '"a";r=2;t=36, "b";r=1;t=30')


def test_steps_routes_and_costs() -> None:
    rates = meter(
        Rate(name="ip", by="address", limit=9), Rate(name="req", limit=9), Rate(name="tok", cost="tokens", limit=100, period="day"),
        Rate(name="size", cost="bytes", limit=50), Rate(name="chat", by="route", limit=1, routes=("chat",)), Rate(name="every", by="all", limit=9),
    )  # fmt: skip
    assert [t.rule.name for t in rates.take(OPENING, SOMEONE, Costs(), 1.0, JAN)] == ["ip", "chat", "every"]
    assert [t.rule.name for t in rates.take(OPENING, SOMEONE._replace(route="x"), Costs(), 1.0, JAN)] == [
        "ip",
        "every",
    ]
    assert [t.rule.name for t in rates.take(KNOWN, SOMEONE, Costs(), 1.0, JAN)] == ["req"]
    taken = rates.take(READ, SOMEONE, Costs(1, 10, 60), 1.0, JAN)
    assert [t.rule.name for t in taken] == ["tok", "size"]
    with pytest.raises(TooManyRequests, match="quota_exceeded"):
        rates.take(READ, SOMEONE, Costs(1, 10, 60), 1.0, JAN)
    rates.settle(taken, "tokens", -50, 1.0, JAN)
    assert rates.take(READ, SOMEONE, Costs(1, 10, 60), 1.0, JAN)
    policies, states = rates.said(taken, 1.0, JAN)
    assert policies[1] == '"tok";q=100;qu="tokens";w=86400, "size";q=50;qu="content-bytes";w=60'
    assert states[1] == '"tok";r=30;t=60, "size";r=30;t=24'
    assert [quota.rate.name for quota in rates.quotas] == ["tok"]
    silent = Meter(Usage(rates=(Rate(),), headers=False, callers=1000), {}, bytes(32))
    assert silent.said(silent.take(KNOWN, SOMEONE, Costs(), 1.0, JAN), 1.0, JAN) == []


def test_what_was_used_outlives_a_reload() -> None:
    tables: dict[tuple[str, ...], Table] = {}
    rate = Rate(limit=2)
    meter(rate, tables=tables).take(KNOWN, SOMEONE, Costs(), 1.0, JAN)
    again = meter(replace(rate, limit=4), tables=tables)
    taken = again.take(KNOWN, SOMEONE, Costs(), 1.0, JAN)
    assert again.said(taken, 1.0, JAN)[1][1] == '"rate";r=1;t=45', "thirty seconds were owed already"


@pytest.mark.parametrize(
    ("address", "caller", "share"),
    [
        ("192.0.2.1", None, "at:192.0.2.1"),
        ("2001:db8:1:2:3::9", None, "at:20010db800010002"),
        ("2001:db8:1:2:ffff::1", Caller(), "at:20010db800010002"),
        ("::ffff:192.0.2.1", None, "at:::ffff:192.0.2.1"),
        ("", None, "at:"),
        ("192.0.2.1", Caller("key", "id", "team", "alice", "acme"), "key:team"),
        ("192.0.2.1", Caller("token", subject="alice"), "sub:alice"),
    ],
)
def test_who_shares(address: str, caller: Caller | None, share: str) -> None:
    assert who("r", place_of(address), caller).caller == share


def test_nobody_s_limit_is_nobody_s() -> None:
    rates = meter(Rate(by="key", limit=1), Rate(name="t", by="tenant", limit=1), Rate(name="s", by="subject", limit=1))
    for _ in range(3):
        assert rates.take(KNOWN, who("r", "192.0.2.1"), Costs(), 1.0, JAN) == []


def test_many_periods_forget_without_looking_at_anybody() -> None:
    """Amounts stay exact, whole and in parts, however long the process lives; once in a long while the table is emptied."""
    table = Table(100)
    quota, now = Quota(Rate(limit=1_000_000_000_000, period="day"), table), 1_000_000.0
    memory = table._hashes
    emptied = 0
    for _ in range(40):
        now += 86_400
        assert quota.left(quota.find(3, now), now)[0] == 1_000_000_000_000
        take(quota, 3, 999_999_999_999, now)
        take(quota, 3, 0.25, now)
        assert quota.used(quota.find(3, now)) == 999_999_999_999.25
        assert wait(quota, 3, 1, now) > 0
        emptied += table._hashes is not memory
        memory = table._hashes
    assert 1 <= emptied <= 15


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(-3, 9), st.integers(0, 2)), max_size=80))
def test_a_quota_is_a_sum_by_day(steps: list[tuple[int, int, int]]) -> None:
    quota, now = Quota(Rate(limit=20, period="day"), Table(100)), 1_000_000.0
    sums: dict[int, int] = {}
    for key, cost, days in steps:
        if days == 2:
            now += 86_400
            sums.clear()
        sums[key] = max(sums.get(key, 0) + cost, 0)
        take(quota, key, cost, now)
        assert {key: quota.used(quota.find(key, now)) for key in sums} == sums
    found, group = quota.table.above(quota.table.base, 0, 3)
    while group >= 0:
        more, group = quota.table.above(quota.table.base, group, 3)
        found += more
    assert {key: number - quota.table.base for key, number in found} == {
        key: used for key, used in sums.items() if used
    }


@pytest.mark.parametrize(
    ("models", "factor"),
    [((), 1), (("other",), 1), (("a-1",), 3), (("a-2",), 2), (("other", "a-2"), 2), (("a-1", "a-2"), 3), (None, 3)],
)
def test_what_tokens_of_a_model_count(models: tuple[str, ...] | None, factor: float) -> None:
    costs = (ModelCost(("a-1",), 3.0), ModelCost(("a-*",), 2.0))
    assert Meter(Usage(model_costs=costs), {}, bytes(32)).factor(models) == factor
    assert Meter(Usage(), {}, bytes(32)).factor(models) == 1
