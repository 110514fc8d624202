"""Which conditions have to look at a text? The steps of one bucket's transforms, walked once per text.

Three things keep that cheap, and none of them changes a result: an unchanged text is scanned once, steps that have nothing
to do with a text's characters are left out, and what a short text gave is remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from waf.model import Field
from waf.rules.chains import Step, Views
from waf.rules.fold import fold
from waf.rules.literals import SPECIAL
from waf.rules.prefilter import Prefilter
from waf.transform.triggers import TRIGGERS

SelectorTest = Callable[[Field], bool] | None
Scans = dict[str, frozenset[int]]
"""Per request: what the prefilter found in each folded text."""

PROVED: Final = "\0proved"
"""Stands for a view on which the condition is already known to hold. Compared by identity."""
Heat = tuple[tuple[int, SelectorTest, Views], ...]
"""For one text: the conditions that have to look at it, and which view of it, or that hold on it (`PROVED`)."""

_REMEMBERED_TEXT = 256
_REMEMBERED = 4096
_SHORT_TEXT = 2048
"""Characters up to which looking at a text's alphabet costs less than it spares."""
_MOST_SHAPES = 512


class Waiting(msgspec.Struct, frozen=True, gc=False):
    """A condition that wants to look at a step's text: once one of its literals is in it, or always if it has none."""

    condition: int
    selected: SelectorTest
    test: Callable[[Views], bool] | None
    """The condition's operator, if its answer may be remembered."""
    specials: frozenset[str] | None
    """Only true of texts with one of these characters; None for no such knowledge."""


class StepPlan(msgspec.Struct, frozen=True):
    """One transform step, and who waits for its text."""

    parent: int
    transform: str
    apply: Step
    by_literal: Mapping[int, tuple[Waiting, ...]]
    always: tuple[Waiting, ...]


class Steps:
    """All steps of one bucket, parents first; step 0 is the raw text."""

    def __init__(self, steps: tuple[StepPlan, ...]) -> None:
        self._steps = steps
        self._triggers = sorted({TRIGGERS[s.transform] for s in steps[1:] if s.transform in TRIGGERS}, key=sorted)
        self._shapes: dict[int, tuple[StepPlan, ...]] = {}
        self._memo: dict[str, Heat] = {}

    def __bool__(self) -> bool:
        return bool(self._steps)

    def heat(self, text: str, prefilter: Prefilter, scans: Scans) -> Heat:
        """The conditions that have to look at a text.

        Header values, cookies and argument names come again and again, so short texts are remembered: 4096 of at most
        256 characters a bucket, all forgotten when they are more.
        """
        heat = self._memo.get(text)
        if heat is None:
            wanted = self._wanted(text, prefilter, scans)
            if len(text) > _REMEMBERED_TEXT:
                return tuple([(waiting.condition, waiting.selected, view) for waiting, view in wanted])
            heat = _settled(wanted)
            if len(self._memo) >= _REMEMBERED:
                self._memo.clear()
            self._memo[text] = heat
        return heat

    def _wanted(self, text: str, prefilter: Prefilter, scans: Scans) -> list[tuple[Waiting, Views]]:
        alphabet = frozenset(text) if len(text) <= _SHORT_TEXT else None
        views: list[Views] = []
        hits: list[frozenset[int] | None] = []
        alphabets: list[frozenset[str] | None] = []
        wanted: list[tuple[Waiting, Views]] = []
        view: Views = text
        for step in self._steps if alphabet is None or not text.isascii() else self._shape(alphabet):
            found: frozenset[int] | None = None
            if views:
                source = views[step.parent]
                view = step.apply(source)
                if view is source:
                    found, alphabet = hits[step.parent], alphabets[step.parent]
                else:
                    alphabet = None
            views.append(view)
            if step.by_literal:
                if found is None:
                    found = _hits(view, prefilter, scans)
                if found:
                    once = {id(w): w for number in found for w in step.by_literal.get(number, ())}
                    wanted.extend([(w, view) for w in once.values()])
            hits.append(found)
            if step.always:
                if alphabet is None:
                    alphabet = _alphabet(view)
                wanted.extend(
                    [(w, view) for w in step.always if w.specials is None or not w.specials.isdisjoint(alphabet)]
                )
            alphabets.append(alphabet)
        return wanted

    def _shape(self, alphabet: frozenset[str]) -> tuple[StepPlan, ...]:
        """The steps without those that have nothing to do on an ASCII text of these characters."""
        key = 0
        for bit, trigger in enumerate(self._triggers):
            if not trigger.isdisjoint(alphabet):
                key |= 1 << bit
        shape = self._shapes.get(key)
        if shape is None:
            if len(self._shapes) >= _MOST_SHAPES:
                return self._steps
            idle = {trigger for bit, trigger in enumerate(self._triggers) if not key >> bit & 1}
            shape = self._shapes[key] = _without(self._steps, idle)
        return shape


def _without(steps: tuple[StepPlan, ...], idle: set[frozenset[str]]) -> tuple[StepPlan, ...]:
    """The same steps with idle ones merged into their parents, and equal ones into each other.

    A step is left out only while its input is the raw text; a transform may bring new
    characters (a decoder of `%2F` a slash), so below a step that works nothing is left out.
    """
    place: list[int] = []
    raw: list[bool] = []
    merged: list[StepPlan] = []
    found: dict[tuple[int, str], int] = {}
    for step in steps:
        parent = place[step.parent] if place else 0
        untouched = not place or (raw[step.parent] and TRIGGERS.get(step.transform) in idle)
        key = (parent, step.transform)
        target = parent if place and untouched else found.get(key)
        if target is None:
            target = found[key] = len(merged)
            merged.append(StepPlan(parent, step.transform, step.apply, step.by_literal, step.always))
        else:
            merged[target] = _joined(merged[target], step)
        place.append(target)
        raw.append(untouched)
    return tuple(merged)


def _joined(one: StepPlan, other: StepPlan) -> StepPlan:
    by_literal = dict(one.by_literal)
    for number, waiting in other.by_literal.items():
        by_literal[number] = (*by_literal.get(number, ()), *waiting)
    return StepPlan(one.parent, one.transform, one.apply, by_literal, (*one.always, *other.always))


def _hits(views: Views, prefilter: Prefilter, scans: Scans) -> frozenset[int]:
    if type(views) is str:
        folded = fold(views)
        found = scans.get(folded)
        if found is None:
            found = scans[folded] = prefilter.hits(folded)
        return found
    return frozenset().union(*[_hits(view, prefilter, scans) for view in views])


def _alphabet(views: Views) -> frozenset[str]:
    """The characters of a text. Of a long one, every special one: looking would cost more than it spares."""
    if type(views) is str:
        return frozenset(views) if len(views) <= _SHORT_TEXT else SPECIAL
    return frozenset().union(*map(_alphabet, views))


def _settled(wanted: list[tuple[Waiting, Views]]) -> Heat:
    """The conditions that hold on a short text, decided at once so that they can be remembered with it."""
    heat: list[tuple[int, SelectorTest, Views]] = []
    for waiting, view in wanted:
        if waiting.test is None:
            heat.append((waiting.condition, waiting.selected, view))
        elif waiting.test(view):
            heat.append((waiting.condition, waiting.selected, PROVED))
    return tuple(heat)
