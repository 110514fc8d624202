"""What the models are compared with: character n-grams and a linear model, and two that must know nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from classifiers.train.data import Row

Array = npt.NDArray[Any]
CHARACTERS = 6000
"""Of a text, for speed; a longer one loses its middle."""


def shortened(text: str) -> str:
    return text if len(text) <= CHARACTERS else text[: CHARACTERS // 2] + text[-CHARACTERS // 2 :]


def tfidf(train: Sequence[Row], test: Sequence[Row], *, features: int = 150_000) -> Array:
    """Scores [test] of TF-IDF over characters in words, 2 to 5 long, with logistic regression."""
    words = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, max_features=features, min_df=2)
    model = make_pipeline(words, LogisticRegression(C=10, class_weight="balanced", max_iter=300, solver="liblinear"))
    model.fit([shortened(row.text) for row in train], [row.attack for row in train])
    scores: Array = model.predict_proba([shortened(row.text) for row in test])[:, 1]
    return scores


def length_only(train: Sequence[Row], test: Sequence[Row]) -> Array:
    """Scores from the length alone: the share of attacks among training rows of about that length."""
    edges = np.quantile([len(row.text) for row in train], np.linspace(0, 1, 31)[1:-1])
    places = np.digitize([len(row.text) for row in train], edges)
    attacks = np.bincount(places, [row.attack for row in train], len(edges) + 1)
    shares = attacks / np.maximum(1, np.bincount(places, minlength=len(edges) + 1))
    return np.asarray(shares[np.digitize([len(row.text) for row in test], edges)])


def of_group(train: Sequence[Row], test: Sequence[Row], field: str) -> Array:
    """Scores from one property alone (language, source, surface): the share of attacks among its training rows."""
    counts: dict[str, list[int]] = {}
    for row in train:
        entry = counts.setdefault(getattr(row, field), [0, 0])
        entry[0] += row.attack
        entry[1] += 1
    overall = sum(row.attack for row in train) / len(train)
    return np.array(
        [(counts[v][0] / counts[v][1]) if (v := getattr(row, field)) in counts else overall for row in test]
    )
