"""A folder with models: the manifest read and checked, both stages loaded. The gate's network is part of the deep stage."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import msgspec

from waf.classify.pieces import Pieces
from waf.classify.reader import Joint, Reader, ReadWords
from waf.classify.stage import HashedWords
from waf.classify.types import LABELS, SURFACES, Cascade
from waf.errors import ModelError, Problem

MANIFEST: Final = "manifest.json"
GATE: Final = "gate.onnx"
READER: Final = "reader.onnx"
VOCABULARY: Final = "vocabulary.json"
"""The reader's pieces in the order of its table: a list of texts."""
KINDS: Final = 4
"""Features of a word that the gate reads; part of the format."""
FORMAT: Final = 3
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
    wide: dict[str, float] = {}
    """By surface, where the bands of short and of long texts begin."""
    long: dict[str, float] = {}
    """By surface, where the band of long texts begins, if not there."""
    reader: dict[str, Joint] = {}
    """By surface, how the reader is asked; empty: there is none, and the gate decides alone."""
    trained: dict[str, Any] = {}


def load(directory: Path, threads: int = 1) -> Cascade:
    """The models of `directory`, with `threads` for one run. Raises ModelError when a file is missing, damaged, another one,
    or does not fit."""
    path = directory / MANIFEST
    manifest = _read(path)
    problems = _check(path, manifest)
    if problems:
        raise ModelError(problems)
    gate = HashedWords(directory / GATE, kinds=KINDS, digest=manifest.files[GATE], threads=threads)
    deep = _with_reader(directory, manifest, gate, threads) if manifest.reader else None
    return Cascade(gate, deep, manifest.bands, manifest.thresholds, manifest.version, manifest.wide, manifest.long)


def _with_reader(directory: Path, manifest: Manifest, gate: HashedWords, threads: int) -> ReadWords:
    path = directory / VOCABULARY
    raw = _bytes(path, "the reader's word pieces")
    if sha256(raw).hexdigest() != manifest.files[VOCABULARY]:
        raise _problem(
            path, f"has not the SHA-256 {manifest.files[VOCABULARY]}", "restore the file that its manifest names"
        )
    try:
        pieces = Pieces({piece: number for number, piece in enumerate(msgspec.json.decode(raw, type=list[str]))})
    except (msgspec.DecodeError, ValueError) as error:
        raise _problem(path, f"is no vocabulary: {error}", "a list of texts") from error
    reader = Reader(directory / READER, digest=manifest.files[READER], threads=threads)
    return ReadWords(gate, reader, pieces, manifest.reader, KINDS)


def _check(path: Path, manifest: Manifest) -> list[Problem]:
    """Everything that is wrong with it, in one pass."""
    wrong: list[tuple[str, str]] = []
    if manifest.format != FORMAT:
        wrong.append((f"format is {manifest.format}", f"this version of waf reads format {FORMAT}"))
    if manifest.labels != LABELS:
        wrong.append((f"labels are {list(manifest.labels)}", f"they must be {list(LABELS)}"))
    if manifest.surfaces != SURFACES:
        wrong.append((f"surfaces are {list(manifest.surfaces)}", f"they must be {list(SURFACES)}"))
    names = (GATE, READER, VOCABULARY) if manifest.reader else (GATE,)
    wrong += [(f"files lacks {name}", "name its SHA-256") for name in names if name not in manifest.files]
    wrong += [
        (f"reader has nothing for {name}", "the weights of its joint")
        for name in SURFACES if manifest.reader and name not in manifest.reader
    ]  # fmt: skip
    for surface in SURFACES:
        low, high = manifest.bands.get(surface, (1.0, 0.0))
        if not 0 <= low <= high <= 1:
            wrong.append((f"bands has no [low, high] for {surface}", "two numbers, 0 <= low <= high <= 1"))
        for name, lows in (("wide", manifest.wide), ("long", manifest.long)):
            if surface in lows and not 0 <= lows[surface] <= max(low, high):
                wrong.append(
                    (f"{name} has {lows[surface]} for {surface}", "a number of at least 0, at most the band's end")
                )
        if not 0 < manifest.thresholds.get(surface, 0) <= 1:
            wrong.append((f"thresholds has none for {surface}", "a number over 0 and at most 1"))
    return [Problem(str(path), 0, 0, message, hint) for message, hint in wrong]


def _read(path: Path) -> Manifest:
    raw = _bytes(path, "a folder of models has it")
    try:
        return msgspec.json.decode(raw, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _problem(path, f"is no manifest of models: {error}") from error


def _bytes(path: Path, hint: str) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(_MAX_JSON + 1)
    except OSError as error:
        raise _problem(path, f"cannot be read: {error.strerror}", hint) from error
    if len(raw) > _MAX_JSON:
        raise _problem(path, f"is larger than {_MAX_JSON:,} bytes")
    return raw


def _problem(path: Path, message: str, hint: str = "") -> ModelError:
    return ModelError([Problem(str(path), 0, 0, message, hint)])
