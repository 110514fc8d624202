"""A sequence classifier and its tokenizer of the size of a postage stamp, as exporters write them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers, processors

VOCABULARY = {"[PAD]": 0, "[CLS]": 1, "[SEP]": 2, "[UNK]": 3, "hello": 4, "attack": 5, "jail": 6}
LOGITS = {"hello": (4.0, 0.0, 0.0), "attack": (0.0, 6.0, 0.0), "jail": (0.0, 0.0, 7.0)}
"""Harmless, injection, jailbreak. Those of a text are the sums over its words."""


def model(
    path: Path,
    *,
    classes: int = 3,
    inputs: Sequence[str] = ("input_ids", "attention_mask"),
    dtype: int = TensorProto.INT64,
    flat: bool = False,
) -> Path:
    """A table look-up, summed where the mask is 1."""
    table = np.zeros((len(VOCABULARY), classes), np.float32)
    for word, logits in LOGITS.items():
        table[VOCABULARY[word]] = logits[:classes] if classes > 1 else [logits[1] - logits[0]]
    ids, mask = inputs[0], inputs[1] if len(inputs) > 1 else inputs[0]
    nodes = [
        helper.make_node("Gather", ["table", ids], ["rows"]),
        helper.make_node("Cast", [mask], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["floats", "last"], ["weights"]),
        helper.make_node("Mul", ["rows", "weights"], ["kept"]),
        helper.make_node("ReduceSum", ["kept", "middle"], ["sums"], keepdims=0),
        helper.make_node("ReduceSum", ["sums", "middle"], ["logits"], keepdims=0)
        if flat
        else helper.make_node("Identity", ["sums"], ["logits"]),
    ]
    shape: list[Any] = ["n"] if flat else ["n", classes]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, dtype, ["n", "s"]) for name in inputs],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, shape)],
        [
            numpy_helper.from_array(table, "table"),
            numpy_helper.from_array(np.array([2], np.int64), "last"),
            numpy_helper.from_array(np.array([1], np.int64), "middle"),
        ],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    path.write_bytes(made.SerializeToString())
    return path


def tokenizer(path: Path, *, special: bool = True) -> Path:
    made = Tokenizer(models.WordLevel(VOCABULARY, unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    if special:
        made.post_processor = processors.TemplateProcessing(
            single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 1), ("[SEP]", 2)]
        )
    made.enable_truncation(4)
    made.enable_padding(length=9)
    made.save(str(path))
    return path
