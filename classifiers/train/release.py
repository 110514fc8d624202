"""Trained networks to a folder that ships: calibration, bands, how words and reader are joined, thresholds, files."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from classifiers.train import calibrate, network
from classifiers.train.data import Row
from classifiers.train.export import export
from waf.classify import cascade
from waf.classify.features import features
from waf.classify.measure import auroc, calibration_error, recall_at
from waf.classify.offline import strongest as strongest_of
from waf.classify.pieces import Pieces
from waf.classify.reader import SIZE, STEP, Joint, Reader, ReadWords
from waf.classify.stage import BUDGET, WORDS, HashedWords, windows_of
from waf.classify.types import LABELS, SURFACES

Array = npt.NDArray[Any]
Say = Callable[[str], None]

SHARE_TO_READER: Final = {
    "system": 0.08, "user": 0.035, "tool_result": 0.08, "document": 0.08, "tool_args": 0.04, "field": 0.03,
}  # fmt: skip
"""Benign texts of the development set that the words may hand to the reader, which costs fifteen times as much."""


def strongest(model: network.Network, rows: Sequence[Row]) -> Array:
    """The highest logit of any window and label, text by text."""
    return _strongest(model, rows, [windows_of(row.text, model.shape.kinds).ids for row in rows])


def _strongest(model: network.Network, rows: Sequence[Row], windows: Sequence[Sequence[Any]]) -> Array:
    owner = [number for number, mine in enumerate(windows) for _ in mine]
    surface = [SURFACES.index(rows[number].surface) for number in owner]
    out = np.full(len(rows), -40.0)
    np.maximum.at(out, owner, network.logits(model, [window for mine in windows for window in mine], surface).max(1))
    return out


def release(
    out: Path, gate: network.Network, words: network.Network, pieces: Sequence[str], dev: list[Row],
    trained: dict[str, Any], say: Say,
) -> None:  # fmt: skip
    """Calibrates on `dev`, fixes bands and thresholds, and writes every file of the folder. With `pieces`, reader.onnx is
    there already and becomes part of the deep stage."""
    surface = np.array([SURFACES.index(row.surface) for row in dev])
    found = strongest(gate, dev)
    calibration = calibrate.fit(found, dev)
    first = calibrate.apply(found, calibration, surface)
    export(gate, out / cascade.GATE, calibration)
    lows = calibrate.cuts(first, dev, calibrate.SHARE_TO_DEEP)
    passed = np.array([score >= lows[row.surface] for score, row in zip(first, dev, strict=True)])
    if pieces:
        spelled = Pieces({piece: number for number, piece in enumerate(pieces)})
        cut = [
            [features(row.text[span.start : span.end], words.shape.kinds)[: WORDS * words.shape.kinds]
             for span in spelled.spans(row.text, SIZE, STEP, BUDGET)[0]] for row in dev
        ]  # fmt: skip
        found = _strongest(words, dev, cut)
    else:
        found = strongest(words, dev)
    calibration = calibrate.fit(found, dev)
    export(words, out / cascade.DEEP, calibration)
    second = calibrate.apply(found, calibration, surface)
    joints: dict[str, Joint] = {}
    if pieces:
        stage = HashedWords(out / cascade.DEEP, kinds=words.shape.kinds)
        low = calibrate.cuts(np.where(passed, second, 0), dev, SHARE_TO_READER)
        asked = [row for row, ok, score in zip(dev, passed, second, strict=True) if ok and score >= low[row.surface]]
        reader = Reader(out / cascade.READER)
        joints = joined(stage, reader, spelled, words.shape.kinds, asked, low)
        whole = ReadWords(stage, reader, spelled, joints, words.shape.kinds)
        rows = [number for number in range(len(dev)) if passed[number]]
        second[rows] = strongest_of(whole, [dev[n].text for n in rows], surface[rows].tolist()).max(1)
    both = np.where(passed, second, first)
    thresholds = calibrate.cuts(both, dev, calibrate.FALSE_POSITIVES)
    attack = np.array([row.attack for row in dev])
    for name, scores in (("gate", first), ("deep", second), ("cascade", both)):
        recall = recall_at(scores[attack], scores[~attack], 0.01)
        area, error = auroc(scores[attack], scores[~attack]), calibration_error(scores, attack)
        say(f"{name}, development: AUROC {area:.4f}, recall at 1% {recall.value:.3f}, calibration error {error:.4f}")
    _write(out, pieces, joints, lows, thresholds, trained)


def joined(
    stage: HashedWords, reader: Reader, pieces: Pieces, kinds: int, rows: Sequence[Row], low: dict[str, float]
) -> dict[str, Joint]:
    """By surface, scale and shift of the sum of both logits: of each text the window whose sum is highest.

    Both weigh the same: a regression would go by the words, which know the sources that they were trained on, and lose what the
    reader knows of others.
    """
    alone = {name: Joint(low[name], 1.0, 0.0, 0.0) for name in SURFACES}
    words = ReadWords(stage, reader, pieces, alone, kinds)
    sums = np.full(len(rows), -10.0)
    for number, row in enumerate(rows):
        at = SURFACES.index(row.surface)
        windows = words.windows(row.text).ids
        p = np.clip(words.score(windows, [at] * len(windows)).max(1), 1e-6, 1 - 1e-6)
        for place in [place for place in np.argsort(-p)[:8] if p[place] >= low[row.surface]]:
            size = int(windows[place][0])
            read = float(reader.logits(windows[place][1 : 1 + size], at).max())
            sums[number] = max(sums[number], float(np.log(p[place] / (1 - p[place]))) + read)
    attack = np.array([row.attack for row in rows], float)
    where = np.array([SURFACES.index(row.surface) for row in rows])
    everywhere = calibrate.platt(sums, attack, (0.5, 0.0))
    made = {}
    for number, name in enumerate(SURFACES):
        scale, shift = calibrate.platt(sums[where == number], attack[where == number], everywhere, pull=10.0)
        made[name] = Joint(round(low[name], 5), round(scale, 4), round(scale, 4), round(shift, 4))
    return made


def _write(
    out: Path, pieces: Sequence[str], joints: dict[str, Joint], lows: dict[str, float], thresholds: dict[str, float],
    trained: dict[str, Any],
) -> None:  # fmt: skip
    names = [*cascade.KINDS]
    if pieces:
        (out / cascade.VOCABULARY).write_text(json.dumps(list(pieces), ensure_ascii=False) + "\n", encoding="utf-8")
        names += [cascade.READER, cascade.VOCABULARY]
    files = {name: sha256((out / name).read_bytes()).hexdigest() for name in names}
    manifest = {
        "format": cascade.FORMAT,
        "version": sha256("".join(files.values()).encode()).hexdigest()[:12],
        "labels": LABELS,
        "surfaces": SURFACES,
        "files": files,
        "bands": {name: (round(value, 5), 1.0) for name, value in lows.items()},
        "thresholds": {name: round(value, 5) for name, value in thresholds.items()},
        "reader": {
            name: {"low": j.low, "words": j.words, "reader": j.reader, "shift": j.shift} for name, j in joints.items()
        },
        "trained": trained,
    }
    (out / cascade.MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
