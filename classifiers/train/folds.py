"""Five folds by source over the shared prompts: how much of what is learned holds for sources that were never seen.

    python -m classifiers.train.folds --data classifiers/data --extra ../shared/data --out folds

In each fold a fifth of the sources is left out, and so is every training row of a near-duplicate group that occurs in it.
What trains is permissive rows of the other sources and the own corpus; what is measured is every prompt of the fold. The
plan is shorter than that of what ships, because five networks are trained; the reader is not. One file a fold, so that a run
can go on.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch

from classifiers.train import baseline, data, fit, minilm, network, pretrained, release, sources
from classifiers.train.data import Row
from classifiers.train.examples import Maker, Plan
from waf.classify.measure import auroc, recall_at

Array = npt.NDArray[Any]

FOLDS: Final = 5
GATE: Final = Plan(epochs=4, cap=250, own_cap=250, hand=3)


def measures(scores: Array, attack: Array) -> dict[str, float]:
    return {
        "recall_at_1pct": recall_at(scores[attack], scores[~attack], 0.01).value,
        "recall_at_0.5pct": recall_at(scores[attack], scores[~attack], 0.005).value,
        "auroc": auroc(scores[attack], scores[~attack]),
    }


def fold(
    number: int,
    prompts: Sequence[Row],
    train: Sequence[Row],
    path: Path,
    source: pretrained.Pretrained,
    encoder: minilm.MiniLm,
) -> None:
    """What `path` still lacks of one fold: baselines and gate."""
    mine = data.folds(prompts, FOLDS)[number]
    test = [row for row in prompts if row.source in mine and row.label != "harmful_request"]
    seen = {row.group for row in test}
    train = [row for row in train if row.source not in mine and row.group not in seen]
    attack = np.array([row.attack for row in test])
    found: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    counts = {"sources": sorted(mine), "texts": len(test), "attacks": int(attack.sum()), "train": len(train)}
    if "TF-IDF" not in found:
        found |= counts
        found["TF-IDF"] = measures(baseline.tfidf(train, test), attack)
        found["length only"] = measures(baseline.length_only(train, test), attack)
        found["language only"] = measures(baseline.of_group(train, test, "lang"), attack)
        found["surface only"] = measures(baseline.of_group(train, test, "surface"), attack)
    if "gate" not in found:
        model = network.initial(network.GATE, source, encoder, train, GATE.seed)
        fit.fit(model, Maker(train, GATE, network.GATE.kinds), None, print)
        found["gate"] = measures(release.strongest(model, test), attack)
    path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--extra", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    options.out.mkdir(parents=True, exist_ok=True)
    everything = data.shared(options.extra, all_licences=True)
    web = {row.source for row in data.read(options.extra / "web_benign.jsonl")}
    prompts = [row for row in everything if row.source not in web]
    train = [row for row in everything if sources.permissive(row.source)]
    train += data.own(options.data) + data.own(options.data, "breadth")
    source, encoder = pretrained.read(pretrained.find()), minilm.read(minilm.find())
    for number in range(FOLDS):
        fold(number, prompts, train, options.out / f"fold{number}.json", source, encoder)


if __name__ == "__main__":
    main()
