"""One stage of the cascade: how its text is cut into windows, and its ONNX file run on them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from waf.classify.features import features
from waf.classify.onnx_model import OnnxModel, Tensor
from waf.classify.types import LABELS, Windows
from waf.classify.windows import slide

Ids = npt.NDArray[np.int32]

STRIDE: Final = 4
"""Words that the network pools; a window is padded to a multiple of it."""
WORDS: Final = 256
"""Words of a window, signs and line ends counted."""
STEP: Final = 208
"""Words between the beginnings of two windows: what overlaps is a long sentence."""
BUDGET: Final = 512
"""Windows of one text: about half a megabyte of prose."""
MAX_BYTES: Final = 64 << 20
_INPUTS: Final = {"ids": Tensor("int32", (None, None)), "surface": Tensor("int32", (None,))}
_OUTPUTS: Final = {"probabilities": Tensor("float32", (None, len(LABELS)))}


class HashedWords:
    """A stage over hashed words. A word takes up `kinds` positions, one for each kind of feature.

    Raises ModelError when the file is missing, damaged, or of another signature.
    """

    def __init__(self, path: Path, *, kinds: int, digest: str = "", threads: int = 1) -> None:
        self._model = OnnxModel(
            path, inputs=_INPUTS, outputs=_OUTPUTS, digest=digest, threads=threads, max_bytes=MAX_BYTES
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

    def score(self, ids: Sequence[Ids], surfaces: Sequence[int]) -> npt.NDArray[np.float32]:
        """Probabilities [n, 2] of (injection, jailbreak). Raises ModelError when the model fails."""
        if not ids:
            return np.zeros((0, len(LABELS)), np.float32)
        unit = self._kinds * STRIDE
        block = np.zeros((len(ids), -(-max(1, *map(len, ids)) // unit) * unit), np.int32)
        for row, window in enumerate(ids):
            block[row, : len(window)] = window
        return self._model.run({"ids": block, "surface": np.array(surfaces, np.int32)})["probabilities"]


def windows_of(text: str, kinds: int) -> Windows:
    """Overlapping windows of words. Pure."""
    return slide(features(text, kinds), positions=WORDS * kinds, step=STEP * kinds, budget=BUDGET)
