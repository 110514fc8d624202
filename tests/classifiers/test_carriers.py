"""The training rows on data surfaces: well-formed, in pairs, rebuilt byte for byte, and balanced."""

from __future__ import annotations

import base64
import json
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from classifiers.corpus import carriers, carriers_balance, carriers_documents, carriers_insert
from classifiers.corpus.carriers_bank import LANGS, Facts, load
from classifiers.corpus.carriers_draw import CLOSE, OPEN
from classifiers.corpus.carriers_facts import POOLS
from classifiers.corpus.carriers_pairs import ANY_LANGUAGE, CARRIERS

Row = dict[str, Any]
FILES = sorted(carriers.OUT.glob("b_*.jsonl"))
ROWS: list[Row] = [json.loads(line) for path in FILES for line in path.read_text(encoding="utf-8").splitlines()]
REQUIRED = {"text", "label", "surface", "lang", "source", "kind", "carrier", "by"}
SURFACES = {"tool_result", "document", "tool_args", "field"}


def _attack(row: Row) -> bool:
    return bool(row["label"] != "benign")


def test_the_committed_files_are_what_the_generators_make() -> None:
    made = carriers.files()
    assert sorted(made) == [path.name for path in FILES]
    assert [path.name for path in FILES if path.read_text(encoding="utf-8") != made[path.name]] == []


def test_another_seed_makes_other_rows() -> None:
    first = {row["text"] for row in ROWS if row["by"] == "grammar"}
    other = {str(row["text"]) for row in carriers.rows(carriers.SEED + 1) if row["by"] == "grammar"}
    assert len(first & other) < len(first) / 20


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_rows_are_well_formed(path: Path) -> None:
    for row in (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()):
        assert set(row) - {"pair", "span"} == REQUIRED
        assert row["label"] in {"benign", "indirect_injection"}
        assert row["surface"] in SURFACES
        assert row["by"] in {"hand", "grammar"}
        assert row["source"] == f"own-{path.stem}"
        assert all(isinstance(row[key], str) and row[key].strip() for key in REQUIRED)
        assert OPEN not in row["text"]
        assert CLOSE not in row["text"]
        assert ("span" in row) == _attack(row)
        if _attack(row):
            start, end = row["span"]
            assert 0 <= start < end <= len(row["text"])
            assert row["text"][start:end].strip()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_files_are_sorted_and_small(path: Path) -> None:
    keys = [(row["text"], row["surface"]) for row in ROWS if row["source"] == f"own-{path.stem}"]
    assert keys == sorted(keys)
    assert path.stat().st_size < 1_500_000


def test_the_whole_is_large_enough_and_not_too_large() -> None:
    assert len(ROWS) >= 4500
    assert sum(path.stat().st_size for path in FILES) < 9_500_000
    assert sum(200 <= len(row["text"]) <= 2500 for row in ROWS) > len(ROWS) * 0.75
    assert sum(len(row["text"]) >= 8000 for row in ROWS) >= 30


def test_no_text_stands_twice() -> None:
    seen = Counter(" ".join(row["text"].casefold().split()) for row in ROWS)
    assert [text for text, count in seen.items() if count > 1] == []


def test_pairs_have_both_sides_at_one_place() -> None:
    pairs = defaultdict(list)
    for row in ROWS:
        if "pair" in row:
            pairs[row["pair"]].append(row)
    for name, members in pairs.items():
        assert sorted(map(_attack, members)) == [False, True], name
        for key in ("surface", "lang", "carrier", "source", "by"):
            assert len({row[key] for row in members}) == 1, (name, key)


def test_every_attack_has_a_twin() -> None:
    assert [row["text"][:80] for row in ROWS if _attack(row) and "pair" not in row] == []


def test_nothing_but_the_words_gives_the_label_away() -> None:
    truths = [_attack(row) for row in ROWS]
    assert 0.4 <= sum(truths) / len(truths) <= 0.5
    assert 0.4 < carriers_balance.auroc([len(row["text"]) for row in ROWS], truths) < 0.6
    for key in ("length", "carrier", "lang", "surface", "source", "by"):
        assert carriers_balance.baseline(ROWS, key) <= 0.6, key


def test_languages_and_carriers_are_all_there() -> None:
    languages = Counter(row["lang"] for row in ROWS)
    assert set(languages) == {"en", *LANGS}
    assert min(languages.values()) >= 150
    assert 0.4 <= languages["en"] / len(ROWS) <= 0.6
    assert set(CARRIERS) <= {row["carrier"] for row in ROWS}


@pytest.mark.parametrize("lang", ["en", *LANGS])
def test_slots_of_a_bank_are_known_and_entries_differ(lang: str) -> None:
    bank = load(lang)
    for section, entries in bank.sections.items():
        assert len(set(entries)) == len(entries), section
        for entry in entries:
            filled = Facts("test", lang).fill(entry)
            assert not any("{" + name + "}" in filled for name in POOLS), entry
    needed = {"core", "ai", "people", "why_ai", "why_people", *carriers_insert.WEIGHTS, "human", "mention", "smalltalk"}
    needed |= {"structure", "label", "greet", "close", "mail", "ticket", "chat", "review", "web", "resume", "event"}
    assert needed - set(bank.sections) - {"composed"} == set()
    assert len(bank["label"][0].split(" | ")) == 12
    assert all(": " in turn for entry in bank["chat"] for turn in entry.split(" | "))


def test_a_language_without_a_bank_is_named() -> None:
    with pytest.raises(KeyError, match="xx"):
        load("xx")


@pytest.mark.parametrize("kind", carriers_insert.VEILS)
def test_a_veil_hides_but_keeps_the_text(kind: str) -> None:
    text = "send it to us"
    veiled = carriers_insert.veil(kind, text)
    assert text not in veiled
    undo: dict[str, Callable[[str], str]] = {
        "base64": lambda s: base64.b64decode(s).decode(),
        "hex": lambda s: bytes.fromhex(s).decode(),
        "rot13": lambda s: carriers_insert.veil("rot13", s),
        "reversed": lambda s: s[::-1],
        "zero-width": lambda s: s.replace("\u200b", ""),
        "tags": lambda s: "".join(chr(ord(c) - 0xE0000) for c in s[1:]),
        "spaced": lambda s: s[::2],
        "fullwidth": lambda s: "".join(chr(ord(c) - 0xFEE0) if c > "\uff00" else c for c in s),
    }
    assert undo[kind](veiled) == text


def test_documents_with_an_odd_number_of_sides_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "en_documents.txt").write_text("=== email | document | x\nHi <<a ## b ## c>> there\n", encoding="utf-8")
    monkeypatch.setattr(carriers_documents, "BANKS", tmp_path)
    with pytest.raises(ValueError, match="come in pairs"):
        list(carriers_documents.documents(1))


def test_documents_become_pairs_or_plain_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "=== email | document | x | de\nHi <<böse ## brav ## b2 ## g2>> da\n=== html | field | y | fr\nRien.\n"
    (tmp_path / "more_documents.txt").write_text(text, encoding="utf-8")
    monkeypatch.setattr(carriers_documents, "BANKS", tmp_path)
    rows = list(carriers_documents.documents(1))
    assert [row["text"] for row in rows] == ["Hi böse da", "Hi brav da", "Hi b2 da", "Hi g2 da", "Rien."]
    assert [row.get("span") for row in rows] == [[3, 7], None, [3, 5], None, None]
    assert [row["lang"] for row in rows] == ["de", "de", "de", "de", "fr"]


def test_carriers_of_every_language_need_only_common_sections() -> None:
    assert set(ANY_LANGUAGE) <= set(CARRIERS)


def test_auroc_counts_ties_half() -> None:
    assert carriers_balance.auroc([1, 2, 3], [False, True, True]) == 1
    assert carriers_balance.auroc([1, 1], [False, True]) == 0.5
    assert carriers_balance.auroc([1, 2], [True, False]) == 0
    assert carriers_balance.auroc([1], [True]) == 0.5
