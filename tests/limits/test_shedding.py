"""The limit of a model server, against servers that are simulated: what they can, what they get, how long it takes."""

from __future__ import annotations

import heapq
from collections.abc import Callable

import pytest

from waf.limits.shedding import Shedder
from waf.usage import Shedding


def simulate(
    shedder: Shedder, seconds: float, arrivals: float, service: Callable[[float], float], slots: int = 16
) -> tuple[int, int, list[float]]:
    """A server with so many slots and a queue without end; requests at an even pace. (answered, shed, latencies)."""
    events: list[tuple[float, int, float]] = []
    free = [0.0] * slots
    answered = shed = 0
    latencies: list[float] = []
    for number in range(int(seconds * arrivals)):
        now = number / arrivals
        while events and events[0][0] <= now:
            done, _, began = heapq.heappop(events)
            shedder.answered(done - began, done)
            shedder.leave()
            latencies.append(done - began)
            answered += 1
        if not shedder.enter():
            shed += 1
            continue
        begins = max(now, heapq.heappop(free))
        done = begins + service(now)
        heapq.heappush(free, done)
        heapq.heappush(events, (done, number, now))
    for _ in events:
        shedder.leave()
    return answered, shed, latencies


def test_a_server_that_keeps_up_gets_everything() -> None:
    shedder = Shedder(Shedding())
    _, shed, _ = simulate(shedder, 30, 100, lambda _: 0.1)
    assert shed == 0
    assert shedder.active == 0


def test_overload_is_shed_and_latency_stays() -> None:
    """Twice what 16 slots of 0.1 s can: without a limit the last would wait for a minute."""
    shedder = Shedder(Shedding())
    answered, shed, latencies = simulate(shedder, 120, 320, lambda _: 0.1)
    assert answered > 0.9 * 120 * 160, "the server is not left idle"
    assert shed > 0.4 * 120 * 320
    assert sorted(latencies)[int(len(latencies) * 0.95)] < 0.5
    assert sum(latencies[-1000:]) / 1000 < 0.3


def test_a_spike_passes() -> None:
    """Ten times slower for ten seconds: less is sent meanwhile, and everything again afterwards."""
    shedder = Shedder(Shedding())
    limits: list[float] = []

    def service(now: float) -> float:
        limits.append(shedder.limit)
        return 1.0 if 20 <= now < 30 else 0.1

    simulate(shedder, 90, 120, service)
    assert min(limits) < 10
    shed = simulate(shedder, 20, 120, lambda _: 0.1)[1]
    assert shed < 0.02 * 20 * 120


def test_a_target_is_kept() -> None:
    shedder = Shedder(Shedding(latency=0.2, most=1000))
    _, _, latencies = simulate(shedder, 120, 320, lambda _: 0.1)
    assert sum(latencies[-2000:]) / 2000 == pytest.approx(0.2, abs=0.08)


def test_failures_cut_it_down() -> None:
    shedder = Shedder(Shedding(start=100, least=5))
    for number in range(400):
        shedder.answered(0.01, number * 0.05, failed=number % 5 == 0)
    assert shedder.limit == pytest.approx(5, abs=1)


def test_nothing_is_learned_from_a_server_that_nobody_asks() -> None:
    shedder = Shedder(Shedding(start=50))
    for number in range(1000):
        assert shedder.enter()
        shedder.answered(0.05, number * 0.1)
        shedder.leave()
    assert shedder.limit == 50
