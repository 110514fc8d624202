"""Models that are worth stealing, small enough to be trained here, and the worlds that their inputs come from."""

from __future__ import annotations

import inspect
import random
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

try:
    from sklearn.datasets import load_breast_cancer, load_digits, load_sample_images, load_wine
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
except ImportError:
    raise SystemExit("scikit-learn is not installed: pip install -e '.[abuse]'") from None

Rng = np.random.Generator


class Model(Protocol):
    def predict_proba(self, inputs: Any) -> Any: ...


@dataclass(frozen=True)
class World:
    """A victim, where honest inputs come from (`draw(class, rng)`), and what a thief has: a few seeds, and data of another
    world (`foreign(rng)`)."""

    name: str
    model: Model
    classes: int
    draw: Callable[[int, Rng], Any]
    foreign: Callable[[Rng], Any]
    surrogate: Callable[[], Model]
    low: Any = None
    high: Any = None

    @property
    def is_text(self) -> bool:
        return self.low is None


def _surrogate() -> Any:
    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=300, C=1.0))


def _by_class(data: Any, labels: Any, low: Any, high: Any, components: int) -> Callable[[int, Rng], Any]:
    """Draws from a Gaussian of each class, in the directions in which it varies most, with a little of the rest."""
    parts = []
    for label in np.unique(labels):
        rows = data[labels == label]
        centre = rows.mean(0)
        _, spread, axes = np.linalg.svd(rows - centre, full_matrices=False)
        spread = spread[:components] / np.sqrt(len(rows) - 1)
        parts.append((centre, spread, axes[:components]))

    def draw(label: int, rng: Rng) -> Any:
        centre, spread, axes = parts[label]
        return np.clip(centre + (rng.normal(size=len(spread)) * spread) @ axes, low, high)

    return draw


def digits(seed: int) -> World:
    data, labels = load_digits(return_X_y=True)
    model = MLPClassifier((64,), max_iter=300, random_state=seed, tol=1e-3).fit(data / 16, labels)
    draw = _by_class(data / 16, labels, 0.0, 1.0, 24)
    pictures = [image.mean(axis=2) / 255 for image in load_sample_images().images]

    def foreign(rng: Rng) -> Any:
        picture = pictures[rng.integers(len(pictures))]
        step = int(rng.integers(1, 9))
        top = rng.integers(picture.shape[0] - 8 * step)
        left = rng.integers(picture.shape[1] - 8 * step)
        return picture[top : top + 8 * step : step, left : left + 8 * step : step].ravel()

    return World("digits", model, 10, draw, foreign, _surrogate, np.zeros(64), np.ones(64))


def _table(name: str, table: tuple[Any, Any], seed: int) -> World:
    data, labels = table
    low, high = data.min(0), data.max(0)
    model = make_pipeline(StandardScaler(), MLPClassifier((32,), max_iter=400, random_state=seed, tol=1e-3))
    model.fit(data, labels)
    draw = _by_class(data, labels, low, high, min(data.shape[1], 12))

    def foreign(rng: Rng) -> Any:
        """Each column from a row of its own: right by itself, wrong together."""
        return data[rng.integers(len(data), size=data.shape[1]), np.arange(data.shape[1])]

    return World(name, model, len(np.unique(labels)), draw, foreign, _surrogate, low, high)


def wine(seed: int) -> World:
    return _table("wine", load_wine(return_X_y=True), seed)


def cells(seed: int) -> World:
    return _table("cells", load_breast_cancer(return_X_y=True), seed)


GOOD = "lovely wonderful brilliant moving funny clever charming superb gripping fresh warm honest".split()
BAD = "dull awful tedious clumsy boring lazy shallow painful noisy stale cold fake".split()
THINGS = (
    "film book meal hotel song phone game trip play chair coat lamp show concert course lecture bike printer coffee soup "
    "room service garden museum podcast novel series camera keyboard mattress train ticket".split()
)
OPENINGS = (
    "I have to say that|Honestly,|We went on Sunday and|My sister told me that|After two weeks|For the price|"
    "On second thought|Nobody warned me, but|As a present|If you ask me|Compared with the last one|To my surprise".split(
        "|"
    )
)
MIDDLES = (
    "the {t} was {a} and rather {b}|this {t} felt {a}, almost {b}|a {a} {t} with a {b} ending|"
    "what a {a} {t}, and how {b} the people were|the {t} looked {a} but turned out {b}|everything about the {t} is {a}|"
    "it is the most {a} {t} that I know|their {t} came late and seemed {b}".split("|")
)
ENDINGS = (
    "I would come back|never again|my family agreed|the queue was long|they gave me a refund|five stars|ask for Maria|"
    "it rained all day|the second part is better|bring your own towel|the manual is useless|we left early|"
    "I have told all my friends|delivery took a month|the colour is not as shown|worth every penny".split("|")
)


def sentence(label: int, rng: Rng) -> str:
    words = GOOD if label else BAD
    a, b = rng.choice(words, 2)
    middle = str(rng.choice(MIDDLES)).format(t=rng.choice(THINGS), a=a, b=b)
    parts = [middle, *rng.choice(ENDINGS, rng.integers(1, 4), replace=False)]
    if rng.random() < 0.7:
        parts.insert(0, str(rng.choice(OPENINGS)))
    number = f" {rng.integers(2, 99)} of us were there." if rng.random() < 0.3 else ""
    return ". ".join(map(str, parts)) + "." + number


def _sentences() -> list[str]:
    """Natural text of another world: what the standard library says of itself."""
    found: list[str] = []
    for name in (
        "argparse",
        "asyncio",
        "collections",
        "datetime",
        "decimal",
        "email",
        "json",
        "logging",
        "random",
        "typing",
    ):
        __import__(name)
        module = sys.modules[name]
        for item in vars(module).values():
            text = inspect.getdoc(item) if callable(item) else None
            found += [s for s in re.split(r"(?<=\.)\s+", " ".join((text or "").split())) if 40 < len(s) < 300]
    return sorted(set(found))


def sentiment(seed: int) -> World:
    rng = np.random.default_rng(seed)
    labels = rng.integers(2, size=3000)
    texts = [sentence(int(label), rng) for label in labels]
    vectors = {"n_features": 4096, "norm": "l2"}
    model = make_pipeline(HashingVectorizer(**vectors), LogisticRegression(max_iter=300, C=10))
    model.fit(texts, labels)
    others = _sentences()

    def surrogate() -> Any:
        return make_pipeline(HashingVectorizer(**vectors), LogisticRegression(max_iter=300, C=10))

    return World("sentiment", model, 2, sentence, lambda rng: others[rng.integers(len(others))], surrogate)


WORLDS: dict[str, Callable[[int], World]] = {"digits": digits, "wine": wine, "cells": cells, "sentiment": sentiment}
VOCABULARY = sorted(
    {*GOOD, *BAD, *THINGS, *" ".join([*OPENINGS, *MIDDLES, *ENDINGS]).lower().replace("{t}", "").split()}
)


def shuffled(rng: random.Random) -> str:
    return " ".join(rng.choice(VOCABULARY) for _ in range(rng.randint(6, 20)))
