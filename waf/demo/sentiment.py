"""The demo's sentiment model: is an English sentence friendly?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from waf import shipped
from waf.classify.onnx_model import OnnxModel, Tensor
from waf.demo.features import SIZE, vectors

MODEL: Final = "classifiers/demo/sentiment.onnx"
MANIFEST: Final = "classifiers/demo/sentiment.json"


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `train.py` writes beside the model."""

    sha256: str
    features: int
    sentences: int
    held_out: int
    held_out_accuracy: float


class Prediction(msgspec.Struct, frozen=True):
    label: str
    """`positive` or `negative`."""
    score: float
    """Probability of that label."""


class Sentiment:
    """Raises ModelError or FileNotFoundError when this installation's model is missing or another one."""

    def __init__(self) -> None:
        manifest = msgspec.json.decode(shipped.path(MANIFEST).read_bytes(), type=Manifest)
        self._model = OnnxModel(
            shipped.path(MODEL),
            inputs={"features": Tensor("float32", (None, SIZE))},
            outputs={"positive": Tensor("float32", (None, 1))},
            digest=manifest.sha256,
        )

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """One prediction for each text."""
        positive = self._model.run({"features": vectors(texts)})["positive"][:, 0].tolist()
        return [
            Prediction("positive", round(p, 4)) if p >= 0.5 else Prediction("negative", round(1 - p, 4))
            for p in positive
        ]
