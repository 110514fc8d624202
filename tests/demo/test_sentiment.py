from __future__ import annotations

import sys
from hashlib import sha256
from importlib import import_module
from types import ModuleType

import msgspec
import numpy as np
import pytest

from waf import shipped
from waf.demo.features import MAX_WORDS, SIZE, features, vectors, words
from waf.demo.sentiment import MANIFEST, MODEL, Manifest, Sentiment


@pytest.fixture(scope="module")
def sentiment() -> Sentiment:
    return Sentiment()


@pytest.fixture
def train(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The training program, which lies beside its model and in no package."""
    monkeypatch.setattr(sys, "path", [str(shipped.path("classifiers/demo")), *sys.path])
    return import_module("train")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("Good, GOOD!", ["good", "good"]),
        ("not good", ["not", "not_good"]),
        ("It isn’t good, it is bad", ["it", "isn't", "not_good", "it", "is", "bad"]),
        ("never good but cheap", ["never", "not_good", "but", "cheap"]),
        ("ünï 123 日本", ["n"]),
        ("word " * 2000, ["word"] * MAX_WORDS),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert list(words(text)) == expected


def test_features_are_words_and_pairs() -> None:
    assert list(features("so good")) == ["so", "^ so", "good", "so good"]


def test_vectors_have_length_one_or_none() -> None:
    rows = vectors(["so good", "", "so good"])
    assert rows.shape == (3, SIZE)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), [1, 0, 1])
    assert vectors([]).shape == (0, SIZE)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("I love it, what a wonderful film!", "positive"),
        ("The food was delicious and the waiter was kind.", "positive"),
        ("It was not bad at all.", "positive"),
        ("I hate it, what a terrible film!", "negative"),
        ("The soup was cold and the room was dirty.", "negative"),
        ("It was not good at all.", "negative"),
    ],
)
def test_the_model_reads_plain_english(sentiment: Sentiment, text: str, label: str) -> None:
    (prediction,) = sentiment.predict([text])
    assert prediction.label == label
    assert 0.6 < prediction.score <= 1.0


def test_one_prediction_each_in_order(sentiment: Sentiment) -> None:
    labels = [prediction.label for prediction in sentiment.predict(["great", "awful", "great"])]
    assert labels == ["positive", "negative", "positive"]
    assert sentiment.predict([]) == []


def test_the_manifest_is_that_of_the_file() -> None:
    manifest = msgspec.json.decode(shipped.path(MANIFEST).read_bytes(), type=Manifest)
    assert manifest.sha256 == sha256(shipped.path(MODEL).read_bytes()).hexdigest()
    assert manifest.held_out_accuracy >= 0.95
    assert shipped.path(MODEL).stat().st_size <= 200_000


def test_training_again_gives_the_committed_model(train: ModuleType, sentiment: Sentiment) -> None:
    weights, bias = train.fit(train.training())
    texts = [sentence.text for sentence in train.held_out()]
    logits = vectors(texts) @ weights + bias
    committed = sentiment._model.run({"features": vectors(texts)})["positive"][:, 0]
    assert np.allclose(1 / (1 + np.exp(-logits)), committed, atol=1e-4)
    assert train.accuracy(weights, bias, train.held_out()) >= 0.95


def test_nothing_held_out_was_trained_on(train: ModuleType) -> None:
    assert not {s.text for s in train.held_out()} & {s.text for s in train.training()}
