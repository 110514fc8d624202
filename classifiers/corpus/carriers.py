"""Training rows on data surfaces: minimal pairs of carriers with and without an instruction to the model.

`python classifiers/corpus/carriers.py` writes classifiers/data/train/b_*.jsonl, the same bytes each time.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

SEED = 5
OUT = ROOT / "classifiers" / "data" / "train"


def rows(seed: int = SEED) -> Iterator[dict[str, object]]:
    """Every row of this half of the corpus: those of the grammars, then the documents written by hand."""
    from classifiers.corpus.carriers_documents import documents
    from classifiers.corpus.carriers_pairs import pairs

    made = [*pairs(seed), *documents(seed)]
    counts = Counter(_same(row) for row in made)
    doubtful = {row.get("pair") for row in made if counts[_same(row)] > 1} - {None}
    yield from (row for row in made if row.get("pair") not in doubtful)


def _same(row: dict[str, object]) -> str:
    """Rows with the same text but for case and spaces are copies; their pairs are left out, both sides."""
    return " ".join(str(row["text"]).casefold().split())


def files(seed: int = SEED) -> dict[str, str]:
    """File name to contents, rows sorted; the sides of a pair are in one file."""
    groups: dict[str, list[dict[str, object]]] = {}
    for row in rows(seed):
        groups.setdefault(str(row["source"]), []).append(row)
    out = {}
    for source, members in sorted(groups.items()):
        lines = [json.dumps(row, ensure_ascii=False, sort_keys=True) for row in sorted(members, key=_order)]
        out[f"{source.removeprefix('own-')}.jsonl"] = "\n".join(lines) + "\n"
    return out


def _order(row: dict[str, object]) -> tuple[str, str]:
    return str(row["text"]), str(row["surface"])


def main() -> None:
    """Write the files and print the balance table."""
    from classifiers.corpus.carriers_balance import table

    for name, text in files().items():
        (OUT / name).write_text(text, encoding="utf-8")
    sys.stdout.write(table(list(rows())) + "\n")


if __name__ == "__main__":
    main()
