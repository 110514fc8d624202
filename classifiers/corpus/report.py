"""What the corpus holds: counts by label, surface, language, kind and carrier, and what length or language gives away."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

ATTACKS: Final = {"injection", "jailbreak", "indirect_injection"}
BEGIN: Final = "<!-- counts: python classifiers/corpus/build.py --table -->"
END: Final = "<!-- end of counts -->"

LENGTHS: Final = (
    ("to 40", 40),
    ("to 80", 80),
    ("to 160", 160),
    ("to 320", 320),
    ("to 1,000", 1000),
    ("to 3,000", 3000),
    ("longer", 10**9),
)
"""Names and upper bounds of the length buckets."""

Rows = Sequence[dict[str, Any]]


def auroc(scored: Iterable[tuple[float, bool]]) -> float:
    """Area under the ROC curve of (score, is attack), ties counted half; 0.5 when one class is absent."""
    ranked = sorted(scored, key=lambda pair: pair[0])
    positives = sum(attack for _, attack in ranked)
    negatives = len(ranked) - positives
    if not positives or not negatives:
        return 0.5
    total, at = 0.0, 0
    while at < len(ranked):
        end = at
        while end < len(ranked) and ranked[end][0] == ranked[at][0]:
            end += 1
        total += sum(attack for _, attack in ranked[at:end]) * ((at + 1 + end) / 2)
        at = end
    return (total - positives * (positives + 1) / 2) / (positives * negatives)


def by_length(rows: Rows) -> float:
    """AUROC of the length alone, in either direction. A logistic regression on the length ranks rows the same way."""
    area = auroc((math.log1p(len(row["text"])), row["label"] in ATTACKS) for row in rows)
    return max(area, 1 - area)


def by_rate(rows: Rows, key: str) -> float:
    """AUROC of one field alone: each row is scored with the attack rate of its value."""
    total = Counter(row[key] for row in rows)
    attacks = Counter(row[key] for row in rows if row["label"] in ATTACKS)
    return auroc((attacks[row[key]] / total[row[key]], row["label"] in ATTACKS) for row in rows)


def grid(rows: Rows, key: str) -> str:
    """A markdown table: one line a value of `key`, one column a label."""
    labels = sorted({row["label"] for row in rows})
    counts = Counter((row[key], row["label"]) for row in rows)
    values = Counter(row[key] for row in rows)
    head = f"| {key} | {' | '.join(labels)} | all |\n|---|{'---:|' * (len(labels) + 1)}\n"
    body = "".join(
        f"| {value} | {' | '.join(str(counts[value, label]) for label in labels)} | {total} |\n"
        for value, total in sorted(values.items(), key=lambda item: (-item[1], item[0]))
    )
    return head + body


def balance(rows: Rows) -> str:
    """A markdown table: what length, language and source alone give away (0.5 is nothing)."""
    parts = {"all": rows} | {s: [r for r in rows if r["surface"] == s] for s in sorted({r["surface"] for r in rows})}
    head = "| rows | attacks | length alone | language alone |\n|---|---:|---:|---:|\n"
    return head + "".join(
        f"| {name} ({len(part)}) | {sum(r['label'] in ATTACKS for r in part) / len(part):.0%} "
        f"| {by_length(part):.2f} | {by_rate(part, 'lang'):.2f} |\n"
        for name, part in parts.items()
    )


def table(rows: Rows) -> str:
    """The whole report as markdown."""
    ways = Counter(row["by"] for row in rows)
    length = Counter(
        (next(name for name, most in LENGTHS if len(row["text"]) <= most), row["label"] in ATTACKS) for row in rows
    )
    lengths = "".join(f"| {name} | {length[name, True]} | {length[name, False]} |\n" for name, _ in LENGTHS)
    return "\n".join(
        [
            f"{len(rows)} rows: {ways['hand']} by hand, {ways['grammar']} by grammar.\n",
            *(grid(rows, key) for key in ("surface", "lang", "carrier", "kind")),
            f"| characters | attack | not |\n|---|---:|---:|\n{lengths}",
            "AUROC (attack or not) of one feature alone:\n",
            balance(rows),
        ]
    )


def put_into(path: Path, content: str) -> None:
    """Replaces what stands between the two marks of a markdown file."""
    text = path.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN, 1)
    _, after = rest.split(END, 1)
    path.write_text(f"{before}{BEGIN}\n\n{content}\n{END}{after}", encoding="utf-8")
