"""A classifier of the operator's own as a stage: an ONNX file as Hugging Face's exporters write it, and its tokenizer.json."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from waf.classify.onnx_model import OnnxModel, Tensor
from waf.classify.types import SURFACES, Windows
from waf.errors import ModelError, Problem
from waf.inference import OwnModel

_INPUTS: Final = frozenset({"input_ids", "attention_mask", "token_type_ids"})
_PADS: Final = ("[PAD]", "<pad>", "<|pad|>", "<|endoftext|>", "</s>")
_SHARE: Final = 4
"""Windows overlap by the fourth part of their length."""


class OwnStage:
    """Probabilities from the logits of a sequence classifier: everything but the benign class is an injection, but for the
    class that stands for a jailbreak, if there is one. A single logit is that of an attack.

    `thresholds`: by surface, where the model stands behind a gate; then its probabilities are bent so that its own threshold
    meets the surface's. Raises ModelError when a file cannot be used or does not fit the settings.
    """

    def __init__(self, settings: OwnModel, *, threads: int = 1, thresholds: Mapping[str, float] | None = None) -> None:
        self.positions = settings.positions
        self._settings = settings
        self._tokenizer = _tokenizer(Path(settings.tokenizer))
        self._model = OnnxModel(Path(settings.model), threads=threads)
        self.sha256 = self._model.sha256
        self._output = self._check()
        self._before, self._after = self._specials()
        self._pad = next((p for p in map(self._tokenizer.token_to_id, _PADS) if p is not None), 0)
        room = self.positions - len(self._before) - len(self._after)
        if room < _SHARE:
            raise self._wrong(f"has no room for text in {self.positions} positions")
        self._room, self._step = room, room - room // _SHARE
        self._thresholds = [thresholds[surface] for surface in SURFACES] if thresholds is not None else None

    def windows(self, text: str) -> Windows:
        """See `waf.classify.types.Stage`."""
        ids = self._tokenizer.encode(text.encode("utf-8", "replace").decode(), add_special_tokens=False).ids
        starts = range(0, max(1, len(ids) - self._room + self._step), self._step)
        kept = starts[: self._settings.windows]
        pieces = [[*self._before, *ids[start : start + self._room], *self._after] for start in kept]
        return Windows([np.array(piece, np.int32) for piece in pieces], len(starts) > len(kept))

    def all_windows(self, texts: Sequence[str]) -> list[Windows]:
        """See `waf.classify.types.Stage`."""
        return [self.windows(text) for text in texts]

    def score(self, ids: Sequence[npt.NDArray[np.int32]], surfaces: Sequence[int]) -> npt.NDArray[np.float32]:
        """See `waf.classify.types.Stage`."""
        longest = max(map(len, ids), default=0)
        padded = np.full((len(ids), longest), self._pad, np.int64)
        mask = np.zeros((len(ids), longest), np.int64)
        for row, window in enumerate(ids):
            padded[row, : len(window)] = window
            mask[row, : len(window)] = 1
        given: dict[str, npt.NDArray[Any]] = {
            "input_ids": padded,
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(padded),
        }
        feeds = {name: given[name].astype(tensor.dtype) for name, tensor in self._model.inputs.items()}
        scores = self._probabilities(self._model.run(feeds)[self._output].astype(np.float64))
        if self._thresholds is not None:
            wanted = np.array([self._thresholds[surface] for surface in surfaces])[:, None]
            scores = _bend(scores, self._settings.threshold, wanted)
        return scores.astype(np.float32)

    def _probabilities(self, logits: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        logits = logits / self._settings.temperature
        if logits.shape[1] == 1:
            attack = 1 / (1 + np.exp(-np.clip(logits[:, 0], -60, 60)))
            return np.column_stack([attack, np.zeros_like(attack)])
        powers = np.exp(logits - logits.max(1, keepdims=True))
        shares = powers / powers.sum(1, keepdims=True)
        jailbreak = self._settings.jailbreak
        second = shares[:, jailbreak] if jailbreak >= 0 else np.zeros(len(shares))
        first = 1 - shares[:, self._settings.benign] - second
        return np.column_stack([np.clip(first, 0, 1), second])

    def _check(self) -> str:
        """Name of the output with the logits."""
        inputs, outputs = self._model.inputs, self._model.outputs
        if "input_ids" not in inputs or not inputs.keys() <= _INPUTS:
            raise self._wrong(f"has inputs {', '.join(inputs)}; expected are {', '.join(sorted(_INPUTS))}")
        for name, tensor in inputs.items():
            if tensor.dtype not in ("int32", "int64") or len(tensor.shape) != 2:
                raise self._wrong(f"input {name} is {tensor}; expected is int64[any, any]")
        name, tensor = next(iter(outputs.items()), ("", Tensor("", ())))
        if len(tensor.shape) != 2 or not tensor.dtype.startswith("float"):
            raise self._wrong(f"output {name} is {tensor}; expected are logits, float32[any, classes]")
        classes = tensor.shape[1]
        highest = max(self._settings.benign, self._settings.jailbreak)
        if classes is not None and classes > 1 and highest >= classes:
            raise self._wrong(f"has {classes} classes, so there is no class {highest}", "set `benign` and `jailbreak`")
        return name

    def _specials(self) -> tuple[list[int], list[int]]:
        """What the tokenizer puts before and behind a text."""
        bare = self._tokenizer.encode("a", add_special_tokens=False).ids
        whole = self._tokenizer.encode("a").ids
        for start in range(len(whole) - len(bare) + 1):
            if whole[start : start + len(bare)] == bare:
                return whole[:start], whole[start + len(bare) :]
        return [], []

    def _wrong(self, message: str, hint: str = "") -> ModelError:
        return ModelError([Problem(self._settings.model, 0, 0, message, hint)])


def _tokenizer(path: Path) -> Any:
    try:
        from tokenizers import Tokenizer
    except ImportError:
        message = "a tokenizer.json needs the extra tokenizers"
        raise ModelError([Problem(str(path), 0, 0, message, "pip install 'mlwaf[tokenizers]'")]) from None
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises plain exceptions
        reason = str(error).partition("\n")[0][:200]
        raise ModelError([Problem(str(path), 0, 0, f"is no tokenizer that can be read: {reason}")]) from error
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _bend(scores: npt.NDArray[np.float64], own: float, wanted: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Monotone and piecewise linear: 0 stays 0, `own` becomes `wanted`, 1 stays 1."""
    own = min(max(own, 1e-6), 1 - 1e-6)
    return np.where(scores < own, scores * wanted / own, 1 - (1 - scores) * (1 - wanted) / (1 - own))
