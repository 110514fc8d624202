"""One stage of the cascade: how its text is cut into windows, and its ONNX file run on them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from waf.classify.features import features, features_of
from waf.classify.onnx_model import OnnxModel, Tensor
from waf.classify.types import LABELS, Windows
from waf.classify.windows import slide

Ids = npt.NDArray[np.int32]

STRIDE: Final = 4
"""Words that the network pools; a block of windows is padded to a multiple of it."""
MARGIN: Final = 5 * STRIDE
"""Empty words behind the longest window of a block. A lean network masks nothing: it sees the same end of every text, whatever
stands beside it in the block, because there is always room for all that the end can look like."""
WORDS: Final = 256
"""Words of a window, signs and line ends counted."""
STEP: Final = 208
"""Words between the beginnings of two windows: what overlaps is a long sentence."""
BUDGET: Final = 512
"""Windows of one text: about half a megabyte of prose."""
MAX_BYTES: Final = 64 << 20
_OUTPUTS: Final = {"probabilities": Tensor("float32", (None, len(LABELS)))}


class HashedWords:
    """A stage over hashed words. A word takes up `kinds` positions, one for each kind of feature.

    Raises ModelError when the file is missing, damaged, or of another signature.
    """

    def __init__(self, path: Path, *, kinds: int, digest: str = "", threads: int = 1) -> None:
        inputs = {"ids": Tensor("int32", (None, None, kinds)), "surface": Tensor("int32", (None,))}
        self._model = OnnxModel(
            path, inputs=inputs, outputs=_OUTPUTS, digest=digest, threads=threads, max_bytes=MAX_BYTES
        )
        self._kinds = kinds

    @property
    def sha256(self) -> str:
        return self._model.sha256

    @property
    def positions(self) -> int:
        return WORDS * self._kinds

    def windows(self, text: str) -> Windows:
        return windows_of(text, self._kinds)

    def all_windows(self, texts: Sequence[str]) -> list[Windows]:
        return [_slide(rows, self._kinds) for rows in features_of(texts, self._kinds)]

    def score(self, ids: Sequence[Ids], surfaces: Sequence[int]) -> npt.NDArray[np.float32]:
        """Probabilities [n, 2] of (injection, jailbreak). Raises ModelError when the model fails."""
        if not ids:
            return np.zeros((0, len(LABELS)), np.float32)
        block = padded(ids, self._kinds)
        return self._model.run({"ids": block, "surface": np.array(surfaces, np.int32)})["probabilities"]


def padded(windows: Sequence[Ids], kinds: int) -> Ids:
    """Windows as one block, int32 [n, words, kinds], zeros behind them; words are a multiple of STRIDE."""
    words = (max(map(len, windows)) // kinds + MARGIN + STRIDE - 1) // STRIDE * STRIDE
    block = np.zeros((len(windows), words * kinds), np.int32)
    for row, window in enumerate(windows):
        block[row, : len(window)] = window
    return block.reshape(len(windows), words, kinds)


def windows_of(text: str, kinds: int) -> Windows:
    """Overlapping windows of words. Pure."""
    return _slide(features(text, kinds), kinds)


def _slide(rows: Ids, kinds: int) -> Windows:
    return slide(rows, positions=WORDS * kinds, step=STEP * kinds, budget=BUDGET)
