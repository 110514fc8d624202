"""A folder with models: the manifest read and checked, both stages loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import msgspec

from waf.classify.stage import HashedWords
from waf.classify.types import LABELS, SURFACES, Cascade
from waf.errors import ModelError, Problem

MANIFEST: Final = "manifest.json"
GATE: Final = "gate.onnx"
DEEP: Final = "deep.onnx"
KINDS: Final = {GATE: 4, DEEP: 6}
"""Features of a word that each file reads; part of the format."""
FORMAT: Final = 1
_MAX_JSON: Final = 1 << 20


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`manifest.json`. What is trained is under `trained`, for people."""

    format: int
    version: str
    labels: tuple[str, ...]
    surfaces: tuple[str, ...]
    files: dict[str, str]
    """SHA-256 of each file, in hexadecimal."""
    bands: dict[str, tuple[float, float]]
    thresholds: dict[str, float]
    trained: dict[str, Any] = {}


def load(directory: Path, threads: int = 1) -> Cascade:
    """The models of `directory`, with `threads` for one run. Raises ModelError when a file is missing, damaged, another one,
    or does not fit."""
    path = directory / MANIFEST
    manifest = _read(path)
    problems = _check(path, manifest)
    if problems:
        raise ModelError(problems)
    gate, deep = (
        HashedWords(directory / name, kinds=KINDS[name], digest=manifest.files[name], threads=threads)
        for name in (GATE, DEEP)
    )
    return Cascade(gate, deep, manifest.bands, manifest.thresholds, manifest.version)


def _check(path: Path, manifest: Manifest) -> list[Problem]:
    """Everything that is wrong with it, in one pass."""
    wrong: list[tuple[str, str]] = []
    if manifest.format != FORMAT:
        wrong.append((f"format is {manifest.format}", f"this version of waf reads format {FORMAT}"))
    if manifest.labels != LABELS:
        wrong.append((f"labels are {list(manifest.labels)}", f"they must be {list(LABELS)}"))
    if manifest.surfaces != SURFACES:
        wrong.append((f"surfaces are {list(manifest.surfaces)}", f"they must be {list(SURFACES)}"))
    wrong += [(f"files lacks {name}", "name its SHA-256") for name in KINDS if name not in manifest.files]
    for surface in SURFACES:
        low, high = manifest.bands.get(surface, (1.0, 0.0))
        if not 0 <= low <= high <= 1:
            wrong.append((f"bands has no [low, high] for {surface}", "two numbers, 0 <= low <= high <= 1"))
        if not 0 < manifest.thresholds.get(surface, 0) <= 1:
            wrong.append((f"thresholds has none for {surface}", "a number over 0 and at most 1"))
    return [Problem(str(path), 0, 0, message, hint) for message, hint in wrong]


def _read(path: Path) -> Manifest:
    try:
        with path.open("rb") as file:
            raw = file.read(_MAX_JSON + 1)
    except OSError as error:
        raise _problem(path, f"cannot be read: {error.strerror}", "a folder of models has it") from error
    if len(raw) > _MAX_JSON:
        raise _problem(path, f"is larger than {_MAX_JSON:,} bytes")
    try:
        return msgspec.json.decode(raw, type=Manifest)
    except msgspec.DecodeError as error:
        raise _problem(path, f"is no manifest of models: {error}") from error


def _problem(path: Path, message: str, hint: str = "") -> ModelError:
    return ModelError([Problem(str(path), 0, 0, message, hint)])
