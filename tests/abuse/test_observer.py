"""Thieves among honest callers, on small made-up inputs: what is noticed, what is not, and that memory has an end."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import waf.abuse.clusters as clusters_module
import waf.abuse.observer as module
import waf.abuse.spaces as spaces_module
from waf.abuse.assessment import UNKNOWN, Assessment
from waf.abuse.observer import Observer
from waf.abuse.space import RATES
from waf.model import Field, Parsed, Tensor

SIZE = 12
SECRET = bytes(32)
Rng = np.random.Generator


def tensor(*rows: Any, protocol: str = "kserve", name: str = "x") -> Parsed:
    table = np.array(rows, dtype=np.float64)
    return Parsed({}, protocol=protocol, tensors=[Tensor(name, array("d", table.ravel()), table.shape)])


def natural(rng: Rng) -> Any:
    """Three kinds of inputs, in which some elements go together."""
    kind = rng.integers(3)
    hidden = rng.normal(size=6)
    mixed = np.concatenate([hidden, hidden[:6] * 0.7 + rng.normal(size=6) * 0.3])
    return 3 * np.roll(np.arange(SIZE) % 3, kind) + mixed


def observer(**changes: Any) -> Observer:
    given = {"budget": 0.001, "profiles": 512, "callers": 1000, "forget": 86_400.0, "secret": SECRET} | changes
    return Observer(**given)


def honest(made: Observer, callers: int = 80, queries: int = 20) -> None:
    rng = np.random.default_rng(5)
    now = 0.0
    for _ in range(queries):
        for caller in range(callers):
            now += float(rng.exponential(1.0))
            assert made.observe(f"honest-{caller}", "r", tensor(natural(rng)), now).risk < 0.5


@pytest.fixture
def town() -> Observer:
    made = observer()
    honest(made)
    return made


def jitter(rng: Rng) -> Iterator[Any]:
    seeds = [natural(rng) for _ in range(4)]
    while True:
        yield seeds[rng.integers(4)] + rng.normal(size=SIZE) * 0.1


def line(rng: Rng) -> Iterator[Any]:
    while True:
        a, b = natural(rng), natural(rng)
        for _ in range(10):
            a = (a + b) / 2
            yield a


def noise(rng: Rng) -> Iterator[Any]:
    while True:
        yield rng.uniform(-4, 10, SIZE)


def sweep(rng: Rng) -> Iterator[Any]:
    while True:
        x = natural(rng)
        for feature in range(SIZE):
            for value in np.linspace(-3, 9, 8):
                yield np.where(np.arange(SIZE) == feature, value, x)


THEFTS = {"jitter": jitter, "line": line, "noise": noise, "sweep": sweep}


def first_alarm(made: Observer, thief: Iterator[Any], who: Any, most: int) -> tuple[int, Assessment]:
    for i in range(1, most):
        found = made.observe(who(i), "r", tensor(next(thief)), 1e5 + i)
        if found.risk >= 0.5:
            return i, found
    return most, found


@pytest.mark.parametrize(("name", "most"), [("jitter", 90), ("line", 90), ("noise", 90), ("sweep", 150)])
def test_thefts_are_noticed(name: str, most: int, town: Observer) -> None:
    """A sweep later: what-ifs and edits come first."""
    queries, found = first_alarm(town, THEFTS[name](np.random.default_rng(7)), lambda _: "thief", most)
    assert queries < most
    assert found.signals
    assert found.p <= 0.001


def test_so_are_those_that_come_from_many_keys(town: Observer) -> None:
    thief = jitter(np.random.default_rng(7))
    queries, found = first_alarm(town, thief, lambda i: f"thief-{i % 20}", 400)
    assert queries < 400
    assert found.cluster
    assert found.members >= 3
    assert found.signals[0] == "shared"


def test_an_honest_caller_that_asks_a_lot_is_not(town: Observer) -> None:
    rng = np.random.default_rng(9)
    for i in range(700):
        assert town.observe("batch", "r", tensor(natural(rng)), 1e5 + i).risk < 0.5


def test_neither_are_retries_and_dashboards(town: Observer) -> None:
    rng = np.random.default_rng(9)
    panels = [natural(rng) for _ in range(5)]
    for i in range(500):
        found = town.observe("dashboard", "r", tensor(panels[i % 5]), 1e5 + 30 * i)
        assert found.risk < 0.5
    assert found.queries == 5, "repetitions do not count"


def test_who_is_first_is_compared_with_nobody() -> None:
    made, rng = observer(), np.random.default_rng(1)
    for i in range(200):
        assert made.observe("only", "r", tensor(natural(rng)), float(i)).risk < 0.5


def test_a_batch_is_many_queries(town: Observer) -> None:
    thief = jitter(np.random.default_rng(7))
    found = UNKNOWN
    for i in range(8):
        found = town.observe("thief", "r", tensor(*(next(thief) for _ in range(64))), 1e5 + i)
    assert 50 < found.queries <= 64
    assert found.risk >= 0.5


def test_long_silence_is_a_new_start(town: Observer) -> None:
    thief = jitter(np.random.default_rng(7))
    first_alarm(town, thief, lambda _: "thief", 90)
    found = town.observe("thief", "r", tensor(next(thief)), 1e6)
    assert (found.risk, found.queries) == (0.0, 1)


def test_texts() -> None:
    made, rng = observer(), np.random.default_rng(2)
    words = "river stone lamp garden music paper window summer bread cloud letter train forest mirror candle".split()

    def chat(text: str, **params: float) -> Parsed:
        fields = {"llm.user": [Field("llm.user", "u", text, "json:$.u")]}
        fields["llm.params"] = [Field("llm.params", n, v, f"json:$.{n}") for n, v in params.items()]
        return Parsed(fields, protocol="openai")

    for i in range(1200):
        text = " ".join(rng.choice(words, 12))
        assert (
            made.observe(f"honest-{i % 60}", "chat", chat(text, temperature=0.7, max_tokens=200), float(i)).risk < 0.5
        )
    seed = "the parcel that my neighbour sent has arrived broken and nobody answers when I call"
    for i in range(40):
        text = seed[: i + 3] + seed[i + 3 :].upper() if i % 2 else seed[: i + 3] + "Q" + seed[i + 4 :]
        found = made.observe("thief", "chat", chat(text, logprobs=1, max_tokens=1), 5000.0 + i)
    assert found.risk >= 0.5
    profile = made.pool.get((made.hash("thief"), 1))
    assert profile is not None
    assert made.pool.counts[profile.slot, :2, RATES.index("appetite")].tolist() == [40, 40]
    assert "near" in found.signals


def test_what_has_no_input_says_nothing() -> None:
    assert observer().observe("a", "r", Parsed({}), 0.0) is UNKNOWN
    assert observer().observe("a", "r", tensor([]), 0.0) is UNKNOWN


def test_memory_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spaces_module, "MOST_SPACES", 3)
    monkeypatch.setattr(clusters_module, "MOST_CLUSTERS", 2)
    made, rng = observer(profiles=16), np.random.default_rng(1)
    for i in range(2000):
        text = Field("llm.prompt", "t", f"text {rng.integers(1 << 30)}", "json:$.t")
        made.observe(f"caller-{i % 400}", f"route-{i % 5}", Parsed({"llm.prompt": [text]}), float(i))
    assert len(made.pool) == 16
    assert len(made.spaces) == 3


def test_a_busy_caller_gets_a_place_from_idle_ones() -> None:
    made, rng = observer(profiles=16), np.random.default_rng(1)
    for i in range(40):
        made.observe(f"once-{i}", "r", tensor(natural(rng)), float(i))
    for i in range(40):
        found = made.observe("busy", "r", tensor(natural(rng)), 100.0 + i)
    assert found.queries > 30
    for i in range(200):
        made.observe(f"once-more-{i}", "r", tensor(natural(rng)), 200.0 + i)
    assert made.pool.get((made.hash("busy"), 1)) is not None


@pytest.mark.parametrize("every", [8, 32])
def test_looking_at_many_together_sees_as_much(every: int) -> None:
    """Honest callers and a thief at once; what is known of the thief is a few requests old."""
    made, rng, thief = observer(), np.random.default_rng(5), jitter(np.random.default_rng(7))
    now, risks = 0.0, dict[int, float]()

    def ask(who: str, x: Any) -> Assessment:
        found = made.look(made.hash(who), "r", tensor(x), now)
        if made.waiting >= every:
            risks.update(made.settle())
        return found

    for i in range(1600):
        now += float(rng.exponential(1.0))
        assert ask(f"honest-{i % 80}", natural(rng)).risk < 0.5
    assert max(risks.values(), default=0.0) < 0.5
    for i in range(90):
        for caller in range(3):
            assert ask(f"honest-{(3 * i + caller) % 80}", natural(rng)).risk < 0.5
        now += 1.0
        if ask("thief", next(thief)).risk >= 0.5:
            break
    risks.update(made.settle())
    assert i < 89
    assert risks[made.hash("thief")] >= 0.5


def test_one_that_asks_a_lot_does_not_wait_long() -> None:
    made, rng = observer(), np.random.default_rng(5)
    honest(made)
    waited = []
    for i in range(40):
        made.look(made.hash("busy"), "r", tensor(natural(rng)), 1e5 + i)
        waited.append(made.waiting)
    assert max(waited) == module.MOST_OWN


def test_places_that_are_taken_over_while_others_wait() -> None:
    """Sixteen profiles for two hundred callers who are looked at together, each often enough to get one."""
    made, rng = observer(profiles=16), np.random.default_rng(1)
    for i in range(4000):
        made.look(made.hash(f"caller-{i % 200}"), "r", tensor(natural(rng)), float(i))
        if made.waiting >= module.MOST_WAITING:
            made.settle()
    assert len({profile.slot for profile in made.pool}) == len({profile.key for profile in made.pool}) == 16
    assert made.settle() == {}
    assert made.waiting == 0
