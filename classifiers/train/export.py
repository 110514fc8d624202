"""A network as an ONNX graph, node by node; its tables in 8 bits."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from onnx import TensorProto, helper, numpy_helper

from classifiers.train.network import Network
from waf.classify.stage import STRIDE
from waf.classify.types import SURFACES

OPSET: Final = 17
IR_VERSION: Final = 8
FUSED: Final = "com.microsoft"
"""ONNX Runtime's own operators, which do several steps at once."""

Array = npt.NDArray[Any]


class Graph:
    """A graph that is being put together: `node` returns the name of its output."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.initializers: list[Any] = []

    def constant(self, name: str, value: Array) -> str:
        self.initializers.append(numpy_helper.from_array(np.asarray(value, order="C"), name))
        return name

    def node(self, kind: str, *inputs: str, outputs: int = 1, domain: str = "", **attributes: Any) -> Any:
        names = [f"t{len(self.nodes)}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, domain=domain, **attributes))
        return names[0] if outputs == 1 else names

    def save(self, path: Path, inputs: list[Any], output: str, outputs: list[Any]) -> None:
        self.nodes.append(helper.make_node("Identity", [output], [outputs[0].name]))
        graph = helper.make_graph(self.nodes, "waf", inputs, outputs, self.initializers)
        opsets = [helper.make_opsetid("", OPSET)]
        if any(node.domain == FUSED for node in self.nodes):
            opsets.append(helper.make_opsetid(FUSED, 1))
        model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="waf train")
        path.write_bytes(model.SerializeToString())


def eight_bits(matrix: Array, *, each: bool) -> tuple[Array, Array]:
    """Signed bytes and their scales: of each row, or the same one for all, with the one largest number in 100,000 cut off."""
    largest = np.abs(matrix).max(1, keepdims=True)
    if not each:
        largest = np.full_like(largest, np.quantile(np.abs(matrix), 1 - 1e-5))
    scale = np.maximum(largest, 1e-8) / 127
    return np.clip(np.rint(matrix / scale), -127, 127).astype(np.int8), scale.astype(np.float32)


def export(model: Network, path: Path, calibration: Array) -> None:
    """`ids` int32 [n, words, kinds], `surface` int32 [n] → `probabilities` [n, 2]; `calibration` is [surfaces, 2, 2]."""
    graph = Graph()
    y = logits(graph, model, "ids")
    for part, kind in ((0, "Mul"), (1, "Add")):
        mine = graph.constant(f"calibration.{part}", calibration[:, :, part].astype(np.float32))
        y = graph.node(kind, y, graph.node("Gather", mine, "surface", axis=0))
    inputs = [
        helper.make_tensor_value_info("ids", TensorProto.INT32, ["n", "words", model.shape.kinds]),
        helper.make_tensor_value_info("surface", TensorProto.INT32, ["n"]),
    ]
    outputs = [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["n", 2])]
    graph.save(path, inputs, graph.node("Sigmoid", y), outputs)


def logits(graph: Graph, model: Network, ids: str) -> str:
    """The nodes of the network, on `ids` [n, words, kinds] and the input `surface`."""
    weights = {name: value.detach().numpy() for name, value in model.state_dict().items()}
    table, scale = eight_bits(weights["table.weight"], each=False)
    table[0] = 0
    x = graph.node("Cast", graph.node("Gather", graph.constant("table", table), ids, axis=0), to=TensorProto.FLOAT)
    x = graph.node("ReduceSum", x, graph.constant("kinds", np.array([2], np.int64)), keepdims=0)
    weights["phrase.weight"] = weights["phrase.weight"] * scale[0, 0]
    x = graph.node("Transpose", x, perm=[0, 2, 1])

    def conv(x: str, name: str) -> str:
        w = weights[f"{name}.weight"]
        names = graph.constant(f"{name}.w", w), graph.constant(f"{name}.b", weights[f"{name}.bias"])
        out: str = graph.node("Conv", x, *names, pads=[w.shape[2] // 2] * 2)
        return out

    x = graph.node("Relu", conv(x, "phrase"))
    near = graph.node("ReduceMax", x, axes=[2], keepdims=0)
    x = graph.node("AveragePool", x, kernel_shape=[STRIDE], strides=[STRIDE])
    far = graph.node("ReduceMax", graph.node("Relu", conv(x, "sentence")), axes=[2], keepdims=0)
    hot = graph.node("Gather", graph.constant("eye", np.eye(len(SURFACES), dtype=np.float32)), "surface", axis=0)
    y = graph.node("Concat", near, far, hot, axis=1)
    for name in ("head1", "head2"):
        names = (
            graph.constant(f"{name}.w", weights[f"{name}.weight"]),
            graph.constant(f"{name}.b", weights[f"{name}.bias"]),
        )
        y = graph.node("Gemm", y, *names, transB=1)
        y = graph.node("Relu", y) if name == "head1" else y
    return str(y)
