"""One picture of an evaluation. matplotlib comes with the extra `bench` and is imported only here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt


def draw(scores: npt.NDArray[Any], attack: npt.NDArray[Any], report: dict[str, Any], path: Path) -> bool:
    """Writes a PNG: the ROC over small rates, calibration, recall by disguise; False without matplotlib."""
    try:
        import matplotlib as mpl
    except ImportError:
        return False
    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(15, 4.5), layout="constrained")
    order = np.argsort(-scores)
    hits = np.cumsum(attack[order]) / max(1, int(attack.sum()))
    wrong = np.cumsum(~attack[order]) / max(1, int((~attack).sum()))
    left.plot(np.maximum(wrong, 1e-4), hits, color="#2f6f8f")
    left.set(xscale="log", xlim=(1e-4, 1), ylim=(0, 1), xlabel="false positives", ylabel="recall", title="ROC")
    edges = np.linspace(0, 1, 11)
    places = np.clip(np.digitize(scores, edges) - 1, 0, 9)
    means = [(scores[places == n].mean(), attack[places == n].mean()) for n in range(10) if (places == n).any()]
    middle.plot((0, 1), (0, 1), color="#9aa5b1", linewidth=1)
    middle.plot(*zip(*means, strict=True), marker="o", color="#e0a458")
    middle.set(xlabel="score", ylabel="share of attacks", title="calibration")
    names = list(report["evasions"])
    right.barh(names, [report["evasions"][name]["share"] for name in names], color="#2f6f8f")
    right.invert_yaxis()
    right.set(xlim=(0, 1), title="recall by disguise")
    figure.savefig(path, dpi=120)
    plt.close(figure)
    return True
