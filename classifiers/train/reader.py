"""The reader: a small pretrained transformer with a head of two logits, fine-tuned on windows of word pieces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from rich.progress import Progress
from torch import Tensor, nn
from torch.nn import functional

from classifiers.train.examples import Maker
from classifiers.train.minilm import MiniLm
from classifiers.train.reader_steps import Learnt, Read, steps
from waf.classify.pieces import Pieces
from waf.classify.reader import SIZE
from waf.classify.stage import HashedWords
from waf.classify.types import LABELS, SURFACES

WIDTH: Final = 384
HEADS: Final = 12
INNER: Final = 1_536
LAYERS: Final = 6
HEAD: Final = 128
_NOTHING: Final = -40.0
_HIDDEN: Final = -1e4
_SAVED: Final = 100
"""Steps between two checkpoints."""
_AVERAGED: Final = 4
"""Steps between two of those whose weights go into the mean."""
_LOST: Final = 0.1
"""The share of the features that a layer adds which is left out in training, the same ones for all pieces of a window."""


@dataclass(frozen=True, slots=True)
class ReaderPlan:
    """How long to train: `pieces` in all, in steps of about `step`; rates of the encoder and of the head."""

    pieces: int = 20_000_000
    step: int = 4_096
    rate: float = 1e-4
    head_rate: float = 1e-3
    frozen: int = 2
    """The lowest layers, which stay as they were."""
    mean: float = 0.998
    """How much of the mean of the weights a step leaves as it was; the mean is what ships."""
    seed: int = 7


class Layer(nn.Module):
    """Self-attention and a wider linear part, each added and normalised."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv, self.o = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.a, self.b = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.n1, self.n2 = nn.LayerNorm(WIDTH, 1e-12), nn.LayerNorm(WIDTH, 1e-12)

    def forward(self, x: Tensor, real: Tensor) -> Tensor:
        n, length, width = x.shape
        q, k, v = self.qkv(x).view(n, length, 3, HEADS, width // HEADS).permute(2, 0, 3, 1, 4)
        y = torch.softmax((q * (width // HEADS) ** -0.5) @ k.transpose(2, 3) + real, -1).to(v.dtype) @ v
        x = self.n1(x + self._thinned(self.o(y.transpose(1, 2).reshape(n, length, width))))
        out: Tensor = self.n2(x + self._thinned(self.b(functional.gelu(self.a(x)))))
        return out

    def _thinned(self, y: Tensor) -> Tensor:
        if not self.training or not self.o.weight.requires_grad:
            return y
        kept = torch.rand(y.shape[0], 1, y.shape[2]) >= _LOST
        return y * (kept.to(y.dtype) / (1 - _LOST))


class Encoder(nn.Module):
    """`ids` int64 [n, pieces], -1 behind the end; `surface` int64 [n] → logits [n, 2]. The surface is added to the first
    piece; the head sees that piece and the strongest value of each feature over all."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.word, self.pos = nn.Embedding(rows, WIDTH), nn.Embedding(SIZE, WIDTH)
        self.surf = nn.Parameter(torch.randn(len(SURFACES), WIDTH) * 0.02)
        self.n = nn.LayerNorm(WIDTH, 1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.drop = nn.Dropout(0.1)
        self.h1, self.h2 = nn.Linear(2 * WIDTH, HEAD), nn.Linear(HEAD, len(LABELS))

    def states(self, ids: Tensor, surface: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """What is made of each piece, float [n, pieces, WIDTH], and which of them are there."""
        real = ids >= 0
        x = self.word(ids.clamp(min=0)) + self.pos.weight[: ids.shape[1]]
        if surface is not None:
            x = torch.cat([x[:, :1] + self.surf[surface][:, None], x[:, 1:]], 1)
        x = self.drop(self.n(x))
        hidden = torch.where(real, 0.0, _HIDDEN)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, hidden)
        return x.float(), real

    def forward(self, ids: Tensor, surface: Tensor) -> Tensor:
        x, real = self.states(ids, surface)
        top = x.masked_fill(~real[:, :, None], _HIDDEN).amax(1)
        logits: Tensor = self.h2(self.drop(functional.relu(self.h1(self.drop(torch.cat([x[:, 0], top], 1))))))
        return logits


def initial(source: MiniLm, seed: int) -> Encoder:
    """With the pretrained weights; the word and position tables stay as they are."""
    torch.manual_seed(seed)
    model = Encoder(len(source.pieces))
    weights = {name: torch.from_numpy(value) for name, value in source.weights.items()}
    state: dict[str, Tensor] = {
        "word.weight": weights["embeddings.word_embeddings.weight"],
        "pos.weight": (
            weights["embeddings.position_embeddings.weight"][:SIZE]
            + weights["embeddings.token_type_embeddings.weight"][0]
        ),
        "n.weight": weights["embeddings.LayerNorm.weight"],
        "n.bias": weights["embeddings.LayerNorm.bias"],
    }
    for number in range(LAYERS):
        theirs, ours = f"encoder.layer.{number}.", f"layers.{number}."
        for kind in ("weight", "bias"):
            state[f"{ours}qkv.{kind}"] = torch.cat(
                [weights[f"{theirs}attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
            )
            for mine, name in (("o", "attention.output.dense"), ("n1", "attention.output.LayerNorm"),
                               ("a", "intermediate.dense"), ("b", "output.dense"), ("n2", "output.LayerNorm")):  # fmt: skip
                state[f"{ours}{mine}.{kind}"] = weights[f"{theirs}{name}.{kind}"]
    model.load_state_dict({**model.state_dict(), **state})
    model.word.weight.requires_grad = model.pos.weight.requires_grad = False
    return model


def fit(
    model: Encoder,
    maker: Maker,
    pieces: Pieces,
    words: HashedWords,
    plan: ReaderPlan,
    checkpoint: Path | None,
    say: Callable[[str], None],
) -> Encoder:
    """Trains `model`, in bfloat16 where the processor has it, and gives it the mean of its last weights. With `checkpoint`, goes
    on from its step, with other draws than without the interruption."""
    torch.manual_seed(plan.seed)
    for layer in (model.n, *model.layers[: plan.frozen]):
        layer.requires_grad_(requires_grad=False)
    free = {name: p for name, p in model.named_parameters() if p.requires_grad}
    head = [p for name, p in free.items() if name.startswith(("h1", "h2", "surf"))]
    rest = [p for name, p in free.items() if not name.startswith(("h1", "h2", "surf"))]
    groups = [{"params": rest, "top": plan.rate}, {"params": head, "top": plan.head_rate}]
    optimiser = torch.optim.AdamW(groups, plan.rate, betas=(0.9, 0.98), weight_decay=0.02, fused=True)
    mean = {name: p.detach().clone() for name, p in free.items()}
    learnt, number, seen = Learnt(), 0, 0
    key = f"{plan} {maker.plan} {len(maker.rows)}"
    if checkpoint is not None and checkpoint.exists():
        state: dict[str, Any] = torch.load(checkpoint, weights_only=True)
        if state["key"] == key:
            model.load_state_dict(state["model"])
            optimiser.load_state_dict(state["optimiser"])
            mean, number, seen = state["mean"], state["step"], state["seen"]
            learnt = Learnt(state["learnt"])
    model.train()
    total = 0.0
    made = steps(
        maker, pieces, words, learnt, total=plan.pieces - seen, step=plan.step, seed=f"{plan.seed}:reader:{number}"
    )
    with Progress() as bar:
        task = bar.add_task("reader", total=plan.pieces, completed=seen)
        for step in chain.from_iterable(made):
            done = min(1.0, seen / plan.pieces)
            for group in optimiser.param_groups:
                group["lr"] = group["top"] * min(1.0, done / 0.02 + 0.05) * (1 - done)
            loss = _loss(model, step, learnt)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(list(free.values()), 1.0)
            optimiser.step()
            total += float(loss.detach())
            number += 1
            size = sum(len(window) for example in step for window in example.windows)
            seen += size
            bar.advance(task, size)
            if number % _AVERAGED == 0:
                left = min(plan.mean, (1 + number) / (10 + number)) ** _AVERAGED
                for name, parameter in free.items():
                    mean[name].lerp_(parameter.detach(), 1 - left)
            if number % _SAVED == 0:
                say(f"reader, step {number}, {seen:,} pieces of {plan.pieces:,}: loss {total / _SAVED:.4f}")
                total = 0.0
                if checkpoint is not None:
                    fresh = checkpoint.with_suffix(".new")
                    states = {"model": model.state_dict(), "optimiser": optimiser.state_dict(), "mean": mean}
                    here = {"key": key, "step": number, "seen": seen, "learnt": learnt.said}
                    torch.save({**here, **states}, fresh)
                    fresh.replace(checkpoint)
    model.load_state_dict({**model.state_dict(), **mean})
    return model.eval()


def _loss(model: Encoder, step: Sequence[Read], learnt: Learnt) -> Tensor:
    """Of each example its strongest window has to be right, as in `fit.loss_of`. `learnt` hears what was said."""
    flat = [(window, example.surface, number) for number, example in enumerate(step) for window in example.windows]
    found = forward(model, [window for window, _, _ in flat], [surface for _, surface, _ in flat])
    owner = torch.tensor([number for _, _, number in flat])[:, None].expand(-1, 2)
    strongest = torch.full((len(step), 2), _NOTHING).scatter_reduce(0, owner, found, "amax")
    for example, logit in zip(step, strongest.detach().amax(1).tolist(), strict=True):
        learnt.hear(example.row, logit)
    aim = torch.tensor([example.target for example in step])
    weight = torch.tensor([example.weight for example in step])[:, None]
    other = (aim.sum(1, keepdim=True) > 0) & (aim == 0)
    weight = weight * torch.where(other, 0.1, 1.0)
    each = functional.binary_cross_entropy_with_logits(strongest, aim * 0.98 + 0.01, reduction="none")
    return (each * weight).sum() / weight.sum()


def padded(windows: Sequence[Sequence[int]]) -> Tensor:
    """int64 [n, pieces], -1 behind the end."""
    ids = np.full((len(windows), max(map(len, windows))), -1, np.int64)
    for row, window in enumerate(windows):
        ids[row, : len(window)] = window
    return torch.from_numpy(ids)


def forward(model: Encoder, windows: Sequence[Sequence[int]], surfaces: Sequence[int]) -> Tensor:
    """Logits [n, 2]."""
    with torch.autocast("cpu", torch.bfloat16):
        found: Tensor = model(padded(windows), torch.tensor(surfaces))
    return found.float()
