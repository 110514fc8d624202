"""A few references of the size of a postage stamp, and detectors of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from waf.classify.ood.calibrate import Rows, calibrate
from waf.classify.ood.detector import Detector

WORDS = "the service was slow but our order arrived whole and the support team answered every question on the same day".split()


def numbers(count: int, size: int = 4, seed: int = 0) -> list[list[float]]:
    """Correlated columns around ten."""
    draw = np.random.default_rng(seed)
    common = draw.standard_normal((count, 1))
    found: list[list[float]] = (10 + common + 0.3 * draw.standard_normal((count, size))).tolist()
    return found


def tables(count: int, seed: int = 0) -> list[dict[str, Any]]:
    draw = np.random.default_rng(seed)
    return [
        {
            "amount": float(np.exp(draw.normal(3, 1))),
            "country": str(draw.choice(["DE", "FR"], p=[0.8, 0.2])),
            "age": int(draw.integers(18, 80)) if draw.random() > 0.2 else None,
        }
        for _ in range(count)
    ]


def sentences(count: int, seed: int = 0) -> list[str]:
    draw = np.random.default_rng(seed)
    return [" ".join(draw.choice(WORDS, draw.integers(4, 12))) for _ in range(count)]


def detector(folder: Path, values: list[Any], alpha: float = 0.05) -> Detector:
    calibrate(Rows(values, [], "0" * 64), folder, alpha=alpha)
    return Detector(folder)
