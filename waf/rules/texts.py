"""The texts that steps make out of one value, each with what is known of it, and whether a condition has to look at it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Final

from waf.rules import runs
from waf.rules.alphabet import alphabet
from waf.rules.chains import Views
from waf.rules.fold import fold
from waf.rules.nearness import is_near, spans, together
from waf.rules.plan import Spot, Waiting
from waf.rules.prefilter import NOTHING, SHORT, WORTH_COMPARING, Hits, Part, Prefilter, changes
from waf.transform import TRANSFORMS

WORTH_A_LOOK: Final = 4096
"""Characters from which on parts of a text are searched instead of all of it."""
_MOST_PLACES: Final = 64
"""Places that are looked at one by one to leave some out."""
_NO_LITERALS: Final = frozenset[int]()
_lowercase: Final = TRANSFORMS["lowercase"].apply


class Text:
    """One text: its characters, the literals in it, and the steps it is the text of."""

    __slots__ = (
        "_asked", "_changed", "_folded", "_lowercase", "_usual", "chars", "finder", "found_by", "hits", "lower",
        "plain", "source", "views",
    )  # fmt: skip

    def __init__(
        self,
        view: str,
        chars: int,
        source: Text | None,
        changed: Sequence[tuple[int, int]] | None,
        finder: Prefilter | Part,
    ) -> None:
        """`source`: what it was made of; `changed`: where it differs from that, which is as long, or None. `finder` finds what
        matters in it, and in all that is made of it."""
        self.views = view
        self.chars = chars
        self.source = source
        self.finder = finder
        self.hits: Hits = NOTHING
        """What was found in it by `found_by`; nothing has been looked for where that is None."""
        self.found_by: Prefilter | Part | None = None
        self.plain = 0
        self.lower = 0
        self._changed = changed
        self._folded: str | None = None
        self._lowercase: str | None = None
        self._usual: int | None = None
        self._asked: set[tuple[int, bool]] | None = None

    @property
    def parts(self) -> Sequence[Text]:
        return (self,)

    @property
    def folded(self) -> str:
        folded = self._folded
        if folded is None:
            source, changed, size = self.source, self._changed, len(self.views)
            if source is not None and changed is not None and size == len(source.folded):
                folded = _patched(source.folded, self.views, changed)
            if folded is None or len(folded) != size:
                folded = fold(self.views)
            self._folded = folded
        return folded

    def lowercase(self) -> str:
        """The same with ASCII capitals in lower case; the same object where there are none."""
        if self._lowercase is None:
            self._lowercase = _lowercase(self.views)
        return self._lowercase

    def asked(self, waiting: Waiting, lower: bool) -> bool:
        """Whether somebody has been asked about this text before, at another step."""
        if self._asked is None:
            self._asked = set()
        key = (id(waiting), lower)
        found = key in self._asked
        self._asked.add(key)
        return found

    def usual(self) -> int:
        """Kinds of characters of which the text has no unusually long run, if it is long enough for that to be worth a look."""
        if self._usual is None:
            self._usual = runs.usual(self.views) if len(self.views) >= WORTH_A_LOOK else 0
        return self._usual

    def may_match(self, waiting: Waiting) -> bool:
        """Whether it has what a condition needs."""
        chars, numbers = self.chars, self.hits.numbers
        if not (waiting.specials & chars and waiting.second & chars and waiting.third & chars):
            return False
        if waiting.literals is None or waiting.literals.isdisjoint(numbers):
            return False
        return not any(literals.isdisjoint(numbers) for literals in waiting.also)

    def look(self, waiting: Waiting, low: bool) -> str | Spot | None:
        """The text for a condition to look at that it may match, with the places if it can use them; None where what it needs
        stands too far apart."""
        view = self.lowercase() if low else self.views
        hits, reach = self.hits, waiting.reach
        long = len(view) >= WORTH_A_LOOK
        folded = self._folded
        # places are worth knowing, and folding (of İ) has not moved them
        located = folded is not None and SHORT < len(view) == len(folded)
        near: Sequence[int] | None = None
        if reach and (waiting.also or long) and located and not (waiting.runs and waiting.runs & ~self.usual()):
            near = together(hits, [waiting.literals or _NO_LITERALS, *waiting.also], hits.numbers, reach)
            if near is not None and not near:
                return None
        places: list[int] = []
        if waiting.leads:
            leads = waiting.leads & hits.numbers
            if not leads:
                return None
            if hits.found is not None and located:
                places = [place for number in leads for place in hits.places(number)]
                if near is not None and len(places) <= _MOST_PLACES:
                    places = [place for place in places if is_near(near, place, reach)]
                    if not places:
                        return None
        if places or (near is not None and long):
            inside = spans(near, reach, len(view)) if near is not None and long else ()
            return Spot(view, tuple(places), inside)
        return view


class Texts:
    """What a decoder found in a text, that text among it, and what further steps made of each."""

    __slots__ = ("_asked", "_lowercase", "chars", "lower", "parts", "plain", "views")

    def __init__(self, views: list[str], parts: Sequence[Text]) -> None:
        self.views = views
        self.parts = parts
        self.chars = reduce(or_, [part.chars for part in parts], 0)
        self.plain = 0
        self.lower = 0
        self._lowercase: list[str] | None = None
        self._asked: set[tuple[int, bool]] = set()

    def lowercase(self) -> list[str]:
        """As `Text.lowercase`, of each."""
        if self._lowercase is None:
            lowered = [part.lowercase() for part in self.parts]
            same = all(one is other for one, other in zip(lowered, self.views, strict=True))
            self._lowercase = self.views if same else lowered
        return self._lowercase

    @property
    def hits(self) -> Hits:
        """What was found in any of them."""
        return Hits(frozenset[int]().union(*[part.hits.numbers for part in self.parts]), None)

    def asked(self, waiting: Waiting, lower: bool) -> bool:
        """As `Text.asked`."""
        key = (id(waiting), lower)
        found = key in self._asked
        self._asked.add(key)
        return found


Derived = Text | Texts


def derived(views: Views, source: Derived, before: Views, finder: Prefilter | Part, wanted: int) -> Derived:
    """What a step has made out of `before`, which is the source or that in lower case. `wanted`: characters that matter."""
    if type(views) is str and type(before) is str and type(source) is Text:
        return _text(views, source, before, finder, wanted)
    sources, texts = source.parts, [before] if type(before) is str else before
    parts: list[Text] = []
    for at, view in enumerate(views):
        known, old = (sources[at], texts[at]) if at < len(texts) else (sources[0], texts[0])
        if view is known.views:
            parts.append(known)
        elif view is old:
            parts.append(Text(view, known.chars, known, (), finder))
        else:
            parts.append(_text(view, known, old, finder, wanted))
    return Texts([*views], parts)


def _text(view: str, source: Text | None, before: str, finder: Prefilter | Part, wanted: int) -> Text:
    """A text; one that is long and as long as what it was made of is looked at where the two differ."""
    if source is not None and WORTH_COMPARING <= len(view) == len(before):
        changed = changes(view, before)
        if changed is not None:
            chars = source.chars | alphabet("".join([view[begin:end] for begin, end in changed]), wanted)
            return Text(view, chars, source, changed, finder)
    return Text(view, alphabet(view, wanted), source, None, finder)


def _patched(folded: str, view: str, changed: Sequence[tuple[int, int]]) -> str:
    """What folding `view` gives, of which `folded` is known but for what changed."""
    pieces: list[str] = []
    last = 0
    for begin, end in changed:
        pieces += (folded[last:begin], fold(view[begin:end]))
        last = end
    return "".join([*pieces, folded[last:]])
