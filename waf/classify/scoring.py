"""The cascade over a few texts at once: gate on everything, deep on what the gate is not sure of. Waits for nothing, so it
runs in the batcher's threads and in `waf scan` alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

import msgspec

from waf.classify.buckets import runs
from waf.classify.segments import Segment, cut
from waf.classify.types import SURFACES, Cascade, Stage
from waf.errors import ModelError, Problem

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

PIECE: Final = 1_200
"""Characters of the pieces of a text that is too long for the deep stage: it reads those in which the gate sees most."""
PIECE_OVERLAP: Final = 200
ROWS: Final = 256
"""Windows of one run, however short they are."""

Views = Callable[[str], list[str]]


class Outcome(msgspec.Struct, frozen=True, gc=False):
    """What the models say about one block. Probabilities are the highest of any of its windows and views."""

    injection: float
    jailbreak: float
    deep: bool = False
    """The deep stage had a part in it."""
    over_budget: bool = False
    """It had more windows than a stage's budget."""
    degraded: bool = False
    """The gate was not sure, and the deep stage was not there in time or had too much to read."""
    assumed: bool = False
    """Degraded, and nearer to an attack: counts as one whatever the threshold."""

    @property
    def highest(self) -> float:
        return max(self.injection, self.jailbreak)


class Piece(msgspec.Struct, frozen=True, gc=False):
    """A text for the deep stage, with the gate's scores."""

    text: str
    injection: float
    jailbreak: float


class Gated(msgspec.Struct, gc=False):
    """What the gate says about one block, and what is left for the deep stage."""

    sure: Outcome
    """Over the views of which the gate is sure; zeros when there are none."""
    injection: float = 0.0
    jailbreak: float = 0.0
    """The gate's highest over the other views."""
    unsure: list[Piece] = []
    """What the deep stage should read, most suspicious first."""

    @property
    def cost(self) -> int:
        """Characters that the deep stage would read, at most."""
        return sum(len(piece.text) for piece in self.unsure)


def gate(cascade: Cascade, views: Views, segments: Sequence[Segment]) -> list[Gated]:
    """The gate's word on each segment. Raises ModelError."""
    seen = [views(segment.text) for segment in segments]
    surfaces = [segment.surface for segment, texts in zip(segments, seen, strict=True) for _ in texts]
    scores, over = _gate(cascade, [text for texts in seen for text in texts], surfaces)
    made: list[Gated] = []
    start = 0
    for segment, texts in zip(segments, seen, strict=True):
        part = slice(start, start + len(texts))
        made.append(_sort(cascade, segment, texts, scores[part], over=any(over[part])))
        start += len(texts)
    return made


def _sort(
    cascade: Cascade, segment: Segment, texts: Sequence[str], scores: Sequence[tuple[float, float]], *, over: bool
) -> Gated:
    """Apart: what the gate is sure of, and what it is not. One sure attack, and the rest does not matter any more."""
    name = SURFACES[segment.surface]
    high = cascade.bands[name][1] if cascade.deep is not None else 2.0
    injection = jailbreak = 0.0
    unsure: dict[str, tuple[float, float]] = {}
    for text, (first, second) in zip(texts, scores, strict=True):
        low, high = _band(cascade, segment, text)
        if low <= max(first, second) <= high:
            unsure[text] = (first, second)
        else:
            injection, jailbreak = max(injection, first), max(jailbreak, second)
    sure = Outcome(injection, jailbreak, over_budget=over)
    if not unsure or (sure.highest > high and sure.highest >= cascade.thresholds[name]):
        return Gated(sure)
    return _gated(sure, [Piece(text, *found) for text, found in unsure.items()])


def _band(cascade: Cascade, segment: Segment, text: str) -> tuple[float, float]:
    if cascade.deep is None:
        return 2.0, 2.0
    return (0.0, 1.0) if segment.deep else cascade.band(SURFACES[segment.surface], len(text))


def _gated(sure: Outcome, unsure: list[Piece]) -> Gated:
    injection = max((piece.injection for piece in unsure), default=0.0)
    jailbreak = max((piece.jailbreak for piece in unsure), default=0.0)
    return Gated(sure, injection, jailbreak, unsure)


def _pieces(cascade: Cascade, surface: int, unsure: Sequence[Piece]) -> list[Piece]:
    """Views that are too long, cut: the pieces in which the gate still sees something when it looks at each by itself, and of
    each view at least the one in which it sees most. Most suspicious first."""
    low, _ = cascade.bands[SURFACES[surface]]
    found: dict[str, tuple[float, float]] = {}
    for view in unsure:
        pieces = cut(view.text, PIECE, PIECE_OVERLAP)
        scores, _ = _gate(cascade, pieces, [surface] * len(pieces))
        highest, *others = sorted(zip(pieces, scores, strict=True), key=lambda pair: -max(pair[1]))
        found.update([highest, *(pair for pair in others if max(pair[1]) >= low)])
    return [Piece(text, *scores) for text, scores in sorted(found.items(), key=lambda pair: -max(pair[1]))]


def deepen(cascade: Cascade, work: Sequence[tuple[Segment, Gated]]) -> list[Outcome]:
    """The deep stage's word on what the gate was not sure of, joined with the gate's on the rest. Raises ModelError."""
    if cascade.deep is None:
        raise ValueError("this cascade has no deep stage")
    windows: list[npt.NDArray[np.int32]] = []
    surfaces: list[int] = []
    read: list[tuple[int, bool, list[Piece]]] = []
    """For each segment: windows that are read, whether a piece had too many, and the pieces that are not read."""
    for segment, gated in work:
        ids, over, left = _windows(cascade, cascade.deep, segment.surface, gated.unsure)
        windows += ids
        surfaces += [segment.surface] * len(ids)
        read.append((len(ids), over, left))
    scores = _run(cascade.deep, windows, surfaces, cascade.deep_run)
    made = []
    start = 0
    for (segment, gated), (count, over, left) in zip(work, read, strict=True):
        found = scores[start : start + count]
        start += count
        sure = gated.sure
        outcome = Outcome(
            max([sure.injection, *(row[0] for row in found)]),
            max([sure.jailbreak, *(row[1] for row in found)]),
            deep=True,
            over_budget=sure.over_budget or over,
        )
        made.append(by_gate(cascade, segment.surface, _gated(outcome, left)))
    return made


def _windows(
    cascade: Cascade, stage: Stage, surface: int, unsure: list[Piece]
) -> tuple[list[npt.NDArray[np.int32]], bool, list[Piece]]:
    """What the deep stage reads of a block: all of it, or the most suspicious pieces, at least one of them."""
    made = [stage.windows(piece.text) for piece in unsure]
    if sum(len(found.ids) for found in made) > cascade.deep_windows:
        unsure = _pieces(cascade, surface, unsure)
        made = [stage.windows(piece.text) for piece in unsure]
    ids: list[npt.NDArray[np.int32]] = []
    over = False
    for number, found in enumerate(made):
        if ids and len(ids) + len(found.ids) > cascade.deep_windows:
            return ids, over, unsure[number:]
        ids += found.ids
        over = over or found.over_budget
    return ids, over, []


def by_gate(cascade: Cascade, surface: int, gated: Gated) -> Outcome:
    """What holds where the deep stage did not read everything: the gate decides, and its band counts as an attack from the
    middle up."""
    sure = gated.sure
    if not gated.unsure:
        return sure
    low, high = cascade.bands[SURFACES[surface]]
    return msgspec.structs.replace(
        sure,
        injection=max(sure.injection, gated.injection),
        jailbreak=max(sure.jailbreak, gated.jailbreak),
        degraded=True,
        assumed=max(gated.injection, gated.jailbreak) >= (low + high) / 2,
    )


def score(cascade: Cascade, views: Views, segments: Sequence[Segment]) -> list[Outcome]:
    """The whole cascade, here and now. Raises ModelError."""
    gated = gate(cascade, views, segments)
    left = [i for i, found in enumerate(gated) if found.unsure]
    outcomes = [found.sure for found in gated]
    for i, outcome in zip(left, deepen(cascade, [(segments[i], gated[i]) for i in left]) if left else (), strict=True):
        outcomes[i] = outcome
    return outcomes


def _gate(
    cascade: Cascade, texts: Sequence[str], surfaces: Sequence[int]
) -> tuple[list[tuple[float, float]], list[bool]]:
    """(injection, jailbreak) for each text, the highest of its windows each; and whether it had too many of them."""
    windows: list[npt.NDArray[np.int32]] = []
    of: list[int] = []
    over: list[bool] = []
    for index, (ids, too_many) in enumerate(cascade.gate.all_windows(texts)):
        windows += ids
        of += [index] * len(ids)
        over.append(too_many)
    best = [(0.0, 0.0)] * len(texts)
    scores = _run(cascade.gate, windows, [surfaces[i] for i in of], cascade.gate_run)
    for index, (first, second) in zip(of, scores, strict=True):
        before = best[index]
        best[index] = (max(before[0], first), max(before[1], second))
    return best, over


def _run(
    stage: Stage, windows: Sequence[npt.NDArray[np.int32]], surfaces: Sequence[int], positions: int
) -> list[tuple[float, float]]:
    """Scores in the order of the windows, in runs of about one length. A score that is no probability is a fault: compared
    with a threshold it would pass for harmless."""
    found: list[tuple[float, float]] = [(0.0, 0.0)] * len(windows)
    for run in runs([len(window) for window in windows], rows=ROWS, positions=positions):
        scores = stage.score([windows[i] for i in run], [surfaces[i] for i in run])
        if scores.shape != (len(run), 2):
            raise _fault(stage, f"answered in shape {scores.shape}, not {(len(run), 2)}")
        if not ((scores >= 0) & (scores <= 1)).all():
            raise _fault(stage, "answered something that is no probability")
        for i, (first, second) in zip(run, scores.tolist(), strict=True):
            found[i] = (first, second)
    return found


def _fault(stage: Stage, message: str) -> ModelError:
    return ModelError([Problem(f"model {stage.sha256[:12]}", 0, 0, message)])
