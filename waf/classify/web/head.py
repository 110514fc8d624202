"""A folder with the web-attack head, read and checked, and its word on the values of a request."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np

from waf.classify.onnx_model import OnnxModel, Tensor
from waf.classify.web import tokens
from waf.classify.web.values import SURFACES, Value, readings, select
from waf.errors import ModelError, Problem
from waf.model import Field
from waf.scores import SurfaceScore, WebScores

MODEL: Final = "head.onnx"
MANIFEST: Final = "manifest.json"
FORMAT: Final = 1
MAX_JSON: Final = 4 << 20
MAX_BYTES: Final = 16 << 20
WINDOWS: Final = 256
"""Windows of one request that are read: about 40 KB of text."""
OF_ONE: Final = 64
"""Windows of one reading of one value."""
ROWS: Final = 32
"""Windows of one run."""
_INPUTS: Final = {"ids": Tensor("int32", (None, tokens.KINDS, None))}
_OUTPUTS: Final = {"logits": Tensor("float32", (None,))}


class Calibration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a logit means on one surface: probability = 1 / (1 + exp(-(scale * logit + shift)))."""

    scale: float
    shift: float
    threshold: float
    """Probability from which on a value is an attack whatever the rules say."""


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`manifest.json`. What is under `trained` is for people."""

    format: int
    version: str
    sha256: str
    vocabulary: tuple[str, ...]
    surfaces: dict[str, Calibration]
    trained: dict[str, Any] = {}


class Found(msgspec.Struct, frozen=True, gc=False):
    """A value and its probability; None where the budget ended before it."""

    value: Value
    probability: float | None


class WebHead:
    """Immutable; may be called from several threads. Raises ModelError when a file is missing, damaged or of another make."""

    def __init__(self, directory: Path, threads: int = 1) -> None:
        path = directory / MANIFEST
        manifest = read_manifest(path)
        self._model = OnnxModel(
            directory / MODEL,
            inputs=_INPUTS,
            outputs=_OUTPUTS,
            digest=manifest.sha256,
            threads=threads,
            max_bytes=MAX_BYTES,
        )
        self._vocabulary = tokens.Vocabulary(manifest.vocabulary)
        self._surfaces = manifest.surfaces
        self.version = manifest.version
        self.sha256 = self._model.sha256
        self.files = (path, directory / MODEL)

    def logits(self, texts: Sequence[str], budget: int = 1 << 30) -> tuple[list[float], bool]:
        """The highest logit of any window of each text, and whether all of them were read to the end within `budget` windows.
        A text of which nothing was read has -inf. Raises ModelError when the model fails."""
        parts: list[tokens.Ids] = []
        owner: list[int] = []
        whole = True
        ids_of, split = self._vocabulary.ids, tokens.split
        for number, text in enumerate(texts):
            left = budget - len(parts)
            if left <= 0:
                whole = False
                break
            found, more = tokens.windows(ids_of(split(text)), min(OF_ONE, left))
            whole = whole and not more
            parts += found
            owner += [number] * len(found)
        out = [-math.inf] * len(texts)
        if len(parts) == 1:  # most requests that are asked about have one such value
            (out[owner[0]],) = self._run(parts)
            return out, whole
        order = sorted(range(len(parts)), key=lambda i: parts[i].shape[1])
        for start in range(0, len(order), ROWS):
            chosen = order[start : start + ROWS]
            for i, score in zip(chosen, self._run([parts[i] for i in chosen]), strict=True):
                if score > out[owner[i]]:
                    out[owner[i]] = score
        return out, whole

    def _run(self, parts: Sequence[tokens.Ids]) -> list[float]:
        scores: list[float] = self._model.run({"ids": tokens.block(parts)})["logits"].tolist()
        if not all(map(math.isfinite, scores)):
            raise ModelError([Problem(str(self._model.path), 0, 0, "gave something that is no number")])
        return scores

    def probability(self, logit: float, surface: str) -> float:
        """Calibrated for the surface."""
        found = self._surfaces[surface]
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, found.scale * logit + found.shift))))

    def threshold(self, surface: str) -> float:
        return self._surfaces[surface].threshold

    def score(self, values: Sequence[Value]) -> tuple[list[Found], bool]:
        """Each value with the highest probability of any of its readings, and whether everything was read."""
        texts: list[str] = []
        owner: list[int] = []
        for number, value in enumerate(values):
            seen = readings(value.text)
            texts += seen
            owner += [number] * len(seen)
        scores, whole = self.logits(texts, WINDOWS)
        if len(owner) == len(values):
            best = scores
        else:
            best = [-math.inf] * len(values)
            for number, score in zip(owner, scores, strict=True):
                best[number] = max(best[number], score)
        made = [
            Found(value, None if logit == -math.inf else self.probability(logit, value.surface))
            for value, logit in zip(values, best, strict=True)
        ]
        return made, whole

    def judge(self, fields: Mapping[str, Sequence[Field]], first: frozenset[str] = frozenset()) -> WebScores:
        """The highest probability on each surface. `first`: origins of values that are read before any other, because rules
        found something there."""
        values = select(fields)
        if first:
            values.sort(key=lambda value: value.origin not in first)
        found, whole = self.score(values) if values else ([], True)
        best: dict[str, SurfaceScore] = {}
        for value, probability in ((each.value, each.probability) for each in found):
            if probability is not None and (value.surface not in best or probability > best[value.surface].value):
                flagged = probability >= self.threshold(value.surface)
                best[value.surface] = SurfaceScore(value.surface, probability, value.origin, flagged)
        return WebScores(tuple(best.values()), len(found), not whole, self.sha256)

    def warm_up(self) -> None:
        """Runs once, so that the first client does not wait for what the runtime does at the first run."""
        self.logits(["a=1", "x" * 200])


def read_manifest(path: Path) -> Manifest:
    """Raises ModelError."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_JSON + 1)
        if len(data) > MAX_JSON:
            raise ModelError([Problem(str(path), 0, 0, f"is larger than {MAX_JSON} bytes")])
        manifest = msgspec.json.decode(data, type=Manifest)
    except OSError as error:
        hint = f"a folder with the web-attack head holds {MANIFEST} and {MODEL}"
        raise ModelError([Problem(str(path), 0, 0, f"cannot be read: {error.strerror}", hint)]) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ModelError([Problem(str(path), 0, 0, f"is no manifest of a web-attack head: {error}")]) from error
    if manifest.format != FORMAT:
        raise ModelError(
            [Problem(str(path), 0, 0, f"format is {manifest.format}", f"this version of waf reads format {FORMAT}")]
        )
    if set(manifest.surfaces) != set(SURFACES):
        raise ModelError(
            [Problem(str(path), 0, 0, f"surfaces are {sorted(manifest.surfaces)}", f"they must be {sorted(SURFACES)}")]
        )
    for name, found in manifest.surfaces.items():
        if not np.isfinite((found.scale, found.shift, found.threshold)).all() or found.scale <= 0:
            raise ModelError(
                [Problem(str(path), 0, 0, f"surfaces.{name} is no calibration", "numbers, the scale above 0")]
            )
    return manifest
