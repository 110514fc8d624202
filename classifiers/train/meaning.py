"""What the encoder of sentences makes of a single word: the mean over its pieces, as it does with a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import torch

from classifiers.train import reader
from classifiers.train.minilm import MiniLm
from waf.classify.pieces import Pieces

_AT_ONCE: Final = 512


def of_words(source: MiniLm, words: Sequence[str]) -> npt.NDArray[np.float32]:
    """[words, 384], by the encoder as it came."""
    pieces = Pieces({piece: number for number, piece in enumerate(source.pieces)})
    ids = [[pieces.first, *pieces.spell(word)[: reader.SIZE - 2], pieces.last] for word in words]
    model = reader.initial(source, 1).eval()
    out = np.zeros((len(words), reader.WIDTH), np.float32)
    order = sorted(range(len(ids)), key=lambda at: len(ids[at]))
    with torch.no_grad():
        for start in range(0, len(order), _AT_ONCE):
            part = order[start : start + _AT_ONCE]
            states, real = model.states(reader.padded([ids[at] for at in part]))
            weight = real[:, :, None].float()
            out[part] = ((states * weight).sum(1) / weight.sum(1)).numpy()
    return out
