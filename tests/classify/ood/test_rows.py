"""Which parts of a request are judged."""

from __future__ import annotations

from typing import Any

import pytest

from waf.classify.ood import rows as module
from waf.classify.ood.rows import loose, rows, texts
from waf.classify.ood.schema import infer
from waf.model import Field

TWO = infer([[1.0, 2.0], [3.0, 4.0]])
NAMED = infer([{"a": 1.0, "b": "x"}, {"a": 2.0, "b": "y"}])
ROW = {"a": 1, "b": "x"}


@pytest.mark.parametrize(
    ("document", "found"),
    [
        ([1, 2], [[1, 2]]),
        ([[1, 2], [3, 4]], [[1, 2], [3, 4]]),
        ({"instances": [[1, 2], [3, 4]]}, [[1, 2], [3, 4]]),
        ({"instances": [[[1], [2]], [[3], [4]]]}, [[[1], [2]], [[3], [4]]]),
        ({"inputs": [{"name": "x", "shape": [2, 2], "data": [1, 2, 3, 4]}]}, [[1, 2], [3, 4]]),
        ({"inputs": [{"data": [[1, 2]]}, {"data": [3, 4]}]}, [[[1, 2]], [3, 4]]),
        ({"instances": [[1, 2]], "features": [3, 4]}, [[[1, 2]], [3, 4]]),
        ({"instances": [[1, 2, 3]]}, [[1, 2, 3]]),
        ({"instances": ["x"]}, [["x"]]),
        ({"instances": [[1, 2], "x"]}, [[1, 2], "x"]),
        ({"other": 1}, [{"other": 1}]),
        ("text", ["text"]),
        (None, [None]),
    ],
)
def test_rows_of_numbers(document: Any, found: list[Any]) -> None:
    assert rows(document, TWO, ()).values == found


@pytest.mark.parametrize(
    ("document", "found"),
    [
        (ROW, [ROW]),
        ([ROW, ROW], [ROW, ROW]),
        ({"instances": [ROW]}, [ROW]),
        ({"dataframe_records": [ROW, ROW]}, [ROW, ROW]),
        (
            {"dataframe_split": {"columns": ["b", "a"], "data": [["x", 1], ["y", 2]]}},
            [{"b": "x", "a": 1}, {"b": "y", "a": 2}],
        ),
        ({"dataframe_split": {"columns": ["b"], "data": [["x", 1]]}}, [{"a": "x", "b": 1}]),
        ({"dataframe_split": {"columns": "b"}}, [None]),
        ({"instances": [[1, "x"]]}, [[1, "x"]]),
        ({"features": [1, "x"]}, [ROW]),
        ({"a": 1, "b": "x", "instances": [ROW]}, [{"a": 1, "b": "x", "instances": [ROW]}]),
    ],
)
def test_rows_of_tables(document: Any, found: list[Any]) -> None:
    assert rows(document, NAMED, ()).values == found


def test_paths_of_the_operator() -> None:
    found = rows({"in": [{"v": [1, 2]}, {"v": [3, 4]}], "instances": [9]}, TWO, (("in", None, "v"), ("in", 7), ("no",)))
    assert found.values == [[1, 2], [3, 4]]
    assert found.origins == ["json:$.in[0].v", "json:$.in[1].v"]


def test_a_body_without_rows_is_one_that_does_not_fit() -> None:
    assert rows({"x": 1}, TWO, (("y",),)).values == [None]


def test_there_is_an_end_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    found = rows([[1, 2]] * 5, TWO, ())
    assert (len(found.values), found.left) == (3, 2)
    monkeypatch.setattr(module, "MOST_VALUES", 3)
    assert rows([[1, 2]] * 5, TWO, ()).left == 4


def fields(bucket: str, *values: str) -> dict[str, list[Field]]:
    return {bucket: [Field(bucket, "", value, f"json:$.{i}") for i, value in enumerate(values)]}


def test_texts_that_a_model_reads() -> None:
    given = (
        fields("llm.user", "how are you?", "gpt-4")
        | fields("llm.prompt", "a film")
        | fields("llm.system", "you are it")
    )
    assert texts(given, None, ()).values == ["how are you?", "a film"]


def test_texts_by_path() -> None:
    assert texts({}, {"a": ["x", 1, "longer text"], "b": "no"}, (("a", None),)).values == ["x", "longer text"]


@pytest.mark.parametrize(
    ("document", "found"),
    [
        ({"instances": [[1, 2], [3, 4]]}, [[1, 2], [3, 4]]),
        ({"instances": [{"a": 1}]}, [{"a": 1}]),
        ({"features": [1, 2]}, [[1, 2]]),
        ({"inputs": [{"shape": [2, 2], "data": [1, 2, 3, 4]}]}, [[1, 2], [3, 4]]),
        ({"inputs": [{"shape": [1, 2], "data": [1, 2]}]}, [[1, 2]]),
        ({"inputs": [{"shape": [3, 2], "data": [1, 2, 3, 4]}]}, [[1, 2, 3, 4]]),
        ({"inputs": [{"shape": "?", "data": [1, 2]}]}, [[1, 2]]),
    ],
)
def test_rows_before_anything_is_known_of_them(document: Any, found: list[Any]) -> None:
    assert loose(document, ()) == found


def test_a_text_that_is_not_read_whole_is_said_so() -> None:
    found = texts(fields("llm.user", "long " * 20_000), None, ())
    assert (len(found.values), found.left) == (1, 1)
