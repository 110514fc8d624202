"""Do the literals that a match needs stand near enough together?

In a long text nearly every condition finds its words somewhere. A pattern whose matches have a greatest length needs them
within that many characters of one another, which the places of the literals tell without a look at the text; and where it can
be at all, so that the rest need not be searched.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from typing import Final

from waf.rules.prefilter import Hits

_MOST: Final = 64
"""Places from which on it is not looked what stands near each: a search of the text costs as much as some fifty looks."""


def together(
    hits: Hits, clauses: Sequence[Collection[int]], numbers: Collection[int], reach: int
) -> Sequence[int] | None:
    """Places of the rarest clause's literals, less those that have none of another clause's within `reach` characters.

    `clauses`: sets of literals, one of each of which is in every match; `numbers`: the literals that are in the text at all.
    None when that is not known: a crowded text has no places.
    """
    here: list[list[int]] = []
    for clause in clauses:
        places: list[int] = []
        for number in clause:
            if number in numbers:
                here_too = hits.places(number)
                if not here_too:
                    return None
                places += here_too
        places.sort()
        here.append(places)
    here.sort(key=len)
    kept = here[0]
    for other in here[1:]:
        if len(kept) <= _MOST:
            kept = [place for place in kept if is_near(other, place, reach)]
    return kept


def is_near(places: Sequence[int], place: int, reach: int) -> bool:
    """Whether one of the places, which are in order, is within `reach` characters of `place`."""
    at = bisect_left(places, place - reach)
    return at < len(places) and places[at] <= place + reach


def spans(places: Sequence[int], reach: int, size: int) -> tuple[tuple[int, int], ...]:
    """Where in a text of `size` characters a match can be that is at most `reach` long and has a literal at one of the places,
    which are in order. None of the spans touch."""
    found: list[tuple[int, int]] = []
    for place in places:
        begin, end = max(0, place - reach), min(size, place + reach)
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], end)
        else:
            found.append((begin, end))
    return tuple(found)
