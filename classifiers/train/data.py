"""Rows: read, filtered by licence, split by source, written down in a manifest."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from classifiers.train import sources

ATTACKS: Final = ("injection", "jailbreak", "indirect_injection")
LONGEST: Final = 40_000
"""Characters of a row that are read."""
WEB_ROWS: Final = 350
"""Rows of one web source: they are benign fields and documents, and there are very many of a kind."""


@dataclass(frozen=True, slots=True)
class Row:
    text: str
    label: str
    surface: str
    lang: str
    source: str
    kind: str = ""
    carrier: str = "plain"
    group: str = ""
    pair: str = ""
    span: tuple[int, int] | None = None

    @property
    def attack(self) -> bool:
        return self.label in ATTACKS


def parse(obj: dict[str, Any], where: str) -> Row:
    text, label, source = obj["text"], obj["label"], obj["source"]
    if label not in (*ATTACKS, "benign", "harmful_request"):
        raise ValueError(f"{where}: label {label!r}")
    span = obj.get("span")
    return Row(
        text[:LONGEST],
        label,
        obj.get("surface") or sources.surface(source, label),
        obj.get("lang") or "und",
        source,
        obj.get("kind") or "",
        obj.get("carrier") or "plain",
        str(obj.get("g") or obj.get("pair") or f"{source}:{hash_of(text)}"),
        obj.get("pair") or "",
        (int(span[0]), int(span[1])) if span else None,
    )


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def read(path: Path) -> list[Row]:
    """The rows of one file. Raises ValueError naming file and line."""
    rows = []
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                try:
                    rows.append(parse(json.loads(line), f"{path}:{number}"))
                except (KeyError, TypeError, json.JSONDecodeError) as error:
                    raise ValueError(f"{path}:{number}: {error!r}") from error
    return rows


def own(folder: Path, part: str = "train") -> list[Row]:
    """The committed corpus: `folder`/`part`/*.jsonl."""
    return [row for path in sorted((folder / part).glob("*.jsonl")) for row in read(path)]


def shared(folder: Path | None, *, all_licences: bool = False) -> list[Row]:
    """The optional breadth: permissive rows of a folder laid out like the one that its README describes."""
    if folder is None:
        return []
    rows: list[Row] = []
    seen: Counter[str] = Counter()
    for name in sources.FILES:
        for row in read(folder / f"{name}.jsonl"):
            if not (all_licences or sources.permissive(row.source)):
                continue
            if name == "web_benign":
                seen[row.source] += 1
                if not sources.permissive(row.source) or seen[row.source] > WEB_ROWS:
                    continue
            rows.append(row)
    return rows


def folds(rows: Sequence[Row], count: int) -> list[set[str]]:
    """Sources dealt into `count` folds: the largest first, each to the fold that has least of its class."""
    taken: list[set[str]] = [set() for _ in range(count)]
    for attack in (True, False):
        sizes = Counter(row.source for row in rows if row.attack is attack)
        load = [0] * count
        for source, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
            home = next((i for i in range(count) if source in taken[i]), None)
            fold = home if home is not None else min(range(count), key=lambda i: (load[i], i))
            taken[fold].add(source)
            load[fold] += size
    return taken


def manifest(rows: Iterable[Row]) -> dict[str, Any]:
    """Source by source: rows by label, licence, and a SHA-256 over the texts in order."""
    found: dict[str, dict[str, Any]] = {}
    digests: dict[str, Any] = {}
    for row in rows:
        entry = found.setdefault(row.source, {"licence": sources.licence(row.source), "rows": Counter()})
        entry["rows"][row.label] += 1
        digests.setdefault(row.source, hashlib.sha256()).update(hash_of(row.text).encode())
    return {
        source: {**entry, "rows": dict(sorted(entry["rows"].items())), "sha256": digests[source].hexdigest()}
        for source, entry in sorted(found.items())
    }
