"""What firewalls tell each other: that it adds up, that it ends, and that nothing else is believed."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import waf.abuse.gossip as module
from tests.abuse.test_observer import honest, jitter, natural, observer, tensor
from waf.abuse.gossip import (
    LONGEST,
    Attack,
    Count,
    Gathered,
    News,
    Seal,
    Stand,
    Tries,
    adds_up,
    bitmap,
    packed,
    unpacked,
)
from waf.abuse.misuse import Misuse
from waf.abuse.observer import Observer
from waf.abuse.peers import add_count
from waf.abuse.response import Standings
from waf.abuse.space import RATES
from waf.misuse import Respond

SEAL = Seal(b"s" * 32, News, adds_up)
NONE = (0,) * len(RATES)
NEWS = News(
    (Stand(5, 0.75, 60.0),),
    (Count(2**64 - 1, 6, 3, (3, 3, 2, 3, 0, 0, 1), (1, 0, 2, 3, 0, 0, 0)),),
    (Attack(7, packed(np.ones(32, dtype=np.float32))),),
    (Tries(8, bitmap(5), bitmap(2**255), 4, 1),),
)


def test_what_was_written_is_read() -> None:
    assert SEAL.read(SEAL.write(NEWS)) == NEWS
    assert NEWS
    assert not News()
    assert np.array_equal(unpacked(NEWS.attacks[0].point), np.ones(32))
    assert unpacked(b"\xff" * 64) is None


def sealed(value: Any) -> bytes:
    """As somebody would who has the secret, and means no good."""
    data = msgspec.msgpack.encode(value)
    return hmac.digest(SEAL._key, data, "sha256")[:16] + data


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"x" * 15,
        b"x" * 200,
        SEAL.write(NEWS)[:-1],
        SEAL.write(NEWS) + b"\0",
        Seal(b"t" * 32, News, adds_up).write(NEWS),
        bytes(16) + SEAL.write(NEWS)[16:],
        sealed("no news"),
        sealed([[], [], [], [], []]),
        sealed([[[0, 0.5, 1.0]]]),
        sealed([[[-1, 0.5, 1.0]]]),
        sealed([[[5, 1.5, 1.0]]]),
        sealed([[[5, -0.1, 1.0]]]),
        sealed([[[5, float("nan"), 1.0]]]),
        sealed([[[5, 0.5, float("nan")]]]),
        sealed([[[5, 0.5, -1.0]]]),
        sealed([[[5, 0.5, 1.0]] * 257]),
        sealed([[], [[5, 6, 3, NONE, NONE[:-1]]]]),
        sealed([[], [[5, 6, 3, NONE, (1, *NONE[1:])]]]),
        sealed([[], [[5, 6, 3, (4, *NONE[1:]), NONE]]]),
        sealed([[], [[5, 6, 10_001, NONE, NONE]]]),
        sealed([[], [[5, 6, -1, NONE, NONE]]]),
        sealed([[], [], [[5, b"x" * 63]]]),
        sealed([[], [], [], [[5, b"x", b"y" * 32, 1, 1]]]),
        b"x" * (LONGEST + 1),
        sealed(["[" * 70_000, "x" * 70_000]),
    ],
)  # fmt: skip
def test_what_is_none_of_ours(message: bytes) -> None:
    assert SEAL.read(message) is None


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    assert SEAL.read(data) is None
    found = SEAL.read(sealed(msgspec.Raw(data)))
    assert found is None or isinstance(found, News)


def towns(count: int, *, share: bool = True) -> list[Observer]:
    made = []
    for _ in range(count):
        one = observer()
        honest(one)
        one.gathered = Gathered() if share else None
        made.append(one)
    return made


def spread(made: list[Observer], thief: Iterator[Any], keys: int, most: int, every: int = 3) -> int:
    """Queries, in turns to each, until one of them sees it; they talk after every few."""
    for i in range(1, most):
        one = made[(i // keys if keys > 1 else i) % len(made)]
        if one.observe(f"thief-{i % keys}", "r", tensor(next(thief)), 1e5 + i).risk >= 0.5:
            return i
        if i % every == 0:
            talk(made, 1e5 + i)
    return most


def talk(made: list[Observer], now: float) -> None:
    said = [(one, one.gathered.take(one.spaces.kinds)) for one in made if one.gathered is not None]
    for teller, counts in said:
        for hearer in made:
            for count in counts if hearer is not teller else ():
                add_count(hearer, count, now)


def test_a_caller_that_is_spread_over_firewalls() -> None:
    found = {share: spread(towns(4, share=share), jitter(np.random.default_rng(7)), 1, 300) for share in (True, False)}
    assert found[True] < 60
    assert found[False] > 1.3 * found[True]


def test_honest_callers_that_are_spread_are_not_seen() -> None:
    made, rng = towns(2), np.random.default_rng(11)
    for i in range(1500):
        one = made[i % 2]
        assert one.observe(f"new-{i % 15}", "r", tensor(natural(rng)), 1e5 + i).risk < 0.5
        if i % 3 == 0:
            talk(made, 1e5 + i)


def test_clusters_hear_of_their_members() -> None:
    one, two = towns(2)
    thief = jitter(np.random.default_rng(7))
    for i in range(150):
        for town in (one, two):
            town.observe(f"thief-{i % 20}", "r", tensor(next(thief)), 1e5 + i)
        talk([one, two], 1e5 + i)
    clusters = [town.clusters.of((town.hash("thief-3"), 1)) for town in (one, two)]
    assert all(cluster is not None and cluster.p < 0.001 and cluster.queries > 30 for cluster in clusters)


def test_memory_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_COUNTED", 20)
    monkeypatch.setattr(module, "MOST_COUNTS", 5)
    gathered = Gathered()
    for i in range(100):
        for _ in range(i):
            gathered.add((i + 1, 1), (True, *NONE[:5], True), (i % 2 == 1, *NONE[:5], True))
    told = gathered.take({1: 77})
    assert len(told) == 5
    assert [count.who for count in told][:2] == [20, 18], "the oddest"
    assert gathered.take({1: 77}) == ()
    gathered.add((1, 2), NONE, NONE)
    assert gathered.take({1: 77}) == (), "of a kind that is gone"
    full = observer(profiles=16)
    rng = np.random.default_rng(1)
    for i in range(40):
        full.observe(f"caller-{i}", "r", tensor(natural(rng)), float(i))
    kind = full.spaces.kinds[1]
    for who in range(1000):
        add_count(full, Count(who + 1, kind, 9, NONE, NONE), 50.0)
        add_count(full, Count(who + 1, kind + 1, 9, NONE, NONE), 50.0)
    assert len(full.pool) == 16


def test_a_caller_that_only_others_have_seen() -> None:
    """With as many odd queries as can be: it is judged, and stays under suspicion when it comes here."""
    (town,) = towns(1)
    kind = town.spaces.kinds[1]
    for i in range(3):
        add_count(town, Count(77, kind, 30, (30, 30, 30, 30, 0, 0, 0), (30, 0, 0, 30, 0, 0, 0)), 1e5 + i)
    profile = town.pool.get((77, 1))
    assert profile is not None
    assert (profile.queries, profile.p <= 0.001) == (0, True)
    assert town.look(77, "r", tensor(natural(np.random.default_rng(1))), 1e5 + 9).risk >= 0.5
    add_count(town, Count(78, kind, 0, NONE, NONE), 1e5)


def test_standings_are_taken_over() -> None:
    respond = Respond(hold=100.0)
    here, there = Standings(), Standings()
    here.note(5, 0.8, respond, 0.0)
    here.note(6, 0.1, respond, 0.0)
    ((who, risk, seconds),) = here.changed(10, 20.0)
    assert (who, risk, seconds) == (5, 0.8, 80.0)
    assert here.changed(10, 20.0) == []
    there.hear(who, risk, seconds, respond, 500.0)
    standing = there.of(5, 579.0)
    assert standing is not None
    assert standing.risk == 0.8
    assert there.of(5, 580.0) is None
    assert there.changed(10, 500.0) == [], "what was heard is not told on"
    there.hear(5, 0.6, 1e9, respond, 600.0)
    there.hear(5, 0.5, 100.0, respond, 650.0)
    standing = there.of(5, 699.0)
    assert standing is not None
    assert standing.risk == 0.6
    assert there.of(5, 700.0) is None, "no longer than here"


def test_tries_are_united() -> None:
    one, two = Misuse(3600.0), Misuse(3600.0)
    for made in (one, two):
        for client in range(300):
            made.ended(client + 1, 401, client + 1, 0, 1.0)
        made.changed(1000)
    for i in range(8):
        assert one.ended(9999, 401, 31 * i + 1, 0, 2.0).p > 0.001
        assert two.ended(9999, 401, 31 * i + 7, 0, 2.0).p > 0.001
    ((who, credentials, paths, requests, missing),) = one.changed(10)
    assert (who, requests, missing, paths, credentials.bit_count()) == (9999, 8, 0, 0, 8)
    found = two.hear(who, credentials, paths, requests, missing, 3.0)
    assert found.p < 0.001
    assert found.different >= 15
    assert two.changed(10)[0][3] == 8, "only what was seen here"
    one.hear(12345, 1, 0, 1, 0, 3.0)
    assert one.changed(10) == []
    assert one.hear(4711, 0, 1, 0, 10_000, 3.0).p <= 1, "numbers that cannot be"
