"""The reader: a small pretrained transformer with a head of two logits, fine-tuned on windows of word pieces."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
from rich.progress import Progress
from torch import Tensor, nn
from torch.nn import functional

from classifiers.train.data import Row
from classifiers.train.examples import Maker, draw, target
from classifiers.train.minilm import MiniLm
from waf.classify.cascade import KINDS
from waf.classify.features import features_of
from waf.classify.pieces import Pieces, Span
from waf.classify.reader import SIZE, STEP, spelled
from waf.classify.stage import HashedWords
from waf.classify.types import LABELS, SURFACES

WIDTH: Final = 384
HEADS: Final = 12
INNER: Final = 1_536
LAYERS: Final = 6
HEAD: Final = 128
_NOTHING: Final = -40.0
_HIDDEN: Final = -1e4
_READ: Final = 12_000
"""Characters of a row from which its windows are drawn."""
_BEFORE: Final = 200
"""Characters before a known attack that share its window."""
_WHOLE: Final = 280
"""Characters that surely fill a window."""
_SAVED: Final = 100
"""Steps between two checkpoints."""
_PART: Final = 4_000
"""Rows of an epoch that are made examples of together."""
_MOST: Final = 96
"""Examples of one step."""
_WINDOWS: Final = 64
"""Windows of a row among which the words look."""
_SURE: Final = 0.02
_EASY: Final = 0.2
"""The share of harmless texts below a score of _SURE that are shown, and of those that show a second window."""

Ids = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class ReaderPlan:
    """How long to train: `pieces` in all, in steps of about `step`; rates of the encoder and of the head."""

    pieces: int = 6_500_000
    step: int = 2_200
    rate: float = 1e-4
    head_rate: float = 1e-3
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
        x = self.n1(x + self.o(y.transpose(1, 2).reshape(n, length, width)))
        out: Tensor = self.n2(x + self.b(functional.gelu(self.a(x))))
        return out


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


@dataclass(frozen=True, slots=True)
class Read:
    """An example as the reader sees it."""

    windows: list[list[int]]
    surface: int
    target: tuple[float, float]
    weight: float


def steps(maker: Maker, pieces: Pieces, plan: ReaderPlan, words: HashedWords) -> Iterator[list[list[Read]]]:
    """The steps of the training, a part of an epoch at a time, each of examples of about one length and at most `plan.step`
    pieces. The reader is shown what `words` would have it read."""
    rng = random.Random(f"{plan.seed}:reader")
    left, epoch = plan.pieces, 0
    while left > 0:
        drawn = draw(maker.rows, maker.plan, epoch)
        for start in range(0, len(drawn), _PART):
            rows = [row for one in drawn[start : start + _PART] for row in maker.vary(one, rng)]
            part = _examples(rows, pieces, words, rng)
            left -= sum(len(window) for example in part for window in example.windows)
            part.sort(key=lambda e: (len(e.windows), max(map(len, e.windows)), rng.random()))
            here: list[list[Read]] = [[]]
            size = 0
            for example in part:
                here[-1].append(example)
                size += sum(map(len, example.windows))
                if size > plan.step or len(here[-1]) == _MOST:
                    here.append([])
                    size = 0
            made = [step for step in here if step]
            rng.shuffle(made)
            yield made
            if left <= 0:
                return
        epoch += 1


def _examples(rows: Sequence[Row], pieces: Pieces, words: HashedWords, rng: random.Random) -> list[Read]:
    """A known attack at a random place of its window; of other texts the windows that the words suspect most. Most of the
    harmless texts of which the words are sure are left out: the reader will not be asked about them."""
    found: list[tuple[Row, list[list[int]]]] = []
    for row in rows:
        spans = _spans(row, pieces, rng)
        surface = SURFACES.index(row.surface)
        texts = [row.text[span.start : span.end] for span in spans] if row.span is None else []
        if row.span is not None or not spans:
            found.append((row, [span.pieces for span in spans]))
            continue
        scores = words.score(features_of(texts, KINDS), [surface] * len(texts)).max(1)
        order = np.argsort(-scores)
        if row.attack:
            chosen = [*order[:2], *rng.sample(order[2:].tolist(), min(1, max(0, len(order) - 2)))]
        elif scores.max() < _SURE and rng.random() > _EASY:
            continue
        else:
            chosen = [*order[:1], *rng.sample(order[1:].tolist(), min(int(rng.random() < _EASY), len(order) - 1))]
        found.append((row, [spans[at].pieces for at in chosen]))
    attacks = sum(row.attack for row, windows in found if windows)
    total = sum(1 for _, windows in found if windows)
    weight = {True: total / (2 * max(1, attacks)), False: total / (2 * max(1, total - attacks))}
    return [
        Read(windows, SURFACES.index(row.surface), target(row), weight[row.attack]) for row, windows in found if windows
    ]


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


def fit(
    model: Encoder,
    maker: Maker,
    pieces: Pieces,
    words: HashedWords,
    plan: ReaderPlan,
    checkpoint: Path | None,
    say: Callable[[str], None],
) -> Encoder:
    """Trains `model` in place, in bfloat16 where the processor has it. With `checkpoint`, goes on from its step."""
    torch.manual_seed(plan.seed)
    free = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
    head = [p for name, p in free if name.startswith(("h1", "h2", "surf"))]
    rest = [p for name, p in free if not name.startswith(("h1", "h2", "surf"))]
    groups = [{"params": rest, "top": plan.rate}, {"params": head, "top": plan.head_rate}]
    optimiser = torch.optim.AdamW(groups, plan.rate, weight_decay=0.01)
    start = 0
    key = f"{plan} {maker.plan} {len(maker.rows)}"
    if checkpoint is not None and checkpoint.exists():
        state: dict[str, Any] = torch.load(checkpoint, weights_only=True)
        if state["key"] == key:
            model.load_state_dict(state["model"])
            optimiser.load_state_dict(state["optimiser"])
            start = state["step"]
    model.train()
    total, seen = 0.0, 0
    with Progress() as bar:
        task = bar.add_task("reader", total=plan.pieces)
        for number, step in enumerate(chain.from_iterable(steps(maker, pieces, plan, words))):
            size = sum(len(window) for example in step for window in example.windows)
            done = min(1.0, seen / plan.pieces)
            seen += size
            bar.advance(task, size)
            if number < start:
                continue
            for group in optimiser.param_groups:
                group["lr"] = group["top"] * min(1.0, done / 0.03 + 0.05) * (1 - done)
            loss = _loss(model, step)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_([p for _, p in free], 1.0)
            optimiser.step()
            total += float(loss.detach())
            if number % _SAVED == _SAVED - 1:
                say(f"reader, step {number + 1}, {seen:,} pieces of {plan.pieces:,}: loss {total / _SAVED:.4f}")
                total = 0.0
                if checkpoint is not None:
                    fresh = checkpoint.with_suffix(".new")
                    states = {"model": model.state_dict(), "optimiser": optimiser.state_dict()}
                    torch.save({"key": key, "step": number + 1, **states}, fresh)
                    fresh.replace(checkpoint)
    return model.eval()


def _loss(model: Encoder, step: Sequence[Read]) -> Tensor:
    """Of each example its strongest window has to be right, as in `fit.loss_of`."""
    flat = [(window, example.surface, number) for number, example in enumerate(step) for window in example.windows]
    found = forward(model, [window for window, _, _ in flat], [surface for _, surface, _ in flat])
    owner = torch.tensor([number for _, _, number in flat])[:, None].expand(-1, 2)
    strongest = torch.full((len(step), 2), _NOTHING).scatter_reduce(0, owner, found, "amax")
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
