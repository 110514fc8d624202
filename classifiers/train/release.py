"""Trained networks to a folder that ships: calibration, bands, how gate and reader are joined, thresholds, files."""

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
from waf.classify.measure import auroc, calibration_error, recall_at
from waf.classify.offline import strongest as strongest_of
from waf.classify.pieces import Pieces
from waf.classify.reader import HEAD, READ, Joint, Reader, ReadWords
from waf.classify.stage import HashedWords, windows_of
from waf.classify.types import LABELS, LONG, SHORT, SURFACES

Array = npt.NDArray[Any]
Say = Callable[[str], None]

UNREAD: Final = 0.02
"""Attacks of the development set, of those that the gate passes on, in which the words may see too little for the reader."""
WEIGHT_OF_WORDS: Final = 0.5
"""How much the words' logit counts beside the reader's. A regression would go by the words, which know the sources that they were
trained on, and lose what the reader knows of others."""
_ENOUGH: Final = 30


def strongest(model: network.Network, rows: Sequence[Row]) -> Array:
    """The highest logit of any window and label, text by text."""
    windows = [windows_of(row.text, model.shape.kinds).ids for row in rows]
    owner = [number for number, mine in enumerate(windows) for _ in mine]
    surface = [SURFACES.index(rows[number].surface) for number in owner]
    out = np.full(len(rows), -40.0)
    np.maximum.at(out, owner, network.logits(model, [window for mine in windows for window in mine], surface).max(1))
    return out


def release(
    out: Path, gate: network.Network, pieces: Sequence[str], dev: list[Row], trained: dict[str, Any], say: Say
) -> None:
    """Calibrates on `dev`, fixes bands and thresholds, and writes every file of the folder. With `pieces`, reader.onnx is
    there already and becomes the deep stage, in which the gate's network looks at each of the reader's windows."""
    surface = np.array([SURFACES.index(row.surface) for row in dev])
    found = strongest(gate, dev)
    calibration = calibrate.fit(found, dev)
    first = calibrate.apply(found, calibration, surface)
    export(gate, out / cascade.GATE, calibration)
    lows = bands(first, dev)
    passed = np.array(
        [score >= lows[not SHORT < len(row.text) <= LONG][row.surface] for score, row in zip(first, dev, strict=True)]
    )
    second = first.copy()
    joints: dict[str, Joint] = {}
    if pieces:
        words = HashedWords(out / cascade.GATE, kinds=cascade.KINDS)
        spelled = Pieces({piece: number for number, piece in enumerate(pieces)})
        reader = Reader(out / cascade.READER)
        asked = passed.nonzero()[0]
        joints = joined(words, reader, spelled, [dev[at] for at in asked])
        whole = ReadWords(words, reader, spelled, joints, cascade.KINDS)
        second[asked] = strongest_of(whole, [dev[at].text for at in asked], surface[asked].tolist()).max(1)
    thresholds = calibrate.cuts(second, dev, calibrate.FALSE_POSITIVES)
    attack = np.array([row.attack for row in dev])
    for name, scores in (("gate", first), ("cascade", second)):
        recall = recall_at(scores[attack], scores[~attack], 0.01)
        area, error = auroc(scores[attack], scores[~attack]), calibration_error(scores, attack)
        say(f"{name}, development: AUROC {area:.4f}, recall at 1% {recall.value:.3f}, calibration error {error:.4f}")
    _write(out, pieces, joints, lows, thresholds, trained)


def bands(scores: Array, rows: list[Row]) -> tuple[dict[str, float], dict[str, float]]:
    """Where the deep stage begins by the gate's scores: of texts of middle length, and of others, as the short ones say."""
    size = np.array([len(row.text) for row in rows])
    made = []
    for mine, shares in (
        ((size > SHORT) & (size <= LONG), calibrate.SHARE_TO_DEEP),
        (size <= SHORT, calibrate.WIDE_TO_DEEP),
    ):
        chosen = mine.nonzero()[0]
        made.append(calibrate.cuts(scores[chosen], [rows[at] for at in chosen], shares))
    return made[0], made[1]


def joined(words: HashedWords, reader: Reader, pieces: Pieces, rows: Sequence[Row]) -> dict[str, Joint]:
    """By surface, from which of the words' scores on the reader is asked, and scale and shift of the weighted sum of both logits:
    of each text the window whose sum is highest."""
    cutter = ReadWords(words, reader, pieces, dict.fromkeys(SURFACES, Joint(2.0, 1.0, 0.0, 0.0)), cascade.KINDS)
    most, sums = np.zeros(len(rows)), np.full(len(rows), np.nan)
    for number, row in enumerate(rows):
        at = SURFACES.index(row.surface)
        windows = cutter.windows(row.text).ids
        p = np.clip(cutter.score(windows, [at] * len(windows)).max(1), 1e-6, 1 - 1e-6)
        most[number] = p.max()
        for place in [place for place in np.argsort(-p) if windows[place][1]][:READ]:
            logit = float(reader.logits(windows[place][HEAD : HEAD + int(windows[place][1])], at).max())
            sums[number] = np.fmax(sums[number], WEIGHT_OF_WORDS * float(np.log(p[place] / (1 - p[place]))) + logit)
    read = ~np.isnan(sums)
    most, sums = most[read], sums[read]
    attack = np.array([row.attack for row in rows], float)[read]
    where = np.array([SURFACES.index(row.surface) for row in rows])[read]
    everywhere = calibrate.platt(sums, attack, (0.5, 0.0))
    made = {}
    for number, name in enumerate(SURFACES):
        mine = where == number
        scale, shift = calibrate.platt(sums[mine], attack[mine], everywhere, pull=10.0)
        of = most[(attack > 0) & (mine if attack[mine].sum() >= _ENOUGH else True)]
        low = float(np.quantile(of, UNREAD)) if len(of) else 0.0
        made[name] = Joint(round(low, 5), round(WEIGHT_OF_WORDS * scale, 4), round(scale, 4), round(shift, 4))
    return made


def _write(
    out: Path, pieces: Sequence[str], joints: dict[str, Joint], lows: tuple[dict[str, float], dict[str, float]],
    thresholds: dict[str, float], trained: dict[str, Any],
) -> None:  # fmt: skip
    names = [cascade.GATE]
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
        "bands": {name: (round(value, 5), 1.0) for name, value in lows[0].items()},
        "wide": {name: round(value, 5) for name, value in lows[1].items()},
        "thresholds": {name: round(value, 5) for name, value in thresholds.items()},
        "reader": {
            name: {"low": j.low, "words": j.words, "reader": j.reader, "shift": j.shift} for name, j in joints.items()
        },
        "trained": trained,
    }
    (out / cascade.MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
