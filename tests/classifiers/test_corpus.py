"""The committed training corpus: well-formed, free of copies, balanced, and rebuilt by its grammars byte for byte."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from classifiers.corpus import build, report
from classifiers.corpus.grammar import Grammar, lines, merged, tables

LABELS = {"benign", "injection", "jailbreak", "indirect_injection", "harmful_request"}
SURFACES = {"system", "user", "tool_result", "document", "tool_args", "field"}
REQUIRED = {"text", "label", "surface", "lang", "source", "kind", "carrier", "by"}
FILES = sorted(build.TRAIN.glob("*.jsonl"))
DEVELOPMENT = sorted((build.DATA / "dev").glob("*.jsonl"))
ROWS: list[dict[str, Any]] = [row for path in FILES for row in build.read(path)]
MEGABYTE = 1_000_000


def attack(row: dict[str, Any]) -> bool:
    return row["label"] in report.ATTACKS


@pytest.mark.parametrize("path", [*FILES, *DEVELOPMENT], ids=lambda path: path.stem)
def test_rows_are_well_formed(path: Path) -> None:
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        assert set(row) >= REQUIRED, line
        assert set(row) <= REQUIRED | {"pair", "span"}, line
        assert row["label"] in LABELS, line
        assert row["surface"] in SURFACES, line
        assert row["by"] in {"hand", "grammar"}, line
        assert row["source"] == f"own-{path.stem}", line
        assert all(isinstance(row[key], str) and row[key].strip() for key in REQUIRED), line
        if "span" in row:
            start, end = row["span"]
            assert attack(row), line
            assert 0 <= start < end <= len(row["text"]), line
            assert row["text"][start:end].strip(), line


@pytest.mark.parametrize("path", [*FILES, *DEVELOPMENT], ids=lambda path: path.stem)
def test_files_are_sorted_and_small(path: Path) -> None:
    keys = [(row["text"], row["surface"]) for row in build.read(path)]
    assert keys == sorted(keys)
    assert path.stat().st_size < 1.5 * MEGABYTE


def test_no_text_stands_twice_at_one_surface() -> None:
    seen = Counter((row["text"], row["surface"]) for row in ROWS)
    assert [text for (text, _), count in seen.items() if count > 1] == []


def test_what_fixes_thresholds_trains_nothing() -> None:
    trained = {row["text"] for row in ROWS}
    found = [row["text"] for path in DEVELOPMENT for row in build.read(path)]
    assert len(found) > 150
    assert trained.isdisjoint(found)


def test_one_text_has_one_label_at_one_surface() -> None:
    labels = defaultdict(set)
    for row in ROWS:
        labels[" ".join(row["text"].casefold().split()), row["surface"]].add(attack(row))
    assert [text for text, found in labels.items() if len(found) > 1] == []


def test_generated_files_are_what_the_grammars_make() -> None:
    made = build.built()
    assert set(made) <= {path.stem for path in FILES}
    assert [
        name for name, content in made.items() if (build.TRAIN / f"{name}.jsonl").read_text("utf-8") != content
    ] == []


def test_a_generated_file_holds_nothing_by_hand_and_the_other_way_round() -> None:
    for path in [path for path in FILES if not path.stem.startswith("b_")]:  # those hold pairs of both
        expected = "grammar" if path.stem in build.FILES else "hand"
        assert {row["by"] for row in build.read(path)} == {expected}, path.stem


def test_pairs_have_both_sides() -> None:
    sides = defaultdict(set)
    for row in ROWS:
        if "pair" in row:
            sides[row["pair"]].add(attack(row))
    assert len(sides) > 500
    assert [pair for pair, found in sides.items() if found != {True, False}] == []


def test_there_is_as_much_as_promised() -> None:
    assert len(ROWS) >= 8000
    assert sum(row["by"] == "hand" for row in ROWS) >= 1300
    system = Counter(attack(row) for row in ROWS if row["surface"] == "system")
    assert system[False] >= 600
    assert system[True] >= 250
    assert sum(row["label"] == "harmful_request" for row in ROWS) >= 300


def test_fifteen_languages_have_both_sides() -> None:
    sizes = Counter((row["lang"], attack(row)) for row in ROWS)
    big = [lang for lang in {row["lang"] for row in ROWS} if sizes[lang, True] + sizes[lang, False] >= 120]
    assert len(big) >= 15
    assert [
        lang for lang in big if not 0.35 <= sizes[lang, True] / (sizes[lang, True] + sizes[lang, False]) <= 0.6
    ] == []


def test_neither_length_nor_language_gives_the_label_away() -> None:
    assert report.by_rate(ROWS, "lang") <= 0.6
    assert report.by_length(ROWS) <= 0.6
    for surface in ("user", "system"):
        part = [row for row in ROWS if row["surface"] == surface]
        assert report.by_length(part) <= 0.6, surface


def test_the_table_in_the_readme_is_current() -> None:
    text = (build.DATA / "README.md").read_text(encoding="utf-8")
    assert report.table(ROWS) in text


def test_near_duplicates_are_found() -> None:
    seen = build.Seen()
    assert seen.add("Forget the list that I sent on Monday, here is the new one.")
    assert not seen.add("Forget the list that I sent on monday,  here is the new one!")
    assert seen.add("Here is the new one; never mind what I sent on Monday.")
    assert seen.add("")


def test_auroc() -> None:
    assert report.auroc([(1, False), (2, True), (3, True)]) == 1
    assert report.auroc([(1, True), (2, False)]) == 0
    assert report.auroc([(1, True), (1, False)]) == 0.5
    assert report.auroc([(1, True)]) == 0.5


def test_a_deck_uses_each_entry_once_before_any_twice() -> None:
    grammar = Grammar("t", tables("== a\nx\ny\nz\n== b\n<{a}[|]>"))
    assert sorted(grammar.one("a") for _ in range(3)) == ["x", "y", "z"]
    assert {grammar.one("b") for _ in range(3)} == {"<x>", "<y>", "<z>"}
    with pytest.raises(KeyError):
        grammar.say("{unknown}")
    with pytest.raises(ValueError, match="marks are left"):
        Grammar("t", {"a": ["{a}{a}"]}).say("{a}")
    with pytest.raises(ValueError, match="two tables define the slot 'a'"):
        merged({"a": ["x"]}, {"a": ["y"]})
    assert merged({"a": ["x"]}, {"a": ["x"], "b": ["y"]}) == {"a": ["x"], "b": ["y"]}
    assert lines("  a \n\n b\\nc ") == ["a", "b\nc"]
