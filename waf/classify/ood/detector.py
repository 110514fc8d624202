"""A loaded calibration at work: inputs in, p-values out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from waf.classify.ood import text
from waf.classify.ood.artefact import Artefact, load
from waf.classify.ood.rows import Found
from waf.classify.ood.scoring import MOST
from waf.errors import ModelError, Problem

Array = npt.NDArray[Any]

CHUNK: Final = 64
"""Rows of one run."""


class Detector:
    """Immutable; `judge` may run in any thread. `alpha`: false-alarm rate, 0: the calibration's.

    Raises ModelError when the files cannot be used, or the calibration has too few rows for alpha.
    """

    def __init__(self, folder: Path, alpha: float = 0.0) -> None:
        made: Artefact = load(folder)
        self._made = made
        self.kind = made.manifest.kind
        self.schema = made.manifest.schema
        self.alpha = alpha or made.manifest.alpha
        self.names = made.manifest.distances
        self.files = made.files
        self.sha256 = made.model.sha256
        self.calibrated = len(made.manifest.scores)
        self._calibration = made.calibration
        if made.calibration.least > self.alpha * (1 + 1e-9):
            message = (
                f"its {self.calibrated} calibration rows give no p-value below {made.calibration.least:.2g}, "
                f"so nothing could ever be out of distribution at alpha {self.alpha:g}"
            )
            raise ModelError([Problem(str(folder), 0, 0, message, "calibrate on more rows, or raise alpha")])

    @property
    def cost(self) -> int:
        """Numbers of one input, about."""
        return text.SIZE if self.schema is None else self.schema.width

    def judge(self, inputs: Sequence[Any]) -> Found:
        """p-values of texts, or of rows as the reference has them. Raises ModelError when the model fails."""
        scores, beyond = self.score(inputs)
        return Found(self._calibration.p(scores), scores, beyond)

    def score(self, inputs: Sequence[Any]) -> tuple[Array, Array]:
        """Scores [n], and how far each distance is beyond usual [n, c]."""
        scores, beyond = np.full(len(inputs), np.inf), np.zeros((len(inputs), len(self.names)))
        for at in range(0, len(inputs), CHUNK):
            rows, fits = self.vectors(inputs[at : at + CHUNK])
            if fits.all():
                found = self._run(rows)
                if len(inputs) <= CHUNK:  # one row, mostly, of which every further step would cost as much as a node
                    return found["score"][:, 0].astype(float), found["beyond"].astype(float)
            elif fits.any():
                found = self._run(rows[fits])
            else:
                continue
            where = at + fits.nonzero()[0]
            scores[where], beyond[where] = found["score"][:, 0], found["beyond"]
        return scores, beyond

    def _run(self, rows: Array) -> dict[str, Array]:
        return self._made.model.run({"x": np.minimum(np.maximum(rows, -MOST), MOST).astype(np.float32)})

    def vectors(self, inputs: Sequence[Any]) -> tuple[Array, npt.NDArray[np.bool_]]:
        """float64 [n, d], and which inputs have the form of the reference."""
        if self.schema is not None:
            return self.schema.vectors(inputs)
        counts = self._made.counts
        if counts is None:
            raise ValueError("a detector of texts has counts")
        fits = np.array([isinstance(one, str) for one in inputs], bool)
        empty = np.zeros(text.SIZE)
        rows = [text.vector(counts, text.read(one)) if isinstance(one, str) else empty for one in inputs]
        return np.array(rows).reshape(len(inputs), text.SIZE), fits

    def why(self, beyond: Array, most: int = 3) -> list[tuple[str, float]]:
        """The distances that are furthest beyond usual, by name."""
        order = np.argsort(-beyond)[:most]
        return [(self.names[int(i)], round(float(beyond[int(i)]), 2)) for i in order if beyond[int(i)] > 1]
