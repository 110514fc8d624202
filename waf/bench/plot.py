"""One picture of a run. matplotlib comes with the extra `bench` and is imported only here."""

from __future__ import annotations

from pathlib import Path

from waf.bench.measure import Run
from waf.bench.report import Row, rows

_COLOURS = {"direct": "#9aa5b1", "textbook": "#e0a458", "waf": "#2f6f8f"}


def draw(run: Run, path: Path) -> bool:
    """Writes a PNG of processor time and latency per mix; False when matplotlib is not installed."""
    try:
        import matplotlib as mpl
    except ImportError:
        return False
    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(13, 5), layout="constrained")
    table = rows(run)
    mixes = list(run.plan.mixes)
    targets = list(run.plan.targets)
    width = 0.8 / len(targets)
    for index, target in enumerate(targets):
        mine = [row for row in table if row.target == target]
        places = [i + (index - (len(targets) - 1) / 2) * width for i in range(len(mixes))]
        colour = _COLOURS.get(target, "#555555")
        bars = left.bar(places, [row.cpu for row in mine], width, label=target, color=colour)
        left.bar_label(bars, fmt="%.0f", fontsize=7, padding=1)
        right.bar(places, [row.p50 for row in mine], width, label=f"{target} p50", color=colour)
        right.errorbar(
            places, [row.p50 for row in mine], yerr=_to_p99(mine), fmt="none", ecolor="#333333", elinewidth=1, capsize=2
        )
    left.set_title("processor time per request at saturation")
    right.set_title("latency at a fixed rate: p50, whisker to p99")
    for axes in (left, right):
        axes.set_xticks(range(len(mixes)), mixes, rotation=20)
        axes.set_ylabel("µs")
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False)
    right.set_yscale("log")
    figure.suptitle(f"{run.machine['cpu']}, one core per target · {run.machine['date']}", fontsize=9)
    figure.savefig(path, dpi=130)
    plt.close(figure)
    return True


def _to_p99(mine: list[Row]) -> list[list[float]]:
    return [[0.0] * len(mine), [max(0.0, row.p99 - row.p50) for row in mine]]
