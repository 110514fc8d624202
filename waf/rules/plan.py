"""What has to be done with one kind of text: the steps of a bucket, less those that have nothing to do on it.

A *step* is a transform of some rule's chain. A *branch* is a text that was really made, with the steps that go on from it: for
each kind of text (the telling characters in it) it has a *shape*, which says of which steps this text is the result, and which
transforms come next. Steps share a text where theirs are the same, or the same but for ASCII capitals: the scan folds case,
so lower case is made only for those who read it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any, Final
from weakref import WeakValueDictionary

import msgspec

from waf.model import Field
from waf.rules.alphabet import EVERYTHING, mask
from waf.rules.chains import Step
from waf.rules.prefilter import Prefilter
from waf.transform.triggers import BRINGS_NOTHING, TRIGGERS

SelectorTest = Callable[[Field], bool] | None
_MOST_SHAPES: Final = 512
_MOST_MASKS: Final = 4096


class Spot(msgspec.Struct, frozen=True, gc=False):
    """A text and where to look in it: where a condition's leads begin, and outside of which spans it has nothing to find.
    Either may be empty, for no such knowledge."""

    text: str
    places: tuple[int, ...]
    spans: tuple[tuple[int, int], ...] = ()


class Waiting(msgspec.Struct, frozen=True, gc=False):
    """A condition that wants to look at a step's text: once its literals are in it, or always if it has none."""

    condition: int
    selected: SelectorTest
    check: Callable[[Any], bool]
    """The condition's operator, or one of its alternatives, on a text, on several, or on a `Spot`."""
    steady: bool
    """The answer may be remembered."""
    literals: frozenset[int] | None
    """Numbers of the literals, one of which is in every text of which it is true; None for no such knowledge."""
    leads: frozenset[int]
    """The same for literals that say where to look; empty for none."""
    also: tuple[frozenset[int], ...]
    """Further sets of which that is true."""
    reach: int
    """Most characters that all of these are apart in a match; 0 for any number."""
    runs: int
    """That is so in a text without unusually long runs of these kinds."""
    specials: int
    """Mask of characters, one of which is in every text of which it is true; `EVERYTHING` for no such knowledge."""
    second: int = EVERYTHING
    third: int = EVERYTHING
    """Further masks of which that is true, of common characters as well."""


class StepPlan(msgspec.Struct, frozen=True):
    """One transform step and who waits for its text. The parent comes before it; step 0 is the raw text."""

    parent: int
    transform: str
    apply: Step
    waiting: tuple[Waiting, ...]
    hints: frozenset[int] = frozenset()
    """Numbers of literals without which `unhinted` gives the same as `apply`; empty if there is no such thing."""
    unhinted: Step | None = None


class Child(msgspec.Struct, frozen=True):
    """A transform that has something to do on a text."""

    transform: str
    apply: Step
    hints: frozenset[int]
    unhinted: Step
    """What to do instead of `apply` where none of the hints is in the text."""
    lowered: bool
    """The text is put into lower case first."""
    branch: Branch
    """What goes on from the result."""
    needed: int
    """Without one of these characters in the text, nobody below can find what they wait for."""


class Shape(msgspec.Struct, frozen=True):
    """What to do with a text of one kind."""

    plain: int
    """Bits of the steps whose result it is."""
    lower: int
    """Bits of the steps whose result it is in lower case."""
    always: tuple[tuple[bool, Waiting], ...]
    """Who waits for it without literals, and whether for its lower case; each once."""
    repeated: bool
    """Some of them wait for other steps as well, which may have the same text."""
    always_specials: int
    """All characters that one of those may want."""
    children: tuple[Child, ...]


class Plan:
    """All steps of one bucket, and what is derived from them."""

    def __init__(self, steps: tuple[StepPlan, ...], prefilter: Prefilter) -> None:
        self.steps = steps
        self.prefilter = prefilter
        self.below: list[list[int]] = [[] for _ in steps]
        for place, step in enumerate(steps[1:], 1):
            self.below[step.parent].append(place)
        self.triggers = [mask(TRIGGERS.get(step.transform, ())) or EVERYTHING for step in steps]
        doing = [t for t, step in zip(self.triggers[1:], steps[1:], strict=True) if step.transform != "lowercase"]
        self.distinct = sorted({*doing} - {EVERYTHING})
        self.telling = reduce(or_, self.distinct, 0)
        specials = [w.specials for step in steps for w in step.waiting if w.specials != EVERYTHING]
        signs = [mask for step in steps for w in step.waiting for mask in (w.second, w.third) if mask != EVERYTHING]
        self.wanted = reduce(or_, specials + signs, self.telling)
        """Characters of a text that make a difference."""
        count = Counter(id(waiting) for step in steps for waiting in step.waiting)
        self.repeated = {key for key, steps_of in count.items() if steps_of > 1}
        """Who waits for several steps."""
        self.branches = WeakValueDictionary[tuple[int, ...], Branch]()
        """Those that are in use: a branch holds its plan, and the other way round only the collector would part them."""
        self.literals = [_literals(step) for step in steps]
        """For each step: bits of the literals that matter in its text, or further on."""
        for place in reversed(range(1, len(steps))):
            self.literals[steps[place].parent] |= self.literals[place] | _bits(steps[place].hints)
        self.needed = [EVERYTHING] * len(steps)
        """For each step: characters of the text before it, without one of which nothing comes of it."""
        for place in reversed(range(len(steps))):
            if steps[place].transform in BRINGS_NOTHING:
                below = [self.needed[step] for step in self.below[place]]
                self.needed[place] = reduce(or_, [*(w.specials for w in steps[place].waiting), *below], 0)

    def branch(self, roots: tuple[int, ...]) -> Branch:
        """The branch whose text is the result of these steps."""
        found = self.branches.get(roots)
        if found is None:
            found = self.branches[roots] = Branch(self, roots)
        return found

    def child(self, transform: str, lowered: bool, places: tuple[int, ...]) -> Child:
        """These steps, which do the same to the same text."""
        step = self.steps[places[0]]
        needed = reduce(or_, [self.needed[place] for place in places])
        return Child(
            transform, step.apply, step.hints, step.unhinted or step.apply, lowered, self.branch(places), needed
        )


def _literals(step: StepPlan) -> int:
    return _bits(own_literals([step]))


def own_literals(steps: Sequence[StepPlan]) -> frozenset[int]:
    """Numbers of the literals that matter in the text of these steps."""
    waiting = [waiting for step in steps for waiting in step.waiting]
    found = [one.literals or () for one in waiting] + [one.leads for one in waiting]
    return frozenset[int]().union(*found, *(numbers for one in waiting for numbers in one.also))


def _bits(numbers: frozenset[int]) -> int:
    """A set of small numbers in a hundredth of the memory; plans have one for each step, and most are large."""
    found = bytearray((max(numbers, default=0) >> 3) + 1)
    for number in numbers:
        found[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(found, "little")


def _numbers(bits: int) -> frozenset[int]:
    return frozenset([number for number, bit in enumerate(reversed(f"{bits:b}")) if bit == "1"])


class Branch:
    """Steps whose result is one text, with all that goes on from them. Its shapes are made when a text of the kind comes."""

    __slots__ = ("__weakref__", "_by_idle", "_by_mask", "_plan", "_roots", "_telling", "prefilter")

    def __init__(self, plan: Plan, roots: tuple[int, ...]) -> None:
        self._plan = plan
        self._roots = roots
        self._telling = plan.telling
        self.prefilter = plan.prefilter.part(_numbers(reduce(or_, [plan.literals[root] for root in roots])))
        """Finds what matters in its text, or in what is made of that."""
        self._by_mask: dict[int, Shape] = {}
        self._by_idle: dict[frozenset[int], Shape] = {}

    def shape(self, alphabet: int) -> Shape:
        """What to do with a text of these characters."""
        shape = self._by_mask.get(alphabet & self._telling)
        return self._found(alphabet & self._telling) if shape is None else shape

    def _found(self, telling: int) -> Shape:
        idle = frozenset(trigger for trigger in self._plan.distinct if not trigger & telling)
        if idle not in self._by_idle and len(self._by_idle) >= _MOST_SHAPES:
            idle = frozenset()  # nothing is left out, which is always right
        shape = self._by_idle.get(idle)
        if shape is None:
            shape = self._by_idle[idle] = self._made(idle)
        if len(self._by_mask) < _MOST_MASKS:
            self._by_mask[telling] = shape
        return shape

    def _made(self, idle: frozenset[int]) -> Shape:
        plan = self._plan
        plain = lower = always_specials = 0
        always: list[tuple[bool, Waiting]] = []
        seen: set[tuple[bool, int]] = set()
        children: dict[tuple[str, bool], list[int]] = {}
        todo = [(root, False) for root in self._roots]
        for place, lowered in todo:
            if lowered:
                lower |= 1 << place
            else:
                plain |= 1 << place
            for waiting in plan.steps[place].waiting:
                if waiting.literals is None:
                    if (lowered, id(waiting)) not in seen:
                        always.append((lowered, waiting))
                    seen.add((lowered, id(waiting)))
                    always_specials |= waiting.specials
            for below in plan.below[place]:
                transform = plan.steps[below].transform
                if transform == "lowercase":
                    todo.append((below, True))
                elif plan.triggers[below] in idle:
                    todo.append((below, lowered))
                else:
                    children.setdefault((transform, lowered), []).append(below)
        made = [plan.child(transform, lowered, tuple(steps)) for (transform, lowered), steps in children.items()]
        repeated = any(id(waiting) in plan.repeated for _, waiting in always)
        return Shape(plain, lower, tuple(always), repeated, always_specials, tuple(made))


def by_literal(steps: tuple[StepPlan, ...]) -> Mapping[int, tuple[tuple[int, Waiting], ...]]:
    """For each literal's number: who waits for it, each with the bits of its steps."""
    bits: dict[int, int] = {}
    everybody: dict[int, Waiting] = {}
    for place, step in enumerate(steps):
        for waiting in step.waiting:
            bits[id(waiting)] = bits.get(id(waiting), 0) | 1 << place
            everybody[id(waiting)] = waiting
    found: dict[int, list[tuple[int, Waiting]]] = {}
    for key, waiting in everybody.items():
        entry = (bits[key], waiting)  # one object, however many literals lead to it
        for number in waiting.literals or ():
            found.setdefault(number, []).append(entry)
    return {number: tuple(waiting) for number, waiting in found.items()}
