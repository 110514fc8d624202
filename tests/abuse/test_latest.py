"""The latest queries of other firewalls: what is near to them is seen here, and nothing is believed that cannot be."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import waf.abuse.latest as module
import waf.abuse.spaces as spaces_module
from tests.abuse.test_gossip import talk
from tests.abuse.test_observer import natural, observer, tensor
from waf.abuse.embed import WIDE, scale_of
from waf.abuse.gossip import Seal
from waf.abuse.latest import Latest, Measure, Queries, Seen, Shown, measure, measures, read, scale_in, sound
from waf.abuse.observer import Observer
from waf.abuse.peers import add_queries
from waf.abuse.profile import HITS, RING
from waf.model import Field, Parsed

SEAL = Seal(b"s" * 32, Latest, sound, b"latest")
MEASURES = Seal(b"s" * 32, Measure, measures, b"measure")


def hashes(*numbers: int) -> bytes:
    return np.array(numbers, dtype="<u8").tobytes()


def points(count: int, value: float = 0.5) -> bytes:
    return np.full((count, 32), value, dtype="<f2").tobytes()


GOOD = Shown(5, 0, hashes(1, 2**64 - 1), hashes(3, 4), points(2))


def test_what_was_shown_is_read() -> None:
    latest = Latest((GOOD, Shown(6, 7, b"", b"", b"")))
    assert SEAL.read(SEAL.write(latest)) == latest
    assert (len(latest), bool(latest), bool(Latest())) == (2, True, False)
    found = read(GOOD)
    assert found is not None
    assert found.owners.tolist() == [1, 2**64 - 1]
    assert found.digests.tolist() == [3, 4]
    assert found.points.shape == (2, 32)


@pytest.mark.parametrize(
    "shown",
    [
        (0, 0, hashes(1), hashes(2), points(1)),
        (5, -1, hashes(1), hashes(2), points(1)),
        ("5", 0, hashes(1), hashes(2), points(1)),
        (5, 0, hashes(1), hashes(2, 3), points(1)),
        (5, 0, hashes(1), hashes(2), points(2)),
        (5, 0, hashes(1), hashes(2), points(1)[:-1]),
        (5, 0, hashes(1)[:-1], hashes(2)[:-1], points(1)),
        (5, 0, hashes(0), hashes(2), points(1)),
        (5, 0, hashes(1), hashes(0), points(1)),
        (5, 0, hashes(1), hashes(2), points(1, float("nan"))),
        (5, 0, hashes(1), hashes(2), points(1, float("inf"))),
        (5, 0, hashes(1), hashes(2), points(1, -2050.0)),
        (5, 0, "1", "2", "3"),
        (5, 0, hashes(1), hashes(2)),
        (5, 0, hashes(1), hashes(2), points(1), 0),
        (5, 0, hashes(*range(1, 514)), hashes(*range(1, 514)), points(513)),
    ],
)  # fmt: skip
def test_what_cannot_be(shown: tuple[Any, ...]) -> None:
    message = Seal(b"s" * 32, Told, lambda _: True, b"latest").write(Told((shown,)))
    assert SEAL.read(message) is None


class Told(msgspec.Struct, array_like=True):
    """As somebody would write it who has the secret, and means no good."""

    shown: tuple[Any, ...]


def test_no_more_kinds_than_there_are_spaces() -> None:
    assert SEAL.read(SEAL.write(Latest((GOOD,) * 65))) is None


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    for seal in (SEAL, MEASURES):
        assert seal.read(data) is None
        assert seal.read(seal.write(msgspec.Raw(data))) is None or data  # type: ignore[arg-type]


def test_one_kind_of_message_is_not_another() -> None:
    told = measure(5, np.zeros(3, dtype=np.float32), np.ones(3, dtype=np.float32))
    assert MEASURES.read(MEASURES.write(told)) == told
    assert SEAL.read(MEASURES.write(told)) is None
    assert MEASURES.read(SEAL.write(Latest((GOOD,)))) is None


@pytest.mark.parametrize(
    ("centre", "factor"),
    [
        ([], []),
        ([1.0], [1.0, 2.0]),
        ([float("nan")], [1.0]),
        ([0.0], [float("inf")]),
        ([0.0], [float("nan")]),
        ([0.0], [0.0]),
        ([0.0], [-1.0]),
        ([1e21], [1.0]),
        ([0.0], [1e11]),
        ([0.0] * (WIDE + 1), [1.0] * (WIDE + 1)),
    ],
)
def test_scales_that_cannot_be(centre: list[float], factor: list[float]) -> None:
    told = measure(5, np.array(centre, dtype=np.float32), np.array(factor, dtype=np.float32))
    assert scale_in(told) is None
    assert MEASURES.read(MEASURES.write(told)) is None
    assert scale_in(Measure(5, b"123", b"123")) is None


def test_what_was_seen_has_an_end() -> None:
    seen = Seen()
    for i in range(100):
        wave = np.full(20, i + 1, dtype=np.uint64)
        seen.add(1 + i % 2, 9, Queries(wave, wave, np.zeros((20, 32), dtype=np.float32)))
    latest = seen.take({1: 77})
    assert len(latest) <= module.MOST_QUERIES // 2 + 20
    assert seen.lost == 2000 - 500
    ((kind, scale, owners),) = ((one.kind, one.scale, one.owners) for one in latest.shown)
    assert (kind, scale) == (77, 9)
    assert np.frombuffer(owners, dtype="<u8")[-1] == 99, "the latest"
    assert not seen.take({1: 77}), "only once"


def towns(count: int) -> list[Observer]:
    """They measure alike from the beginning."""
    made = [observer() for _ in range(count)]
    rng = np.random.default_rng(5)
    for one in made:
        one.share()
        one.observe("honest-0", "r", tensor(natural(rng)), 0.0)
    kind, _ = next(made[0].spaces.measured())
    scale = scale_of(np.array([natural(rng) for _ in range(64)], dtype=np.float32))
    for one in made:
        one.spaces.agree(kind, *scale)
        for i in range(160):
            one.observe(f"honest-{i % 40}", "r", tensor(natural(rng)), float(i))
        one.seen.take({})
    return made


def show(made: list[Observer], now: float) -> int:
    useful = 0
    for teller in made:
        latest = SEAL.read(SEAL.write(teller.seen.take(teller.spaces.kinds)))
        assert latest is not None
        useful += sum(add_queries(one, shown, now) for one in made if one is not teller for shown in latest.shown)
    return useful


def near(made: list[Observer], *, shows: bool) -> float:
    """How many queries of a caller are seen to be near to the one before it, which the other firewall got."""
    rng = np.random.default_rng(7)
    x = natural(rng)
    for i in range(48):
        x = x + rng.normal(size=12) * 0.1 if i % 2 else natural(rng)
        made[i % 2].observe("thief", "r", tensor(x), 1e5 + i)
        if shows:
            show(made, 1e5 + i)
    (_, two) = made
    profile = two.pool.get((two.hash("thief"), next(iter(two.spaces.kinds))))
    return float(two.pool.counts[profile.slot, HITS, 0]) if profile is not None else 0.0


def test_what_is_near_to_what_another_firewall_got() -> None:
    assert near(towns(2), shows=True) > 20
    assert near(towns(2), shows=False) < 8


def test_many_keys_whose_queries_are_near_to_each_other() -> None:
    """A seed's variants, each from another key and with another firewall, are one attack."""
    made, rng = towns(2), np.random.default_rng(8)
    seed = natural(rng)
    for i in range(180):
        who = f"thief-{i % 15}"
        made[i % 2].observe(who, "r", tensor(seed + rng.normal(size=12) * 0.2), 1e5 + i)
        show(made, 1e5 + i)
        if i % 8 == 0:
            talk(made, 1e5 + i)
    clusters = [one.clusters.of((one.hash("thief-7"), next(iter(one.spaces.kinds)))) for one in made]
    assert [len(cluster.members) for cluster in clusters if cluster is not None] == [15, 15]


def test_honest_callers_that_are_spread_are_not_seen() -> None:
    made, rng = towns(2), np.random.default_rng(11)
    for i in range(300):
        assert made[i % 2].observe(f"new-{i % 15}", "r", tensor(natural(rng)), 1e5 + i).risk < 0.5
        if i % 3 == 0:
            show(made, 1e5 + i)


def test_a_query_is_known_wherever_it_came_first() -> None:
    """A retry or a dashboard, and no query beside another one; whether it was heard of before it came or after."""
    (one, two), x = towns(2), tensor(natural(np.random.default_rng(3)))
    one.observe("ann", "r", x, 1e5)
    assert show([one, two], 1e5) > 0
    key = two.hash("ann"), next(iter(two.spaces.kinds))
    profile = two.pool.get(key)
    assert profile is not None
    assert (profile.queries, profile.stored) == (0, 1), "not counted here"
    two.observe("ann", "r", x, 1e5 + 1)
    assert (profile.queries, profile.stored) == (0, 1)
    y = tensor(natural(np.random.default_rng(4)))
    for made in (one, two):
        made.observe("ann", "r", y, 1e5 + 2)
    show([one, two], 1e5 + 3)
    assert (profile.queries, profile.stored) == (1, 2)


def test_texts_need_no_scale() -> None:
    made = [observer() for _ in range(2)]
    for one in made:
        one.share()
        one.observe("bob", "r", Parsed({"llm.prompt": [Field("llm.prompt", "$", "hello there", "json:$")]}), 1.0)
    assert show(made, 2.0) == 2
    assert list(made[0].spaces.measured()) == []


def test_points_by_another_scale_are_passed_over() -> None:
    made = [observer() for _ in range(2)]
    for one, seed in zip(made, (5, 6), strict=True):
        one.share()
        rng = np.random.default_rng(seed)
        for i in range(60):
            one.observe(f"caller-{i}", "r", tensor(natural(rng)), float(i))
    assert show(made, 60.0) == 0
    (_, mine), (_, theirs) = (next(one.spaces.measured()) for one in made)
    assert mine.scale.number != theirs.scale.number
    kind = next(iter(made[0].spaces.kinds.values()))
    made[1].spaces.agree(kind, mine.scale.centre, mine.scale.factor)
    number, fresh = made[1].spaces.of_kind(kind) or (0, None)
    assert fresh is not None
    assert (number, fresh.scale.number, fresh.callers) == (2, mine.scale.number, 0), "begun anew"
    made[0].observe("ann", "r", tensor(natural(rng)), 61.0)
    assert show(made, 61.0) == 1


def test_a_scale_is_agreed_on_once() -> None:
    one = observer()
    one.share()
    kind, x = one.hash("r\x0012"), np.arange(12.0)
    one.spaces.agree(kind, *scale_of(np.zeros((4, 12), dtype=np.float32)))
    assert one.spaces.of_kind(kind) is None, "of a kind that is not known here"
    for i in range(5):
        one.observe("ann", "r", tensor(x + i), float(i))
    found = one.spaces.of_kind(kind)
    assert found is not None
    one.spaces.agree(kind, np.zeros(11, dtype=np.float32), np.ones(11, dtype=np.float32))
    assert not found[1].scale.ready, "of another size"
    one.spaces.agree(kind, np.zeros(12, dtype=np.float32), np.ones(12, dtype=np.float32))
    assert found[1].scale.ready, "before it has learned one itself"
    assert found[1] is (one.spaces.of_kind(kind) or ())[1]
    before = found[1].scale.number
    one.spaces.agree(kind, np.ones(12, dtype=np.float32), np.ones(12, dtype=np.float32))
    assert found[1] is (one.spaces.of_kind(kind) or ())[1], "whoever can write to the server cannot make us forget"
    assert found[1].scale.number == before


def test_kinds_that_go_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spaces_module, "MOST_SPACES", 2)
    one = observer()
    for size in (3, 4, 5):
        one.observe("ann", "r", tensor(np.zeros(size)), float(size))
    assert len(one.spaces) == 2
    assert one.spaces.of_kind(one.hash("r\x003")) is None
    assert sorted(one.spaces.kinds) == [2, 3]


def test_memory_has_an_end() -> None:
    """Of callers that have no place here, and of one that fills its own."""
    full = observer(profiles=16)
    full.share()
    for i in range(40):
        full.observe(f"caller-{i}", "r", tensor(natural(np.random.default_rng(i))), float(i))
    kind, space = next(full.spaces.measured())
    draw = np.random.default_rng(1)
    for start in range(1, 3000, 500):
        numbers = hashes(*range(start, start + 500))
        known = hashes(*[full.hash("caller-39")] * 500)
        for owners in (numbers, known):
            cloud = draw.normal(size=(500, 32)).astype("<f2").tobytes()
            assert add_queries(full, Shown(kind, space.scale.number, owners, numbers, cloud), 50.0) == 500
    assert len(full.pool) == 16
    profile = full.pool.get((full.hash("caller-39"), 1))
    assert profile is None or profile.filled == RING
    assert add_queries(full, Shown(kind + 1, space.scale.number, numbers, numbers, cloud), 50.0) == 0
    assert add_queries(full, Shown(kind, 0, numbers, numbers, cloud), 50.0) == 0
    assert add_queries(full, Shown(kind, space.scale.number, numbers, numbers, cloud[2:]), 50.0) == 0
