"""The deep stage with a reader: hashed words judge every window, and a small transformer reads those that they suspect.

A window is as much text as the reader takes in at once. Its array holds a number of its text, the number of word pieces, the
pieces, and the rows of its hashed words, so that the batcher sees a stage like any other.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from zlib import crc32

import msgspec
import numpy as np
import numpy.typing as npt

from waf.classify.features import features_of
from waf.classify.onnx_model import OnnxModel, Tensor
from waf.classify.pieces import Pieces
from waf.classify.stage import BUDGET, MAX_BYTES, HashedWords
from waf.classify.types import LABELS, SURFACES, Windows
from waf.errors import ModelError, Problem

Ids = npt.NDArray[np.int32]
Scores = npt.NDArray[np.float32]

SIZE: Final = 64
"""Word pieces of a window, the special ones counted."""
STEP: Final = 32
READ: Final = 1
READ_OF_MANY: Final = 4
MANY: Final = 24
"""Windows of one text that are read at most, most suspicious first: READ, and of more than MANY windows READ_OF_MANY."""
FOREIGN: Final = 0.3
"""The share of characters outside ASCII from which on a window has no pieces and is not read: the vocabulary spells other scripts
letter by letter, which says nothing to the reader."""
HEAD: Final = 2
"""Numbers before the pieces of a window."""
_EDGE: Final = 1e-6
"""Probabilities are kept this far from 0 and 1 before their logits are added."""
_INPUTS: Final = {"ids": Tensor("int32", (1, None)), "surface": Tensor("int32", (1,))}
_OUTPUTS: Final = {"logits": Tensor("float32", (1, len(LABELS)))}


class Joint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the two are put together on one surface: sigmoid(words * logit + reader * logit + shift)."""

    low: float
    """The probability by words alone from which on the reader is asked."""
    words: float
    reader: float
    shift: float


class Reader:
    """The transformer. It is run on one window after the other, so what stands beside a text changes nothing, not even the
    rounding of its 8-bit numbers.

    Raises ModelError when the file is missing, damaged, or of another signature.
    """

    def __init__(self, path: Path, *, digest: str = "", threads: int = 1) -> None:
        self._model = OnnxModel(
            path, inputs=_INPUTS, outputs=_OUTPUTS, digest=digest, threads=threads, max_bytes=MAX_BYTES
        )

    @property
    def sha256(self) -> str:
        return self._model.sha256

    def logits(self, pieces: Ids, surface: int) -> Scores:
        """[2] of one window."""
        found: Scores = self._model.run({"ids": pieces[None, :], "surface": np.array([surface], np.int32)})["logits"][0]
        return found


def _spelled(text: str) -> bool:
    """Whether the vocabulary has pieces for `text`, without its marks and in plain forms as the vocabulary wants it."""
    if text.isascii():
        return True
    plain = [c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)]
    return sum(map(str.isascii, plain)) >= (1 - FOREIGN) * len(plain)


class ReadWords:
    """Hashed words and a reader as one stage."""

    def __init__(
        self, words: HashedWords, reader: Reader, pieces: Pieces, joints: Mapping[str, Joint], kinds: int
    ) -> None:
        self._words, self._reader, self._pieces, self._kinds = words, reader, pieces, kinds
        self._low, self._first, self._second, self._shift = np.array(
            [[j.low, j.words, j.reader, j.shift] for j in (joints[name] for name in SURFACES)], np.float32
        ).T

    @property
    def sha256(self) -> str:
        """Of the reader's file; that of the words is the gate's own."""
        return self._reader.sha256

    @property
    def positions(self) -> int:
        return HEAD + SIZE + self._words.positions

    def windows(self, text: str) -> Windows:
        spans, over = self._pieces.spans(text, SIZE, STEP, BUDGET)
        made = []
        number = crc32(text.encode("utf-8", "surrogatepass")) >> 1
        parts = [text[span.start : span.end] for span in spans]
        for span, part, rows in zip(spans, parts, features_of(parts, self._kinds), strict=True):
            pieces = span.pieces if _spelled(part) else []
            words = rows[: self._words.positions]
            made.append(np.concatenate([np.array([number, len(pieces), *pieces], np.int32), words]))
        return Windows(made, over_budget=over)

    def all_windows(self, texts: Sequence[str]) -> list[Windows]:
        return [self.windows(text) for text in texts]

    def score(self, ids: Sequence[Ids], surfaces: Sequence[int]) -> Scores:
        """Probabilities [n, 2] of (injection, jailbreak). Of the windows of a text that the words suspect a few are read; the
        others count as if the reader had said of them the worst that it said of those. Raises ModelError when a model fails."""
        sizes = [int(window[1]) for window in ids]
        words = [window[HEAD + size :] for window, size in zip(ids, sizes, strict=True)]
        found = self._words.score(words, surfaces)
        texts: dict[tuple[int, int], list[int]] = defaultdict(list)
        for at, (window, surface) in enumerate(zip(ids, surfaces, strict=True)):
            texts[int(window[0]), surface].append(at)
        for (_, surface), windows in texts.items():
            low, most = self._low[surface], READ if len(windows) <= MANY else READ_OF_MANY
            suspected = [at for at in windows if sizes[at] and found[at].max() >= low]
            suspected.sort(key=lambda at: -found[at].max())
            read = [self._reader.logits(ids[at][HEAD : HEAD + sizes[at]], surface) for at in suspected[:most]]
            for at, logits in zip(suspected, read, strict=False):
                found[at] = self._together(found[at], logits, surface)
            for at in suspected[most:]:
                found[at] = self._together(found[at], np.max(read, 0), surface)
        return found

    def _together(self, words: Scores, read: Scores, surface: int) -> Scores:
        if not np.isfinite(read).all():
            raise ModelError(
                [Problem(f"model {self._reader.sha256[:12]}", 0, 0, "answered something that is no number")]
            )
        p = np.clip(words.astype(np.float64), _EDGE, 1 - _EDGE)
        logit = np.log(p / (1 - p))
        total = self._first[surface] * logit + self._second[surface] * read + self._shift[surface]
        made: Scores = (1 / (1 + np.exp(-np.clip(total, -40, 40)))).astype(np.float32)
        return made
