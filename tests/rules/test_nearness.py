"""Whether what a match needs stands near enough together, against the plain way to tell."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from waf.rules.nearness import is_near, spans, together
from waf.rules.prefilter import Hits

places = st.lists(st.integers(0, 60), min_size=1, max_size=4, unique=True).map(sorted)


def found_at(places: dict[int, list[int]]) -> Hits:
    """Literals where the dictionary says; without places if it has none for one of them."""
    known = all(places.values())
    return Hits(set(places), [(n, at, at + 1) for n, starts in places.items() for at in starts] if known else None)


@given(
    st.dictionaries(st.integers(0, 5), places, min_size=1),
    st.lists(st.sets(st.integers(0, 5), min_size=1, max_size=3), min_size=1, max_size=3),
    st.integers(1, 20),
)
def test_every_place_that_may_be_in_a_match_is_kept(
    hits: dict[int, list[int]], clauses: list[set[int]], reach: int
) -> None:
    lists = [[place for number in clause for place in hits.get(number, [])] for clause in clauses]
    found = together(found_at(hits), clauses, set(hits), reach)
    assert found is not None
    rarest = min(lists, key=len)
    for place in rarest:
        near = all(any(abs(other - place) <= reach for other in others) for others in lists)
        assert not near or place in found
    assert set(found) <= {place for others in lists for place in others}
    if not all(lists):
        assert not found


def test_what_is_not_known() -> None:
    assert together(found_at({1: [], 2: [4]}), [{1}, {2}], {1, 2}, 9) is None  # no places in a crowded text
    many = {1: list(range(0, 400, 2)), 2: [1000]}
    assert together(found_at(many), [{1}, {2}], {1, 2}, 9) == []
    assert (
        together(found_at({1: many[1], 2: list(range(1000, 1400, 2))}), [{1}, {2}], {1, 2}, 9) == many[1]
    )  # too many to look at each


@given(st.lists(st.integers(0, 99), unique=True).map(sorted), st.integers(1, 30), st.integers(100, 120))
def test_spans_hold_what_is_within_reach_of_a_place(found: list[int], reach: int, size: int) -> None:
    inside = {at for begin, end in spans(found, reach, size) for at in range(begin, end)}
    assert inside == {at for at in range(size) if any(place - reach <= at < place + reach for place in found)}
    bounds = [bound for span in spans(found, reach, size) for bound in span]
    assert bounds == sorted(set(bounds))


def test_near() -> None:
    assert is_near([3, 10], 12, 2)
    assert is_near([3, 10], 1, 2)
    assert not is_near([3, 10], 6, 2)
    assert not is_near([], 6, 2)
