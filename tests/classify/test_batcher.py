"""The batcher on a running loop, with models that wait until the test lets them go."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.classify.fakes import FakeStage, Meter, cascade, scorer
from waf.classify.batcher import Batcher, batch_limits
from waf.classify.cache import Cache
from waf.classify.queueing import Limits
from waf.classify.scorer import Scorer
from waf.classify.scoring import Outcome
from waf.classify.segments import Segment
from waf.inference import Classifier

USER = 1
LIMITS = Limits(waiting=100, batch=16, cost=10_000)


def segments(made: Scorer, *texts: str) -> list[Segment]:
    return [Segment(text, USER, "o", made._keys.key(text, USER, "route")) for text in texts]


def stages(made: Scorer) -> tuple[FakeStage, FakeStage]:
    assert isinstance(made.cascade.gate, FakeStage)
    assert isinstance(made.cascade.deep, FakeStage)
    return made.cascade.gate, made.cascade.deep


class Bench:
    """A batcher with its meter and models."""

    def __init__(self, limits: Limits = LIMITS, cache: int = 1000, **options: Any) -> None:
        self.meter = Meter()
        self.failures: list[Exception] = []
        self.scorer = scorer(cascade(**options), report=self.failures.append)
        self.gate, self.deep = stages(self.scorer)
        self.batcher = Batcher(limits, Cache(cache), self.meter)

    def score(self, *texts: str, caller: str = "c", seconds: float = 5.0) -> asyncio.Task[list[Outcome | None]]:
        coroutine = self.batcher.score(self.scorer, segments(self.scorer, *texts), caller=caller, seconds=seconds)
        return asyncio.get_running_loop().create_task(coroutine)


@asynccontextmanager
async def bench(limits: Limits = LIMITS, **options: Any) -> AsyncIterator[Bench]:
    made = Bench(limits, **options)
    try:
        yield made
    finally:
        made.gate.hold.set()
        made.deep.hold.set()
        await made.batcher.close()
    assert made.batcher.under_way == 0


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - what changes it is a thread that knows nothing of us
            await asyncio.sleep(0.001)


def values(outcomes: list[Outcome | None]) -> list[float | None]:
    return [None if found is None else round(found.injection, 2) for found in outcomes]


async def test_outcomes_come_in_the_order_of_the_texts() -> None:
    async with bench() as made:
        found = await made.score("hello", "attack", "maybe really", "maybe", "jail")
        assert values(found) == [0.01, 0.97, 0.9, 0.01, 0.03]
        assert made.gate.threads == {"waf-gate"}
        assert made.deep.threads == {"waf-deep"}
        assert made.meter.batches == [("gate", 5), ("deep", 2)]
        assert sorted(model for model, _ in made.meter.scores) == ["deep", "deep", "gate", "gate", "gate"]
        assert made.meter.missed == []


async def test_the_same_verdicts_as_without_a_batcher() -> None:
    texts = ["hello", "attack now", "maybe really", "maybe " * 30, "jail " + "word " * 50, "word " * 800 + "hardly"]
    async with bench() as made:
        assert await made.score(*texts) == made.scorer.score(segments(made.scorer, *texts))


async def test_what_comes_while_the_model_runs_goes_together() -> None:
    async with bench() as made:
        made.gate.hold.clear()
        first = made.score("number one")
        await until(made.gate.started.is_set)
        rest = [made.score(f"text {i}", caller=f"c{i % 7}") for i in range(40)]
        await until(lambda: made.batcher.under_way == 41)
        made.gate.hold.set()
        await asyncio.gather(first, *rest)
        assert made.meter.batches == [("gate", 1), ("gate", 16), ("gate", 16), ("gate", 8)]


async def test_a_text_is_scored_once_for_all_who_wait_for_it_and_remembered_for_those_who_come_later() -> None:
    async with bench() as made:
        made.gate.hold.clear()
        tasks = [made.score("attack", "attack", "hello", caller=str(i)) for i in range(8)]
        await until(lambda: made.meter.cached.get("shared", 0) == 22)
        made.gate.hold.set()
        found = await asyncio.gather(*tasks)
        assert all(values(outcomes) == [0.97, 0.97, 0.01] for outcomes in found)
        assert sorted(made.gate.texts) == ["attack", "hello"]
        assert values(await made.score("hello", "attack", "attack")) == [0.01, 0.97, 0.97]
        assert made.meter.cached == {"miss": 2, "shared": 22, "hit": 3}
        assert len(made.gate.texts) == 2


async def test_some_remembered_some_not() -> None:
    async with bench() as made:
        await made.score("attack")
        assert values(await made.score("hello", "attack", "jail")) == [0.01, 0.97, 0.03]
        assert made.meter.cached == {"miss": 3, "hit": 1}


async def test_nothing_to_score() -> None:
    async with bench() as made:
        assert await made.score() == []


async def test_models_have_memories_of_their_own() -> None:
    async with bench() as made:
        await made.score("hello")
        other = scorer(cascade(positions=4))
        object.__setattr__(other.cascade, "version", "other")
        newer = Scorer(other.cascade, b"k" * 16)
        await made.batcher.score(newer, segments(newer, "hello"), caller="c", seconds=5)
        assert made.meter.cached == {"miss": 2}


async def test_texts_of_two_models_in_one_batch_are_told_apart() -> None:
    """Around a reload: what began with the old models is finished by them."""
    async with bench() as made:
        made.gate.hold.clear()
        first = made.score("number one")
        await until(made.gate.started.is_set)
        newer = scorer(cascade(deep=False))
        newer = Scorer(newer.cascade, b"n" * 16, views=newer.views)
        old = made.score("maybe old")
        new = asyncio.create_task(made.batcher.score(newer, segments(newer, "maybe new"), caller="c", seconds=5))
        await until(lambda: made.batcher.under_way == 3)
        made.gate.hold.set()
        await first
        assert values(await new) == [0.6]
        assert values(await old) == [0.01]
        assert ("gate", 2) in made.meter.batches


# ---------------------------------------------------------------------- deadlines


async def test_past_the_deadline_nothing_is_known_and_nothing_remembered() -> None:
    async with bench() as made:
        made.gate.hold.clear()
        assert await made.score("attack", "hello", seconds=0.02) == [None, None]
        assert made.meter.missed == ["deadline", "deadline"]
        assert made.batcher.under_way == 0
        made.gate.hold.set()
        await until(lambda: made.gate.runs == [2])
        assert values(await made.score("attack")) == [0.97], "the run was finished all the same"


async def test_when_the_deep_stage_is_late_the_gate_decides_and_nothing_is_remembered() -> None:
    async with bench() as made:
        made.deep.hold.clear()
        maybe, hardly = await made.score("maybe", "hardly", seconds=0.5)
        assert maybe is not None
        assert hardly is not None
        assert (maybe.injection, maybe.degraded, maybe.assumed) == (pytest.approx(0.6), True, True)
        assert (hardly.injection, hardly.degraded, hardly.assumed) == (pytest.approx(0.3), True, False)
        assert made.meter.missed == ["deep_deadline", "deep_deadline"]
        assert len(made.batcher.cache) == 0


async def test_a_text_whose_time_is_up_is_never_run() -> None:
    async with bench() as made:
        made.gate.hold.clear()
        first = made.score("number one")
        await until(made.gate.started.is_set)
        assert await made.score("too late", seconds=0.01) == [None]
        made.gate.hold.set()
        await first
        assert values(await made.score("afterwards")) == [0.01]
        assert made.gate.texts == ["number one", "afterwards"]


async def test_who_has_more_time_gets_the_score_that_another_gave_up() -> None:
    async with bench() as made:
        made.gate.hold.clear()
        hasty, patient = made.score("attack", seconds=0.02), made.score("attack", seconds=5)
        assert await hasty == [None]
        made.gate.hold.set()
        assert values(await patient) == [0.97]


# ---------------------------------------------------------------------- clients that go away


async def test_a_client_that_goes_away_takes_its_texts_along() -> None:
    async with bench() as made:
        made.gate.hold.clear()
        first = made.score("number one")
        await until(made.gate.started.is_set)
        gone = made.score("nobody waits", "shared")
        stays = made.score("shared")
        await until(lambda: made.batcher.under_way == 3)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
        assert made.batcher.under_way == 2
        made.gate.hold.set()
        await asyncio.gather(first, stays)
        assert made.gate.texts == ["number one", "shared"]


async def test_a_client_that_goes_away_during_the_deep_stage() -> None:
    async with bench() as made:
        made.deep.hold.clear()
        running = made.score("maybe one")
        await until(made.deep.started.is_set)
        gone = made.score("maybe two")
        await until(lambda: len(made.gate.texts) == 2 and made.batcher._deep.waiting == 1)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
        assert made.batcher._deep.waiting == 0
        made.deep.hold.set()
        await running
        assert made.deep.texts == ["maybe one"]


async def test_a_client_that_goes_away_between_the_stages() -> None:
    async with bench() as made:
        made.gate.hold.clear()
        gone = made.score("maybe one")
        await until(made.gate.started.is_set)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
        made.gate.hold.set()
        await made.score("another")
        assert made.deep.texts == []


# ---------------------------------------------------------------------- faults and floods


async def test_one_bad_text_takes_nobody_along() -> None:
    async with bench() as made:
        assert values(await made.score("hello", "broken", "attack")) == [0.01, None, 0.97]
        assert made.meter.missed == ["gate_error"]
        assert [str(error) for error in made.failures] == ["broken"]
        assert len(made.batcher.cache) == 2


async def test_a_fault_with_one_result_takes_nobody_along() -> None:
    async with bench() as made:
        faults: list[Any] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: faults.append(context["exception"]))
        answer = made.batcher._answer

        def faulty(item: Any, outcome: Any) -> None:
            if item.segment.text == "number 3":
                raise RuntimeError("a bug")
            answer(item, outcome)

        made.batcher._answer = faulty  # type: ignore[method-assign]
        tasks = [made.score(f"number {i}", seconds=0.7) for i in range(20)]
        found = [values(await task) for task in tasks]
        assert found == [[None] if i == 3 else [0.01] for i in range(20)]
        assert [str(fault) for fault in faults] == ["a bug"]
        assert made.meter.missed == ["deadline"]


async def test_when_the_deep_stage_fails_the_gate_decides() -> None:
    async with bench() as made:
        made.deep.table = {0: (2.0, 0.0)}
        (found,) = await made.score("maybe this")
        assert found is not None
        assert (found.degraded, found.assumed) == (True, True)
        assert made.meter.missed == ["deep_error"]
        assert "no probability" in str(made.failures[0])
        assert len(made.batcher.cache) == 0


async def test_a_flood_of_one_client_leaves_room_for_others() -> None:
    async with bench(Limits(waiting=8, batch=4, cost=10_000)) as made:
        made.gate.hold.clear()
        first = made.score("number one")
        await until(made.gate.started.is_set)
        flood = made.score(*(f"flood {i}" for i in range(20)), caller="flood")
        await until(lambda: made.meter.missed.count("queue_full") == 12)
        other = made.score("attack", caller="other")
        await until(lambda: made.meter.missed.count("queue_full") == 13)
        made.gate.hold.set()
        assert values(await other) == [0.97]
        assert (await flood).count(None) == 13
        await first


async def test_a_full_queue_of_the_deep_stage_leaves_it_to_the_gate() -> None:
    async with bench(Limits(waiting=2, batch=99, cost=10_000)) as made:
        made.deep.hold.clear()
        running = made.score("maybe one")
        await until(made.deep.started.is_set)
        rest = made.score("maybe two", "maybe three")
        await until(lambda: made.batcher._deep.waiting == 2)
        more = await made.score("maybe four")
        assert more[0] is not None
        assert more[0].degraded
        assert made.meter.missed == ["deep_queue_full"]
        made.deep.hold.set()
        await asyncio.gather(running, rest)


async def test_without_memory() -> None:
    async with bench(cache=0) as made:
        await made.score("hello")
        await made.score("hello")
        assert len(made.gate.texts) == 2


async def test_under_load_a_batch_waits_for_company_when_told_to() -> None:
    async with bench(Limits(waiting=99, batch=3, cost=10_000, delay=30.0)) as made:
        made.gate.hold.clear()
        first = made.score("number one", seconds=100)
        await until(made.gate.started.is_set)
        second = made.score("number two", seconds=100)
        await until(lambda: made.batcher.under_way == 2)
        made.gate.hold.set()
        await first
        await asyncio.sleep(0.02)
        assert made.gate.texts == ["number one"]
        rest = [made.score("number three", seconds=100), made.score("number four", seconds=100)]
        await asyncio.gather(second, *rest)
        assert made.meter.batches == [("gate", 1), ("gate", 3)]


async def test_waiting_for_company_ends() -> None:
    async with bench(Limits(waiting=99, batch=3, cost=10_000, delay=0.02)) as made:
        made.gate.hold.clear()
        first = made.score("number one")
        await until(made.gate.started.is_set)
        second = made.score("number two")
        await until(lambda: made.batcher.under_way == 2)
        made.gate.hold.set()
        await asyncio.gather(first, second)


async def test_closing_answers_everybody() -> None:
    made = Bench()
    made.gate.hold.clear()
    running = made.score("number one")
    await until(made.gate.started.is_set)
    waiting = made.score("number two")
    await until(lambda: made.batcher.under_way == 2)
    closing = asyncio.create_task(made.batcher.close())
    assert await waiting == [None]
    made.gate.hold.set()
    await closing
    assert values(await running) == [0.01]
    assert await made.score("too late") == [None]
    assert made.meter.missed == ["queue_full", "queue_full"]


async def test_a_new_configuration_s_limits_hold_from_then_on() -> None:
    async with bench() as made:
        await made.score("one", "two", "three")
        made.batcher.set_limits(batch_limits(Classifier(queue=7, batch=2, delay=0.5)), 1)
        assert made.batcher._gate.limits == Limits(7, 2, 65_536, 0.5)
        assert made.batcher._deep.limits.waiting == 7
        await made.score("four")
        assert len(made.batcher.cache) == 1


def test_the_least_recently_used_is_forgotten_first() -> None:
    cache = Cache(2)
    a, b, c = Outcome(0.1, 0), Outcome(0.2, 0), Outcome(0.3, 0)
    cache.put(b"a", a)
    cache.put(b"b", b)
    assert cache.get(b"a") is a
    cache.put(b"c", c)
    assert (cache.get(b"a"), cache.get(b"b"), cache.get(b"c")) == (a, None, c)
    cache.put(b"a", b)
    assert (len(cache), cache.get(b"a")) == (2, b)


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_happens_everybody_is_answered_and_nothing_is_left(seed: int) -> None:
    """Hundreds of requests over few texts, some hasty, some that go away, some texts that break the model, small queues."""
    draw = random.Random(seed)
    words = ["hello", "attack", "jail", "maybe", "hardly", "really", "broken", "word"]
    texts = [" ".join(draw.choices(words, [9, 1, 1, 2, 1, 1, 0.3, 9], k=draw.randrange(1, 40))) for _ in range(60)]
    limits = Limits(waiting=draw.choice([3, 40]), batch=draw.choice([1, 4, 16]), cost=draw.choice([20, 1000]))
    async with bench(limits, cache=draw.choice([0, 10, 1000])) as made:
        truth: dict[str, Outcome | None] = {}
        for text in texts:
            try:
                (truth[text],) = made.scorer.score(segments(made.scorer, text))
            except RuntimeError:
                truth[text] = None
        asked: list[tuple[list[str], asyncio.Task[list[Outcome | None]]]] = []
        for i in range(300):
            mine = draw.choices(texts, k=draw.randrange(1, 6))
            task = made.score(*mine, caller=draw.choice("abc"), seconds=draw.choice([0.001, 0.05, 5]))
            asked.append((mine, task))
            if draw.random() < 0.2:
                asyncio.get_running_loop().call_later(draw.random() * 0.02, task.cancel)
            if i % 20 == 0:
                await asyncio.sleep(draw.random() * 0.01)
        done = await asyncio.gather(*(task for _, task in asked), return_exceptions=True)
        known = 0
        for (mine, _), found in zip(asked, done, strict=True):
            if isinstance(found, list):
                assert len(found) == len(mine)
                for text, outcome in zip(mine, found, strict=True):
                    if outcome is not None and not outcome.degraded:
                        assert outcome == truth[text]
                        known += 1
            else:
                assert isinstance(found, asyncio.CancelledError)
        assert known > 0
        assert made.batcher.under_way == 0
        assert made.batcher._gate.waiting == made.batcher._deep.waiting == 0
        assert len(made.batcher.cache) <= made.batcher.cache.size
