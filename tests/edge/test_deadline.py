"""The one deadline, on a clock that the test moves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from waf.edge.deadline import Deadline


class Timer:
    def __init__(self, when: float, action: Callable[[], None]) -> None:
        self._when = when
        self.action = action
        self.cancelled = False

    def when(self) -> float:
        return self._when

    def cancel(self) -> None:
        self.cancelled = True


class Clock:
    """The part of a loop that a deadline needs."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timers: list[Timer] = []

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, action: Callable[[], None]) -> Any:
        self.timers.append(Timer(when, action))
        return self.timers[-1]

    def pass_to(self, now: float) -> None:
        self.now = now
        due = [timer for timer in self.timers if timer.when() <= now]
        self.timers = [timer for timer in self.timers if timer.when() > now]
        for timer in due:
            if not timer.cancelled:
                timer.action()

    @property
    def running(self) -> int:
        return sum(not timer.cancelled for timer in self.timers)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def deadline(clock: Clock) -> Deadline:
    loop: Any = clock
    assert not isinstance(loop, asyncio.AbstractEventLoop)
    return Deadline(loop)


def test_it_is_called_once(clock: Clock, deadline: Deadline) -> None:
    calls: list[str] = []
    deadline.set(5, lambda: calls.append("late"))
    clock.pass_to(4.9)
    assert calls == []
    clock.pass_to(5)
    clock.pass_to(100)
    assert calls == ["late"]
    assert clock.running == 0


def test_cleared(clock: Clock, deadline: Deadline) -> None:
    calls: list[str] = []
    deadline.set(5, lambda: calls.append("late"))
    deadline.clear()
    clock.pass_to(10)
    assert calls == []
    assert clock.running == 0
    deadline.set(5, lambda: calls.append("again"))
    clock.pass_to(15)
    assert calls == ["again"]


def test_moved_back_it_keeps_its_timer(clock: Clock, deadline: Deadline) -> None:
    calls: list[int] = []
    for second in range(1000):
        clock.now = second / 1000
        deadline.set(5, lambda: calls.append(1))
    assert clock.running == 1
    clock.pass_to(5.5)
    assert calls == []
    clock.pass_to(6)
    assert calls == [1]


def test_moved_forward_it_is_called_earlier(clock: Clock, deadline: Deadline) -> None:
    calls: list[str] = []
    deadline.set(60, lambda: calls.append("idle"))
    deadline.set(1, lambda: calls.append("head"))
    assert clock.running == 1
    clock.pass_to(1)
    clock.pass_to(100)
    assert calls == ["head"]


def test_closed_it_leaves_nothing(clock: Clock, deadline: Deadline) -> None:
    deadline.set(5, lambda: None)
    deadline.close()
    deadline.close()
    assert clock.running == 0
