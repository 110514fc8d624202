"""One lane by itself: what is late, what is closed, and a loop that is gone."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from typing import Any

from tests.classify.fakes import Meter
from waf.classify.lane import Lane
from waf.classify.queueing import Limits


class Entry:
    def __init__(self, name: str, deadline: float = 1e9) -> None:
        self.name, self.caller, self.cost, self.arrived, self.deadline = name, "c", 1, 0.0, deadline


class Made:
    def __init__(self, limits: Limits, work: Any = None) -> None:
        self.done: list[str] = []
        self.dropped: list[tuple[str, str]] = []
        self.lane: Lane[Entry, str] = Lane(
            "test",
            limits,
            work or (lambda batch: [entry.name.upper() for entry in batch]),
            lambda entry, result: self.done.append(str(result)),
            lambda entry, reason: self.dropped.append((entry.name, reason)),
            Meter(),
        )


async def until(condition: Any) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - what changes it is a thread
            await asyncio.sleep(0.001)


async def test_what_is_late_when_its_turn_comes_is_dropped() -> None:
    made = Made(Limits(9, 9, 9))
    for entry in (Entry("a"), Entry("late", deadline=0.0), Entry("b")):
        made.lane.submit(entry)
    await until(lambda: len(made.done) == 2)
    assert made.done == ["A", "B"]
    assert made.dropped == [("late", "deadline")]
    await made.lane.close()


async def test_closing_while_a_batch_waits_for_company() -> None:
    go = threading.Event()

    def work(batch: Sequence[Entry]) -> list[str]:
        assert go.wait(5)
        return [entry.name for entry in batch]

    made = Made(Limits(9, 9, 9, delay=60.0), work)
    made.lane.submit(Entry("a"))
    await asyncio.sleep(0.01)
    later = Entry("b")
    later.arrived = asyncio.get_running_loop().time()
    made.lane.submit(later)
    go.set()
    await until(lambda: made.lane._timer is not None)
    await made.lane.close()
    assert made.done == ["a"]
    assert made.dropped == [("b", "queue_full")]
    made.lane.submit(Entry("c"))
    assert made.dropped[-1] == ("c", "queue_full")
    assert made.lane.waiting == 0


async def test_closing_what_was_never_used() -> None:
    made = Made(Limits(9, 9, 9))
    await made.lane.close()
    assert made.lane._thread is None


def test_a_loop_that_is_gone_ends_the_thread() -> None:
    go = threading.Event()

    def work(batch: Sequence[Entry]) -> list[str]:
        assert go.wait(5)
        return ["nobody listens"]

    async def main() -> Any:
        made = Made(Limits(9, 9, 9), work)
        made.lane.submit(Entry("a"))
        await until(lambda: made.lane._thread is not None)
        return made.lane._thread

    thread = asyncio.run(main())
    go.set()
    thread.join(5)
    assert not thread.is_alive()
