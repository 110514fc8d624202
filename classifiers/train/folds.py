"""Five folds by source over the shared prompts: how much of what is learned holds for sources that were never seen.

    python -m classifiers.train.folds --data classifiers/data --extra ../shared/data --out folds

In each fold a fifth of the sources is left out, and so is every training row of a near-duplicate group that occurs in it.
What trains is permissive rows of the other sources and the own corpus; what is measured is every prompt of the fold. The
plans are shorter than those of what ships, because ten networks are trained. One file a fold, so that a run can go on.
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

from classifiers.train import baseline, data, fit, network, pretrained, run, sources
from classifiers.train.data import Row
from classifiers.train.examples import Maker, Plan
from waf.classify.measure import auroc, recall_at

Array = npt.NDArray[Any]

FOLDS: Final = 5
GATE: Final = Plan(epochs=4, cap=250, own_cap=350)
DEEP: Final = Plan(epochs=3, cap=250, own_cap=350)
TO_DEEP: Final = 0.06
"""Share of the fold's benign prompts that the gate passes on, for the figures of the cascade."""


def measures(scores: Array, attack: Array) -> dict[str, float]:
    return {
        "recall_at_1pct": recall_at(scores[attack], scores[~attack], 0.01).value,
        "recall_at_0.5pct": recall_at(scores[attack], scores[~attack], 0.005).value,
        "auroc": auroc(scores[attack], scores[~attack]),
    }


def fold(number: int, prompts: Sequence[Row], train: Sequence[Row], source: pretrained.Pretrained) -> dict[str, Any]:
    """Everything of one fold."""
    mine = data.folds(prompts, FOLDS)[number]
    test = [row for row in prompts if row.source in mine and row.label != "harmful_request"]
    seen = {row.group for row in test}
    train = [row for row in train if row.source not in mine and row.group not in seen]
    attack = np.array([row.attack for row in test])
    found: dict[str, Any] = {
        "sources": sorted(mine),
        "texts": len(test),
        "attacks": int(attack.sum()),
        "train": len(train),
    }
    shared = [row for row in train if row.source in {other.source for other in prompts}]
    found["TF-IDF"] = measures(baseline.tfidf(train, test), attack)
    found["TF-IDF, without the own corpus"] = measures(baseline.tfidf(shared, test), attack)
    found["length only"] = measures(baseline.length_only(train, test), attack)
    found["language only"] = measures(baseline.of_group(train, test, "lang"), attack)
    found["surface only"] = measures(baseline.of_group(train, test, "surface"), attack)
    scores = []
    for shape, plan in ((network.GATE, GATE), (network.DEEP, DEEP)):
        model = network.initial(shape, source, plan.seed)
        fit.fit(model, Maker(train, plan, shape.kinds), None, print)
        scores.append(run.strongest(model, test))
    passed = scores[0] > np.quantile(scores[0][~attack], 1 - TO_DEEP)
    both = np.where(passed, scores[1], -100.0 + scores[0])
    for name, values in (("gate", scores[0]), ("deep", scores[1]), ("cascade", both), ("sum", scores[0] + scores[1])):
        found[name] = measures(values, attack)
    return found


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
    source = pretrained.read(pretrained.find())
    for number in range(FOLDS):
        path = options.out / f"fold{number}.json"
        if not path.exists():
            found = fold(number, prompts, train, source)
            path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
            print(json.dumps(found), flush=True)  # noqa: T201 - a program


if __name__ == "__main__":
    main()
