"""The web-attack head's network: two convolutions over tokens, the strongest place of each feature, and a small head."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from waf.classify.web import tokens

Array = npt.NDArray[Any]
Say = Callable[[str], None]

WIDTH, NEAR, FAR, HEAD = 16, 48, 48, 32
REACH: Final = 5
EPOCHS: Final = 8
BATCH: Final = 192
RATE: Final = 3e-3
SMOOTH: Final = 0.005
"""How far labels are from 0 and 1: public lists hold rows whose label is wrong."""
FORGET: Final = 0.08
"""Share of known words that count as unknown ones of their length, anew each time."""


class Network(nn.Module):
    """ids int64 [n, 2, tokens] → logits [n]. A padded place has an embedding of zeros and its convolutions see no mask, so a
    block must have `tokens.MARGIN` empty places behind its longest window."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.table = nn.Embedding(rows, WIDTH, padding_idx=0)
        self.same = nn.Embedding(tokens.SAME, WIDTH, padding_idx=0)
        self.near = nn.Conv1d(WIDTH, NEAR, REACH, padding=REACH // 2)
        self.far = nn.Conv1d(NEAR, FAR, 3, padding=2, dilation=2)
        self.head1 = nn.Linear(NEAR + FAR, HEAD)
        self.head2 = nn.Linear(HEAD, 1)
        nn.init.normal_(self.table.weight, std=0.3)
        nn.init.normal_(self.same.weight, std=0.3)
        with torch.no_grad():
            self.table.weight[0] = 0
            self.same.weight[0] = 0

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        x = (self.table(ids[:, 0]) + self.same(ids[:, 1])).transpose(1, 2)
        near = torch.relu(self.near(x))
        far = torch.relu(self.far(near))
        pooled = torch.cat([near.amax(2), far.amax(2)], 1)
        if self.training:
            pooled = nn.functional.dropout(pooled, 0.3)
        y: torch.Tensor = self.head2(torch.relu(self.head1(pooled)))[:, 0]
        return y


def logits(model: Network, parts: Sequence[tokens.Ids]) -> Array:
    """Of each window."""
    model.eval()
    out = np.zeros(len(parts), np.float32)
    order = sorted(range(len(parts)), key=lambda i: parts[i].shape[1])
    with torch.no_grad():
        for start in range(0, len(order), 512):
            chosen = order[start : start + 512]
            out[chosen] = model(torch.from_numpy(tokens.block([parts[i] for i in chosen])).long()).numpy()
    return out


def forget(ids: Array, lengths: Array, rng: np.random.Generator) -> Array:
    """Some known words become unknown words of their length. `lengths`: by row of the table, 0 for what is no word."""
    row = ids[:, 0]
    unknown = lengths[row]
    gone = (rng.random(row.shape) < FORGET) & (unknown > 0)
    ids = ids.copy()
    ids[:, 0] = np.where(gone, unknown, row)
    return ids


def fit(
    rows: int,
    draw: Callable[[int, random.Random], tuple[list[tokens.Ids], Array, Array]],
    lengths: Array,
    say: Say,
    *,
    epochs: int = EPOCHS,
    seed: int = 1,
    choose: Callable[[int, Network], None] = lambda epoch, model: None,
) -> Network:
    """Trains from scratch. `draw(epoch, rng)` gives windows, labels and weights; `choose` is called after each epoch."""
    torch.manual_seed(seed)
    rng, noise = random.Random(seed), np.random.default_rng(seed)
    model = Network(rows)
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=1e-2)
    step, total = 0, 0
    for epoch in range(epochs):
        parts, labels, weights = draw(epoch, rng)
        order = sorted(range(len(parts)), key=lambda i: parts[i].shape[1] + rng.random() * 12)
        batches = [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
        rng.shuffle(batches)
        total = total or len(batches) * epochs
        model.train()
        lost = 0.0
        for batch in batches:
            for group in optimizer.param_groups:
                group["lr"] = RATE * min(1.0, (step + 1) / 100) * max(0.02, 1 - step / total)
            ids = torch.from_numpy(forget(tokens.block([parts[i] for i in batch]), lengths, noise)).long()
            found = model(ids)
            loss = nn.functional.binary_cross_entropy_with_logits(
                found,
                torch.from_numpy(labels[batch] * (1 - 2 * SMOOTH) + SMOOTH),
                weight=torch.from_numpy(weights[batch]),
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            lost += loss.item()
            step += 1
        say(f"epoch {epoch + 1} of {epochs}: {len(parts)} windows, loss {lost / len(batches):.4f}")
        choose(epoch, model)
    return model.eval()
