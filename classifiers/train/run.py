"""Rebuilds every shipped model from the committed corpus and, where it is given, a folder of shared data.

Steps: read and split; the gate; the deep model; calibration, bands and thresholds on texts that trained nothing; files and
manifest. Seeds are fixed, and a training that was interrupted goes on from its last epoch.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch

from classifiers.train import calibrate, data, fit, network, pretrained, sources
from classifiers.train.data import Row
from classifiers.train.examples import Maker, Plan
from classifiers.train.export import export
from waf.classify import cascade
from waf.classify.measure import auroc, calibration_error, recall_at
from waf.classify.stage import windows_of
from waf.classify.types import LABELS, SURFACES

Array = npt.NDArray[Any]
Say = Callable[[str], None]

HELD: Final = 8
"""Per cent of the near-duplicate groups that are for development."""
NEVER_TRAINED: Final = 4_000
"""Rows of sources without a permissive licence that are read for development: they train nothing."""


@dataclass(frozen=True, slots=True)
class Work:
    """One network to train: its name, its shape, and how."""

    name: str
    shape: network.Shape
    plan: Plan


FULL: Final = (
    Work("gate", network.GATE, Plan(epochs=6, cap=600, own_cap=900)),
    Work("deep", network.DEEP, Plan(epochs=7, cap=600, own_cap=900)),
    Work("second", network.SECOND, Plan(epochs=6, cap=600, own_cap=900)),
)
QUICK: Final = tuple(replace(work, plan=Plan(epochs=1, cap=20, own_cap=20)) for work in FULL)


def held(row: Row) -> bool:
    return int(data.hash_of("dev:" + row.group), 16) % 100 < HELD


def read(folder: Path, extra: Path | None) -> tuple[list[Row], list[Row]]:
    """(training rows, development rows). Raises ValueError when the corpus is missing."""
    rows = data.shared(extra) + data.own(folder) + data.own(folder, "breadth")
    if not any(row.source.startswith(sources.OWN) for row in rows):
        raise ValueError(f"{folder}/train has no rows: --data must name the folder of the corpus")
    never = (
        [row for row in data.shared(extra, all_licences=True) if not sources.permissive(row.source)] if extra else []
    )
    never = random.Random(1).sample(never, min(NEVER_TRAINED, len(never)))
    return [row for row in rows if not held(row)], [row for row in rows if held(row)] + never


def strongest(model: network.Network | network.Pair, rows: Sequence[Row]) -> Array:
    """The highest logit of any window and label, text by text."""
    flat, owner, surface = [], [], []
    for number, row in enumerate(rows):
        for window in windows_of(row.text, model.shape.kinds).ids:
            flat.append(window)
            owner.append(number)
            surface.append(SURFACES.index(row.surface))
    out = np.full(len(rows), -40.0)
    np.maximum.at(out, owner, network.logits(model, flat, surface).max(1))
    return out


def release(out: Path, trio: Sequence[network.Network], dev: list[Row], trained: dict[str, Any], say: Say) -> None:
    """Calibrates the gate and the deep pair on `dev`, fixes bands and thresholds, and writes every file of the folder."""
    models = (trio[0], network.Pair(trio[1], trio[2]).eval())
    surface = np.array([SURFACES.index(row.surface) for row in dev])
    attack = np.array([row.attack for row in dev])
    calibrations, scores = [], []
    for model in models:
        logits = strongest(model, dev)
        calibrations.append(calibrate.fit(logits, dev))
        scores.append(calibrate.apply(logits, calibrations[-1], surface))
    lows = calibrate.cuts(scores[0], dev, calibrate.SHARE_TO_DEEP)
    low = np.array([lows[row.surface] for row in dev])
    both = np.where(scores[0] >= low, scores[1], scores[0])
    thresholds = calibrate.cuts(both, dev, calibrate.FALSE_POSITIVES)
    for name, found in (("gate", scores[0]), ("deep", scores[1]), ("cascade", both)):
        recall = recall_at(found[attack], found[~attack], 0.01)
        area, error = auroc(found[attack], found[~attack]), calibration_error(found, attack)
        say(
            f"{name} on development texts: AUROC {area:.4f}, recall at 1% {recall.value:.3f}, calibration error {error:.4f}"
        )
    out.mkdir(parents=True, exist_ok=True)
    for name, model, calibration in zip(cascade.KINDS, models, calibrations, strict=True):
        export(model, out / name, calibration)
    files = {name: sha256((out / name).read_bytes()).hexdigest() for name in cascade.KINDS}
    manifest = {
        "format": cascade.FORMAT,
        "version": sha256("".join(files.values()).encode()).hexdigest()[:12],
        "labels": LABELS,
        "surfaces": SURFACES,
        "files": files,
        "bands": {name: (round(value, 5), 1.0) for name, value in lows.items()},
        "thresholds": {name: round(value, 5) for name, value in thresholds.items()},
        "trained": trained,
    }
    (out / cascade.MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def run(folder: Path, extra: Path | None, out: Path, *, quick: bool, say: Say) -> None:
    """Everything. Raises ValueError for data that cannot be used, ModuleNotFoundError without the pretrained encoder."""
    torch.set_num_threads(1)
    train, dev = read(folder, extra)
    say(f"{len(train)} rows to train on, {len(dev)} for development")
    source = None if quick else pretrained.read(pretrained.find())
    out.mkdir(parents=True, exist_ok=True)
    models = []
    for work in QUICK if quick else FULL:
        say(f"{work.name}: {work.shape}")
        model = network.initial(work.shape, source, work.plan.seed)
        checkpoint = out / f"{work.name}.checkpoint"
        models.append(fit.fit(model, Maker(train, work.plan, work.shape.kinds), checkpoint, say))
    if not quick:
        (folder / "manifest.json").write_text(json.dumps(data.manifest(train + dev), indent=1) + "\n", encoding="utf-8")
    trained = {
        "rows": len(train),
        "sources": len({row.source for row in train}),
        "words_from": f"{pretrained.LICENCE}, sha256 {source.sha256}" if source else "",
        "plans": [str(work.plan) for work in (QUICK if quick else FULL)],
    }
    release(out, models, dev, trained, say)
    for work in FULL:
        (out / f"{work.name}.checkpoint").unlink()
