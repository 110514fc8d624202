"""Trains the demo's sentiment model and writes `sentiment.onnx` and `sentiment.json` beside this file.

    python classifiers/demo/train.py

Logistic regression over hashed words (`waf.demo.features`), by gradient descent over the whole set; no randomness but
the grammar's seed. Needs the `onnx` package, which nothing needs at run time.
"""

from __future__ import annotations

import json
import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt

FOLDER = Path(__file__).resolve().parent
sys.path[:0] = [str(FOLDER), str(FOLDER.parents[1])]

from sentences import Sentence, held_out, training  # noqa: E402 - found beside this file

from waf.demo.features import SIZE, vectors  # noqa: E402

Weights = npt.NDArray[np.float64]

STEPS = 600
RATE = 30.0
DECAY = 2e-5
"""How strongly weights are pulled to zero: about that of one sentence in fifty thousand."""


def fit(sentences: list[Sentence]) -> tuple[Weights, float]:
    """Weights of shape (SIZE,) and the bias that minimise the regularised log loss."""
    rows = vectors(sentence.text for sentence in sentences).astype(np.float64)
    used = np.flatnonzero(rows.any(axis=0))  # the others would stay zero
    rows = rows[:, used]
    wanted = np.array([sentence.positive for sentence in sentences], np.float64)
    weights, bias = np.zeros(len(used)), 0.0
    for _ in range(STEPS):
        error = 1 / (1 + np.exp(-(rows @ weights + bias))) - wanted
        weights -= RATE * (rows.T @ error / len(rows) + DECAY * weights)
        bias -= RATE / 10 * float(error.mean())
    return np.bincount(used, weights, SIZE), bias


def accuracy(weights: Weights, bias: float, sentences: list[Sentence]) -> float:
    said = vectors(sentence.text for sentence in sentences) @ weights + bias > 0
    return float(np.mean(said == np.array([sentence.positive for sentence in sentences])))


def export(weights: Weights, bias: float) -> bytes:
    """The model as ONNX: `features` float32[n, SIZE] → `positive` float32[n, 1]."""
    from onnx import TensorProto, checker, helper, numpy_helper

    graph = helper.make_graph(
        [
            helper.make_node("Gemm", ["features", "weights", "bias"], ["logit"]),
            helper.make_node("Sigmoid", ["logit"], ["positive"]),
        ],
        "sentiment",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["n", SIZE])],
        [helper.make_tensor_value_info("positive", TensorProto.FLOAT, ["n", 1])],
        [
            numpy_helper.from_array(weights.astype(np.float32).reshape(SIZE, 1), "weights"),
            numpy_helper.from_array(np.array([bias], np.float32), "bias"),
        ],
    )
    # Old versions on purpose: every runtime that the package allows reads them.
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="mlwaf")
    checker.check_model(model)
    data: bytes = model.SerializeToString(deterministic=True)
    return data


def main() -> None:
    sentences = training()
    weights, bias = fit(sentences)
    model = export(weights, bias)
    manifest = {
        "sha256": sha256(model).hexdigest(),
        "features": SIZE,
        "sentences": len(sentences),
        "held_out": len(held_out()),
        "held_out_accuracy": accuracy(weights, bias, held_out()),
    }
    (FOLDER / "sentiment.onnx").write_bytes(model)
    (FOLDER / "sentiment.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    print(json.dumps({**manifest, "training_accuracy": accuracy(weights, bias, sentences), "bytes": len(model)}))  # noqa: T201


if __name__ == "__main__":
    main()
