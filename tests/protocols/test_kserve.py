"""KServe v1 and TensorFlow Serving."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest

from waf.model import Request
from waf.parse import ParseOptions, parse
from waf.settings import Json

Read = Callable[..., tuple[dict[str, list[tuple[str, Any]]], list[tuple[str, str]]]]
TARGET = "/v1/models/m:predict"


def tensors(fields: dict[str, list[tuple[str, Any]]]) -> dict[str, tuple[Any, ...]]:
    """{name: (shape, size, min, max, mean, nan_count)}"""
    kinds = ("shape", "size", "min", "max", "mean", "nan_count")
    columns = [fields.get(f"tensor.{kind}", []) for kind in kinds]
    return {row[0][0]: tuple(value for _, value in row) for row in zip(*columns, strict=True)}


@pytest.mark.parametrize("verb", ["predict", "classify", "regress", "explain"])
def test_the_model_is_in_the_path(read: Read, verb: str) -> None:
    assert read(f"/v1/models/iris/versions/2:{verb}", {})[0] == {"model.name": [("", "iris")]}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"instances": [[1, 2], [3, 4]]}, {"instances": ((2, 2), 4, 1.0, 4.0, 2.5, 0)}),
        ({"instances": [1.5]}, {"instances": ((1,), 1, 1.5, 1.5, 1.5, 0)}),
        ({"inputs": {"a": [1, 2], "b": [[3]]}}, {"a": ((2,), 2, 1.0, 2.0, 1.5, 0), "b": ((1, 1), 1, 3.0, 3.0, 3.0, 0)}),
        (
            {"instances": [{"x": [1, 2], "y": [[0], [4]]}]},
            {"x": ((2,), 2, 1.0, 2.0, 1.5, 0), "y": ((2, 1), 2, 0.0, 4.0, 2.0, 0)},
        ),
        ({"instances": [[1, 2], [3]]}, {"instances": ((2, -1), 3, 1.0, 3.0, 2.0, 0)}),
        (b'{"instances": [[1, NaN, Infinity, null]]}', {"instances": ((1, 4), 4, 1.0, 1.0, 1.0, 3)}),
        (b'{"instances": [NaN, -Infinity]}', {"instances": ((2,), 2, 0.0, 0.0, 0.0, 2)}),
        ({"instances": [True, False]}, {"instances": ((2,), 2, 0.0, 1.0, 0.5, 0)}),
    ],
)
def test_arrays_of_numbers_are_tensors(read: Read, document: Any, expected: dict[str, tuple[Any, ...]]) -> None:
    fields, skipped = read(TARGET, document)
    assert tensors(fields) == expected
    assert {value for _, value in fields["tensor.dtype"]} == {"json"}
    assert skipped == []
    assert "json.scalars" not in fields


def test_repeated_members_are_all_read() -> None:
    body = b'{"instances":[{"x":"a","x":[1,2]}]}'
    parsed = parse(Request(method="POST", target=TARGET, body=body), ParseOptions(json=Json(duplicate_keys="inspect")))
    assert [f.value for f in parsed.fields["llm.prompt"]] == ["a"]
    assert [(f.name, f.value) for f in parsed.fields["tensor.shape"]] == [("x", (2,))]


def b64(raw: bytes) -> dict[str, str]:
    return {"b64": base64.b64encode(raw).decode()}


@pytest.mark.parametrize(
    ("document", "expected", "skipped"),
    [
        ({"instances": ["x", ["y"]]}, {"llm.prompt": [("$.instances[0]", "x"), ("$.instances[1][0]", "y")]}, []),
        (
            {"instances": [[39, "Private", True, None]]},
            {
                "json.scalars": [("$.instances[0][0]", 39), ("$.instances[0][2]", True)],
                "llm.prompt": [("$.instances[0][1]", "Private")],
            },
            [],
        ),
        ({"inputs": b64(b"hello")}, {"llm.prompt": [("$.inputs.b64", "hello")]}, []),
        ({"inputs": b64(b"hello, everybody\0")}, {"llm.prompt": [("$.inputs.b64", "hello, everybody\0")]}, []),
        ({"inputs": b64(b"\xff\xd8\xff")}, {}, [("$.inputs.b64", "binary")]),
        ({"inputs": {"b64": "no base64!"}}, {"llm.prompt": [("$.inputs.b64", "no base64!")]}, []),
        ({"inputs": {"b64": "aGk=", "x": "y"}}, {"llm.prompt": [("$.inputs.b64", "aGk="), ("$.inputs.x", "y")]}, []),
        ({"inputs": {"b64": ["x"]}}, {"llm.prompt": [("$.inputs.b64[0]", "x")]}, []),
        (
            {"inputs": {"a b": 1}},
            {"llm.prompt": [('$.inputs["a b"]', "a b")], "json.scalars": [('$.inputs["a b"]', 1)]},
            [],
        ),
        (
            {"examples": [{"age": 1}], "context": "c"},
            {"json.scalars": [("$.examples[0].age", 1)], "llm.prompt": [("$.context", "c")]},
            [],
        ),
        ({"signature_name": "s"}, {"json": [("$.signature_name", "s")]}, []),
        ({"odd": "o"}, {"json": [("$.odd", "o")], "llm.prompt": [("$.odd", "o")]}, []),
    ],
)
def test_what_is_no_tensor(
    read: Read, document: Any, expected: dict[str, list[tuple[str, Any]]], skipped: list[tuple[str, str]]
) -> None:
    fields, skips = read(TARGET, document)
    assert fields == {"model.name": [("", "m")], **expected}
    assert skips == skipped
