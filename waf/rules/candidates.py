"""Which conditions have to look at a text? The transforms of one bucket, walked once per text.

What keeps that cheap, and never changes a result: steps that have nothing to do with a text's characters are left out (see
`plan`), an unchanged text is scanned once, and what a short text gave is remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from functools import cached_property, partial
from typing import Final

from waf.rules.alphabet import alphabet
from waf.rules.chains import Views
from waf.rules.plan import Branch, Child, Plan, SelectorTest, Shape, Spot, StepPlan, Waiting, by_literal, own_literals
from waf.rules.prefilter import WORTH_COMPARING, Hits, Part, Prefilter, changes
from waf.rules.repeats import RepeatCache
from waf.rules.texts import WORTH_A_LOOK, Derived, Text, derived

Scans = dict[tuple[int, str], Hits]
"""Per request: what each prefilter (by identity) found in each folded text."""
Seen = str | Spot | Sequence[str | Spot]
Look = Callable[[], bool] | None
"""Decides whether a condition holds on a text; None when that is known already."""
Candidates = tuple[tuple[int, SelectorTest, Look], ...]
"""For one text: the conditions that hold on it, or that have to look."""
Wanted = list[tuple[Waiting, Seen]]

_REMEMBERED_TEXT: Final = 256
_REMEMBERED: Final = 4096
_MOST_KINDS: Final = 16
_FEW: Final = 256
"""Literals for which a long text is scanned apart, if nobody else waits for what is in it."""
_NOTHING: Final[Candidates] = ()


class Steps:
    """All transform steps of one bucket, and who waits for what in their texts."""

    def __init__(self, steps: tuple[StepPlan, ...], prefilter: Prefilter) -> None:
        plan = Plan(steps, prefilter)
        self._prefilter = prefilter
        self._steps = steps
        self._by_mine: dict[int, dict[int, Sequence[tuple[int, Waiting]]]] = {}
        self._few_by_mine: dict[int, Part | None] = {}
        self._wanted_chars = plan.wanted
        self._waited = sum(
            1 << at for at, step in enumerate(steps) if any(w.literals is not None for w in step.waiting)
        )
        """Bits of the steps in whose texts somebody waits for literals."""
        self._root = plan.branch((0,)) if steps else None
        self.remembered: dict[str, Candidates] = {}
        """By short text: what `candidates` gave."""
        self._repeats: RepeatCache[Candidates] = RepeatCache()

    @cached_property
    def _by_literal(self) -> Mapping[int, tuple[tuple[int, Waiting], ...]]:
        return by_literal(self._steps)  # many buckets never hold a text in which there is a literal

    def __bool__(self) -> bool:
        return self._root is not None

    def candidates(self, text: str, scans: Scans, *, fresh: bool = False) -> Candidates:
        """The conditions that have to look at a text. `fresh` does not keep what it found.

        Header values, cookies and argument names come again and again, and so do system prompts and the earlier turns of a
        conversation. A bucket remembers 4,096 texts of at most 256 characters at once, and as many longer ones when they come
        for the second time.
        """
        long = len(text) > _REMEMBERED_TEXT
        if long and not fresh:
            known = self._repeats.recall(text)
            if known is not None:
                return known
        wanted = self._wanted(text, scans)
        if fresh or (long and not self._repeats.met(text)):
            return tuple([(w.condition, w.selected, partial(w.check, seen)) for w, seen in wanted])
        candidates = _settled(wanted) if wanted else _NOTHING
        if not long:
            if len(self.remembered) >= _REMEMBERED:
                self.remembered.clear()
            self.remembered[text] = candidates
        elif all(look is None for _, _, look in candidates):  # else it holds the text
            self._repeats.keep(text, candidates)
        return candidates

    def _wanted(self, text: str, scans: Scans) -> Wanted:
        """The conditions that have to look at a text, each with what it looks at. Two passes: `_derive` makes every text that
        steps make of this one, and asks those who wait for no literal; then each text is searched for the literals for which
        its steps are waited for."""
        wanted: Wanted = []
        for made in self._derive(text, scans, wanted):
            mine = made.plain | made.lower
            if not mine & self._waited:
                continue
            if type(made) is Text:
                if made.found_by is not made.finder:
                    self._find(made, mine, scans)
            else:
                for part in made.parts:
                    self._find(part, mine, scans)
            numbers = made.hits.numbers
            if numbers:
                self._collect(made, mine, numbers, wanted)
        return wanted

    def _derive(self, text: str, scans: Scans, wanted: Wanted) -> list[Derived]:
        """The text and all that is made of it, each with the bits of the steps whose result it is. Branches are walked breadth
        first; `low` says that the branch goes on from the lower case of its text, which is made for those who read it only."""
        root = self._root
        if root is None:
            return []
        raw = Text(text, alphabet(text, self._wanted_chars), None, None, self._prefilter)
        every: list[Derived] = [raw]
        done: dict[tuple[str, int, int], tuple[Derived, bool]] = {}
        todo: list[tuple[Branch, Derived, bool]] = [(root, raw, False)]
        for branch, source, low in todo:
            shape = branch.shape(source.chars)
            if low:
                source.lower |= shape.plain | shape.lower
            else:
                source.plain |= shape.plain
                source.lower |= shape.lower
            if shape.always_specials & source.chars:
                _collect_always(shape, source, low, wanted)
            for child in shape.children:
                if not child.needed & source.chars:
                    continue
                lowered = low or child.lowered
                before = source.lowercase() if lowered else source.views
                key = (child.transform, id(before), id(child.branch.prefilter))
                result = done.get(key)
                if result is None:
                    found = self._apply(child, source, before, scans)
                    if found is source:  # nothing changed: the branch goes on from the same text
                        result = (source, lowered)
                    else:
                        every.append(found)
                        result = (found, False)
                    done[key] = result
                todo.append((child.branch, *result))
        return every

    def _apply(self, child: Child, source: Derived, before: Views, scans: Scans) -> Derived:
        """What a transform makes of `before`, which is the source's text or that in lower case; the source itself where nothing
        changes."""
        hinted = bool(child.hints) and self._has(source, child.hints, scans)
        views = child.apply(before) if hinted else child.unhinted(before)
        if views is before:
            return source
        finder = child.branch.prefilter
        if type(views) is str and len(views) < WORTH_COMPARING and type(source) is Text:
            return Text(views, alphabet(views, self._wanted_chars), source, None, finder)
        return derived(views, source, before, finder, self._wanted_chars)

    def _has(self, source: Derived, numbers: frozenset[int], scans: Scans) -> bool:
        if type(source) is Text:
            self._find(source, 0, scans)
            return not numbers.isdisjoint(source.hits.numbers)
        for part in source.parts:
            self._find(part, 0, scans)
        return not all(numbers.isdisjoint(part.hits.numbers) for part in source.parts)

    def _find(self, text: Text, mine: int, scans: Scans) -> None:
        """Find what matters in a text of these steps, and in all that is made of it if they are none, unless that is known. What
        the whole, of which a finder is a part, has found in the same text will do as well; a long text that is largely like
        another one is scanned where it is not."""
        finder = text.finder
        if text.found_by is finder:
            return
        folded = text.folded
        long = len(folded) >= WORTH_COMPARING
        if long and mine:
            finder = self._few(mine) or finder
            if text.found_by is finder:
                return
        found = scans.get((id(self._prefilter), folded))
        if found is None and finder is not self._prefilter:
            found = scans.get((id(finder), folded))
        if found is None:
            if long and finder is text.finder:
                base = text.source
                while base is not None and base.found_by is not base.finder:
                    base = base.source
                if base is not None:
                    found = _found_again(finder, folded, base)
            found = scans[id(finder), folded] = found or finder.hits(folded)
        text.hits, text.found_by = found, finder

    def _few(self, mine: int) -> Part | None:
        """What finds all that matters in a text of these steps, where that is little: what is made of it may want much more."""
        known = self._few_by_mine
        if mine not in known:
            if len(known) >= _MOST_KINDS:
                return None
            numbers = own_literals([step for at, step in enumerate(self._steps) if mine >> at & 1])
            part = self._prefilter.part(numbers) if len(numbers) <= _FEW else None
            known[mine] = part if isinstance(part, Part) else None
        return known[mine]

    def _by_steps(self, mine: int) -> dict[int, Sequence[tuple[int, Waiting]]]:
        """Who waits for what in a text of these steps, as far as that has been asked: texts are of a few kinds."""
        found = self._by_mine.get(mine)
        if found is None:
            if len(self._by_mine) >= _MOST_KINDS:
                self._by_mine.clear()
            found = self._by_mine[mine] = {}
        return found

    def _collect(self, made: Derived, mine: int, numbers: Set[int], wanted: Wanted) -> None:
        """Every condition whose literals were found, once, with the places if it can use them."""
        chars = made.chars
        short = type(made) is Text and len(made.views) < WORTH_A_LOOK
        by_literal = self._by_steps(mine)
        found: dict[int, tuple[int, Waiting]] = {}
        for number in numbers:
            entries = by_literal.get(number)
            if entries is None:
                entries = by_literal[number] = [e for e in self._by_literal.get(number, ()) if e[0] & mine]
            for entry in entries:
                if entry[1].specials & chars:
                    found[id(entry)] = entry
        for bit, waiting in found.values():
            if not (waiting.second & chars and waiting.third & chars):
                continue
            for literals in waiting.also:
                if literals.isdisjoint(numbers):
                    break
            else:
                low = bool(bit & made.lower)
                seen: Seen | None
                if short and not (waiting.leads or (waiting.reach and waiting.also)):
                    seen = made.lowercase() if low else made.views
                elif type(made) is Text:
                    seen = made.look(waiting, low)
                else:
                    looks = [part.look(waiting, low) for part in made.parts if part.may_match(waiting)]
                    seen = [look for look in looks if look is not None] or None
                if seen is None:
                    continue
                wanted.append((waiting, seen))
                if low and bit & made.plain and made.lowercase() is not made.views:
                    wanted.append((waiting, made.views))  # it waits for steps with either


def _found_again(finder: Prefilter | Part, folded: str, base: Text) -> Hits | None:
    """What is in a text that is largely like another one; None if it is not."""
    before = base.folded
    changed = changes(folded, before) if len(folded) == len(before) else None
    if changed is not None:
        return finder.hits_again(folded, changed, base.hits)
    return finder.hits_like(folded, before, base.hits)


def _collect_always(shape: Shape, made: Derived, lowered: bool, wanted: Wanted) -> None:
    chars = made.chars
    for lower, waiting in shape.always:
        if waiting.specials & chars and waiting.second & chars and waiting.third & chars:
            if shape.repeated and made.asked(waiting, lower or lowered):
                continue
            wanted.append((waiting, made.lowercase() if lower or lowered else made.views))


def _settled(wanted: Wanted) -> Candidates:
    """The conditions that hold on a short text, decided at once so that they can be remembered with it."""
    candidates: list[tuple[int, SelectorTest, Look]] = []
    for waiting, seen in wanted:
        if not waiting.steady:
            candidates.append((waiting.condition, waiting.selected, partial(waiting.check, seen)))
        elif waiting.check(seen):
            candidates.append((waiting.condition, waiting.selected, None))
    return tuple(candidates)
