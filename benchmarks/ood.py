"""What `waf calibrate` is worth: false alarms, detection and cost, on a folder of data sets and on many others.

    python -m benchmarks.ood [--data FOLDER] [--seeds N] [--only NAME]

The folder holds pairs NAME_in.jsonl and NAME_out.jsonl, or single files in which rows say `in` or `out`; a file with rows of
`kind` reference is split as it says, others in halves. Beside them there are the sets of `ood_sets` (those of scikit-learn when
it is installed) and `ood_texts`, with far and near strange rows. Costs are thread times of one input, the least over rounds,
beside the time that it takes to decode the same input's JSON.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np

from benchmarks.ood_sets import Set, from_sklearn, generated
from benchmarks.ood_texts import documentation
from waf.classify.measure import auroc
from waf.classify.ood.calibrate import Rows, TooFewRows, calibrate
from waf.classify.ood.conformal import rate
from waf.classify.ood.detector import Detector

ALPHAS: Final = (0.001, 0.01, 0.05)
ROUNDS: Final = 7


def row(record: dict[str, Any]) -> Any:
    for name in ("tensor", "features"):
        if name in record:
            return record[name]
    text = record["text"]
    return json.loads(text) if text.startswith("[") and text.endswith("]") and text[1:2].isdigit() else text


def from_folder(folder: Path) -> list[Set]:
    files: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for path in sorted(folder.glob("*.jsonl")):
        name = path.stem.removesuffix("_in").removesuffix("_out")
        files[name] += [json.loads(line) for line in path.open()]
    made = []
    for name, records in files.items():
        usual = [record for record in records if record["label"] == "in"]
        parts = [record.get("kind") == "reference" or record.get("subset") == "train" for record in usual]
        if not any(parts):
            parts = [i % 2 == 0 for i in range(len(usual))]
        odd: dict[str, list[Any]] = defaultdict(list)
        for record in records:
            if record["label"] != "in":
                odd[str(record.get("kind", record["label"]))].append(row(record))
        reference = [row(record) for record, first in zip(usual, parts, strict=True) if first]
        fresh = [row(record) for record, first in zip(usual, parts, strict=True) if not first]
        made.append(Set(name, reference, fresh, dict(odd)))
    return made


def cost(run: Callable[[Any], object], inputs: list[Any]) -> tuple[float, float]:
    """p50 and p99 in microseconds of one input, the least over rounds."""
    rounds = []
    for _ in range(ROUNDS):
        spent = []
        for one in inputs[:100]:
            began = time.thread_time_ns()
            run(one)
            spent.append((time.thread_time_ns() - began) / 1e3)
        rounds.append(np.percentile(spent, [50, 99]))
    p50, p99 = np.min(rounds, 0)
    return float(p50), float(p99)


def measure(data: Set, seeds: int) -> None:
    print(f"\n{data.name}: {len(data.reference):,} reference rows, {len(data.fresh):,} fresh")
    detector = None
    for alpha in ALPHAS:
        hits = total = found = odd = 0
        curves = []
        try:
            for seed in range(seeds):
                with tempfile.TemporaryDirectory() as folder:
                    none = Rows([], [], "")
                    calibrate(Rows(data.reference, [], ""), Path(folder), alpha=alpha, seed=seed, fresh=none)
                    detector = Detector(Path(folder))
                    usual = detector.judge(data.fresh)
                    strange = {kind: detector.judge(rows) for kind, rows in data.odd.items()}
                if not seed:  # the same fresh rows again would not make the interval narrower
                    hits, total = int((usual.p <= alpha).sum()), len(usual.p)
                found += sum(int((one.p <= alpha).sum()) for one in strange.values())
                odd += sum(len(one.p) for one in strange.values())
                curves.append({kind: auroc(1 - one.p, 1 - usual.p) for kind, one in strange.items()})
        except TooFewRows as error:
            print(f"  alpha {alpha:g}: refused, {str(error).partition(':')[0]}")
            continue
        share = rate(hits, total)
        inside = "inside" if share.low <= alpha <= share.high else "OUTSIDE" if alpha < share.low else "below"
        weights = {kind: len(rows) for kind, rows in data.odd.items()}
        each = {kind: float(np.mean([one[kind] for one in curves])) for kind in data.odd}
        whole = sum(each[kind] * weights[kind] for kind in each) / max(1, sum(weights.values()))
        worst = sorted(each.items(), key=lambda pair: pair[1])[:3]
        print(
            f"  alpha {alpha:g}: {100 * share.value:.2f}% of fresh rows ({100 * share.low:.2f} to {100 * share.high:.2f}, "
            f"{inside}); {100 * found / max(1, odd):.1f}% of strange ones; AUROC {whole:.4f}; least: "
            + ", ".join(f"{kind} {value:.3f}" for kind, value in worst)
        )
    if detector is not None:
        judge = detector
        here = cost(lambda one: judge.judge([one]), data.fresh)
        lines = [msgspec.json.encode(one) for one in data.fresh[:100]]
        base = cost(msgspec.json.decode, lines)
        print(
            f"  cost: p50 {here[0]:.0f} µs, p99 {here[1]:.0f} µs; decoding its JSON: {base[0]:.1f} µs ({here[0] / base[0]:.0f}x)"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", default="", help="sets whose name holds this")
    given = parser.parse_args()
    sets = [*(from_folder(given.data) if given.data else []), *from_sklearn(), *generated(), *documentation()]
    sets = [one for one in sets if given.only in one.name]
    for one in sets:
        measure(one, given.seeds)


if __name__ == "__main__":
    main()
