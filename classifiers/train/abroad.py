"""More training of the gate's words of other languages: the rows of its table that no English text has, and nothing else.

Longer training of the whole gate finds more of the kinds that it was trained on, and fewer others. Other languages need it, since
most of them are read by nobody else; their words share few rows with English ones, so that English loses next to nothing.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from classifiers.train import fit
from classifiers.train.data import Row
from classifiers.train.examples import Maker, Plan
from classifiers.train.network import Network
from waf.classify.features import features

PLAN: Final = Plan(epochs=5, cap=1500, own_cap=1500, hand=2, rate=3e-3, seed=17)
BATCH: Final = 64
ENGLISH: Final = "en"
WITH: Final = 9_000
"""English rows that are shown beside the others."""
_READ: Final = 3_000
"""Characters of a row whose words are looked up."""


def free_rows(rows: Sequence[Row], count: int, kinds: int) -> npt.NDArray[np.bool_]:
    """[count]: which rows of the table other languages use and English does not."""
    used = np.zeros((2, count), bool)
    for row in rows:
        used[int(row.lang == ENGLISH), features(row.text[:_READ], kinds)] = True
    free: npt.NDArray[np.bool_] = used[0] & ~used[1]
    free[0] = False
    return free


class _Moved(nn.Module):
    """The table with what is learned added to the rows that are free."""

    def __init__(self, table: Tensor, free: npt.NDArray[np.bool_]) -> None:
        super().__init__()
        places = np.zeros(len(free), np.int64)
        places[free] = np.arange(1, free.sum() + 1)
        self.fixed, self.places = table.detach().clone(), torch.from_numpy(places)
        self.moved = nn.Embedding(int(free.sum()) + 1, table.shape[1], padding_idx=0, sparse=True)
        nn.init.zeros_(self.moved.weight)

    def forward(self, ids: Tensor) -> Tensor:
        out: Tensor = nn.functional.embedding(ids, self.fixed) + self.moved(self.places[ids])
        return out


def train(model: Network, rows: Sequence[Row], plan: Plan, say: Callable[[str], None]) -> Network:
    """Trains the free rows of `model` in place."""
    torch.manual_seed(plan.seed)
    table = model.table
    free = free_rows(rows, table.num_embeddings, model.shape.kinds)
    moved = _Moved(table.weight, free)
    english = [row for row in rows if row.lang == ENGLISH]
    shown = [row for row in rows if row.lang != ENGLISH]
    shown += random.Random(plan.seed).sample(english, min(WITH, len(english)))
    maker = Maker(shown, plan, model.shape.kinds)
    optimiser: torch.optim.Optimizer = torch.optim.SparseAdam(list(moved.parameters()), plan.rate)
    others = [p for name, p in model.named_parameters() if not name.startswith("table")]
    for parameter in others:
        parameter.requires_grad = False
    model.table = moved
    for epoch in range(plan.epochs):
        rng = random.Random(f"{plan.seed}:abroad:{epoch}")
        order = sorted(maker.epoch(epoch), key=lambda e: (len(e.windows), max(map(len, e.windows)), rng.random()))
        steps = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
        rng.shuffle(steps)
        model.train()
        total = 0.0
        for number, step in enumerate(steps):
            done = (epoch + number / len(steps)) / plan.epochs
            optimiser.param_groups[0]["lr"] = plan.rate * min(1.0, done / 0.03 + 0.05) * (1 - done)
            loss = fit.loss_of(model, step)
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            optimiser.zero_grad()
            total += float(loss.detach())
        say(f"other languages, epoch {epoch + 1}/{plan.epochs}: {len(order)} examples, loss {total / len(steps):.4f}")
    with torch.no_grad():
        table.weight[torch.from_numpy(free)] += moved.moved.weight[1:]
    model.table = table
    for parameter in others:
        parameter.requires_grad = True
    return model.eval()
