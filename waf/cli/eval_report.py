"""What `waf eval` counts: shares with intervals, at the shipped thresholds and at fixed rates of false positives."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from waf.classify.evasions import EVASIONS
from waf.classify.measure import Share, auroc, calibration_error, recall_at, share
from waf.classify.offline import Scored, score
from waf.classify.types import SURFACES, Cascade, Stage
from waf.cli.eval_rows import Row, length

Array = npt.NDArray[Any]

GROUPS: Final[dict[str, Callable[[Row], str]]] = {
    "label": lambda row: row.label,
    "surface": lambda row: row.surface,
    "language": lambda row: row.properties.get("lang", "?"),
    "length": lambda row: length(row.text),
    "source": lambda row: row.properties.get("source", "?"),
    "carrier": lambda row: row.properties.get("carrier", "?"),
}
EVADED: Final = 200
"""Attacks that every disguise is tried on."""
LONGEST_EVADED: Final = 2_000
"""Characters of an attack that is disguised."""
_ROUNDS: Final = 15


def over(cascade: Cascade, rows: Sequence[Row], scores: Array) -> Array:
    """Which rows score over the threshold of their surface."""
    return np.asarray(scores >= np.array([cascade.thresholds[row.surface] for row in rows]))


def surfaces_of(rows: Sequence[Row]) -> list[int]:
    return [SURFACES.index(row.surface) for row in rows]


def interval(value: Share) -> dict[str, float | int | None]:
    """As `--json` shows it; of nothing, nulls."""
    shown = [None if np.isnan(x) else round(x, 4) for x in (value.value, value.low, value.high)]
    return {"hits": value.hits, "of": value.total, "share": shown[0], "low": shown[1], "high": shown[2]}


def summary(cascade: Cascade, rows: Sequence[Row], scored: Scored) -> dict[str, Any]:
    """The whole set in a few numbers."""
    attack = np.array([row.attack for row in rows])
    scores = scored.highest
    flagged = over(cascade, rows, scores)
    return {
        "rows": len(rows),
        "recall": interval(share(int(flagged[attack].sum()), int(attack.sum()))),
        "false_positives": interval(share(int(flagged[~attack].sum()), int((~attack).sum()))),
        "to_deep": interval(share(int(scored.deep[~attack].sum()), int((~attack).sum()))),
        **ranking(scores, attack),
        "calibration_error": _number(calibration_error(scores, attack)),
    }


def ranking(scores: Array, attack: Array) -> dict[str, Any]:
    """What a detector's order is worth, wherever its threshold is."""
    return {
        "recall_at_1pct": interval(recall_at(scores[attack], scores[~attack], 0.01)),
        "recall_at_0.5pct": interval(recall_at(scores[attack], scores[~attack], 0.005)),
        "auroc": _number(auroc(scores[attack], scores[~attack])),
    }


def _number(value: float) -> float | None:
    return None if np.isnan(value) else round(value, 4)


def groups(rows: Sequence[Row], flagged: Array) -> dict[str, dict[str, dict[str, Any]]]:
    """Property by property and value by value: recall of its attacks, false positives of its benign rows."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for name, of in GROUPS.items():
        values = [of(row) for row in rows]
        table: dict[str, dict[str, Any]] = {}
        for value in sorted(set(values), key=lambda v: (-values.count(v), v)):
            mine = [(row.attack, hit) for row, v, hit in zip(rows, values, flagged, strict=True) if v == value]
            attacks, benign = [hit for attack, hit in mine if attack], [hit for attack, hit in mine if not attack]
            table[value] = {
                "recall": interval(share(int(sum(attacks)), len(attacks))),
                "false_positives": interval(share(int(sum(benign)), len(benign))),
            }
        if len(table) > 1:
            found[name] = table
    return found


def evasions(
    cascade: Cascade, rows: Sequence[Row], count: int, tick: Callable[[int], None]
) -> dict[str, dict[str, Any]]:
    """Recall over the same attacks, plain and in each disguise."""
    chosen = [row for row in rows if row.attack and len(row.text) <= LONGEST_EVADED]
    chosen = chosen[:: max(1, len(chosen) // count)][:count]
    found: dict[str, dict[str, Any]] = {}
    disguises: dict[str, Callable[[str], str]] = {"none": str, **EVASIONS}
    for name, disguise in disguises.items() if chosen else ():
        scored = score(cascade, [disguise(row.text) for row in chosen], surfaces_of(chosen))
        found[name] = interval(share(int(over(cascade, chosen, scored.highest).sum()), len(chosen)))
        tick(len(found))
    return found


def latency(cascade: Cascade) -> dict[str, dict[str, float]]:
    """Microseconds of processor time, the median of some runs: a text read and scored, by stage, length and batch."""
    text = (
        "The committee met on Tuesday to go through the plans for the garden behind the library, and nobody minded. "
        * 80
    )
    found: dict[str, dict[str, float]] = {}
    stages = {"gate": cascade.gate} | ({"deep": cascade.deep} if cascade.deep is not None else {})
    for name, stage in stages.items():
        for batch in (1, 8):
            found[f"{name}, batch of {batch}"] = {
                f"{size} characters": _median(stage, text[:size], batch) for size in (128, 512, 1024, 4096)
            }
    return found


def _median(stage: Stage, text: str, batch: int) -> float:
    times = []
    for _ in range(_ROUNDS):
        start = time.process_time()
        windows = [window for _ in range(batch) for window in stage.windows(text).ids]
        stage.score(windows, [1] * len(windows))
        times.append(time.process_time() - start)
    return round(float(np.median(times)) * 1e6 / batch, 1)
