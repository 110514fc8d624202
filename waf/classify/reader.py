"""The deep stage with a reader: hashed words judge every window, and a small transformer reads those that they suspect.

A window is as much text as the reader takes in at once. To the batcher a text is one array that holds all of its windows, so
that nothing which is run beside it decides which of them are read.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from waf.classify.features import features_of
from waf.classify.onnx_model import OnnxModel, Tensor
from waf.classify.pieces import Pieces
from waf.classify.stage import BUDGET, MAX_BYTES, HashedWords, windows_of
from waf.classify.types import LABELS, SURFACES, Windows
from waf.errors import ModelError, Problem

Ids = npt.NDArray[np.int32]
Scores = npt.NDArray[np.float32]

SIZE: Final = 64
"""Word pieces of a window, the special ones counted."""
STEP: Final = 32
READ: Final = 3
"""Windows of one text that are read at most, most suspicious first."""
FURTHER: Final = 0.3
"""The probability by words from which on a second and a third window are read."""
LATER: Final = 0.4
"""What is taken off the logits of those: with every look at a harmless text there is one more chance to be wrong."""
MANY: Final = 24
"""A text of more windows than this has many."""
FOREIGN: Final = 0.3
"""The share of characters outside ASCII from which on a window has no pieces and is not read: the vocabulary spells other scripts
letter by letter, which says nothing to the reader."""
_EDGE: Final = 1e-6
"""Probabilities are kept this far from 0 and 1 before their logits are taken."""
_ROWS: Final = 64
"""Windows that the words look at together."""
_INPUTS: Final = {"ids": Tensor("int32", (1, None)), "surface": Tensor("int32", (1,))}
_OUTPUTS: Final = {"logits": Tensor("float32", (1, len(LABELS)))}


class Joint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the opinions about a text are put together on one surface, as weights of logits.

    Of a window that is read: sigmoid(words * w + reader * r + shift), with w what the words say of the whole text and r what the
    reader says of the window. Of what is not read: sigmoid(alone * w + alone_shift). In a text of more than MANY windows, whose
    rest thins out what the words say of it, w is what they say of the window if that is more, and `many` is added.
    """

    low: float
    """The probability by words from which on a window is read; of more than MANY windows one is read whatever it is."""
    words: float
    reader: float
    shift: float
    alone: float
    alone_shift: float
    many: float = 0.0


class Reader:
    """The transformer. It is run on one window after the other, so what stands beside a text changes nothing, not even the
    rounding of its 8-bit numbers.

    Raises ModelError when the file is missing, damaged, or of another signature.
    """

    def __init__(self, path: Path, *, digest: str = "", threads: int = 1) -> None:
        self._model = OnnxModel(
            path, inputs=_INPUTS, outputs=_OUTPUTS, digest=digest, threads=threads, max_bytes=MAX_BYTES
        )

    @property
    def sha256(self) -> str:
        return self._model.sha256

    def logits(self, pieces: Ids, surface: int) -> Scores:
        """[2] of one window."""
        found: Scores = self._model.run({"ids": pieces[None, :], "surface": np.array([surface], np.int32)})["logits"][0]
        return found


def spelled(text: str) -> bool:
    """Whether the vocabulary has pieces for `text`, without its marks and in plain forms as the vocabulary wants it."""
    if text.isascii():
        return True
    plain = [c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)]
    return sum(map(str.isascii, plain)) >= (1 - FOREIGN) * len(plain)


class Text(NamedTuple):
    """What one array holds: the hashed words of the text in the words' windows, and the reader's windows, each by its pieces, of
    which there are none where it cannot be read, and by its hashed words."""

    whole: list[Ids]
    pieces: list[Ids]
    words: list[Ids]


class Seen(NamedTuple):
    """What the words say, as logits of each label: of the whole text, [2], and of each window, [windows, 2]; and which windows
    are read, most suspicious first."""

    whole: Scores
    windows: Scores
    read: list[int]


def pack(text: Text) -> Ids:
    """One array: how many arrays of each kind, their sizes, and the arrays one behind the other."""
    parts = [*text.whole, *text.pieces, *text.words]
    sizes = [len(text.whole), len(text.pieces), *map(len, parts)]
    return np.concatenate([np.array(sizes, np.int32), *parts])


def unpack(packed: Ids) -> Text:
    whole, count = packed[:2].tolist()
    ends = 2 + whole + 2 * count + np.cumsum([0, *packed[2 : 2 + whole + 2 * count]])
    parts = [packed[a:b] for a, b in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)]
    return Text(parts[:whole], parts[whole : whole + count], parts[whole + count :])


class ReadWords:
    """Hashed words and a reader as one stage."""

    def __init__(
        self, words: HashedWords, reader: Reader, pieces: Pieces, joints: Mapping[str, Joint], kinds: int
    ) -> None:
        self._words, self._reader, self._pieces, self._kinds = words, reader, pieces, kinds
        self._joints = [joints[name] for name in SURFACES]

    @property
    def sha256(self) -> str:
        """Of the reader's file; that of the words is the gate's own."""
        return self._reader.sha256

    @property
    def positions(self) -> int:
        return BUDGET * (SIZE + 2 * self._words.positions)

    def windows(self, text: str) -> Windows:
        """One array, however long the text is."""
        spans, over = self._pieces.spans(text, SIZE, STEP, BUDGET)
        whole = windows_of(text, self._kinds).ids
        parts = [text[span.start : span.end] for span in spans]
        pieces = [
            np.array(span.pieces if spelled(part) else [], np.int32) for span, part in zip(spans, parts, strict=True)
        ]
        words = [rows[: self._words.positions] for rows in features_of(parts, self._kinds)]
        return Windows([pack(Text(whole, pieces, words))], over_budget=over)

    def all_windows(self, texts: Sequence[str]) -> list[Windows]:
        return [self.windows(text) for text in texts]

    def score(self, ids: Sequence[Ids], surfaces: Sequence[int]) -> Scores:
        """Probabilities [n, 2] of (injection, jailbreak). Of the windows of a text that the words suspect a few are read;
        what cannot be read is judged by the words alone. Raises ModelError when a model fails."""
        found = np.zeros((len(ids), len(LABELS)), np.float32)
        for at, (packed, surface) in enumerate(zip(ids, surfaces, strict=True)):
            text = unpack(packed)
            seen, joint = self.look(text, surface), self._joints[surface]
            logits = [
                together(joint, seen, window, self.read(text, window, surface)) - (LATER if place else 0)
                for place, window in enumerate(seen.read)
            ]
            foreign = [n for n, pieces in enumerate(text.pieces) if not len(pieces)]
            if not logits or foreign:
                unread = seen.windows[foreign] if foreign else seen.windows
                words = seen.whole if len(foreign) == len(text.pieces) else unread.max(0)
                logits.append(joint.alone * words + joint.alone_shift)
            found[at] = 1 / (1 + np.exp(-np.clip(np.max(logits, 0), -40, 40)))
        return found

    def look(self, text: Text, surface: int) -> Seen:
        """The words' opinion, and which windows the reader should see."""
        windows = self._logits(text.words, surface)
        whole = windows if len(windows) == 1 and len(text.whole) == 1 else self._logits(text.whole, surface)
        low = 0.0 if len(windows) > MANY else self._joints[surface].low
        order = [int(n) for n in np.argsort(-windows.max(1), kind="stable") if len(text.pieces[n])]
        least = [_logit(low), *[_logit(max(low, FURTHER))] * (READ - 1)]
        read = [n for n, least_here in zip(order, least, strict=False) if windows[n].max() >= least_here]
        return Seen(whole.max(0), windows, read)

    def read(self, text: Text, window: int, surface: int) -> Scores:
        """The reader's logits [2] of one window. Raises ModelError when they are no numbers."""
        logits = self._reader.logits(text.pieces[window], surface)
        if not np.isfinite(logits).all():
            raise ModelError(
                [Problem(f"model {self._reader.sha256[:12]}", 0, 0, "answered something that is no number")]
            )
        return logits

    def _logits(self, windows: Sequence[Ids], surface: int) -> Scores:
        """[windows, 2] by the words."""
        parts = [windows[at : at + _ROWS] for at in range(0, len(windows), _ROWS)]
        p = np.concatenate([self._words.score(part, [surface] * len(part)) for part in parts]).astype(np.float64)
        p = np.clip(p, _EDGE, 1 - _EDGE)
        found: Scores = np.log(p / (1 - p)).astype(np.float32)
        return found


def _logit(p: float) -> float:
    return float(np.log(p / (1 - p))) if 0 < p < 1 else float(np.sign(p - 0.5) * np.inf)


def together(joint: Joint, seen: Seen, window: int, read: Scores) -> Scores:
    """Logits [2] of `window`, of which the reader says `read`. Whether it is an attack is asked of the strongest opinion of each,
    whatever kind it has in mind; the kind for which most speaks gets the answer, the other one its own."""
    words = opinion(seen, window)
    shift = joint.shift + joint.many if len(seen.windows) > MANY else joint.shift
    each = np.asarray(joint.words * words + joint.reader * read + shift, np.float32)
    each[np.argmax(each)] = joint.words * words.max() + joint.reader * read.max() + shift
    return each


def opinion(seen: Seen, window: int) -> Scores:
    """What the words say that counts beside the reader's opinion of `window`: logits [2]."""
    return np.maximum(seen.whole, seen.windows[window]) if len(seen.windows) > MANY else seen.whole
