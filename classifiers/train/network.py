"""The network of both stages: hashed words, phrases by convolution, the strongest evidence, the surface beside it.

The gate is a narrow one; the deep one is wider, sees a sentence, and knows the surface at every word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from classifiers.train.pretrained import Pretrained
from waf.classify.features import rows_of, word_row
from waf.classify.stage import STRIDE, padded
from waf.classify.types import LABELS, SURFACES

BLANK: Final = "\u2581"
"""How the pretrained vocabulary writes the blank before a word."""

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of one network. `reach`: pooled words that a sentence's convolution sees. `blocks`: dilations of the residual
    blocks behind it. `lean`: the surface comes in at the end only, and nothing is masked, which costs a third less time."""

    kinds: int
    width: int
    phrase: int
    sentence: int
    reach: int = 5
    blocks: tuple[int, ...] = ()
    head: int = 64
    lean: bool = False


GATE: Final = Shape(kinds=4, width=32, phrase=32, sentence=48, reach=3, lean=True)
DEEP: Final = Shape(kinds=4, width=32, phrase=48, sentence=64)


class Block(nn.Module):
    """Gated dilated convolution, added to what came in."""

    def __init__(self, size: int, dilation: int) -> None:
        super().__init__()
        self.conv = nn.Conv1d(size, 2 * size, 3, padding=dilation, dilation=dilation)
        self.out = nn.Conv1d(size, size, 1)
        self.drop = nn.Dropout(0.1)
        with torch.no_grad():
            self.out.weight *= 0.3

    def forward(self, x: Tensor, real: Tensor) -> Tensor:
        value, opening = self.conv(x).chunk(2, 1)
        y: Tensor = (x + self.drop(self.out(functional.relu(value) * torch.sigmoid(opening)))) * real
        return y


class Network(nn.Module):
    """`ids` int64 [n, words, kinds] with zeros behind, words a multiple of STRIDE; `surface` int64 [n] → logits [n, 2]."""

    def __init__(self, shape: Shape, table: Tensor) -> None:
        super().__init__()
        self.shape = shape
        self.table = nn.Embedding.from_pretrained(table, freeze=False, padding_idx=0, sparse=True)
        self.surfaces = nn.Parameter(torch.zeros(len(SURFACES), shape.width))
        self.phrase = nn.Conv1d(shape.width, shape.phrase, 3, padding=1)
        self.sentence = nn.Conv1d(shape.phrase, shape.sentence, shape.reach, padding=shape.reach // 2)
        self.blocks = nn.ModuleList(Block(shape.sentence, dilation) for dilation in shape.blocks)
        self.drop = nn.Dropout(0.2)
        self.head1 = nn.Linear(shape.phrase + shape.sentence + len(SURFACES), shape.head)
        self.head2 = nn.Linear(shape.head, len(LABELS))

    def forward(self, ids: Tensor, surface: Tensor) -> Tensor:
        real = torch.ones(1) if self.shape.lean else ids[:, None, :, 0].ne(0).float()
        x = self.table(ids)
        if self.training:  # neither one kind of feature nor one word may become what everything hangs on
            kinds = (torch.rand(x.shape[0], 1, x.shape[2], 1) > 0.15).float() / 0.85
            words = (torch.rand(x.shape[0], x.shape[1], 1, 1) > 0.05).float()
            x = x * (kinds * words)
        x = self.drop(x.sum(2))
        if not self.shape.lean:
            x = x + self.surfaces[surface][:, None, :]
        x = functional.relu(self.phrase(x.transpose(1, 2) * real)) * real
        near = x.amax(2)
        real = real if self.shape.lean else functional.max_pool1d(real, STRIDE)
        x = functional.relu(self.sentence(functional.avg_pool1d(x, STRIDE))) * real
        for block in self.blocks:
            x = block(x, real)
        where = functional.one_hot(surface, len(SURFACES)).float()
        y = torch.cat([near, functional.relu(x).amax(2), where], 1)
        logits: Tensor = self.head2(self.drop(functional.relu(self.head1(self.drop(y)))))
        return logits


def initial(shape: Shape, source: Pretrained | None, seed: int) -> Network:
    """Words that the pretrained vocabulary has whole begin where its embeddings are, in the principal directions."""
    rng = np.random.default_rng(seed)
    table = rng.normal(0, 0.02, (rows_of(shape.kinds), shape.width)).astype(np.float32)
    if source is not None:
        rows, places = known_words(source)
        vectors = source.words[rows]
        vectors = vectors - vectors.mean(0)
        _, _, directions = np.linalg.svd(vectors[:: max(1, len(rows) // 6000)], full_matrices=False)
        small = vectors @ directions[: shape.width].T
        table[places] = small / small.std() * 0.15
    table[0] = 0
    torch.manual_seed(seed)
    return Network(shape, torch.from_numpy(table))


def known_words(source: Pretrained) -> tuple[list[int], list[int]]:
    """Rows of the pretrained table and of ours for the same words, the most probable word first where hashes collide."""
    rows, places = [], []
    taken = set()
    for i in np.argsort(-source.scores[4:160_000]) + 4:
        piece = source.pieces[i]
        word = piece.removeprefix(BLANK)
        if word[:1].isalpha() and (piece != word or len(word) == 1):
            row = word_row(word.lower())
            if row and row not in taken:
                taken.add(row)
                rows.append(int(i))
                places.append(row)
    return rows, places


def logits(
    model: Network, windows: Sequence[npt.NDArray[np.int32]], surfaces: Sequence[int]
) -> npt.NDArray[np.float32]:
    """[windows, 2], in batches of like length."""
    out = np.zeros((len(windows), len(LABELS)), np.float32)
    order = sorted(range(len(windows)), key=lambda i: len(windows[i]))
    with torch.no_grad():
        for start in range(0, len(order), 128):
            part = order[start : start + 128]
            ids = torch.from_numpy(padded([windows[i] for i in part], model.shape.kinds).astype(np.int64))
            out[part] = model(ids, torch.tensor([surfaces[i] for i in part])).numpy()
    return out
