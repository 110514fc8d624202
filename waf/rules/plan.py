"""What has to be done for one kind of text: the steps of a bucket, less those that have nothing to do on it.

A *step* is a transform of some rule's chain, a *node* a text that is really made. Steps share a node where their texts are
the same, or the same but for ASCII capitals: the scan folds case, so lower case is made only for those who read it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from operator import or_
from typing import Any, Final

import msgspec

from waf.model import Field
from waf.rules.alphabet import EVERYTHING, mask
from waf.rules.chains import Step
from waf.transform.triggers import TRIGGERS

SelectorTest = Callable[[Field], bool] | None
_MOST_SHAPES: Final = 512
_MOST_MASKS: Final = 4096


class Spot(msgspec.Struct, frozen=True, gc=False):
    """A text and where in it a condition's literals begin."""

    text: str
    places: tuple[int, ...]


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
    specials: int
    """Mask of characters, one of which is in every text of which it is true; `EVERYTHING` for no such knowledge."""


class StepPlan(msgspec.Struct, frozen=True):
    """One transform step and who waits for its text. The parent comes before it; step 0 is the raw text."""

    parent: int
    transform: str
    apply: Step
    waiting: tuple[Waiting, ...]


class Node(msgspec.Struct):
    """A text that is made, once."""

    parent: int
    """The node whose text it is made from; of the first one, the raw text itself."""
    lowered: bool
    """That text is put into lower case first."""
    apply: Step
    trigger: int
    """Characters without one of which it comes out as it was."""
    plain: int = 0
    """Bits of the steps whose text it is."""
    lower: int = 0
    """Bits of the steps whose text it is in lower case."""
    always: tuple[tuple[bool, Waiting], ...] = ()
    """Who waits for it without literals, and whether for its lower case."""
    always_specials: int = 0
    """All characters that one of those may want."""


Shape = tuple[Node, ...]


class Shapes:
    """The nodes of one bucket for each kind of text, made when the first text of the kind comes."""

    def __init__(self, steps: tuple[StepPlan, ...]) -> None:
        self._steps = steps
        self._triggers = [mask(TRIGGERS[s.transform]) if s.transform in TRIGGERS else EVERYTHING for s in steps]
        wanting = [trigger for step, trigger in zip(steps, self._triggers, strict=True) if step.transform != "lowercase"]
        self._distinct = sorted({*wanting[1:]} - {EVERYTHING})
        self._telling = reduce(or_, self._distinct, 0)
        specials = [w.specials for step in steps for w in step.waiting if w.specials != EVERYTHING]
        self.wanted = reduce(or_, specials, self._telling)
        """Characters of a text that make a difference."""
        self._by_mask: dict[int, Shape] = {}
        self._by_idle: dict[frozenset[int], Shape] = {}

    def of(self, alphabet: int) -> Shape:
        """What to do for a text of these characters."""
        telling = alphabet & self._telling
        shape = self._by_mask.get(telling)
        if shape is None:
            shape = self._found(telling)
            if len(self._by_mask) < _MOST_MASKS:
                self._by_mask[telling] = shape
        return shape

    def _found(self, telling: int) -> Shape:
        idle = frozenset(trigger for trigger in self._distinct if not trigger & telling)
        shape = self._by_idle.get(idle)
        if shape is None:
            full = len(self._by_idle) >= _MOST_SHAPES
            shape = self._made(frozenset() if full else idle)
            self._by_idle[frozenset() if full else idle] = shape
        return shape

    def _made(self, idle: frozenset[int]) -> Shape:
        """A step is left out only while its input has the raw text's characters; a transform may bring new ones (a decoder
        of `%2F` a slash), so below a step that works nothing is left out."""
        nodes = [Node(0, False, self._steps[0].apply, 0)]
        place: list[tuple[int, bool]] = []
        raw: list[bool] = []
        made: dict[tuple[int, bool, str], int] = {}
        for step, trigger in zip(self._steps, self._triggers, strict=True):
            node, lowered = place[step.parent] if place else (0, False)
            untouched = not place or (raw[step.parent] and trigger in idle)
            if step.transform == "lowercase" and not untouched:
                lowered, untouched = True, raw[step.parent]
            elif not untouched:
                key = (node, lowered, step.transform)
                if key not in made:
                    made[key] = len(nodes)
                    nodes.append(Node(node, lowered, step.apply, trigger))
                node, lowered = made[key], False
            bit = 1 << len(place)
            _join(nodes[node], step, bit, lowered)
            place.append((node, lowered))
            raw.append(untouched)
        return tuple(nodes)


def _join(node: Node, step: StepPlan, bit: int, lowered: bool) -> None:
    if lowered:
        node.lower |= bit
    else:
        node.plain |= bit
    always = [(lowered, waiting) for waiting in step.waiting if waiting.literals is None]
    node.always += tuple(always)
    for _, waiting in always:
        node.always_specials |= waiting.specials


def by_literal(steps: tuple[StepPlan, ...]) -> Mapping[int, tuple[tuple[int, Waiting], ...]]:
    """For each literal's number: who waits for it, each with the bit of its step."""
    found: dict[int, list[tuple[int, Waiting]]] = {}
    for place, step in enumerate(steps):
        for waiting in step.waiting:
            entry = (1 << place, waiting)  # one object, however many literals lead to it
            for number in waiting.literals or ():
                found.setdefault(number, []).append(entry)
    return {number: tuple(waiting) for number, waiting in found.items()}
