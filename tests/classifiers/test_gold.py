"""The classifier's own test set: well formed, pairs complete, nothing twice, and as large as its page says."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent.parent.parent / "classifiers" / "data" / "test"
FILES = ("pairs", "hard_benign", "attacks", "harmful_requests")
SURFACES = ("user", "tool_result", "document", "system", "tool_args", "field")
ATTACKS = frozenset({"injection", "jailbreak", "indirect_injection"})
LABELS = {
    "pairs": ATTACKS | {"benign"},
    "hard_benign": {"benign"},
    "attacks": ATTACKS,
    "harmful_requests": {"harmful_request"},
}
REQUIRED = {"text", "label", "surface", "lang", "source", "kind", "carrier", "by"}
LANGUAGE = re.compile(r"[a-z]{2}(-[A-Z][a-z]{3})?")

Row = dict[str, Any]


def read(name: str) -> list[Row]:
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


ROWS = {name: read(name) for name in FILES}
PAGE = (FOLDER / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FILES)
def test_rows_are_well_formed(name: str) -> None:
    for row in ROWS[name]:
        assert row.keys() >= REQUIRED, row
        assert row.keys() <= REQUIRED | {"pair", "span"}, row
        assert row["label"] in LABELS[name], row
        assert row["surface"] in SURFACES, row
        assert row["source"].startswith("own-test-"), row
        assert row["by"] == "hand", row
        assert LANGUAGE.fullmatch(row["lang"]), row
        assert re.fullmatch(r"[a-z0-9-]+", row["kind"]), row
        assert row["text"] == row["text"].strip(), row
        assert ("pair" in row) == (name == "pairs"), row


@pytest.mark.parametrize("name", FILES)
def test_spans_lie_inside_of_attacks(name: str) -> None:
    for row in ROWS[name]:
        if "span" in row:
            start, end = row["span"]
            assert row["label"] in ATTACKS, row
            assert 0 <= start < end <= len(row["text"]), row
            assert row["text"][start:end] == row["text"][start:end].strip(), row


def test_a_pair_is_one_benign_row_and_one_attack_that_share_all_but_the_label() -> None:
    pairs: defaultdict[str, list[Row]] = defaultdict(list)
    for row in ROWS["pairs"]:
        pairs[row["pair"]].append(row)
    for rows in pairs.values():
        benign, attack = sorted(rows, key=lambda row: row["label"] != "benign")
        assert benign["label"] == "benign"
        assert attack["label"] in ATTACKS
        for key in ("surface", "lang", "kind", "carrier"):
            assert benign[key] == attack[key], attack
        if "span" in attack:
            start, end = attack["span"]
            assert benign["text"].startswith(attack["text"][:start].rstrip()), attack
            assert benign["text"].endswith(attack["text"][end:].lstrip()), attack


def test_no_text_stands_there_twice() -> None:
    counts = Counter(" ".join(row["text"].lower().split()) for rows in ROWS.values() for row in rows)
    assert [text for text, count in counts.items() if count > 1] == []


@pytest.mark.parametrize(("name", "least"), [("pairs", 500), ("hard_benign", 300), ("attacks", 250)])
def test_there_are_enough_rows_in_enough_languages(name: str, least: int) -> None:
    assert len(ROWS[name]) >= least
    languages = {row["lang"] for row in ROWS[name]}
    assert len(languages) >= 12
    assert "hi-Latn" in languages


def test_some_benign_rows_are_long() -> None:
    assert sum(len(row["text"].split()) >= 500 for row in ROWS["hard_benign"]) >= 10


@pytest.mark.parametrize("name", FILES)
def test_the_page_gives_the_counts(name: str) -> None:
    assert f"| `{name}.jsonl` | {len(ROWS[name])} |" in PAGE


@pytest.mark.parametrize("surface", SURFACES)
def test_the_page_gives_the_counts_by_surface(surface: str) -> None:
    counts = [sum(row["surface"] == surface for row in ROWS[name]) for name in FILES]
    assert f"| {surface} | {' | '.join(map(str, counts))} |" in PAGE
