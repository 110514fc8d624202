"""Do the literals that a match needs stand near enough together?

In a long text nearly every condition finds its words somewhere. A pattern whose matches have a greatest length needs them
within that many characters of one another, which the places of the literals tell without a look at the text.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from typing import Final

from waf.rules.prefilter import Hits

_MOST_LOOKS: Final = 128
"""Looks at a list of places that a condition is worth: a search of the text costs as much as some fifty."""


def together(
    hits: Hits, clauses: Sequence[Collection[int]], numbers: Collection[int], reach: int
) -> Sequence[int] | None:
    """Places of the rarest clause's literals that have one of every other clause's within `reach` characters.

    `clauses`: sets of literals, one of each of which is in every match; `numbers`: the literals that are in the text at all.
    None when that is not known (a crowded text has no places) or dearer to find out than it is worth.
    """
    here = [[hits[number] for number in clause if number in numbers] for clause in clauses]
    if not all(places for lists in here for places in lists):
        return None
    here.sort(key=_count)
    if _count(here[0]) * sum(map(len, here[1:])) > _MOST_LOOKS:
        return None
    kept = sorted([place for places in here[0] for place in places])
    for other in here[1:]:
        kept = [place for place in kept if any(is_near(places, place, reach) for places in other)]
    return kept


def is_near(places: Sequence[int], place: int, reach: int) -> bool:
    """Whether one of the places, which are in order, is within `reach` characters of `place`."""
    at = bisect_left(places, place - reach)
    return at < len(places) and places[at] <= place + reach


def _count(lists: Sequence[Sequence[int]]) -> int:
    return sum(map(len, lists))
