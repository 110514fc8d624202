from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from waf import shipped
from waf.classify.onnx_model import OnnxModel, Tensor
from waf.errors import ModelError

ROOT = Path(__file__).parents[2]
SENTIMENT = shipped.path("classifiers/demo/sentiment.onnx")
INPUTS = {"features": Tensor("float32", (None, 8192))}
OUTPUTS = {"positive": Tensor("float32", (None, 1))}


def load(path: Path = SENTIMENT, **more: object) -> OnnxModel:
    return OnnxModel(path, **{"inputs": INPUTS, "outputs": OUTPUTS, **more})  # type: ignore[arg-type]


def test_a_good_file_runs() -> None:
    model = load(digest=sha256(SENTIMENT.read_bytes()).hexdigest())
    assert model.sha256 == sha256(SENTIMENT.read_bytes()).hexdigest()
    result = model.run({"features": np.zeros((3, 8192), np.float32)})
    assert result["positive"].shape == (3, 1)
    assert len(set(result["positive"][:, 0].tolist())) == 1


def test_the_library_reports_to_nobody(tmp_path: Path) -> None:
    loads = "import os, waf.classify.onnx_model; print(os.environ['ORT_DISABLE_TELEMETRY'])"
    env = {**os.environ, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    env.pop("ORT_DISABLE_TELEMETRY", None)
    ran = subprocess.run([sys.executable, "-c", loads], env=env, cwd=ROOT, capture_output=True, text=True, check=True)
    assert list(tmp_path.rglob("*")) == []  # with its reports on, the library keeps an id of the machine here
    assert ran.stdout == "1\n"


def test_one_thread_and_no_spinning() -> None:
    options = load()._session.get_session_options()
    assert (options.intra_op_num_threads, options.inter_op_num_threads) == (1, 1)
    assert options.get_session_config_entry("session.intra_op.allow_spinning") == "0"
    assert options.get_session_config_entry("session.inter_op.allow_spinning") == "0"


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"gone\.onnx: error: cannot be read: No such file"):
        load(tmp_path / "gone.onnx")


@pytest.mark.parametrize("data", [b"", b"not a model", SENTIMENT.read_bytes()[:2000]])
def test_a_file_that_is_no_model(data: bytes, tmp_path: Path) -> None:
    bad = tmp_path / "bad.onnx"
    bad.write_bytes(data)
    with pytest.raises(ModelError, match="is no ONNX model that the runtime can load"):
        load(bad)


def test_a_file_that_is_too_large() -> None:
    with pytest.raises(ModelError, match="is larger than 1000 bytes"):
        load(max_bytes=1000)
    size = SENTIMENT.stat().st_size
    assert load(max_bytes=size).sha256


def test_another_file_than_the_manifest_s() -> None:
    with pytest.raises(ModelError, match=r"has SHA-256 [0-9a-f]{64}, not 0000 \(restore"):
        load(digest="0000")


@pytest.mark.parametrize(
    ("inputs", "outputs", "message"),
    [
        ({"text": Tensor("float32", (None, 8192))}, OUTPUTS, r"has inputs \(features: float32\[any, 8192\]\), expected \(text"),
        ({"features": Tensor("float32", (None, 4096))}, OUTPUTS, r"expected \(features: float32\[any, 4096\]\)"),
        ({"features": Tensor("int64", (None, 8192))}, OUTPUTS, "has inputs"),
        (INPUTS, {"positive": Tensor("float32", (None, 2))}, "has outputs"),
        (INPUTS, {}, "has outputs"),
    ],
)  # fmt: skip
def test_a_model_of_another_shape(inputs: dict[str, Tensor], outputs: dict[str, Tensor], message: str) -> None:
    with pytest.raises(ModelError, match=message):
        load(inputs=inputs, outputs=outputs)


@pytest.mark.parametrize(
    "feeds",
    [
        {},
        {"other": np.zeros((1, 8192), np.float32)},
        {"features": np.zeros((1, 8192), np.float64)},
        {"features": np.zeros((1, 8191), np.float32)},
        {"features": np.zeros(8192, np.float32)},
    ],
)
def test_what_is_fed_must_fit(feeds: dict[str, np.ndarray]) -> None:
    with pytest.raises(ValueError, match=r"input 'features' must be float32\[any, 8192\]"):
        load().run(feeds)


class _Session:
    """A runtime that fails, or answers in another shape than the model declared."""

    def __init__(self, answer: np.ndarray | Exception) -> None:
        self._answer = answer

    def run(self, names: list[str], feeds: dict[str, np.ndarray]) -> list[np.ndarray]:
        if isinstance(self._answer, Exception):
            raise self._answer
        return [self._answer]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (RuntimeError("out of memory\nat line 1"), "failed: out of memory$"),
        (np.zeros((1, 2), np.float32), r"output 'positive' is float32\[1, 2\], not float32\[any, 1\]"),
        (np.zeros((1, 1), np.float64), r"output 'positive' is float64\[1, 1\]"),
    ],
)
def test_a_model_that_fails_at_run_time(answer: np.ndarray | Exception, message: str) -> None:
    model = load()
    model._session = _Session(answer)
    with pytest.raises(ModelError, match=message):
        model.run({"features": np.zeros((1, 8192), np.float32)})
