"""Rows to training examples: varied anew in every epoch, cut into windows, with a target each."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from classifiers.train import augment
from classifiers.train.data import Row
from classifiers.train.sources import OWN
from waf.classify.stage import windows_of
from waf.classify.types import SURFACES
from waf.classify.views import fold

DISGUISED: Final = 0.12
"""Rows, attacks and benign ones alike, that are disguised; half of them are read after the disguise is taken off."""
PLACED: Final = 0.25
"""Short attacks that are put into a benign text."""
COMPOSED: Final = 0.2
"""Benign requests of users that get a benign text to work on, so that a text and an order together are no sign of anything."""
ENCODED: Final = 0.02
"""Benign rows that are encoded: codes alone are no sign of anything either."""
PADDED: Final = 0.15
"""Attacks that get harmless text beside them, on the surface where they stood."""
JOINED: Final = 0.12
"""Benign rows that are joined with others of their surface to a long text: none of its windows may count as an attack."""
FILLER: Final = 1_500
"""Characters of harmless text on one side."""
WITHOUT: Final = 0.5
"""Rows with a known span that are shown once more without it, as benign."""
WINDOWS: Final = 6
"""Windows of one row."""
HAND: Final = "_hand"
"""In the names of sources that are no grammar's."""
_DATA: Final = ("tool_result", "document")
_ELSEWHERE: Final = ("system", "tool_result", "document", "tool_args", "field")


@dataclass(frozen=True, slots=True)
class Plan:
    """How long to train, and on what: at most `cap` rows of one source and label in an epoch, `own_cap` of the corpus; rows
    that somebody wrote one by one come `hand` times, each time varied anew."""

    epochs: int
    cap: int = 800
    own_cap: int = 1000
    hand: int = 1
    rate: float = 2e-3
    seed: int = 5


@dataclass(frozen=True, slots=True)
class Example:
    windows: list[npt.NDArray[np.int32]]
    surface: int
    target: tuple[float, float]
    weight: float


def draw(rows: Sequence[Row], plan: Plan, epoch: int) -> list[Row]:
    """One epoch's rows: others each epoch, so that no source drowns the rest and none is wasted."""
    rng = random.Random(f"{plan.seed}:draw:{epoch}")
    kinds: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        kinds[row.source, row.label].append(row)
    drawn = []
    for (source, _), members in sorted(kinds.items()):
        cap = plan.own_cap if source.startswith(OWN) else plan.cap
        drawn += rng.sample(members, min(cap, len(members))) * (plan.hand if HAND in source else 1)
    rng.shuffle(drawn)
    return drawn


def balance(rows: Sequence[Row]) -> dict[bool, float]:
    """Weights with which attacks and benign rows count the same in all."""
    counts = Counter(row.attack for row in rows)
    return {attack: len(rows) / (2 * max(1, counts[attack])) for attack in (True, False)}


def target(row: Row) -> tuple[float, float]:
    """Of (injection, jailbreak)."""
    return (float(row.label in ("injection", "indirect_injection")), float(row.label == "jailbreak"))


def carriers(rows: Sequence[Row]) -> list[Row]:
    """Benign texts that an attack, or a request, can be put into."""
    plain = ("gsm8k", "humaneval", "prompt_guide")
    return [
        row for row in rows
        if row.label == "benign" and len(row.text) > 80
        and (row.surface in _DATA or row.source in plain)
    ]  # fmt: skip


class Maker:
    """Makes the examples of one epoch after the other."""

    def __init__(self, rows: Sequence[Row], plan: Plan, kinds: int) -> None:
        self.rows = rows
        self.plan = plan
        self.kinds = kinds
        self.carriers = carriers(rows)
        self.benign: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            if row.label == "benign" and len(row.text) > 40:
                self.benign[row.surface].append(row)
        self.weights = balance(draw(rows, plan, 0))

    def epoch(self, number: int) -> list[Example]:
        rng = random.Random(f"{self.plan.seed}:epoch:{number}")
        return [self.example(row) for drawn in draw(self.rows, self.plan, number) for row in self.vary(drawn, rng)]

    def example(self, row: Row) -> Example:
        windows = windows_of(row.text, self.kinds).ids[:WINDOWS]
        return Example(windows, SURFACES.index(row.surface), target(row), self.weights[row.attack])

    def vary(self, row: Row, rng: random.Random) -> list[Row]:
        """`row` as it is or changed, and sometimes what is left of it without the attack."""
        if row.attack and row.span is not None:
            rest = replace(row, text=row.text[: row.span[0]] + row.text[row.span[1] :], label="benign", span=None)
            return [row, rest] if rest.text.strip() and rng.random() < WITHOUT else [row]
        own = row.source.startswith(OWN)
        if row.attack:
            if len(row.text) < 1500 and rng.random() < PADDED:
                sides = [self._filler(row.surface, rng) for _ in range(2)]
                hidden = self._spoil(row.text, rng)
                text, at = augment.pad(rng, hidden, sides)
                return [replace(row, text=text, span=(at, at + len(hidden)))]
            if len(row.text) < 1500 and self.carriers and rng.random() < PLACED * (0.6 if own else 1):
                hidden = replace(row, text=self._spoil(row.text, rng))
                return [augment.place(rng, hidden, rng.choice(self.carriers), rng.choice(("user", *_DATA, *_DATA)))]
            surface = rng.choice(_ELSEWHERE) if rng.random() < (0.15 if own else 0.3) else row.surface
            return [replace(row, text=self._spoil(row.text, rng), surface=surface)]
        return [self._vary_benign(row, rng)]

    def _filler(self, surface: str, rng: random.Random) -> str:
        """Benign texts, most of them of that surface, up to a random length."""
        wanted, found = rng.randint(200, FILLER), ""
        pools = [pool for pool in (self.benign[surface], self.carriers) if pool]
        while pools and len(found) < wanted:
            found += ("\n\n" if found else "") + rng.choice(pools[rng.random() < 0.4 and len(pools) > 1]).text
        return found[:wanted]

    def _vary_benign(self, row: Row, rng: random.Random) -> Row:
        text, surface = row.text, row.surface
        if row.label == "benign" and len(text) < FILLER and rng.random() < JOINED:
            return replace(row, text=augment.pad(rng, text, [self._filler(surface, rng) for _ in range(2)])[0])
        asks = surface == "user" and row.label == "benign"
        if asks and len(text) < 600 and self.carriers and rng.random() < COMPOSED:
            carrier = rng.choice(self.carriers).text[:1500]
            text = rng.choice((f"{text}\n\n{carrier}", f"{carrier}\n\n{text}", f"{text} {carrier}"))
        elif surface == "user" and rng.random() < 0.12:
            surface = rng.choice(("field", "tool_args"))
        elif surface in _DATA and rng.random() < 0.2:
            surface = rng.choice((*_DATA, "field", "user"))
        text = augment.encoded(rng, text[:600]) if rng.random() < ENCODED else self._spoil(text, rng)
        return replace(row, text=text, surface=surface)

    def _spoil(self, text: str, rng: random.Random) -> str:
        if rng.random() >= DISGUISED:
            return text
        text = augment.disguise(rng, text[:6000])
        return fold(text) if rng.random() < 0.5 else text
