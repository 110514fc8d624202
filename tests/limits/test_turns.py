"""Requests at once: places are neither lost nor given twice, and callers take turns."""

from __future__ import annotations

from typing import TypeVar

from hypothesis import given
from hypothesis import strategies as st

from waf.limits.turns import Turns

W = TypeVar("W")


def enter(turns: Turns[W], member: str, waiter: W) -> str:
    if turns.enter():
        return "in"
    return "waits" if turns.queue_up(member, waiter) else "full"


def test_callers_take_turns() -> None:
    turns: Turns[str] = Turns(1, 10)
    assert enter(turns, "a", "a0") == "in"
    for waiter in ("a1", "a2", "a3", "b1", "c1", "b2"):
        assert enter(turns, waiter[0], waiter) == "waits"
    assert [turns.leave() for _ in range(7)] == ["a1", "b1", "c1", "a2", "b2", "a3", None]
    assert turns.idle


def test_the_queue_ends_and_can_be_left() -> None:
    turns: Turns[str] = Turns(1, 1)
    assert [enter(turns, "a", name) for name in ("x", "y", "z")] == ["in", "waits", "full"]
    assert turns.give_up("a", "y")
    assert not turns.give_up("a", "y")
    assert turns.leave() is None
    assert not turns.give_up("b", "x")


@given(
    st.integers(1, 3),
    st.integers(0, 4),
    st.lists(st.tuples(st.sampled_from(["enter", "leave", "give_up"]), st.integers(0, 3)), max_size=80),
)
def test_places_are_neither_lost_nor_given_twice(limit: int, queue: int, steps: list[tuple[str, int]]) -> None:
    turns: Turns[int] = Turns(limit, queue)
    inside: list[int] = []
    waiting: dict[int, str] = {}
    for number, (step, member) in enumerate(steps):
        name = f"m{member}"
        if step == "enter":
            said = enter(turns, name, number)
            assert (said == "in") == (len(inside) < limit and not waiting)
            if said == "in":
                inside.append(number)
            elif said == "waits":
                waiting[number] = name
        elif step == "leave" and inside:
            inside.pop()
            if (after := turns.leave()) is not None:
                del waiting[after]
                inside.append(after)
        elif step == "give_up" and waiting:
            waiter, owner = next(iter(waiting.items()))
            assert turns.give_up(owner, waiter)
            del waiting[waiter]
        assert (turns.active, turns.waiting) == (len(inside), len(waiting))
        assert len(inside) <= limit
        assert len(waiting) <= queue
        assert not waiting or len(inside) == limit
