"""ONNX graphs, put together node by node and written without the `onnx` package."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from waf.classify.ood.protobuf import number, record

OPSET: Final = 17
IR_VERSION: Final = 8
"""Old versions on purpose: every runtime that the package allows reads them."""
_FLOAT: Final = 1
_TYPES: Final = {"float32": _FLOAT, "int64": 7, "bool": 9}
_MODEL_GRAPH: Final = 7
_GRAPH_NODE, _GRAPH_OUTPUT = 1, 12
_NODE_INPUT, _NODE_OUTPUT, _NODE_TYPE = 1, 2, 4


class Graph:
    """A graph that grows: `node` and `constant` give the name of what they made."""

    def __init__(self) -> None:
        self._nodes: list[bytes] = []
        self._constants: list[bytes] = []

    def constant(self, value: npt.ArrayLike, dtype: str = "float32") -> str:
        array = np.ascontiguousarray(value, dtype)
        name = f"c{len(self._constants)}"
        dims = b"".join(number(1, size) for size in np.shape(value))
        self._constants.append(dims + number(2, _TYPES[dtype]) + record(8, name) + record(9, array.tobytes()))
        return name

    def node(self, kind: str, *inputs: str, outputs: int = 1, **attributes: int | Sequence[int]) -> str:
        """The first output's name; further ones are called `NAME_1`, and so on."""
        name = f"t{len(self._nodes)}"
        names = [name, *(f"{name}_{i}" for i in range(1, outputs))]
        self._nodes.append(
            b"".join(record(_NODE_INPUT, each) for each in inputs)
            + b"".join(record(_NODE_OUTPUT, each) for each in names)
            + record(_NODE_TYPE, kind)
            + b"".join(record(5, _attribute(key, value)) for key, value in attributes.items())
        )
        return name

    def cut(self, x: str, start: int, stop: int) -> str:
        """Columns `start` to `stop` of [n, d]."""
        ends = [self.constant([n], "int64") for n in (start, stop, 1)]
        return self.node("Slice", x, *ends)

    def affine(self, x: str, factor: npt.ArrayLike, offset: npt.ArrayLike) -> str:
        """`factor * x + offset`; what changes nothing is left out."""
        if np.any(np.asarray(factor) != 1.0):
            x = self.node("Mul", x, self.constant(factor))
        return self.node("Add", x, self.constant(offset)) if np.any(offset) else x

    def plus(self, x: str, value: float) -> str:
        return self.node("Add", x, self.constant(value))

    def log(self, x: str, least: float = 1e-3) -> str:
        return self.node("Log", self.plus(x, least))

    def linear(
        self,
        x: str,
        mean: npt.NDArray[np.float64],
        blocks: Mapping[str, npt.NDArray[np.float64]],
        shifts: Mapping[str, npt.NDArray[np.float64]] = MappingProxyType({}),
    ) -> dict[str, str]:
        """`(x - mean) @ block + shift` for each block [d, k], by its name, in one product."""
        matrix = np.concatenate(list(blocks.values()), 1)
        moved = np.concatenate(
            [np.broadcast_to(shifts.get(name, 0.0), block.shape[1]) for name, block in blocks.items()]
        )
        every = self.node("Gemm", x, self.constant(matrix), self.constant(moved - mean @ matrix))
        if len(blocks) == 1:
            return dict.fromkeys(blocks, every)
        sizes = self.constant([block.shape[1] for block in blocks.values()], "int64")
        first = self.node("Split", every, sizes, outputs=len(blocks), axis=1)
        return {name: f"{first}_{i}" if i else first for i, name in enumerate(blocks)}

    def model(self, inputs: Mapping[str, int], outputs: Mapping[str, tuple[str, int]]) -> bytes:
        """The file. `inputs`: columns of each float32 [n, columns]; `outputs`: the same, and the node that gives them."""
        nodes = [
            *self._nodes,
            *(
                record(_NODE_INPUT, made) + record(_NODE_OUTPUT, name) + record(_NODE_TYPE, "Identity")
                for name, (made, _) in outputs.items()
            ),
        ]
        graph = (
            b"".join(record(_GRAPH_NODE, node) for node in nodes)
            + record(2, "waf")
            + b"".join(record(5, constant) for constant in self._constants)
            + b"".join(record(11, value_info(name, ("n", size))) for name, size in inputs.items())
            + b"".join(record(_GRAPH_OUTPUT, value_info(name, ("n", size))) for name, (_, size) in outputs.items())
        )
        opset = record(8, record(1, "") + number(2, OPSET))
        return number(1, IR_VERSION) + record(2, "waf calibrate") + record(_MODEL_GRAPH, graph) + opset


def value_info(name: str, shape: Sequence[int | str]) -> bytes:
    """A float32 tensor of a graph's inputs or outputs; a text is a dimension of any length."""
    dims = b"".join(record(1, number(1, n) if isinstance(n, int) else record(2, n)) for n in shape)
    return record(1, name) + record(2, record(1, number(1, _FLOAT) + record(2, dims)))


def _attribute(name: str, value: int | Sequence[int]) -> bytes:
    if isinstance(value, int):
        return record(1, name) + number(3, value) + number(20, 2)
    return record(1, name) + b"".join(number(8, n) for n in value) + number(20, 7)
