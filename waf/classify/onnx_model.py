"""One ONNX file, checked when it is loaded and run on the CPU.

The sidecar has one or two cores and shares them with the model it protects, so a session gets one thread and never
spins: a thread that waits actively wins microseconds here and takes them from everybody else.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

# Releases of 2026 report to their maker over the network and keep an id of the machine in the home folder, unless this is
# set before it is imported. A firewall talks to nobody whom its configuration does not name.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import onnxruntime as ort

from waf.errors import ModelError, Problem

MAX_BYTES: Final = 256 << 20
"""Largest model file that is read."""

_DTYPES: Final = {
    "tensor(float)": "float32",
    "tensor(double)": "float64",
    "tensor(float16)": "float16",
    "tensor(int64)": "int64",
    "tensor(int32)": "int32",
    "tensor(uint8)": "uint8",
    "tensor(bool)": "bool",
}
_MADE: Final = {name: np.dtype(name) for name in _DTYPES.values()}
"""numpy has one object for each, and builds its name each time it is asked."""
_ERRORS_ONLY: Final = 3

Array = npt.NDArray[Any]


class Tensor(NamedTuple):
    """Type and shape of one input or output; None is a dimension of any length."""

    dtype: str
    shape: tuple[int | None, ...]

    def __str__(self) -> str:
        return f"{self.dtype}[{', '.join('any' if n is None else str(n) for n in self.shape)}]"

    def holds(self, array: Array) -> bool:
        shape = array.shape
        if (array.dtype is not _MADE.get(self.dtype) and array.dtype.name != self.dtype) or len(shape) != len(
            self.shape
        ):
            return False
        # A list, since a generator would cost more than all of the rest.
        return not [have for want, have in zip(self.shape, shape, strict=True) if want is not None and want != have]


Signature = Mapping[str, Tensor]


class OnnxModel:
    """A loaded model. `run` may be called from several threads.

    `inputs` and `outputs` say what the caller relies on, exactly; where they are None, they say afterwards what the file has.
    `digest` is the SHA-256 the file must have, if given. `threads`: of one run. `data`: the file's contents, where somebody
    has them already; then `path` is only its name.
    Raises ModelError when the file is missing, larger than `max_bytes`, another one, no ONNX, or has another signature.
    """

    def __init__(
        self,
        path: Path,
        *,
        inputs: Signature | None = None,
        outputs: Signature | None = None,
        digest: str = "",
        threads: int = 1,
        max_bytes: int = MAX_BYTES,
        data: bytes | None = None,
    ) -> None:
        self.path = path
        data = _read(path, max_bytes) if data is None else data
        self.sha256 = sha256(data).hexdigest()
        if digest and digest != self.sha256:
            raise _problem(path, f"has SHA-256 {self.sha256}, not {digest}", "restore the file that its manifest names")
        try:
            self._session = ort.InferenceSession(data, _options(threads), providers=["CPUExecutionProvider"])
        except Exception as error:  # the runtime has a class of its own for every way a file can be bad
            raise _problem(path, f"is no ONNX model that the runtime can load: {_first_line(error)}") from error
        self.inputs = _signature(path, "input", inputs, self._session.get_inputs())
        self.outputs = _signature(path, "output", outputs, self._session.get_outputs())
        self._names = list(self.outputs)

    def run(self, feeds: Mapping[str, Array]) -> dict[str, Array]:
        """Outputs by name. Raises ValueError when `feeds` are not the declared inputs, and ModelError when the model
        fails on them or answers in another shape than it declared."""
        for name, tensor in self.inputs.items():
            if name not in feeds or not tensor.holds(feeds[name]):
                raise ValueError(f"input {name!r} must be {tensor}")
        try:
            values = self._session.run(self._names, feeds)
        except Exception as error:  # as above
            raise _problem(self.path, f"failed: {_first_line(error)}") from error
        results: dict[str, Array] = {}
        for (name, tensor), value in zip(self.outputs.items(), values, strict=True):
            array = results[name] = np.asarray(value)
            if not tensor.holds(array):
                raise _problem(self.path, f"output {name!r} is {_describe(array)}, not {tensor}")
        return results


def _read(path: Path, max_bytes: int) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as error:
        raise _problem(path, f"cannot be read: {error.strerror}") from error
    if len(data) > max_bytes:
        raise _problem(path, f"is larger than {max_bytes} bytes")
    return data


def _options(threads: int) -> ort.SessionOptions:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    options.log_severity_level = _ERRORS_ONLY
    return options


def _signature(path: Path, kind: str, wanted: Signature | None, found: Any) -> dict[str, Tensor]:
    have = {
        node.name: Tensor(
            _DTYPES.get(node.type, node.type), tuple(n if isinstance(n, int) else None for n in node.shape)
        )
        for node in found
    }
    if wanted is not None and have != dict(wanted):
        said, expected = (", ".join(f"{name}: {tensor}" for name, tensor in each.items()) for each in (have, wanted))
        raise _problem(path, f"has {kind}s ({said}), expected ({expected})")
    return have


def _describe(array: Array) -> Tensor:
    return Tensor(array.dtype.name, array.shape)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:200]


def _problem(path: Path, message: str, hint: str = "") -> ModelError:
    return ModelError([Problem(str(path), 0, 0, message, hint)])
