"""A reader's weights back from the file that ships, to go on training from it: the states of its trainings are not kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from classifiers.train.reader import Encoder


def load(path: Path) -> Encoder:
    """The network of a file that `export_reader` wrote, as exact as its 8 bits are. Raises ValueError for another file."""
    found = {part.name: numpy_helper.to_array(part) for part in onnx.load(path).graph.initializer}
    if "word" not in found or "h2.weight_quantized" not in found:
        raise ValueError(f"{path} is no reader")
    model = Encoder(len(found["word"]))
    state: dict[str, Tensor] = {}
    for name, now in model.state_dict().items():
        if name == "word.weight":
            value = found["word"].astype(np.float32) * found["word.scale"]
        elif f"{name}_quantized" in found:
            number = found[f"{name}_quantized"].astype(np.float32) - found[f"{name}_zero_point"].astype(np.float32)
            value = (number * found[f"{name}_scale"]).T
        else:
            value = found["pos" if name == "pos.weight" else name]
        if name == "n.weight" or name.endswith((".n1.weight", ".n2.weight")):
            value = value / now.shape[0] ** 0.5
        state[name] = torch.from_numpy(np.array(value, np.float32).reshape(now.shape))
    model.load_state_dict(state)
    model.word.weight.requires_grad = model.pos.weight.requires_grad = False
    return model
