"""The decision who is sent, as a table; and that the queue neither loses nor doubles anybody."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from waf.classify.queueing import FairQueue, Limits, send_or_wait


class Entry:
    def __init__(self, caller: str, cost: int = 1, arrived: float = 0.0, deadline: float = 100.0) -> None:
        self.caller, self.cost, self.arrived, self.deadline = caller, cost, arrived, deadline

    def __repr__(self) -> str:
        return f"{self.caller}{self.cost}"


def queue(*entries: Entry) -> FairQueue[Entry]:
    made: FairQueue[Entry] = FairQueue()
    for entry in entries:
        assert made.put(entry, 1000) is None
    return made


@pytest.mark.parametrize(
    ("limits", "busy", "pressed", "now", "sent", "wait"),
    [
        # greedy: whoever is there goes at once, in turn between callers
        (Limits(99, 9, 99), False, False, 0.0, "a1 b1 a2", None),
        (Limits(99, 9, 99), False, True, 0.0, "a1 b1 a2", None),
        # a model that runs is left alone
        (Limits(99, 9, 99), True, True, 0.0, "", None),
        # a run has limits
        (Limits(99, 2, 99), False, True, 0.0, "a1 b1", None),
        (Limits(99, 9, 2), False, True, 0.0, "a1 b1", None),
        (Limits(99, 9, 3), False, True, 0.0, "a1 b1", None),
        (Limits(99, 1, 99), False, False, 0.0, "a1", None),
        # waiting for company: only under load, only until the first has waited long enough, never in a full batch
        (Limits(99, 9, 99, 0.5), False, False, 0.0, "a1 b1 a2", None),
        (Limits(99, 9, 99, 0.5), False, True, 0.0, "", 0.5),
        (Limits(99, 9, 99, 0.5), False, True, 0.4, "", 0.1),
        (Limits(99, 9, 99, 0.5), False, True, 0.5, "a1 b1 a2", None),
        (Limits(99, 3, 99, 0.5), False, True, 0.0, "a1 b1 a2", None),
        (Limits(99, 9, 4, 0.5), False, True, 0.0, "a1 b1 a2", None),
        # a deadline is not waited away
        (Limits(99, 9, 99, 80.0), False, True, 0.0, "", 20.0),
        (Limits(99, 9, 99, 80.0), False, True, 20.0, "a1 b1 a2", None),
    ],
)  # fmt: skip
def test_send_or_wait(limits: Limits, busy: bool, pressed: bool, now: float, sent: str, wait: float | None) -> None:
    made = queue(Entry("a", 1), Entry("a", 2), Entry("b", 1))
    choice = send_or_wait(made, now, limits, busy=busy, pressed=pressed)
    assert " ".join(map(str, choice.send)) == sent
    assert choice.late == []
    assert choice.wait == (pytest.approx(wait) if wait is not None else None)
    assert made.size == 3


def test_nobody_waits() -> None:
    assert send_or_wait(queue(), 0.0, Limits(9, 9, 9), busy=False, pressed=True) == ([], [], None)


def test_what_is_past_its_deadline_is_not_sent() -> None:
    late, due = Entry("a", deadline=5), Entry("a", deadline=5.1)
    assert send_or_wait(queue(late, due), 5.0, Limits(9, 9, 9), busy=False, pressed=False) == ([due], [late], None)
    assert send_or_wait(queue(late), 5.0, Limits(9, 9, 9, 1.0), busy=False, pressed=True) == ([], [late], None)


def test_one_entry_may_cost_more_than_a_run() -> None:
    big, small = Entry("a", 1000), Entry("b", 1)
    assert send_or_wait(queue(big, small), 0.0, Limits(9, 9, 100), busy=False, pressed=False).send == [big]


def test_a_long_line_does_not_make_others_wait() -> None:
    made = queue(*[Entry("flood") for _ in range(100)], Entry("other"))
    sent: list[Entry] = []
    for _ in range(2):
        sent = send_or_wait(made, 0.0, Limits(999, 1, 999), busy=False, pressed=True).send
        made.take(sent)
    assert sent[0].caller == "other"


def test_when_it_is_full_the_longest_line_gives_way() -> None:
    flood = [Entry("flood") for _ in range(3)]
    made = queue(*flood)
    other, second, third = Entry("other"), Entry("other"), Entry("third")
    assert made.put(other, 3) is flood[2]
    assert made.put(second, 3) is second, "its own line would be as long"
    assert made.put(third, 3) is flood[1]
    assert list(made.in_turn()) == [flood[0], other, third]
    assert made.put(Entry("x"), 0) is not None


class Queue(RuleBasedStateMachine):
    """Everybody who is put in comes out once: sent, late, sent away or withdrawn."""

    @initialize(most=st.integers(1, 8), batch=st.integers(1, 4), cost=st.integers(1, 12))
    def begin(self, most: int, batch: int, cost: int) -> None:
        self.limits = Limits(most, batch, cost)
        self.queue: FairQueue[Entry] = FairQueue()
        self.inside: list[Entry] = []
        self.now = 0.0

    @rule(caller=st.sampled_from("abc"), cost=st.integers(0, 9), patience=st.integers(0, 5))
    def put(self, caller: str, cost: int, patience: int) -> None:
        entry = Entry(caller, cost, self.now, self.now + patience)
        before = Counter(e.caller for e in self.inside)
        gone = self.queue.put(entry, self.limits.waiting)
        self.inside.append(entry)
        if gone is not None:
            self.inside.remove(gone)
            assert len(self.inside) == self.limits.waiting
            assert gone is entry or before[gone.caller] > before[caller] + 1

    @rule(pick=st.integers(0, 20))
    def withdraw(self, pick: int) -> None:
        if self.inside:
            entry = self.inside.pop(pick % len(self.inside))
            self.queue.remove((entry, entry))

    @rule(passed=st.integers(0, 3), pressed=st.booleans())
    def send(self, passed: int, pressed: bool) -> None:
        self.now += passed
        choice = send_or_wait(self.queue, self.now, self.limits, busy=False, pressed=pressed)
        assert not (choice.send and choice.wait)
        assert len(choice.send) <= self.limits.batch
        assert len(choice.send) <= 1 or sum(e.cost for e in choice.send) <= self.limits.cost
        assert all(e.deadline <= self.now for e in choice.late)
        assert all(e.deadline > self.now for e in choice.send)
        if self.inside:
            assert choice.send or choice.late
        for entry in (*choice.send, *choice.late):
            self.inside.remove(entry)
        self.queue.take(choice.send)
        self.queue.remove(choice.late)

    @invariant()
    def nobody_is_lost_or_doubled(self) -> None:
        assert sorted(map(id, self.queue.in_turn())) == sorted(map(id, self.inside))
        assert self.queue.size == len(self.inside) <= self.limits.waiting
        assert all(entry in self.queue for entry in self.inside)


TestQueue = Queue.TestCase


@given(st.lists(st.sampled_from("abcdef"), max_size=60))
def test_callers_are_served_evenly(callers: list[str]) -> None:
    """After k entries in turn, nobody who still waits has been served less than anybody else by more than one."""
    made = queue(*map(Entry, callers))
    left, served = Counter(callers), Counter[str]()
    for entry in made.in_turn():
        served[entry.caller] += 1
        left[entry.caller] -= 1
        waiting = [c for c, n in left.items() if n]
        assert all(served[c] >= max(served.values()) - 1 for c in waiting)
