"""Which conditions have to look at a text? The steps of one bucket's transforms, walked once per text.

Three things keep that cheap, and none of them changes a result: an unchanged text is scanned once, steps that have nothing
to do with a text's characters are left out, and what a short text gave is remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import msgspec

from waf.model import Field
from waf.rules.chains import Step, Views
from waf.rules.fold import fold
from waf.rules.prefilter import Hits, Prefilter
from waf.rules.specials import alphabet, any_alphabet
from waf.transform.triggers import TRIGGERS

SelectorTest = Callable[[Field], bool] | None
Scans = dict[tuple[int, str], Hits]
"""Per request: what each prefilter (by identity) found in each folded text."""


class Spot(msgspec.Struct, frozen=True, gc=False):
    """A text and where in it a condition's literals begin."""

    text: str
    places: tuple[int, ...]


Seen = Views | Spot

Look = Callable[[], bool] | None
"""Decides whether a condition holds on a text; None when that is known already."""
Heat = tuple[tuple[int, SelectorTest, Look], ...]
"""For one text: the conditions that hold on it, or that have to look."""

_REMEMBERED_TEXT = 256
_REMEMBERED = 4096
_SHORT_TEXT = 2048
"""Characters up to which looking at a text's alphabet costs less than it spares."""
_LOCATED_TEXT = 64
"""Characters from which on trying at places beats searching."""
_MOST_SHAPES = 512


class Waiting(msgspec.Struct, frozen=True, gc=False):
    """A condition that wants to look at a step's text: once one of its literals is in it, or always if it has none."""

    condition: int
    selected: SelectorTest
    check: Callable[[Seen], bool]
    """The condition's operator, or one of its alternatives."""
    steady: bool
    """The answer may be remembered."""
    leads: frozenset[int]
    """Numbers of the literals that say where to look, one of which has to be there too; empty for none."""
    specials: frozenset[str] | None
    """Only true of texts with one of these characters; None for no such knowledge."""


class StepPlan(msgspec.Struct, frozen=True):
    """One transform step, and who waits for its text."""

    parent: int
    transform: str
    apply: Step
    by_literal: tuple[Mapping[int, tuple[Waiting, ...]], ...]
    """For a literal's number: who waits for it. Several maps where steps were merged: a copy for each shape of text would
    cost megabytes."""
    always: tuple[Waiting, ...]
    decoded: Prefilter | None = None
    """For the further texts of a decoder's step: only the literals of this step, since nothing else looks at those."""


class Steps:
    """All steps of one bucket, parents first; step 0 is the raw text."""

    def __init__(self, steps: tuple[StepPlan, ...], prefilter: Prefilter) -> None:
        self._steps = steps
        self._prefilter = prefilter
        self._triggers = sorted({TRIGGERS[s.transform] for s in steps[1:] if s.transform in TRIGGERS}, key=sorted)
        self._shapes: dict[int, tuple[StepPlan, ...]] = {}
        self._memo: dict[str, Heat] = {}

    def __bool__(self) -> bool:
        return bool(self._steps)

    def heat(self, text: str, scans: Scans, *, fresh: bool = False) -> Heat:
        """The conditions that have to look at a text. `fresh` neither uses nor keeps what is remembered.

        Header values, cookies and argument names come again and again, so short texts are remembered: 4096 of at most
        256 characters a bucket, all forgotten when they are more.
        """
        heat = self._memo.get(text) if not fresh else None
        if heat is None:
            wanted = self._wanted(text, scans)
            if fresh or len(text) > _REMEMBERED_TEXT:
                return tuple([(w.condition, w.selected, partial(w.check, seen)) for w, seen in wanted])
            heat = _settled(wanted)
            if len(self._memo) >= _REMEMBERED:
                self._memo.clear()
            self._memo[text] = heat
        return heat

    def _wanted(self, text: str, scans: Scans) -> list[tuple[Waiting, Seen]]:
        prefilter = self._prefilter
        short = len(text) <= _SHORT_TEXT
        chars = alphabet(text) if short else any_alphabet(text)
        steps = self._shape(chars) if short and text.isascii() else self._steps
        views: list[Views] = []
        hits: list[Hits | None] = []
        alphabets: list[frozenset[str] | None] = []
        wanted: list[tuple[Waiting, Seen]] = []
        view: Views = text
        known: frozenset[str] | None = chars
        for step in steps:
            found: Hits | None = None
            if views:
                source = views[step.parent]
                view = step.apply(source)
                if view is source:
                    found, known = hits[step.parent], alphabets[step.parent]
                else:
                    known = None
            views.append(view)
            if step.by_literal:
                if found is None:
                    found = _hits(view, prefilter, step.decoded, scans)
                if found:
                    _collect(step.by_literal, found, view, prefilter.lengths, wanted)
            hits.append(found)
            if step.always:
                if known is None:
                    known = _alphabet(view)
                wanted.extend(
                    [(w, view) for w in step.always if w.specials is None or not w.specials.isdisjoint(known)]
                )
            alphabets.append(known)
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
            merged.append(msgspec.structs.replace(step, parent=parent))
        else:
            merged[target] = _joined(merged[target], step)
        place.append(target)
        raw.append(untouched)
    return tuple(merged)


def _joined(one: StepPlan, other: StepPlan) -> StepPlan:
    by_literal = (*one.by_literal, *other.by_literal)
    return StepPlan(one.parent, one.transform, one.apply, by_literal, (*one.always, *other.always), one.decoded)


def _hits(views: Views, prefilter: Prefilter, decoded: Prefilter | None, scans: Scans) -> Hits:
    if type(views) is str:
        folded = fold(views)
        key = (id(prefilter), folded)
        found = scans.get(key)
        if found is None:
            found = scans[key] = prefilter.hits(folded)
        return found
    numbers = set(_hits(views[0], prefilter, decoded, scans))
    for view in views[1:]:
        numbers.update(_hits(view, decoded or prefilter, None, scans))
    return {number: [] for number in numbers}  # places in several texts say nothing


def _collect(
    maps: tuple[Mapping[int, tuple[Waiting, ...]], ...],
    hits: Hits,
    view: Views,
    lengths: list[int],
    wanted: list[tuple[Waiting, Seen]],
) -> None:
    """Every condition whose literals were found, once, with the places if it can use them."""
    numbers = hits.keys()
    found = {id(w): w for by_literal in maps for number in numbers & by_literal.keys() for w in by_literal[number]}
    if not found:
        return
    # where folding changes the length of a text (İ), places in the one are not places in the other
    aligned = type(view) is str and len(view) > _LOCATED_TEXT and len(fold(view)) == len(view)
    for waiting in found.values():
        leads = waiting.leads & hits.keys()
        if leads and aligned and type(view) is str:
            places = [end - lengths[number] + 1 for number in leads for end in hits[number]]
            wanted.append((waiting, Spot(view, tuple(places))))
        elif leads or not waiting.leads:
            wanted.append((waiting, view))


def _alphabet(views: Views) -> frozenset[str]:
    if type(views) is str:
        return alphabet(views) if len(views) <= _SHORT_TEXT else any_alphabet(views)
    return frozenset().union(*map(_alphabet, views))


def _settled(wanted: list[tuple[Waiting, Seen]]) -> Heat:
    """The conditions that hold on a short text, decided at once so that they can be remembered with it."""
    heat: list[tuple[int, SelectorTest, Look]] = []
    for waiting, seen in wanted:
        if not waiting.steady:
            heat.append((waiting.condition, waiting.selected, partial(waiting.check, seen)))
        elif waiting.check(seen):
            heat.append((waiting.condition, waiting.selected, None))
    return tuple(heat)
