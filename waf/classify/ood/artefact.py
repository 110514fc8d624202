"""A detector on disk: `ood.json`, `score.onnx`, and for texts `counts.npy`. Everything is checked before it is believed."""

from __future__ import annotations

import io
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Literal

import msgspec
import numpy as np
import numpy.typing as npt

from waf.classify.onnx_model import OnnxModel, Tensor
from waf.classify.ood import text
from waf.classify.ood.conformal import Calibration
from waf.classify.ood.schema import Schema
from waf.classify.ood.text import Counts
from waf.errors import ModelError, Problem
from waf.files import put

FORMAT: Final = 1
MANIFEST: Final = "ood.json"
MODEL: Final = "score.onnx"
COUNTS: Final = "counts.npy"
CARD: Final = "CARD.md"
MAX_JSON: Final = 32 << 20
MAX_MODEL: Final = 128 << 20
MAX_COUNTS: Final = 16 << 20
MAX_SCORES: Final = 200_000

Kind = Literal["text", "vector"]
Array = npt.NDArray[Any]


class Reference(msgspec.Struct, frozen=True):
    """What the detector was made from."""

    sha256: str
    """Of the file's bytes."""
    rows: int
    fitted: int
    calibrated: int
    folds: int = 0
    """Parts without which each row was scored, where all rows fit and all calibrate; 0: they are different rows."""
    newest: str = ""
    """SHA-256 of the file that the calibration was renewed from."""


class Usual(msgspec.Struct, frozen=True):
    """Of the reference's texts; see `text.Counts`."""

    texts: int
    middle: tuple[float, ...]
    within: tuple[float, ...]
    between: tuple[float, ...]


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`ood.json`. `report` is for people."""

    format: int
    kind: Kind
    alpha: float
    reference: Reference
    files: dict[str, str]
    """SHA-256 of each file, in hexadecimal."""
    distances: tuple[str, ...]
    weights: tuple[float, ...]
    """Of each distance, and last of the largest."""
    scores: tuple[float, ...]
    """Of the calibration rows, oldest first."""
    half_life: float = 0.0
    schema: Schema | None = None
    usual: Usual | None = None
    report: dict[str, Any] = {}


class Artefact(msgspec.Struct, frozen=True):
    """What `load` gives: everything that runs."""

    manifest: Manifest
    model: OnnxModel
    counts: Counts | None
    calibration: Calibration
    files: tuple[Path, ...]


def save(folder: Path, manifest: Manifest, model: bytes, counts: Counts | None, card: str) -> Manifest:
    """Writes the folder; each file is put in its place whole, the manifest last. Gives the manifest with its hashes."""
    folder.mkdir(parents=True, exist_ok=True)
    data = {MODEL: model}
    if counts is not None:
        table = io.BytesIO()
        np.save(table, np.minimum(counts.table, 65_535).astype(np.uint16), allow_pickle=False)
        data[COUNTS] = table.getvalue()
    manifest = msgspec.structs.replace(
        manifest, files={name: sha256(contents).hexdigest() for name, contents in data.items()}
    )
    data[CARD] = card.encode()
    data[MANIFEST] = msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"
    for name, contents in data.items():
        put(folder / name, contents)
    return manifest


def load(folder: Path) -> Artefact:
    """Raises ModelError when a file is missing, damaged, another one, or does not fit."""
    path = folder / MANIFEST
    manifest = _manifest(path)
    width = text.SIZE
    if manifest.kind == "vector":
        if manifest.schema is None or not 1 <= manifest.schema.width <= 1 << 17:
            raise _wrong(path, "has no schema that can be used")
        width = manifest.schema.width
    names = len(manifest.distances)
    inputs = {"x": Tensor("float32", (None, width))}
    outputs = {"score": Tensor("float32", (None, 1)), "beyond": Tensor("float32", (None, names))}
    model = OnnxModel(
        folder / MODEL, inputs=inputs, outputs=outputs, digest=manifest.files.get(MODEL, "-"), max_bytes=MAX_MODEL
    )
    files, counts = [path, folder / MODEL], None
    if manifest.kind == "text":
        files.append(folder / COUNTS)
        counts = _counts(folder / COUNTS, manifest)
    return Artefact(manifest, model, counts, Calibration(manifest.scores, manifest.half_life), tuple(files))


def _manifest(path: Path) -> Manifest:
    raw = _read(path, MAX_JSON)
    try:
        manifest = msgspec.json.decode(raw, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _wrong(path, f"is no manifest of a calibration: {error}") from error
    wrong = []
    if manifest.format != FORMAT:
        wrong.append(f"format is {manifest.format}, and this version of waf reads format {FORMAT}")
    if not 0 < manifest.alpha < 1:
        wrong.append("alpha is no number between 0 and 1")
    if not 1 <= len(manifest.scores) <= MAX_SCORES:
        wrong.append(f"has {len(manifest.scores)} scores; 1 to {MAX_SCORES:,} are right")
    if not 0 <= manifest.half_life < 1e12:
        wrong.append("half_life is negative or too large")
    if wrong:
        raise ModelError([Problem(str(path), 0, 0, message, "run waf calibrate again") for message in wrong])
    return manifest


def _counts(path: Path, manifest: Manifest) -> Counts:
    usual = manifest.usual
    if usual is None or any(len(part) != text.COUNTED for part in (usual.middle, usual.within, usual.between)):
        raise _wrong(path.parent / MANIFEST, "has no usual surprise of texts")
    if min(usual.within) <= 0 or min(usual.between) <= 0 or usual.texts < 1:
        raise _wrong(path.parent / MANIFEST, "has a variance that is not positive")
    raw = _read(path, MAX_COUNTS)
    if sha256(raw).hexdigest() != manifest.files.get(COUNTS):
        raise _wrong(path, "is not the file that its manifest names")
    try:
        table = np.load(io.BytesIO(raw), allow_pickle=False)
    except (ValueError, EOFError, OSError) as error:
        raise _wrong(path, "is no table of counts") from error
    if not isinstance(table, np.ndarray) or table.shape != (text.TABLE,) or table.dtype != np.uint16:
        raise _wrong(path, f"is no table of {text.TABLE:,} counts")
    return Counts(
        usual.texts, table.astype(np.uint32), np.array(usual.middle), np.array(usual.within), np.array(usual.between)
    )


def _read(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(most + 1)
    except OSError as error:
        raise _wrong(path, f"cannot be read: {error.strerror}") from error
    if len(raw) > most:
        raise _wrong(path, f"is larger than {most:,} bytes")
    return raw


def _wrong(path: Path, message: str) -> ModelError:
    return ModelError([Problem(str(path), 0, 0, message, "run waf calibrate again")])
