"""A model of the operator's own, with a real tokenizer and a real ONNX file."""

from __future__ import annotations

import builtins
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto

from tests.classify import fakes, tiny
from waf.classify import cascade
from waf.classify.load import OWN_WINDOWS, files, load_cascade, load_scorer
from waf.classify.own_model import OwnStage, _bend
from waf.classify.segments import Segment
from waf.classify.types import SURFACES
from waf.errors import ModelError
from waf.inference import Classifier, OwnModel

USER = 1


@pytest.fixture
def own(tmp_path: Path) -> OwnModel:
    model, tokenizer = tiny.model(tmp_path / "m.onnx"), tiny.tokenizer(tmp_path / "t.json")
    return OwnModel(str(model), str(tokenizer), jailbreak=2, positions=8, windows=4)


def changed(own: OwnModel, **more: Any) -> OwnModel:
    from dataclasses import replace

    return replace(own, **more)


def scores(stage: OwnStage, *texts: str) -> list[tuple[float, float]]:
    ids = [window for text in texts for window in stage.windows(text).ids]
    return [(round(a, 3), round(b, 3)) for a, b in stage.score(ids, [USER] * len(ids)).tolist()]


def test_texts_of_any_length_are_scored_side_by_side(own: OwnModel) -> None:
    found = scores(OwnStage(own), "hello", "attack", "jail", "hello attack hello hello", "what")
    assert found[0][0] < 0.05
    assert found[1][0] > 0.98
    assert found[2][1] > 0.98
    assert found[3][0] < 0.05
    assert found[4] == (0.333, 0.333), "padding and marks weigh nothing"


def test_without_a_class_for_jailbreaks_they_are_injections(own: OwnModel) -> None:
    (found,) = scores(OwnStage(changed(own, jailbreak=-1)), "jail")
    assert found == (0.999, 0.0)


def test_the_benign_class_may_stand_anywhere(own: OwnModel) -> None:
    (found,) = scores(OwnStage(changed(own, benign=1, jailbreak=-1)), "attack")
    assert found[0] < 0.01


def test_a_temperature_flattens(own: OwnModel) -> None:
    (plain,) = scores(OwnStage(own), "attack")
    (flat,) = scores(OwnStage(changed(own, temperature=10.0)), "attack")
    assert plain[0] > flat[0] > 0.333


def test_a_single_logit_is_that_of_an_attack(own: OwnModel, tmp_path: Path) -> None:
    tiny.model(tmp_path / "m.onnx", classes=1)
    stage = OwnStage(changed(own, jailbreak=-1))
    assert scores(stage, "attack", "hello") == [(0.998, 0.0), (0.018, 0.0)]


def test_long_texts_are_read_in_windows_that_overlap(own: OwnModel) -> None:
    stage = OwnStage(own)
    words = "hello " * 14
    windows = stage.windows(words)
    assert [list(w) for w in windows.ids] == [[1, *[4] * 6, 2], [1, *[4] * 6, 2], [1, *[4] * 4, 2]]
    assert not windows.over_budget
    for place in range(14):
        text = " ".join("attack" if i == place else "what" for i in range(14))
        assert max(a for a, _ in scores(stage, text)) > 0.98
    assert stage.windows("hello " * 50).over_budget
    assert len(stage.windows("hello " * 50).ids) == 4
    assert [list(w) for w in stage.windows("").ids] == [[1, 2]]
    assert len(stage.windows("lone \ud800 surrogate").ids) == 1


def test_a_tokenizer_without_marks(own: OwnModel, tmp_path: Path) -> None:
    tiny.tokenizer(tmp_path / "t.json", special=False)
    assert [list(w) for w in OwnStage(own).windows("hello attack").ids] == [[4, 5]]


def test_integers_of_the_kind_that_the_model_wants(own: OwnModel, tmp_path: Path) -> None:
    tiny.model(tmp_path / "m.onnx", inputs=("input_ids", "attention_mask", "token_type_ids"), dtype=TensorProto.INT32)
    assert scores(OwnStage(own), "attack")[0][0] > 0.98


@pytest.mark.parametrize(
    ("make", "settings", "message"),
    [
        ({"inputs": ("ids", "attention_mask")}, {}, r"m\.onnx: error: has inputs ids, attention_mask; expected are"),
        ({"flat": True}, {}, r"output logits is float32\[any\]; expected are logits, float32\[any, classes\]"),
        ({}, {"benign": 3}, r"has 3 classes, so there is no class 3 \(set `benign` and `jailbreak`\)"),
        ({}, {"jailbreak": 5}, "there is no class 5"),
        ({}, {"positions": 5}, "has no room for text in 5 positions"),
    ],
)
def test_a_model_that_does_not_fit(own: OwnModel, tmp_path: Path, make: Any, settings: Any, message: str) -> None:
    tiny.model(tmp_path / "m.onnx", **make)
    with pytest.raises(ModelError, match=message):
        OwnStage(changed(own, **settings))


def test_inputs_of_another_kind(own: OwnModel, tmp_path: Path) -> None:
    tiny.model(tmp_path / "m.onnx", inputs=("input_ids", "attention_mask"), dtype=TensorProto.INT64)
    stage = OwnStage(own)
    stage._model.inputs["attention_mask"] = stage._model.inputs["attention_mask"]._replace(dtype="float32")
    with pytest.raises(ModelError, match=r"input attention_mask is float32\[any, any\]; expected is int64"):
        stage._check()


@pytest.mark.parametrize("text", ["", "{}", "not json", '{"version": "1.0"}'])
def test_a_file_that_is_no_tokenizer(own: OwnModel, tmp_path: Path, text: str) -> None:
    (tmp_path / "t.json").write_text(text)
    with pytest.raises(ModelError, match=r"t\.json: error: is no tokenizer that can be read"):
        OwnStage(own)


def test_without_the_extra_the_error_says_what_to_install(own: OwnModel, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name == "tokenizers":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ModelError, match=r"pip install 'mlwaf\[tokenizers\]'"):
        OwnStage(own)


def test_behind_a_gate_its_threshold_meets_the_surface_s(own: OwnModel) -> None:
    thresholds = dict.fromkeys(SURFACES, 0.5) | {"user": 0.9}
    stage = OwnStage(changed(own, threshold=0.998), thresholds=thresholds)
    ids = stage.windows("attack").ids * 2
    user, system = stage.score(ids, [USER, 0])[:, 0]
    assert user > 0.8
    assert system < 0.55


def test_bending_keeps_the_order_and_the_ends() -> None:
    given = np.linspace(0, 1, 101)[:, None]
    wanted = np.full((101, 1), 0.9)
    bent = _bend(given, 0.5, wanted)[:, 0]
    assert (np.diff(bent) > 0).all()
    assert (bent[0], bent[50], bent[100]) == (0, pytest.approx(0.9), 1)
    assert np.isfinite(_bend(given, 0.0, wanted)).all()
    assert np.isfinite(_bend(given, 1.0, wanted)).all()


# ---------------------------------------------------------------------- by configuration


def test_it_is_loaded_by_configuration(own: OwnModel) -> None:
    settings = Classifier(enabled=True, own=changed(own, threshold=0.7))
    loaded = load_scorer(settings, b"k" * 16, lambda error: None)
    assert loaded is not None
    assert loaded.files == (Path(own.model), Path(own.tokenizer))
    assert set(loaded.cascade.thresholds.values()) == {0.7}
    (outcome,) = loaded.score([Segment("attack", USER, "o")])
    assert outcome.injection > 0.98
    assert not outcome.deep


def test_it_stands_behind_the_shipped_gate(own: OwnModel, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = fakes.cascade()
    monkeypatch.setattr(cascade, "load", lambda folder, threads: gate)
    settings = Classifier(enabled=True, models="somewhere", threads=2, own=changed(own, stage="deep"))
    made = load_cascade(settings)
    assert (made.gate, made.bands, made.thresholds) == (gate.gate, gate.bands, gate.thresholds)
    assert isinstance(made.deep, OwnStage)
    assert made.version == f"fake, own {made.deep.sha256[:12]}"
    assert made.deep_windows == OWN_WINDOWS
    loaded = load_scorer(settings, b"k" * 16, lambda error: None)
    assert loaded is not None
    assert loaded.hashes == {"gate": "a" * 64, "deep": made.deep.sha256}
    plain = load_cascade(Classifier(enabled=True, models="somewhere"))
    assert plain is gate


def test_off_loads_nothing(own: OwnModel) -> None:
    assert load_scorer(Classifier(own=changed(own, model="nowhere")), b"k" * 16, lambda error: None) is None


def test_a_folder_without_models(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no models")
    settings = Classifier(enabled=True, models=str(tmp_path))
    with pytest.raises(ModelError, match=r"manifest\.json"):
        load_cascade(settings)
    assert files(settings) == (tmp_path / "notes.txt",)
    assert files(Classifier(enabled=True, models=str(tmp_path / "nowhere"))) == ()
