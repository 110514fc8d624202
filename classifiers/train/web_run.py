"""`waf train --model web`: the web-attack head from the grammar's corpus and, where it is given, a folder of shared data.

    python -m classifiers.train.web_run --extra FOLDER --out FOLDER --leave-out NAME …

trains without some sources, to measure what is learned for sources that were never seen.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
from onnx import TensorProto, helper
from sklearn.linear_model import LogisticRegression

from classifiers.train import web_data, web_fit
from classifiers.train.export import Graph
from classifiers.train.web_data import Row
from classifiers.train.web_network import Network
from waf.classify.measure import auroc, recall_at, threshold_at
from waf.classify.web import head, tokens
from waf.classify.web.values import SURFACES

Array = npt.NDArray[Any]
Say = Callable[[str], None]

HELD: Final = 6
"""Per cent of the near-duplicate groups that calibrate."""
ALONE: Final = 0.0001
"""Share of harmless values over the threshold from which on a value counts as an attack by itself."""
FEWEST: Final = 400
"""Harmless values that a surface needs for a calibration of its own."""
QUICK_SHARE: Final = 0.02


def read(extra: Path | None, share: float, leave_out: Sequence[str] = ()) -> tuple[list[Row], list[Row]]:
    """(rows to train on, rows to calibrate on). The latter hold sources without a permissive licence as well, which train
    nothing, and rows that the grammar draws with another seed."""
    rows = web_data.unique([*web_data.own(share), *web_data.shared(extra)])
    rows = [row for row in rows if row.source not in leave_out]
    known = {row.values for row in rows}
    others = [*web_data.own(share / 4, "dev"), *(web_data.shared(extra, all_licences=True))]
    never = [r for r in web_data.unique(iter(others)) if r.values not in known and r.source not in leave_out]
    dev = [row for row in rows if web_data.held(row, HELD)]
    return [row for row in rows if not web_data.held(row, HELD)], dev + never


def calibrate(logits: Array, rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    """By surface: Platt's scaling (1999) on all attacks and the surface's harmless values, as many of one as of the other in
    weight, and the probability over which a share of ALONE of them lies."""
    attack = np.array([row.attack for row in rows])
    made = {}
    for surface in SURFACES:
        here = np.array([row.surface == surface for row in rows]) & ~attack
        benign = logits[here] if here.sum() >= FEWEST else logits[~attack]
        x = np.concatenate([logits[attack], benign])[:, None]
        y = np.arange(len(x)) < attack.sum()
        fitted = LogisticRegression(class_weight="balanced", C=1e3).fit(x, y)
        scale, shift = max(0.05, float(fitted.coef_[0, 0])), float(fitted.intercept_[0])
        cut = max(threshold_at(benign, ALONE), threshold_at(logits[~attack], ALONE))
        made[surface] = {
            "scale": round(scale, 5),
            "shift": round(shift, 5),
            "threshold": round(float(1 / (1 + np.exp(-(scale * cut + shift)))) + 1e-5, 5),
        }
    return made


def export(model: Network, path: Path) -> None:
    """`ids` int32 [n, 2, tokens] → `logits` [n]."""
    weights = {name: value.detach().numpy() for name, value in model.state_dict().items()}
    graph = Graph()
    rows, same = graph.node("Split", "ids", axis=1, outputs=2)
    axis = graph.constant("axis", np.array([1], np.int64))
    embedded = [
        graph.node("Gather", graph.constant(name, weights[f"{name}.weight"]), graph.node("Squeeze", ids, axis), axis=0)
        for name, ids in (("table", rows), ("same", same))
    ]
    x = graph.node("Transpose", graph.node("Add", *embedded), perm=[0, 2, 1])
    pooled = []
    for name, dilation in (("near", 1), ("far", 2)):
        w = weights[f"{name}.weight"]
        reach = (w.shape[2] - 1) // 2 * dilation
        names = graph.constant(f"{name}.w", w), graph.constant(f"{name}.b", weights[f"{name}.bias"])
        x = graph.node("Relu", graph.node("Conv", x, *names, pads=[reach, reach], dilations=[dilation]))
        pooled.append(graph.node("ReduceMax", x, axes=[2], keepdims=0))
    y = graph.node("Concat", *pooled, axis=1)
    for name in ("head1", "head2"):
        names = (
            graph.constant(f"{name}.w", weights[f"{name}.weight"]),
            graph.constant(f"{name}.b", weights[f"{name}.bias"]),
        )
        y = graph.node("Gemm", y, *names, transB=1)
        y = graph.node("Relu", y) if name == "head1" else y
    inputs = [helper.make_tensor_value_info("ids", TensorProto.INT32, ["n", tokens.KINDS, "tokens"])]
    outputs = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n"])]
    graph.save(path, inputs, graph.node("Squeeze", y, axis), outputs)


def run(extra: Path | None, out: Path, *, quick: bool, say: Say, leave_out: Sequence[str] = ()) -> None:
    """Trains, calibrates and writes head.onnx and manifest.json. Raises ValueError for data that cannot be used."""
    torch.set_num_threads(1)
    train, dev = read(extra, QUICK_SHARE if quick else 1.0, leave_out)
    model, vocabulary = web_fit.train(train, say, epochs=2 if quick else web_fit.EPOCHS)
    logits = web_fit.Scored(vocabulary, dev).highest(model)
    attack = np.array([row.attack for row in dev])
    recall = recall_at(logits[attack], logits[~attack], 0.003)
    say(
        f"on values that trained nothing: AUROC {auroc(logits[attack], logits[~attack]):.4f}, recall at 0.3% {recall.value:.3f}"
    )
    out.mkdir(parents=True, exist_ok=True)
    export(model, out / head.MODEL)
    digest = sha256((out / head.MODEL).read_bytes()).hexdigest()
    counts = {name: sum(row.source == name for row in train) for name in sorted({row.source for row in train})}
    manifest = {
        "format": head.FORMAT,
        "version": digest[:12],
        "sha256": digest,
        "surfaces": calibrate(logits, dev),
        "trained": {"rows": len(train), "hostile": sum(row.attack for row in train), "sources": counts},
        "vocabulary": vocabulary.words,
    }
    (out / head.MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="The web-attack head, trained without some sources.")
    parser.add_argument("--extra", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--leave-out", nargs="*", default=[])
    given = parser.parse_args()
    run(given.extra, given.out, quick=False, say=lambda line: print(line, file=sys.stderr), leave_out=given.leave_out)


if __name__ == "__main__":
    main()
