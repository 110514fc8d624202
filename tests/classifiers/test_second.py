"""The second test set: well formed, as many harmless rows as attacks, nothing twice, and as large as its page says."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent.parent.parent / "classifiers" / "data" / "second"
MIXED = ("direct", "embedded", "fluent", "game", "gibberish", "hinglish", "system", "template", "tongues", "tool")
HARMLESS = ("overdefence", "plain")
FILES = (*MIXED, *HARMLESS)
DATA_SURFACES = frozenset({"tool_result", "document"})
SURFACES = DATA_SURFACES | {"user", "system"}
LANGUAGES = frozenset({"en", "hi-Latn", "de", "fr", "es", "zh", "ru"})
ATTACKS = frozenset({"injection", "jailbreak", "indirect_injection"})
KEYS = {"text", "label", "surface", "lang", "source", "kind", "carrier", "by"}

Row = dict[str, Any]


def read(name: str) -> list[Row]:
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


ROWS = {name: read(name) for name in FILES}
PAGE = (FOLDER / "README.md").read_text(encoding="utf-8")


def test_every_file_is_checked_here() -> None:
    assert {path.stem for path in FOLDER.glob("*.jsonl")} == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_rows_are_well_formed(name: str) -> None:
    for row in ROWS[name]:
        assert KEYS <= row.keys() <= KEYS | {"span"}, row
        assert row["label"] in ATTACKS | {"benign"}, row
        assert row["surface"] in SURFACES, row
        assert (row["source"], row["kind"], row["by"]) == (f"own-second-{name}", name, "hand"), row
        assert row["lang"] in LANGUAGES, row
        assert row["text"] == row["text"].strip() != "", row
        if row["label"] in ATTACKS:
            assert (row["label"] == "indirect_injection") == (row["surface"] in DATA_SURFACES), row


@pytest.mark.parametrize("name", FILES)
def test_rows_are_sorted_by_text(name: str) -> None:
    texts = [row["text"] for row in ROWS[name]]
    assert texts == sorted(texts)


@pytest.mark.parametrize("name", FILES)
def test_spans_lie_inside_of_attacks(name: str) -> None:
    for row in ROWS[name]:
        if "span" in row:
            start, end = row["span"]
            assert row["label"] in ATTACKS, row
            assert 0 <= start < end <= len(row["text"]), row
            assert row["text"][start:end] == row["text"][start:end].strip(), row


@pytest.mark.parametrize("name", FILES)
def test_harmless_rows_are_as_many_as_attacks_or_all(name: str) -> None:
    attacks = sum(row["label"] in ATTACKS for row in ROWS[name])
    assert attacks == (len(ROWS[name]) // 2 if name in MIXED else 0)
    assert len(ROWS[name]) % 2 == 0


def test_no_text_stands_twice_on_one_surface() -> None:
    counts = Counter((" ".join(row["text"].lower().split()), row["surface"]) for rows in ROWS.values() for row in rows)
    assert [key for key, count in counts.items() if count > 1] == []


def test_embedded_texts_stand_on_both_data_surfaces() -> None:
    texts = {place: [row["text"] for row in ROWS["embedded"] if row["surface"] == place] for place in DATA_SURFACES}
    assert texts["tool_result"] == texts["document"] != []


@pytest.mark.parametrize("name", FILES)
def test_the_page_gives_the_counts(name: str) -> None:
    attacks = sum(row["label"] in ATTACKS for row in ROWS[name])
    assert f"| `{name}.jsonl` | {len(ROWS[name])} | {attacks} | {len(ROWS[name]) - attacks} |" in PAGE
