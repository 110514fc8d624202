"""One stage's queue and thread. Everything but the model's run happens on the event loop, by callbacks of one owner."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from queue import SimpleQueue
from time import perf_counter
from typing import Final, Generic, Protocol, TypeVar

from waf.classify.queueing import Entry, FairQueue, Limits, send_or_wait

SLICE: Final = 8
"""Results that are handed out in one turn of the loop: each lets a request go on, and all at once would hold up the rest."""
JOIN: Final = 5.0
"""Seconds to wait for a run to end when the lane is closed."""

E = TypeVar("E", bound=Entry)
R = TypeVar("R")


class Meter(Protocol):
    """Told what models do, on the event loop. `waf.record.Metrics` is one."""

    def ml_score(self, model: str, probability: float, /) -> None: ...
    def ml_batch(self, model: str, size: int, queue_seconds: float, run_seconds: float, /) -> None: ...
    def ml_cache(self, result: str, count: int, /) -> None: ...
    def unscored(self, reason: str, /) -> None: ...


class Lane(Generic[E, R]):
    """`work` runs in the lane's thread, on one batch at a time, and gives one result for each entry. `done` is told each, and
    `dropped` every entry that will not get one and why: `queue_full` or `deadline`; both on the loop.

    When `work` fails on several entries, each is tried by itself, so that one bad text takes nobody along; `done` gets the
    exception in place of a result.
    """

    def __init__(
        self,
        name: str,
        limits: Limits,
        work: Callable[[Sequence[E]], Sequence[R]],
        done: Callable[[E, R | Exception], None],
        dropped: Callable[[E, str], None],
        meter: Meter,
    ) -> None:
        self.limits = limits
        self._name = name
        self._work = work
        self._done = done
        self._dropped = dropped
        self._meter = meter
        self._loop = asyncio.get_running_loop()
        self._queue: FairQueue[E] = FairQueue()
        self._inbox: SimpleQueue[list[E] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._busy = self._pressed = self._scheduled = self._closed = False
        self._timer: asyncio.TimerHandle | None = None
        self._delivering = 0
        self._delivered = asyncio.Event()
        self._delivered.set()

    @property
    def waiting(self) -> int:
        return self._queue.size

    def submit(self, entry: E) -> None:
        """Let it wait for its turn. Those that arrive in one turn of the loop go together."""
        gone = self._queue.put(entry, 0 if self._closed else self.limits.waiting)
        if gone is not None:
            self._dropped(gone, "queue_full")
        if not self._busy and not self._scheduled:
            self._scheduled = True
            self._loop.call_soon(self._pump)

    def withdraw(self, entry: E) -> None:
        """Nobody wants its score any more. One that is running already is finished all the same."""
        self._queue.remove((entry,))

    async def close(self) -> None:
        """Give up on what waits, and wait for what runs. Entries submitted from now on are dropped."""
        self._closed = True
        for entry in list(self._queue.in_turn()):
            self._queue.remove((entry,))
            self._dropped(entry, "queue_full")
        if self._timer is not None:
            self._timer.cancel()
        if self._thread is not None:
            self._inbox.put(None)
            await asyncio.to_thread(self._thread.join, JOIN)
        await self._delivered.wait()

    def _pump(self) -> None:
        self._scheduled = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        now = self._loop.time()
        choice = send_or_wait(self._queue, now, self.limits, busy=self._busy, pressed=self._pressed)
        if choice.late:
            self._queue.remove(choice.late)
            for entry in choice.late:
                self._dropped(entry, "deadline")
        if choice.send:
            self._queue.take(choice.send)
            self._busy = True
            self._queued = now - min(entry.arrived for entry in choice.send)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=f"waf-{self._name}", daemon=True)
                self._thread.start()
            self._inbox.put(choice.send)
        elif choice.wait is not None:
            self._timer = self._loop.call_later(choice.wait, self._pump)

    def _finished(self, batch: list[E], results: Sequence[R | Exception], seconds: float) -> None:
        self._busy = False
        self._pressed = self._queue.size > 0
        self._meter.ml_batch(self._name, len(batch), self._queued, seconds)
        if self._pressed:
            self._pump()  # before the results are looked at, so that the thread has something to do meanwhile
        self._delivered.clear()
        self._delivering += 1
        self._deliver(zip(batch, results, strict=True))

    def _deliver(self, results: Iterator[tuple[E, R | Exception]]) -> None:
        more = True
        try:
            for _ in range(SLICE):
                found = next(results, None)
                if found is None:
                    more = False
                    break
                self._done(*found)
        finally:  # whatever happens with one of them, the others get theirs
            if more:
                self._loop.call_soon(self._deliver, results)
            else:
                self._delivering -= 1
                if not self._delivering:
                    self._delivered.set()

    # ------------------------------------------------------------------ in the thread

    def _run(self) -> None:
        while (batch := self._inbox.get()) is not None:
            began = perf_counter()
            results = self._attempt(batch)
            try:
                self._loop.call_soon_threadsafe(self._finished, batch, results, perf_counter() - began)
            except RuntimeError:  # the loop is closed, so nobody waits any more
                return

    def _attempt(self, batch: list[E]) -> Sequence[R | Exception]:
        try:
            return self._work(batch)
        except Exception as error:  # noqa: BLE001 - whatever it is, the loop must be told, or everybody waits for ever
            if len(batch) == 1:
                return [error]
        results: list[R | Exception] = []
        for entry in batch:
            results += self._attempt([entry])
        return results
