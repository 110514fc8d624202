"""Rows and tables as vectors."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.classify.ood import small
from waf.classify.ood.schema import MAX_SIZE, Schema, flat, infer

TABLE = infer(small.tables(200))
PLAIN = infer([[1.0, 2.0], [3, 4.5]])


@pytest.mark.parametrize(
    ("value", "numbers"),
    [
        ([1, 2.5, True], [1, 2.5, 1]),
        ([[1, 2], [3, 4]], [1, 2, 3, 4]),
        ([[[1], [2]], [[3], [4]]], [1, 2, 3, 4]),
        ([[1, 2], [3]], [1, 2, 3]),
        (7, [7]),
        ([10**400, -(10**400)], [math.inf, -math.inf]),
        ([], []),
    ],
)
def test_flat(value: Any, numbers: list[float]) -> None:
    found = flat(value, 10)
    assert found is not None
    assert found.tolist() == numbers


@pytest.mark.parametrize(
    "value", ["1", ["1"], [[1], 2], [1, [2]], {"a": 1}, [[1, 2], ["3"]], [0] * 11, [[[]]], [None, "x"]]
)
def test_not_flat(value: Any) -> None:
    found = flat(value, 10)
    assert found is None or len(found) == 0


def test_null_is_missing() -> None:
    found = flat([1, None], 5)
    assert found is not None
    assert np.isnan(found).tolist() == [False, True]


@pytest.mark.parametrize(
    ("row", "fits"),
    [
        ([1, 2], True),
        ([[1], [2]], True),
        ([1, 2, 3], False),
        ([1], False),
        ([1, None], False),
        ([1, float("nan")], False),
        (["1", 2], False),
        ("1,2", False),
        (None, False),
        ({"0": 1, "1": 2}, False),
    ],
)
def test_rows_of_numbers(row: Any, fits: bool) -> None:
    assert PLAIN.vectors([row])[1].tolist() == [fits]


def test_missing_numbers_where_the_reference_has_them() -> None:
    schema = infer([[1.0, None], [3.0, 4.0], [5.0, 6.0]])
    vectors, fits = schema.vectors([[None, None], [1, 2]])
    assert fits.all()
    assert schema.width == 3
    assert vectors.tolist() == [[4.0, 4.0, math.log1p(2)], [1, 2, 0]]


@pytest.mark.parametrize(
    ("row", "fits"),
    [
        ({"amount": 3, "country": "DE", "age": 20}, True),
        ({"amount": 3, "country": "DE"}, True),
        ({"amount": 3, "country": "XX", "age": None}, True),
        ({"amount": 3, "country": 7, "age": 1}, True),
        ({"amount": None, "country": "DE", "age": 1}, False),
        ({"country": "DE", "age": 1}, False),
        ({"amount": "3", "country": "DE", "age": 1}, False),
        ({"amount": [3], "country": "DE", "age": 1}, False),
        ({"amount": 3, "country": "DE", "age": 1, "admin": True}, False),
        ([3, "DE", 20], True),
        ([3, "DE"], False),
        ("DE", False),
    ],
)
def test_tables(row: Any, fits: bool) -> None:
    vectors, found = TABLE.vectors([row])
    assert found.tolist() == [fits]
    assert vectors.shape == (1, TABLE.width)
    assert np.isfinite(vectors).all()


def test_rare_values_of_a_category_are_surprising() -> None:
    at = [column.name for column in TABLE.columns].index("country")
    assert at == 1
    often, seldom, never = (TABLE.vectors([{"amount": 1, "country": c, "age": 1}])[0][0] for c in ("DE", "FR", "XX"))
    assert often[1] < seldom[1] < never[1]


def test_a_row_of_the_reference_as_it_would_look_had_it_not_been_there() -> None:
    """Rare values lose the row's own count; what only one row lacks, no row could lack without it."""
    schema = infer([{"code": "x", "n": None}] + [{"code": f"v{i}" if i < 5 else "often", "n": i} for i in range(99)])
    own, new = schema.vectors([{"code": "v1", "n": 1}], own=1)[0], schema.vectors([{"code": "new", "n": 1}])[0]
    assert own.tolist() == new.tolist()
    often = {"code": "often", "n": 1}
    assert schema.vectors([often], own=1)[0].tolist() == schema.vectors([often])[0].tolist()
    assert schema.vectors([{"code": "x", "n": None}], own=1)[1].tolist() == [False]
    assert schema.vectors([{"code": "x", "n": None}])[1].tolist() == [True]


@pytest.mark.parametrize("same", [3, 3.0, "3"])
def test_one_spelling_for_each_category(same: Any) -> None:
    schema = infer([{"code": value} for value in ["3", "4", "x"] * 5])
    assert schema.vectors([{"code": same}])[0].tolist() == schema.vectors([{"code": "3"}])[0].tolist()


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([[1, 2], [1]], "differ in how many numbers"),
        ([[1, 2], [1, "x", 3]], "differ in their columns"),
        ([{"a": 1}, [1]], "differ in their columns"),
        ([{"a": [1]}], "holds lists or objects"),
        ([[]], "a row has 0 numbers"),
        ([[0] * (MAX_SIZE + 1)], "a row has"),
        ([{str(i): 1 for i in range(2000)}], "the table has 2000 columns"),
    ],
)
def test_references_that_cannot_be_used(rows: list[Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        infer(rows)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_nothing_that_json_can_hold_breaks_it(value: Any) -> None:
    for schema in (PLAIN, TABLE, Schema(3, size=1, missing=1)):
        vectors, _ = schema.vectors([value])
        assert vectors.shape == (1, schema.width)
        assert not np.isnan(vectors).any()
