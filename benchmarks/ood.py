"""What `waf calibrate` is worth: false alarms, detection and cost, on a folder of data sets and on those of scikit-learn.

    python benchmarks/ood.py [--data FOLDER] [--seeds N]

The folder holds pairs NAME_in.jsonl and NAME_out.jsonl, or single files in which rows say `in` or `out`; a file with rows of
`kind` reference is split as it says, others in halves. The rows of scikit-learn's sets (when it is installed) are halved, and
strange ones are made from the fresh half in ways that the detector's own strange rows are not. Costs are thread times of one
input, the least over rounds, beside the time that it takes to decode the same input's JSON.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from waf.classify.measure import auroc
from waf.classify.ood.calibrate import Rows, TooFewRows, calibrate
from waf.classify.ood.conformal import rate
from waf.classify.ood.detector import Detector

ALPHAS: Final = (0.001, 0.01, 0.05)
ROUNDS: Final = 7
Array = npt.NDArray[Any]


class Set(NamedTuple):
    name: str
    reference: list[Any]
    fresh: list[Any]
    odd: dict[str, list[Any]]


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


def from_sklearn() -> list[Set]:
    try:
        from sklearn import datasets
    except ImportError:
        return []
    made = []
    for name in ("wine", "breast_cancer", "digits", "diabetes"):
        rows = getattr(datasets, f"load_{name}")().data
        rows = rows[np.random.default_rng(1).permutation(len(rows))]
        half = len(rows) * 7 // 10
        made.append(_set(f"sklearn {name}", rows[:half], rows[half:]))
    return [*made, *images(), fraud()]


def images() -> list[Set]:
    """Patches of one photograph, 3 x 32 x 32, against those of another; nothing where pictures cannot be read."""
    from sklearn import datasets

    try:
        pictures = [datasets.load_sample_image(name) / 255.0 for name in ("china.jpg", "flower.jpg")]
    except (ImportError, OSError):
        return []
    draw = np.random.default_rng(3)

    def patches(picture: Array, count: int) -> Array:
        places = zip(
            draw.integers(0, picture.shape[0] - 32, count), draw.integers(0, picture.shape[1] - 32, count), strict=True
        )
        return np.array([picture[y : y + 32, x : x + 32].transpose(2, 0, 1).reshape(-1) for y, x in places])

    made = []
    for number, picture in enumerate(pictures):
        rows = patches(picture, 3000)
        one = _set(f"patches of photograph {number}", rows[:2400], rows[2400:])
        made.append(one._replace(odd={**one.odd, "other photograph": patches(pictures[1 - number], 300).tolist()}))
    return made


def fraud() -> Set:
    """Payments with categories, missing values and a heavy tail; the strange ones break a relation or a category."""
    draw = np.random.default_rng(5)

    def payments(count: int) -> list[dict[str, Any]]:
        rows = []
        for _ in range(count):
            shop = str(draw.choice(["grocer", "fuel", "travel", "online"], p=[0.5, 0.25, 0.05, 0.2]))
            amount = float(np.exp(draw.normal({"grocer": 3, "fuel": 3.8, "travel": 6, "online": 3.5}[shop], 0.5)))
            hour = int(draw.normal(14 if shop != "online" else 20, 3)) % 24
            rows.append(
                {
                    "amount": round(amount, 2),
                    "shop": shop,
                    "country": str(draw.choice(["DE", "FR", "IT"], p=[0.8, 0.15, 0.05])),
                    "hour": hour,
                    "age": int(draw.integers(18, 90)) if draw.random() > 0.1 else None,
                    "balance": round(amount * float(np.exp(draw.normal(2, 0.3))), 2),
                }
            )
        return rows

    usual = payments(3000)
    fresh = payments(1500)
    odd = {
        "amount x100": [{**one, "amount": one["amount"] * 100} for one in fresh[:300]],
        "unknown country": [{**one, "country": "XX"} for one in fresh[:300]],
        "negative": [{**one, "amount": -one["amount"]} for one in fresh[:300]],
        "balance of another": [
            {**one, "balance": two["balance"]} for one, two in zip(fresh[:300], fresh[300:], strict=False)
        ],
        "missing amount": [{**one, "amount": None} for one in fresh[:300]],
        "text for a number": [{**one, "hour": "14; drop"} for one in fresh[:300]],
    }
    return Set("payments", usual, fresh, odd)


def _set(name: str, reference: Array, fresh: Array) -> Set:
    draw = np.random.default_rng(2)
    low, high, spread = reference.min(0), reference.max(0), reference.std(0)
    d = reference.shape[1]
    far = fresh.copy()
    at = np.arange(len(far)), draw.integers(0, d, len(far))
    far[at] = high[at[1]] + 4 * (spread[at[1]] + 1e-9)
    odd = {
        "scaled x10": fresh * 10,
        "features permuted": fresh[:, draw.permutation(d)],
        "gauss, same moments": reference.mean(0) + spread * draw.standard_normal(fresh.shape),
        "uniform, wide": reference.mean(0) + spread * draw.uniform(-4, 4, fresh.shape),
        "inverted": low + high - fresh,
        "one constant": np.repeat(draw.uniform(low.min(), high.max(), (len(fresh), 1)), d, 1),
        "saturated": np.where(draw.random(fresh.shape) < 0.5, low, high),
        "alternating": np.clip(fresh + spread * np.where(np.arange(d) % 2, 1, -1), low, high),
        "one feature far out": far,
    }
    return Set(name, reference.tolist(), fresh.tolist(), {kind: rows.tolist() for kind, rows in odd.items()})


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
    given = parser.parse_args()
    sets = [*(from_folder(given.data) if given.data else []), *from_sklearn()]
    for one in sets:
        measure(one, given.seeds)


if __name__ == "__main__":
    main()
