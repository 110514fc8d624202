"""The gate's network: hashed words, phrases by convolution, the strongest evidence, the surface beside it.

It masks nothing and learns of the surface at the end only, which costs a third less time.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from classifiers.train.data import Row
from classifiers.train.meaning import of_words
from classifiers.train.minilm import MiniLm
from classifiers.train.pretrained import Pretrained
from waf.classify.features import rows_of, word_row
from waf.classify.stage import STRIDE, padded
from waf.classify.types import LABELS, SURFACES

_WORD: Final = re.compile(r"[a-z][a-z']*")
_READ: Final = 6_000
"""Characters of a row in which words are counted."""
_RARE: Final = 0.02
"""The share of rows from which on a word counts less the more common it is."""
BLANK: Final = "\u2581"
"""How the pretrained vocabulary writes the blank before a word."""

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes. `meaning`: how many of the `width` numbers of a word begin with what an encoder of sentences makes of it alone.
    `reach`: groups of words that the second convolution sees."""

    kinds: int
    width: int
    meaning: int
    phrase: int
    sentence: int
    reach: int = 3
    head: int = 64


GATE: Final = Shape(kinds=4, width=64, meaning=32, phrase=32, sentence=48)


class Network(nn.Module):
    """`ids` int64 [n, words, kinds] with zeros behind, words a multiple of STRIDE; `surface` int64 [n] → logits [n, 2]."""

    def __init__(self, shape: Shape, table: Tensor) -> None:
        super().__init__()
        self.shape = shape
        self.table = nn.Embedding.from_pretrained(table, freeze=False, padding_idx=0, sparse=True)
        self.phrase = nn.Conv1d(shape.width, shape.phrase, 3, padding=1)
        self.sentence = nn.Conv1d(shape.phrase, shape.sentence, shape.reach, padding=shape.reach // 2)
        self.drop = nn.Dropout(0.2)
        self.head1 = nn.Linear(shape.phrase + shape.sentence + len(SURFACES), shape.head)
        self.head2 = nn.Linear(shape.head, len(LABELS))

    def forward(self, ids: Tensor, surface: Tensor) -> Tensor:
        x = self.table(ids)
        if self.training:  # neither one kind of feature nor one word may become what everything hangs on
            kinds = (torch.rand(x.shape[0], 1, x.shape[2], 1) > 0.15).float() / 0.85
            words = (torch.rand(x.shape[0], x.shape[1], 1, 1) > 0.05).float()
            x = x * (kinds * words)
        x = self.drop(x.sum(2))
        x = functional.relu(self.phrase(x.transpose(1, 2)))
        near = x.amax(2)
        far = functional.relu(self.sentence(functional.avg_pool1d(x, STRIDE))).amax(2)
        where = functional.one_hot(surface, len(SURFACES)).float()
        y = torch.cat([near, far, where], 1)
        logits: Tensor = self.head2(self.drop(functional.relu(self.head1(self.drop(y)))))
        return logits


def initial(shape: Shape, source: Pretrained | None, encoder: MiniLm | None, rows: Sequence[Row], seed: int) -> Network:
    """Words that the pretrained vocabulary has whole begin where its embeddings are; beside that, words of the Latin alphabet
    in `rows` and in that vocabulary begin with what the encoder of sentences makes of each alone. Both in their principal
    directions."""
    rng = np.random.default_rng(seed)
    table = rng.normal(0, 0.02, (rows_of(shape.kinds), shape.width)).astype(np.float32)
    lexical = shape.width - shape.meaning
    if source is not None:
        numbers, places = known_words(source)
        table[places, :lexical] = principal(source.words[numbers], lexical)
        if encoder is not None:
            found = Counter(word for row in rows for word in set(_WORD.findall(row.text[:_READ].lower())))
            words = [word for word, count in found.items() if count > 1]
            words += [source.pieces[number].removeprefix(BLANK).lower() for number in numbers]
            own: dict[int, str] = {}
            for word in sorted(dict.fromkeys(filter(_WORD.fullmatch, words)), key=lambda word: -found[word]):
                own.setdefault(word_row(word), word)
            own.pop(0, None)
            vectors = principal(of_words(encoder, list(own.values())), shape.meaning)
            share = np.array([found[word] / max(1, len(rows)) for word in own.values()])
            table[list(own), lexical:] = vectors * np.sqrt(_RARE / (_RARE + share))[:, None]
    table[0] = 0
    torch.manual_seed(seed)
    return Network(shape, torch.from_numpy(table))


def principal(vectors: Array, width: int) -> Array:
    """In the directions in which they differ most, all of about one size."""
    vectors = vectors - vectors.mean(0)
    _, _, directions = np.linalg.svd(vectors[:: max(1, len(vectors) // 8_000)], full_matrices=False)
    small = vectors @ directions[:width].T
    scaled: Array = small / small.std() * 0.15
    return scaled


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
