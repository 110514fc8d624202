"""The reader as an ONNX graph, node by node: one window without padding, its word table and its linear parts in 8 bits."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import TensorProto, helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from classifiers.train.export import FUSED, Graph, eight_bits
from classifiers.train.reader import HEADS, LAYERS, WIDTH, Encoder


def _whole(*values: int) -> npt.NDArray[np.int64]:
    return np.array(values, np.int64)


def export(model: Encoder, path: Path) -> None:
    """`ids` int32 [1, pieces], `surface` int32 [1] → `logits` [1, 2]. Weights of seven bits: without VNNI, sums of two
    products of eight would overflow sixteen."""
    graph = Graph()
    weights = {name: value.detach().float().numpy() for name, value in model.state_dict().items()}
    y = _logits(graph, weights)
    inputs = [
        helper.make_tensor_value_info("ids", TensorProto.INT32, [1, "pieces"]),
        helper.make_tensor_value_info("surface", TensorProto.INT32, [1]),
    ]
    outputs = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, 2])]
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "reader.onnx"
        graph.save(full, inputs, y, outputs)
        logging.getLogger().setLevel(logging.ERROR)  # it advises a step that changes nothing here
        quantize_dynamic(
            full,
            path,
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul"],
            extra_options={"MatMulConstBOnly": True, "DefaultTensorType": TensorProto.FLOAT},
        )


def _logits(graph: Graph, weights: dict[str, Any]) -> str:
    def norm(x: str, name: str) -> str:
        """Layer normalisation in single steps: the runtime's own, joined with the sum before it, takes five times as long."""
        gain = graph.constant(f"{name}.weight", weights[f"{name}.weight"] * WIDTH**0.5)
        x = graph.node("Sub", x, graph.node("ReduceMean", x, axes=[2], keepdims=1))
        size = graph.node("ReduceL2", x, axes=[2], keepdims=1)
        x = graph.node("Mul", graph.node("Div", x, graph.node("Max", size, least)), gain)
        out: str = graph.node("Add", x, graph.constant(f"{name}.bias", weights[f"{name}.bias"]))
        return out

    def linear(x: str, name: str) -> str:
        w = graph.constant(f"{name}.weight", np.ascontiguousarray(weights[f"{name}.weight"].T))
        out: str = graph.node(
            "Add", graph.node("MatMul", x, w), graph.constant(f"{name}.bias", weights[f"{name}.bias"])
        )
        return out

    least = graph.constant("least", np.array(1e-6, np.float32))
    table, scale = eight_bits(weights["word.weight"], each=True)
    x = graph.node("Cast", graph.node("Gather", graph.constant("word", table), "ids", axis=0), to=TensorProto.FLOAT)
    x = graph.node("Mul", x, graph.node("Gather", graph.constant("word.scale", scale), "ids", axis=0))
    size = graph.node(
        "Slice", graph.node("Shape", "ids"), graph.constant("one", _whole(1)), graph.constant("two", _whole(2))
    )
    zero = graph.constant("zero", _whole(0))
    x = graph.node("Add", x, graph.node("Slice", graph.constant("pos", weights["pos.weight"]), zero, size, zero))
    where = graph.node("Gather", graph.constant("surf", weights["surf"][:, None]), "surface", axis=0)
    shape = graph.node("Concat", "one", size, "one", axis=0)
    first = graph.node("Less", graph.node("Range", *_range(graph, size)), graph.constant("first", _whole(1)))
    first = graph.node("Reshape", graph.node("Cast", first, to=TensorProto.FLOAT), shape)
    x = norm(graph.node("Add", x, graph.node("Mul", first, where)), "n")
    for number in range(LAYERS):
        x = _layer(graph, x, f"layers.{number}", norm, linear)
    start = graph.node("Gather", x, graph.constant("start", np.array(0, np.int64)), axis=1)
    y = graph.node("Concat", start, graph.node("ReduceMax", x, axes=[1], keepdims=0), axis=1)
    return linear(graph.node("Relu", linear(y, "h1")), "h2")


def _range(graph: Graph, size: str) -> tuple[str, str, str]:
    """Start, end and step of a count up to `size`."""
    nothing, step = (graph.constant(f"range.{n}", np.array(n, np.int64)) for n in (0, 1))
    return nothing, graph.node("Squeeze", size), step


def _layer(graph: Graph, x: str, name: str, norm: Any, linear: Any) -> str:
    q, k, v = graph.node("Split", linear(x, f"{name}.qkv"), axis=2, outputs=3)
    y = graph.node("MultiHeadAttention", q, k, v, domain=FUSED, num_heads=HEADS)
    x = norm(graph.node("Add", x, linear(y, f"{name}.o")), f"{name}.n1")
    h = graph.node("Gelu", linear(x, f"{name}.a"), domain=FUSED)
    return str(norm(graph.node("Add", x, linear(h, f"{name}.b")), f"{name}.n2"))
