"""What the reader is shown: windows of varied rows, those that the words suspect, in steps of about one length."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from classifiers.train.data import Row
from classifiers.train.examples import Maker, draw, target
from waf.classify.cascade import KINDS
from waf.classify.features import features_of
from waf.classify.pieces import Pieces, Span
from waf.classify.reader import SIZE, STEP, spelled
from waf.classify.stage import HashedWords
from waf.classify.types import SURFACES

_READ: Final = 12_000
"""Characters of a row from which its windows are drawn."""
_BEFORE: Final = 200
"""Characters before a known attack that share its window."""
_WHOLE: Final = 280
"""Characters that surely fill a window."""
_PART: Final = 3_000
"""Rows of an epoch that are made examples of together."""
_MOST: Final = 160
"""Examples of one step."""
_WINDOWS: Final = 64
"""Windows of a row among which the words look."""
_SURE: Final = 0.02
_EASY: Final = 0.35
"""The share of harmless texts below a score of _SURE that are shown."""
_SECOND: Final = 0.3
"""The share of harmless texts that show a second window."""
_LEARNT: Final = (-4.2, 3.2)
"""Logits from which on the reader has learnt a harmless row, and an attack."""
_AGAIN: Final = 0.4
"""The share of what it has learnt that it is shown again."""
_CUT: Final = 0.15
"""Harmless windows of which only a part is shown: not every window is full."""
_SHORTEST: Final = 10
_GAPS: Final = 0.7
"""Examples in which pieces are made unknown, each with a chance of up to _GAP."""
_GAP: Final = 0.16


@dataclass(frozen=True, slots=True)
class Read:
    """An example as the reader sees it. `row`: which one of the rows it was made of, -1 where it has another label."""

    windows: list[list[int]]
    surface: int
    target: tuple[float, float]
    weight: float
    row: int


class Learnt:
    """What the reader last said of each row, as means of logits, so that it is shown more of what it does not know yet."""

    def __init__(self, said: dict[int, float] | None = None) -> None:
        self.said = said or {}

    def hear(self, row: int, logit: float) -> None:
        before = self.said.get(row, logit)
        if row >= 0:
            self.said[row] = (before + logit) / 2

    def knows(self, row: int, *, attack: bool) -> bool:
        said = self.said.get(row, 0.0)
        return said > _LEARNT[1] if attack else said < _LEARNT[0]


def steps(
    maker: Maker, pieces: Pieces, words: HashedWords, learnt: Learnt, *, total: int, step: int, seed: str
) -> Iterator[list[list[Read]]]:
    """The steps of a training of `total` pieces, a part of an epoch at a time, each of examples of about one length and about
    `step` pieces. The reader is shown what `words` would have it read."""
    rng = random.Random(seed)
    numbers = {id(row): number for number, row in enumerate(maker.rows)}
    left, epoch = total, rng.randrange(1 << 16)
    while left > 0:
        drawn = draw(maker.rows, maker.plan, epoch)
        for start in range(0, len(drawn), _PART):
            rows = []
            for one in drawn[start : start + _PART]:
                number = numbers[id(one)]
                if not learnt.knows(number, attack=one.attack) or rng.random() < _AGAIN:
                    rows += [(row, number if row.attack is one.attack else -1) for row in maker.vary(one, rng)]
            part = _examples(rows, pieces, words, rng)
            left -= sum(len(window) for example in part for window in example.windows)
            part.sort(key=lambda e: (max(map(len, e.windows)), len(e.windows), rng.random()))
            here: list[list[Read]] = [[]]
            size = 0
            for example in part:
                here[-1].append(example)
                size += sum(map(len, example.windows))
                if size > step or len(here[-1]) == _MOST:
                    here.append([])
                    size = 0
            made = [step for step in here if step]
            rng.shuffle(made)
            yield made
            if left <= 0:
                return
        epoch += 1


def _examples(rows: Sequence[tuple[Row, int]], pieces: Pieces, words: HashedWords, rng: random.Random) -> list[Read]:
    """A known attack at a random place of its window; of other texts the windows that the words suspect most. Most of the
    harmless texts of which the words are sure are left out: the reader will not be asked about them."""
    found: list[tuple[Row, int, list[list[int]]]] = []
    for row, number in rows:
        spans = _spans(row, pieces, rng)
        surface = SURFACES.index(row.surface)
        if not spans:
            continue
        if row.span is not None:
            found.append((row, number, [span.pieces for span in spans]))
            continue
        texts = [row.text[span.start : span.end] for span in spans]
        scores = words.score(features_of(texts, KINDS), [surface] * len(texts)).max(1)
        first, *others = np.argsort(-scores).tolist()
        if row.attack:
            chosen = [first, *others[:1], *rng.sample(others[1:], min(1, len(others[1:])))]
        elif scores.max() < _SURE and rng.random() > _EASY:
            continue
        else:
            chosen = [first, *rng.sample(others, min(int(rng.random() < _SECOND), len(others)))]
        found.append((row, number, [spans[at].pieces for at in chosen]))
    attacks = sum(row.attack for row, _, _ in found)
    weight = {True: len(found) / (2 * max(1, attacks)), False: len(found) / (2 * max(1, len(found) - attacks))}
    return [
        Read(
            _spoilt(windows, pieces.unknown, rng, cut=not row.attack),
            SURFACES.index(row.surface), target(row), weight[row.attack], number,
        )
        for row, number, windows in found
    ]  # fmt: skip


def _spoilt(windows: Sequence[list[int]], unknown: int, rng: random.Random, *, cut: bool) -> list[list[int]]:
    """With gaps, so that no single word becomes what everything hangs on; and where it may be, only a part of each."""
    share = rng.uniform(0, _GAP) if rng.random() < _GAPS else 0.0
    cut = cut and rng.random() < _CUT
    made = []
    for first, *middle, last in windows:
        if cut and len(middle) > _SHORTEST:
            size = rng.randint(_SHORTEST, len(middle))
            begin = rng.randint(0, len(middle) - size)
            middle = middle[begin : begin + size]
        made.append([first, *(unknown if rng.random() < share else piece for piece in middle), last])
    return made


def _spans(row: Row, pieces: Pieces, rng: random.Random) -> list[Span]:
    """The windows of a row that can be read."""
    text = row.text
    if row.span is None:
        spans = pieces.spans(text[:_READ], SIZE, STEP, _WINDOWS)[0]
    else:
        first, last = row.span
        start = max(0, first - rng.randint(0, max(0, _BEFORE - min(last - first, _BEFORE))))
        while 0 < start < first and text[start - 1].isalnum():
            start += 1
        text = text[start : start + _READ]
        spans = pieces.spans(text, SIZE, STEP, 1 + (last - start > _WHOLE))[0]
    return [span for span in spans if spelled(text[span.start : span.end])]
