"""The Open Inference Protocol v2 in JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from waf.errors import BadRequest
from waf.model import Request
from waf.parse import ParseOptions, parse
from waf.settings import Json

Read = Callable[..., tuple[dict[str, list[tuple[str, Any]]], list[tuple[str, str]]]]
TARGET = "/v2/models/m/versions/1/infer"


def one(**members: Any) -> dict[str, Any]:
    return {"inputs": [{"name": "x", **members}]}


@pytest.mark.parametrize("data", [[1, 2, 3, 4], [[1, 2], [3, 4]], [[[1], [2]], [[3], [4]]]])
def test_a_tensor_is_named_by_its_input(read: Read, data: Any) -> None:
    fields, skipped = read(TARGET, one(shape=[2, 2], datatype="FP32", data=data))
    assert fields == {
        "model.name": [("", "m")],
        "json": [("$.inputs[0].name", "x")],
        "tensor.shape": [("x", (2, 2))],
        "tensor.dtype": [("x", "FP32")],
        "tensor.size": [("x", 4)],
        "tensor.min": [("x", 1.0)],
        "tensor.max": [("x", 4.0)],
        "tensor.mean": [("x", 2.5)],
        "tensor.nan_count": [("x", 0)],
    }
    assert skipped == []


def test_strings_are_model_text(read: Read) -> None:
    fields, _ = read(TARGET, one(shape=[1, 2], datatype="BYTES", data=[["a", "b"]]))
    assert fields["llm.prompt"] == [("$.inputs[0].data[0][0]", "a"), ("$.inputs[0].data[0][1]", "b")]
    assert (fields["tensor.shape"], fields["tensor.size"], fields["tensor.dtype"]) == (
        [("x", (1, 2))],
        [("x", 2)],
        [("x", "BYTES")],
    )


def test_parameters_of_every_kind(read: Read) -> None:
    document = {
        "id": "i",
        "parameters": {"sequence_id": 5, "flag": True},
        "inputs": [
            {
                "name": "x",
                "shape": [4],
                "datatype": "FP32",
                "parameters": {"shared_memory_region": "r", "deep": {"a": "b"}},
            }
        ],
        "outputs": [{"name": "y", "parameters": {"a b": 1.5}}],
    }
    fields, _ = read(TARGET, document)
    assert fields["tensor.params"] == [
        ("request.sequence_id", "5"),
        ("request.flag", "true"),
        ("x.shared_memory_region", "r"),
        ("output.a b", "1.5"),
    ]
    assert fields["tensor.shape"] == [("x", (4,))]
    assert fields["tensor.dtype"] == [("x", "FP32")]
    assert "tensor.size" not in fields
    assert fields["llm.prompt"] == [
        ("$.inputs[0].parameters.deep.a", "b"),
        ('$.outputs[0].parameters["a b"]', "a b"),
    ]


@pytest.mark.parametrize(
    "members",
    [
        {"shape": [3], "data": [1, 2]},
        {"shape": [0], "data": [1]},
        {"shape": [2, 2], "data": [[1, 2], [3]]},
        {"shape": [10**30], "data": [1]},
        {"shape": [2], "data": ["a"]},
        {"shape": [2], "data": "ab"},
        {"shape": "2", "data": [1, 2]},
        {"shape": [-1, 2], "data": [1, 2]},
        {"shape": [2.0], "data": [1, 2]},
        {"shape": [True], "data": [1]},
        {"shape": [1] * 33, "data": [1]},
        {"shape": {}},
    ],
)
def test_a_shape_that_is_not_the_data_s_is_refused(read: Read, members: dict[str, Any]) -> None:
    with pytest.raises(BadRequest, match="tensor-shape"):
        read(TARGET, one(datatype="FP32", **members))


@pytest.mark.parametrize(
    ("document", "bucket", "expected"),
    [
        (one(data=[1, 2]), "tensor.shape", [("x", (2,))]),
        (one(data=["a", 1]), "tensor.shape", [("x", (2,))]),
        (one(data=[1], datatype=7), "tensor.dtype", [("x", "json")]),
        (one(data=[1], datatype={"a": "b"}), "llm.prompt", [("$.inputs[0].datatype.a", "b")]),
        ({"inputs": [{"name": ["n"], "data": [1]}]}, "tensor.size", [("$.inputs[0]", 1)]),
        ({"inputs": [{"name": ["n"], "data": [1]}]}, "json", [("$.inputs[0].name[0]", "n")]),
        (one(data=[1], odd="o"), "llm.prompt", [("$.inputs[0].odd", "o")]),
        (one(data=[1], parameters="p"), "llm.prompt", [("$.inputs[0].parameters", "p")]),
        ({"inputs": ["s"]}, "llm.prompt", [("$.inputs[0]", "s")]),
        ({"inputs": {"a": "s"}}, "llm.prompt", [("$.inputs.a", "s")]),
    ],
)
def test_unusual_inputs(read: Read, document: Any, bucket: str, expected: list[tuple[str, Any]]) -> None:
    assert read(TARGET, document)[0][bucket] == expected


def test_repeated_parameters_are_both_read() -> None:
    body = b'{"inputs":[{"name":"x","data":[1],"parameters":{"k":"a","k":"b"}}]}'
    parsed = parse(Request(method="POST", target=TARGET, body=body), ParseOptions(json=Json(duplicate_keys="inspect")))
    assert [f.value for f in parsed.fields["tensor.params"]] == ["a", "b"]


@pytest.mark.parametrize("members", [b'"shape":[1],"shape":[2],"data":[1]', b'"shape":[1],"data":[1],"data":[2]'])
def test_repeated_shapes_and_data_are_refused_always(members: bytes) -> None:
    body = b'{"inputs":[{"name":"x",' + members + b"}]}"
    with pytest.raises(BadRequest, match="tensor-shape"):
        parse(Request(method="POST", target=TARGET, body=body), ParseOptions(json=Json(duplicate_keys="inspect")))


@pytest.mark.parametrize("operation", ["generate", "generate_stream"])
def test_triton_generate(read: Read, operation: str) -> None:
    document = {"text_input": "x", "max_tokens": 5, "stream": True, "parameters": {"temperature": 0, "bad_words": "b"}}
    fields, _ = read(f"/v2/models/m/{operation}", document)
    assert fields == {
        "model.name": [("", "m")],
        "llm.prompt": [("$.text_input", "x"), ("$.parameters.bad_words", "b")],
        "json": [("$.parameters.bad_words", "b")],
        "llm.params": [("max_tokens", 5), ("stream", 1), ("temperature", 0)],
    }
