"""The detectors of a configuration by route, what they are asked about a request, and what their answers mean there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from waf.classify.ood.rows import Found, Inputs, Paths, rows, texts
from waf.errors import ModelError
from waf.model import Parsed
from waf.scores import OodScore

if TYPE_CHECKING:
    from waf.classify.ood.detector import Detector

INLINE: Final = 128
"""Numbers in a request up to which it is judged on the spot: handing it to a thread would take longer."""


class Judge:
    """One route's detector. Immutable."""

    def __init__(self, detector: Detector, paths: Paths) -> None:
        self.detector = detector
        self._paths = paths

    def select(self, parsed: Parsed, *, body: bool) -> Inputs:
        """What is judged of a request. `body`: it has one."""
        schema = self.detector.schema
        if schema is None:
            return texts(parsed.fields, parsed.document, self._paths)
        return rows(parsed.document, schema, self._paths) if body else Inputs()

    def brief(self, inputs: Inputs) -> bool:
        """Whether judging them takes no longer than handing them to a thread."""
        return self.detector.schema is not None and len(inputs.values) * self.detector.cost <= INLINE

    def judge(self, inputs: Inputs) -> Found | None:
        """In any thread; None when the model fails, which a caller must count as not judged."""
        try:
            return self.detector.judge(inputs.values)._replace(origins=tuple(inputs.origins))
        except ModelError:
            return None

    def sum_up(self, inputs: Inputs, found: Found | None, *, block_unscored: bool) -> tuple[float | None, OodScore]:
        """The lowest p-value, and what goes with it. `found`: None when nothing was judged in time."""
        detector = self.detector
        missing = inputs.left + (len(inputs.values) if found is None else 0)
        refuses = missing > 0 and block_unscored
        if found is None or not len(found.p):
            return None, OodScore(detector.alpha, 0, missing, refuses=refuses, model=detector.sha256)
        worst = int(np.argmax(found.scores))
        p = float(found.p[worst])
        why = detector.why(found.beyond[worst]) if np.isfinite(found.scores[worst]) else [("form", 0.0)]
        return p, OodScore(
            alpha=detector.alpha,
            judged=len(found.p),
            missing=missing,
            origin=inputs.origins[worst],
            why=tuple(why),
            flagged=p <= detector.alpha * (1 + 1e-9),
            refuses=refuses,
            model=detector.sha256,
        )


def load_judges(wanted: Sequence[tuple[str, str, float, Paths]]) -> Mapping[str, Judge]:
    """By route: (route, folder, alpha, paths of its inputs). Raises ModelError."""
    if not wanted:
        return {}
    from waf.classify.ood.detector import Detector  # it brings ONNX Runtime, which nobody needs who calibrated nothing

    made: dict[str, Judge] = {}
    for route, folder, alpha, paths in wanted:
        judge = Judge(Detector(Path(folder), alpha), paths)
        example: list[Any] = ["Hello."] if judge.detector.schema is None else [[0.0] * judge.detector.schema.size]
        judge.detector.judge(example)
        made[route] = judge
    return made
