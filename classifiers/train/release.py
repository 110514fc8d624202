"""Trained networks to a folder that ships: calibration, bands, how gate and reader are joined, thresholds, files."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from classifiers.train import calibrate, network, sources
from classifiers.train.data import Row
from classifiers.train.examples import HAND
from classifiers.train.export import export
from waf.classify import cascade
from waf.classify.measure import auroc, calibration_error, recall_at
from waf.classify.offline import strongest as strongest_of
from waf.classify.pieces import Pieces
from waf.classify.reader import MANY, Joint, Reader, ReadWords, opinion, unpack
from waf.classify.stage import HashedWords, windows_of
from waf.classify.types import LABELS, LONG, SHORT, SURFACES

Array = npt.NDArray[Any]
Say = Callable[[str], None]

WORDS: Final = 0.7
"""How much the words' logit counts beside the reader's. A regression would go by the words, which know the sources that they were
trained on, and lose what the reader knows of others."""
MANY_MORE: Final = {"user": 0.6}
"""By surface, what is added to that sum in a text of many windows: what stands around an order weakens both. Files and manuals,
which are long and full of orders to people, come as results and documents, and there it is nothing."""
ALL_LONG: Final = ("user", "tool_result", "document")
"""Surfaces whose long texts are all read: the gate's opinion of a padded order is no worse a sign than of a harmless text."""
WINDOW: Final = 0.5
"""A window is read from this share on of what sends its text to the reader: the suspicion may be spread over several."""
NEW: Final = 2.0
"""How often a text by hand, or of a source that trained nothing, counts."""
_PULL: Final = 3.0


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
        [
            score >= lows[not SHORT < len(row.text) <= LONG][row.surface]
            or (len(row.text) > LONG and row.surface in ALL_LONG)
            for score, row in zip(first, dev, strict=True)
        ]
    )
    second = first.copy()
    joints: dict[str, Joint] = {}
    if pieces:
        words = HashedWords(out / cascade.GATE, kinds=cascade.KINDS)
        spelled = Pieces({piece: number for number, piece in enumerate(pieces)})
        reader = Reader(out / cascade.READER)
        asked = passed.nonzero()[0]
        joints = joined(words, reader, spelled, [dev[at] for at in asked], lows)
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


def joined(
    words: HashedWords, reader: Reader, pieces: Pieces, rows: Sequence[Row], lows: Sequence[dict[str, float]]
) -> dict[str, Joint]:
    """How the opinions are weighed: alike on all surfaces but for a shift of each; of each text by the window that the words
    suspect most, and where none is read by the words alone."""
    cutter = ReadWords(words, reader, pieces, dict.fromkeys(SURFACES, Joint(*[0.0] * 6)), cascade.KINDS)
    sums, read = np.zeros(len(rows)), np.zeros(len(rows), bool)
    for number, row in enumerate(rows):
        surface = SURFACES.index(row.surface)
        text = unpack(cutter.windows(row.text).ids[0])
        seen = cutter.look(text, surface)
        sums[number] = seen.whole.max() if not any(map(len, text.pieces)) else seen.windows.max()
        for window in seen.read[:1]:
            read[number] = True
            more = MANY_MORE.get(row.surface, 0.0) if len(seen.windows) > MANY else 0.0
            words_say = opinion(seen, window).max()
            sums[number] = WORDS * words_say + cutter.read(text, window, surface).max() + more
    attack = np.array([row.attack for row in rows], bool)
    where = np.array([row.surface for row in rows], str)
    new = np.array([HAND in row.source or not sources.permissive(row.source) for row in rows], bool)
    weight = np.where(new, NEW, 1.0)
    scales = []
    for mine, prior in ((read, 0.7), (~read, 1.0)):
        hot = [where == name for name in SURFACES]
        x = np.column_stack([sums, np.ones(len(rows)), *hot])[mine].astype(float)
        middle = np.array([prior, *[0.0] * (1 + len(SURFACES))])
        scales.append(calibrate.logistic(x, attack[mine].astype(float), weight[mine], middle, _PULL))
    both, alone = scales
    made = {}
    for number, name in enumerate(SURFACES):
        shift, alone_shift = both[1] + both[2 + number], alone[1] + alone[2 + number]
        values = (
            min(each[name] for each in lows) * WINDOW,
            WORDS * both[0],
            both[0],
            shift,
            alone[0],
            alone_shift,
            MANY_MORE.get(name, 0.0) * both[0],
        )
        made[name] = Joint(*(round(float(value), 5) for value in values))
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
        "long": dict.fromkeys(ALL_LONG, 0.0),
        "thresholds": {name: round(value, 5) for name, value in thresholds.items()},
        "reader": {name: {field: getattr(j, field) for field in Joint.__struct_fields__} for name, j in joints.items()},
        "trained": trained,
    }
    (out / cascade.MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
