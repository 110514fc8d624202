"""Rebuilds every shipped model from the committed corpus and, where it is given, a folder of shared data.

Steps: read and split; the gate; the reader; calibration, bands and thresholds on texts that
trained nothing; files and manifest. Seeds are fixed, and a training that was interrupted goes on where it was.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import torch

from classifiers.train import (
    abroad,
    data,
    export,
    export_reader,
    fit,
    minilm,
    network,
    pretrained,
    reader,
    release,
    sources,
)
from classifiers.train.data import Row
from classifiers.train.examples import Maker, Plan
from waf.classify import cascade
from waf.classify.pieces import Pieces
from waf.classify.stage import HashedWords
from waf.classify.types import LABELS, SURFACES

Say = Callable[[str], None]

HELD: Final = 8
"""Per cent of the near-duplicate groups that are for development."""
NEVER_TRAINED: Final = 4_000
"""Rows of sources without a permissive licence that are read for development: they train nothing."""


GATE: Final = Plan(epochs=8, cap=250, own_cap=250, hand=3)
READER: Final = reader.ReaderPlan()
READ: Final = Plan(epochs=1, cap=400, own_cap=500, hand=3, seed=READER.seed)
"""What an epoch of the reader draws."""
QUICK: Final = Plan(epochs=1, cap=20, own_cap=20)


def held(row: Row) -> bool:
    return int(data.hash_of("dev:" + row.group), 16) % 100 < HELD


def read(folder: Path, extra: Path | None) -> tuple[list[Row], list[Row]]:
    """(training rows, development rows): held-out groups, what was written for development alone, and sources that may train
    nothing. Raises ValueError when the corpus is missing."""
    rows = data.shared(extra) + data.own(folder) + data.own(folder, "breadth")
    if not any(row.source.startswith(sources.OWN) for row in rows):
        raise ValueError(f"{folder}/train has no rows: --data must name the folder of the corpus")
    never = (
        [row for row in data.shared(extra, all_licences=True) if not sources.permissive(row.source)] if extra else []
    )
    never = random.Random(1).sample(never, min(NEVER_TRAINED, len(never)))
    return [row for row in rows if not held(row)], [row for row in rows if held(row)] + data.own(folder, "dev") + never


def run(folder: Path, extra: Path | None, out: Path, *, quick: bool, say: Say) -> None:
    """Everything. Raises ValueError for data that cannot be used, ModuleNotFoundError without the pretrained encoders."""
    torch.set_num_threads(1)
    train, dev = read(folder, extra)
    say(f"{len(train)} rows to train on, {len(dev)} for development")
    source = None if quick else pretrained.read(pretrained.find())
    encoder = None if quick else minilm.read(minilm.find())
    out.mkdir(parents=True, exist_ok=True)
    plan = QUICK if quick else GATE
    model = network.initial(network.GATE, source, encoder, train, plan.seed)
    gate = fit.fit(model, Maker(train, plan, network.GATE.kinds), out / "gate.checkpoint", say)
    gate = gate if quick else abroad.train(gate, train, abroad.PLAN, say)
    pieces: list[str] = []
    if encoder is not None:
        pieces = encoder.pieces
        train_reader(encoder, train, gate, out, say)
        (folder / "manifest.json").write_text(json.dumps(data.manifest(train + dev), indent=1) + "\n", encoding="utf-8")
    trained = {
        "rows": len(train),
        "sources": len({row.source for row in train}),
        "words_from": f"{pretrained.LICENCE}, sha256 {source.sha256}" if source else "",
        "reader_from": f"{minilm.LICENCE}, sha256 {encoder.sha256}" if encoder else "",
        "plans": [str(plan), *([] if quick else [str(READER), str(READ)])],
    }
    release.release(out, gate, pieces, dev, trained, say)
    for path in out.glob("*.checkpoint"):
        path.unlink()


def train_reader(encoder: minilm.MiniLm, train: Sequence[Row], gate: network.Network, out: Path, say: Say) -> None:
    """Trains the reader on what the gate would have it read, and writes its file. The gate's file is not calibrated yet."""
    spelled = Pieces({piece: number for number, piece in enumerate(encoder.pieces)})
    export.export(gate, out / cascade.GATE, np.tile(np.array([1, 0], np.float32), (len(SURFACES), len(LABELS), 1)))
    words = HashedWords(out / cascade.GATE, kinds=cascade.KINDS)
    model = reader.initial(encoder, READER.seed)
    maker = Maker(train, READ, network.GATE.kinds)
    trained = reader.fit(model, maker, spelled, words, READER, out / "reader.checkpoint", say)
    export_reader.export(trained, out / cascade.READER)
