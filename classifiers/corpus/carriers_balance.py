"""Does anything but the words give the label away? Baselines on length, carrier, language and surface alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

Row = dict[str, object]


def auroc(scores: Sequence[float], truths: Sequence[bool]) -> float:
    """Area under the ROC curve by ranks, ties counted half."""
    order = sorted(range(len(scores)), key=lambda i: scores[i])
    ranks = [0.0] * len(scores)
    start = 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and scores[order[end + 1]] == scores[order[start]]:
            end += 1
        for i in range(start, end + 1):
            ranks[order[i]] = (start + end) / 2 + 1
        start = end + 1
    positives = sum(truths)
    negatives = len(truths) - positives
    if not positives or not negatives:
        return 0.5
    total = sum(rank for rank, truth in zip(ranks, truths, strict=True) if truth)
    return (total - positives * (positives + 1) / 2) / (positives * negatives)


def baseline(rows: Sequence[Row], key: str) -> float:
    """AUROC of the share of attacks among rows with the same value: the best that the value alone can do, on its own rows."""
    attacks = Counter(_value(row, key) for row in rows if row["label"] != "benign")
    whole = Counter(_value(row, key) for row in rows)
    scores = [attacks[_value(row, key)] / whole[_value(row, key)] for row in rows]
    return auroc(scores, [row["label"] != "benign" for row in rows])


def _value(row: Row, key: str) -> str:
    return str(len(str(row["text"])) // 100) if key == "length" else str(row[key])


def table(rows: Sequence[Row]) -> str:
    """Counts and baselines as text."""
    truths = [row["label"] != "benign" for row in rows]
    lines = [f"rows {len(rows)}, attacks {sum(truths)}, bytes {sum(len(str(row['text']).encode()) for row in rows)}"]
    lengths = [float(len(str(row["text"]))) for row in rows]
    lines.append(f"AUROC of length alone: {auroc(lengths, truths):.3f}")
    lines.append(f"AUROC of length in steps of 100 characters, fitted: {baseline(rows, 'length'):.3f}")
    keys = ("carrier", "lang", "surface", "source", "by")
    lines += [f"AUROC of {key} alone: {baseline(rows, key):.3f}" for key in keys]
    for key in ("label", "surface", "by", "lang", "carrier"):
        counts = Counter(str(row[key]) for row in rows)
        lines.append(f"{key}: " + ", ".join(f"{name} {count}" for name, count in counts.most_common()))
    return "\n".join(lines)
