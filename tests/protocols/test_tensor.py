"""Statistics and shapes of numeric arrays."""

from __future__ import annotations

import math
from array import array
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf.parse.json_body import decode
from waf.protocols.tensor import MAX_RANK, read, stats
from waf.settings import Json, Limits

finite = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e100, max_value=1e100)


@pytest.mark.parametrize("repeat", [1, 100])
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2, 3], (1, 3, 2, 0)),
        ([math.nan, 4], (4, 4, 4, 1)),
        ([math.inf, -math.inf, 4], (4, 4, 4, 2)),
        ([math.inf, math.nan], (0, 0, 0, 2)),
        ([1e308, 1e308], (1e308, 1e308, 1e308, 0)),
        ([-1e308, -1e308, math.inf], (-1e308, -1e308, -1e308, 1)),
    ],
)
def test_stats(values: list[float], expected: tuple[float, ...], repeat: int) -> None:
    low, high, mean, bad = stats(array("d", values * repeat))
    assert (low, high, bad) == (expected[0], expected[1], expected[3] * repeat)
    assert mean == pytest.approx(expected[2])


@given(st.lists(finite, min_size=1, max_size=120))
def test_stats_are_those_of_plain_arithmetic(values: list[float]) -> None:
    found = stats(array("d", values))
    assert (found.low, found.high, found.bad) == (min(values), max(values), 0)
    assert found.mean == pytest.approx(math.fsum(values) / len(values), rel=1e-9, abs=1e-9 * max(map(abs, values)))


def tensor(raw: str) -> tuple[list[float], tuple[int, ...]] | None:
    document = decode(raw.encode(), Limits(), Json(), nan=True)
    found = read(document.value, document.numeric)
    return None if found is None else (list(found[0]), found[1])


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("[1]", ([1], (1,))),
        ("[[1,2],[3,4]]", ([1, 2, 3, 4], (2, 2))),
        ("[[[1],[2]],[[3],[4]]]", ([1, 2, 3, 4], (2, 2, 1))),
        ("[[1,2],[3]]", ([1, 2, 3], (2, -1))),
        ("[[[1],[2]],[[3]]]", ([1, 2, 3], (2, -1, 1))),
        ("[[],[1]]", ([1], (2, -1))),
        ("[[1],[]]", ([1], (2, -1))),
        ("[]", None),
        ("[[],[]]", None),
        ("[[[]]]", None),
        ("[null]", None),
        ('["1"]', None),
        ('[1,"1"]', None),
        ('[[1],["1"]]', None),
        ("[[1],2]", None),
        ("[1,[2]]", None),
        ("[[1],[[2]]]", None),
        ('[{"a":1}]', None),
        ("[" * (MAX_RANK + 1) + "1" + "]" * (MAX_RANK + 1), ([1], (1,) * (MAX_RANK + 1))),
        ("[" * (MAX_RANK + 2) + "1" + "]" * (MAX_RANK + 2), None),
    ],
)
def test_shapes(raw: str, expected: tuple[list[float], tuple[int, ...]] | None) -> None:
    assert tensor(raw) == expected


@given(st.lists(st.integers(1, 4), min_size=1, max_size=4))
def test_a_regular_array_has_its_shape_and_its_elements_in_order(shape: list[int]) -> None:
    count = iter(range(1, math.prod(shape) + 1))

    def build(sizes: list[int]) -> Any:
        return [build(sizes[1:]) for _ in range(sizes[0])] if sizes else next(count)

    assert tensor(repr(build(shape))) == (list(range(1, math.prod(shape) + 1)), tuple(shape))
