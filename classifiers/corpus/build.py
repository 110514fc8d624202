"""Rebuilds the rows that grammars make, byte for byte, and prints what the corpus holds.

    python classifiers/corpus/build.py            writes classifiers/data/train/<file>.jsonl for each line of FILES
    python classifiers/corpus/build.py --table    also writes the counts into classifiers/data/README.md

A row that says nearly the same as an earlier one (character 5-grams, Jaccard over 0.8) is dropped. Earlier are: the rows
written by hand whose file has the same prefix (`a_`, `b_`), then the files in the order of the table.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from classifiers.corpus import (  # noqa: E402 - found from the root of the tree
    a_benign,
    a_direct,
    a_fluent,
    a_jailbreak,
    a_lang,
    a_long,
    a_plain,
    a_prompts,
    a_system,
    a_tricks,
    c_slots,
    d_manuals,
)
from classifiers.corpus.grammar import Row  # noqa: E402

DATA: Final = ROOT / "classifiers" / "data"
TRAIN: Final = DATA / "train"

FILES: Final[dict[str, Callable[[], Iterator[Row]]]] = {
    "a_benign": a_benign.rows,
    "a_direct": a_direct.rows,
    "a_fluent": a_fluent.rows,
    "a_jailbreak": a_jailbreak.rows,
    "a_lang_east": a_lang.east,
    "a_lang_west": a_lang.west,
    "a_long": a_long.rows,
    "a_plain": a_plain.rows,
    "a_prompts": a_prompts.rows,
    "a_system": a_system.rows,
    "a_tricks": a_tricks.rows,
    "c_slots": c_slots.rows,
    "d_manuals": d_manuals.rows,
}
"""File name (without .jsonl) → generator of its rows."""

Grams = npt.NDArray[np.uint64]

SIMILAR: Final = 0.8
BANDS: Final = 6
"""Texts are compared when a band of two minima agrees: at the limit one pair in 500 is missed, far above it none."""

_FACTORS: Final = np.arange(2 * BANDS, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C16) + np.uint64(0x2545F4914F6CDD1D)


class Seen:
    """Knows the texts so far and tells whether a new one is nearly one of them."""

    def __init__(self) -> None:
        self._grams: list[Grams] = []
        self._by_band: dict[tuple[int, int, int], list[int]] = {}

    def add(self, text: str) -> bool:
        """Adds `text`; False, and nothing added, when it is nearly an earlier one."""
        grams = five_grams(text)
        bands = minima(grams)
        for at in {at for band in bands for at in self._by_band.get(band, ())}:
            other = self._grams[at]
            shared = len(np.intersect1d(grams, other, assume_unique=True))
            if shared > SIMILAR * (len(grams) + len(other) - shared):
                return False
        for band in bands:
            self._by_band.setdefault(band, []).append(len(self._grams))
        self._grams.append(grams)
        return True


def five_grams(text: str) -> Grams:
    """The 5-byte pieces of the folded text as numbers, distinct and in order."""
    plain = np.frombuffer(" ".join(text.casefold().split()).encode().ljust(5), np.uint8).astype(np.uint64)
    value = np.zeros(len(plain) - 4, np.uint64)
    for shift in range(5):
        value = value << np.uint64(8) | plain[shift : shift + len(value)]
    return np.unique(value)


def minima(grams: Grams) -> list[tuple[int, int, int]]:
    """For each band its number and the smallest value of two hashes over all pieces."""
    mixed = grams[:, None] * _FACTORS
    least = (mixed ^ mixed >> np.uint64(31)).min(axis=0).tolist()
    return [(band, least[2 * band], least[2 * band + 1]) for band in range(BANDS)]


def as_json(row: Row, file: str) -> str:
    """One line of JSONL; keys in the order of the README, absent ones left out."""
    value: dict[str, Any] = {
        "text": row.text,
        "label": row.label,
        "surface": row.surface,
        "lang": row.lang,
        "source": row.source or f"own-{file}",
        "kind": row.kind,
        "carrier": row.carrier,
    }
    if row.pair is not None:
        value["pair"] = row.pair
    if row.span is not None:
        value["span"] = list(row.span)
    value["by"] = row.by
    return json.dumps(value, ensure_ascii=False)


def read(path: Path) -> list[dict[str, Any]]:
    """The rows of a file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def written_by_hand() -> list[Path]:
    """The files that no generator makes, in order of name. Those with `b_` are made by carriers.py, by hand or not."""
    return [path for path in sorted(TRAIN.glob("*.jsonl")) if path.stem not in FILES and not path.stem.startswith("b_")]


def distinct(rows: Iterable[Row], seen: Seen) -> Iterator[Row]:
    """`rows` without near-duplicates; the rows of one pair stay together even though they look alike."""
    kept: set[str] = set()
    for row in rows:
        if row.pair in kept and row.pair is not None:
            seen.add(row.text)
            yield row
        elif seen.add(row.text):
            if row.pair is not None:
                kept.add(row.pair)
            yield row


def paired(rows: Iterable[Row]) -> Iterator[Row]:
    """`rows`; one whose partner was dropped is no longer called half of a pair."""
    kept = list(rows)
    sizes = Counter(row.pair for row in kept)
    return (row if row.pair is None or sizes[row.pair] > 1 else replace(row, pair=None) for row in kept)


def built() -> dict[str, str]:
    """File name → content of every generated file."""
    seen = {prefix: Seen() for prefix in {name.split("_")[0] for name in FILES}}
    for path in written_by_hand():
        for row in read(path):
            seen.setdefault(path.stem.split("_")[0], Seen()).add(row["text"])
    content: dict[str, str] = {}
    for name, generator in FILES.items():
        rows = sorted(paired(distinct(generator(), seen[name.split("_")[0]])), key=lambda row: (row.text, row.surface))
        once = dict.fromkeys(as_json(row, name) for row in rows)
        content[name] = "".join(line + "\n" for line in once)
    return content


def main() -> None:
    """Writes the files."""
    from classifiers.corpus import report

    for name, content in built().items():
        (TRAIN / f"{name}.jsonl").write_text(content, encoding="utf-8")
    table = report.table([row for path in sorted(TRAIN.glob("*.jsonl")) for row in read(path)])
    sys.stdout.write(table)
    if "--table" in sys.argv[1:]:
        report.put_into(DATA / "README.md", table)


if __name__ == "__main__":
    main()
