"""Which conditions have to look at a text? The transforms of one bucket, walked once per text.

What keeps that cheap, and never changes a result: steps that have nothing to do with a text's characters are left out (see
`plan`), an unchanged text is scanned once, and what a short text gave is remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial, reduce
from operator import or_
from typing import Final

from waf.rules import runs
from waf.rules.again import Again
from waf.rules.alphabet import alphabet
from waf.rules.chains import Views
from waf.rules.fold import fold
from waf.rules.nearness import is_near, spans, together
from waf.rules.plan import Plan, SelectorTest, Shape, Spot, StepPlan, Waiting, by_literal
from waf.rules.prefilter import SHORT, WORTH_COMPARING, Hits, Part, Prefilter, changes
from waf.transform import TRANSFORMS

Scans = dict[tuple[int, str], Hits]
"""Per request: what each prefilter (by identity) found in each folded text."""
Seen = Views | Spot
Look = Callable[[], bool] | None
"""Decides whether a condition holds on a text; None when that is known already."""
Heat = tuple[tuple[int, SelectorTest, Look], ...]
"""For one text: the conditions that hold on it, or that have to look."""
Wanted = list[tuple[Waiting, Seen]]

_REMEMBERED_TEXT: Final = 256
_REMEMBERED: Final = 4096
_WORTH_A_LOOK: Final = 4096
"""Characters from which on parts of a text are searched instead of all of it."""
_MOST_KINDS: Final = 16
_MOST_PLACES: Final = 64
"""Places that are looked at one by one to leave some out."""
_NOTHING: Final[Heat] = ()
_NO_LITERALS: Final = frozenset[int]()
_lowercase: Final = TRANSFORMS["lowercase"].apply


class Steps:
    """All transform steps of one bucket, and who waits for what in their texts."""

    def __init__(self, steps: tuple[StepPlan, ...], prefilter: Prefilter) -> None:
        plan = Plan(steps, prefilter)
        self._prefilter = prefilter
        self._steps = steps
        self._by_mine: dict[int, dict[int, Sequence[tuple[int, Waiting]]]] = {}
        self._wanted_chars = plan.wanted
        self._root = plan.branch((0,)) if steps else None
        self.remembered: dict[str, Heat] = {}
        """By short text: what `heat` gave."""
        self._again: Again[Heat] = Again()

    @cached_property
    def _by_literal(self) -> Mapping[int, tuple[tuple[int, Waiting], ...]]:
        return by_literal(self._steps)  # many buckets never hold a text in which there is a literal

    def __bool__(self) -> bool:
        return self._root is not None

    def heat(self, text: str, scans: Scans, *, fresh: bool = False) -> Heat:
        """The conditions that have to look at a text. `fresh` does not keep what it found.

        Header values, cookies and argument names come again and again, and so do system prompts and the earlier turns of a
        conversation. A bucket remembers 4,096 texts of at most 256 characters at once, and as many longer ones when they come
        for the second time.
        """
        long = len(text) > _REMEMBERED_TEXT
        if long and not fresh:
            known = self._again.recall(text)
            if known is not None:
                return known
        wanted = self._wanted(text, scans)
        if fresh or (long and not self._again.met(text)):
            return tuple([(w.condition, w.selected, partial(w.check, seen)) for w, seen in wanted])
        heat = _settled(wanted) if wanted else _NOTHING
        if not long:
            if len(self.remembered) >= _REMEMBERED:
                self.remembered.clear()
            self.remembered[text] = heat
        elif all(look is None for _, _, look in heat):  # else it holds the text
            self._again.keep(text, heat)
        return heat

    def _wanted(self, text: str, scans: Scans) -> Wanted:
        if self._root is None:
            return []
        wanted: Wanted = []
        raw = self._made(text, None, text, self._prefilter, scans)
        made = [raw]
        done: dict[tuple[str, int, int], tuple[_Made, bool]] = {}
        todo = [(self._root, raw, False)]
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
                prefilter = child.branch.prefilter
                key = (child.transform, id(before), id(prefilter))
                result = done.get(key)
                if result is None:
                    hinted = not child.hints.isdisjoint(source.hits.numbers)
                    views = child.apply(before) if hinted else child.unhinted(before)
                    if views is before:
                        result = (source, lowered)
                    else:
                        found = self._made(views, source, before, prefilter, scans)
                        made.append(found)
                        result = (found, False)
                    done[key] = result
                todo.append((child.branch, *result))
        for source in made:
            if source.hits.numbers:
                self._collect(source, wanted)
        return wanted

    def _made(self, views: Views, source: _Made | None, before: Views, part: Prefilter | Part, scans: Scans) -> _Made:
        """A text with what is to be known of it. Made out of a long `before` of the same length, which is `source` or that in
        lower case, it is looked at where they differ."""
        chars = self._wanted_chars
        if type(views) is not str:
            found_in = [self._hits(part, fold(view), scans).numbers for view in views]
            everything = reduce(or_, [alphabet(view, chars) for view in views], 0)
            return _Made(views, "", everything, Hits(frozenset().union(*found_in), None))
        if source is not None and type(before) is str and WORTH_COMPARING <= len(views) == len(before):
            changed = changes(views, before)
            folded = _patched(source.folded, views, changed) if changed is not None else ""
            if changed is not None and len(folded) == len(views) == len(source.folded):
                found = source.chars | alphabet("".join([views[begin:end] for begin, end in changed]), chars)
                key = (id(part), folded)
                if key not in scans:
                    scans[key] = part.hits_again(folded, changed, source.hits)
                return _Made(views, folded, found, scans[key])
        folded = fold(views)
        return _Made(views, folded, alphabet(views, chars), self._hits(part, folded, scans))

    def _hits(self, part: Prefilter | Part, folded: str, scans: Scans) -> Hits:
        """What `part` finds; what the whole, of which it is a part, has found in the same text will do as well."""
        found = scans.get((id(self._prefilter), folded))
        if found is None and part is not self._prefilter:
            found = scans.get((id(part), folded))
        if found is None:
            found = scans[id(part), folded] = part.hits(folded)
        return found

    def _by_steps(self, mine: int) -> dict[int, Sequence[tuple[int, Waiting]]]:
        """Who waits for what in a text of these steps, as far as that has been asked: texts are of a few kinds."""
        found = self._by_mine.get(mine)
        if found is None:
            if len(self._by_mine) >= _MOST_KINDS:
                self._by_mine.clear()
            found = self._by_mine[mine] = {}
        return found

    def _collect(self, made: _Made, wanted: Wanted) -> None:
        """Every condition whose literals were found, once, with the places if it can use them."""
        hits, chars = made.hits, made.chars
        mine = made.plain | made.lower
        numbers = hits.numbers
        long = type(made.views) is str and len(made.views) >= _WORTH_A_LOOK
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
                view: Seen = made.lowercase() if bit & made.lower else made.views
                reach = waiting.reach
                near: Sequence[int] | None = None
                if (
                    reach
                    and (waiting.also or long)
                    and made.located()
                    and not (waiting.runs and waiting.runs & ~made.usual())
                ):
                    near = together(hits, [waiting.literals or _NO_LITERALS, *waiting.also], numbers, reach)
                    if near is not None and not near:
                        continue
                places: list[int] = []
                if waiting.leads:
                    leads = waiting.leads & numbers
                    if not leads:
                        continue
                    if made.located() and hits.found is not None:
                        places = [place for number in leads for place in hits.places(number)]
                        if near is not None and len(places) <= _MOST_PLACES:
                            places = [place for place in places if is_near(near, place, reach)]
                            if not places:
                                continue
                if type(view) is str and (places or (near is not None and long)):
                    inside = spans(near, reach, len(view)) if near is not None and long else ()
                    view = Spot(view, tuple(places), inside)
                wanted.append((waiting, view))
                if bit & made.lower and bit & made.plain and made.lowercase() is not made.views:
                    wanted.append((waiting, made.views))  # it waits for steps with either


def _patched(folded: str, views: str, changed: Sequence[tuple[int, int]]) -> str:
    """What folding `views` gives, of which `folded` is known but for what changed."""
    pieces: list[str] = []
    last = 0
    for begin, end in changed:
        pieces += (folded[last:begin], fold(views[begin:end]))
        last = end
    return "".join([*pieces, folded[last:]])


class _Made:
    """A text that was made (several below a decoder): its characters, the literals in it, and the steps it is the text of."""

    __slots__ = ("_asked", "_lowercase", "_usual", "chars", "folded", "hits", "lower", "plain", "views")

    def __init__(self, views: Views, folded: str, chars: int, hits: Hits) -> None:
        self.views = views
        self.folded = folded
        self.chars = chars
        self.hits = hits
        self.plain = 0
        self.lower = 0
        self._lowercase: Views | None = None
        self._usual: int | None = None
        self._asked: set[tuple[int, bool]] = set()

    def lowercase(self) -> Views:
        """The same with ASCII capitals in lower case; the same object where there are none."""
        if self._lowercase is None:
            views = self.views
            self._lowercase = _lowercase(views) if type(views) is str else [_lowercase(view) for view in views]
        return self._lowercase

    def located(self) -> bool:
        """Whether places in the folded text are worth knowing: it is long, and folding kept its length (İ would not)."""
        return SHORT < len(self.folded) == len(self.views)

    def asked(self, waiting: Waiting, lower: bool) -> bool:
        """Whether somebody has been asked about this text before, at another step."""
        key = (id(waiting), lower)
        found = key in self._asked
        self._asked.add(key)
        return found

    def usual(self) -> int:
        """Kinds of characters of which the text has no unusually long run, if it is long enough for that to be worth a look."""
        if self._usual is None:
            view = self.views
            self._usual = runs.usual(view) if type(view) is str and len(view) >= _WORTH_A_LOOK else 0
        return self._usual


def _collect_always(shape: Shape, made: _Made, lowered: bool, wanted: Wanted) -> None:
    chars = made.chars
    for lower, waiting in shape.always:
        if waiting.specials & chars and waiting.second & chars and waiting.third & chars:
            if shape.repeated and made.asked(waiting, lower or lowered):
                continue
            wanted.append((waiting, made.lowercase() if lower or lowered else made.views))


def _settled(wanted: Wanted) -> Heat:
    """The conditions that hold on a short text, decided at once so that they can be remembered with it."""
    heat: list[tuple[int, SelectorTest, Look]] = []
    for waiting, seen in wanted:
        if not waiting.steady:
            heat.append((waiting.condition, waiting.selected, partial(waiting.check, seen)))
        elif waiting.check(seen):
            heat.append((waiting.condition, waiting.selected, None))
    return tuple(heat)
