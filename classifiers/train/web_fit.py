"""From rows to a trained web-attack head: vocabulary, windows, bags."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from classifiers.train import web_harden, web_network
from classifiers.train.web_data import Row
from classifiers.train.web_network import Network, Say
from waf.classify.web import tokens
from waf.classify.web.tokens import Vocabulary
from waf.classify.web.values import readings

Array = npt.NDArray[Any]

COMMON: Final = 12
"""Rows in which a word of the vocabulary stands at least,"""
SOURCES: Final = 2
"""and sources."""
MOST_WORDS: Final = 6_000
CAP: Final = 5_000
"""Rows of one source in an epoch."""
WINDOWS: Final = 24
"""Windows of one value that are looked at."""
EPOCHS: Final = web_network.EPOCHS
BENIGN_WEIGHT: Final = 2.0


def vocabulary(rows: Sequence[Row]) -> Vocabulary:
    """Every sign, and the words that several sources have. Numbers count by length, but for 0 and 1."""
    counts: Counter[str] = Counter()
    sources: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        found = {token for texts in row.values for text in texts for token in tokens.split(text)}
        counts.update(found)
        for token in found:
            if len(sources[token]) < SOURCES:
                sources[token].add(row.source)
    signs = sorted(t for t, n in counts.items() if not t[-1].isalnum() and t[-1] != "_" and t[-1] < "\x80" and n > 2)
    words = [
        token
        for token, n in counts.most_common()
        if n >= COMMON
        and len(sources[token]) >= SOURCES
        and (token[0].isalpha() or token[0] == "_")
        and token.isascii()
    ]
    return Vocabulary([*signs, "0", "1", *sorted(words[:MOST_WORDS])])


def lengths(vocabulary: Vocabulary) -> Array:
    """By row: what the word would be if the vocabulary lacked it; 0 for signs and numbers."""
    plain = Vocabulary(())
    rows = [plain.row(word) if word[0].isalpha() or word[0] == "_" else 0 for word in vocabulary.words]
    return np.array([0] * tokens.KNOWN + rows, np.int32)


def parts_of(vocabulary: Vocabulary, text: str) -> list[tokens.Ids]:
    return tokens.windows(vocabulary.ids(tokens.split(text)), WINDOWS)[0]


class Scored:
    """Windows of many rows and to which row each belongs, so that they can be scored at once."""

    def __init__(self, vocabulary: Vocabulary, rows: Sequence[Row]) -> None:
        self.parts: list[tokens.Ids] = []
        owner: list[int] = []
        self.count = len(rows)
        for number, row in enumerate(rows):
            for texts in row.values:
                for text in texts:
                    found = parts_of(vocabulary, text)
                    self.parts += found
                    owner += [number] * len(found)
        self.owner = np.array(owner)

    def highest(self, model: Network) -> Array:
        """The highest logit of any window, row by row; -40 for rows without a value."""
        out = np.full(self.count, -40.0, np.float32)
        np.maximum.at(out, self.owner, web_network.logits(model, self.parts))
        return out


def highest(model: Network, vocabulary: Vocabulary, texts: Sequence[str]) -> Array:
    """The highest logit of any window of any reading, text by text."""
    rows = [Row((tuple(readings(text)),), True, "", "query", "") for text in texts]
    return Scored(vocabulary, rows).highest(model)


def train(
    rows: Sequence[Row], say: Say, *, epochs: int = web_network.EPOCHS, seed: int = 1
) -> tuple[Network, Vocabulary]:
    """A head for `rows`. Of a bag, the value that the head of the epoch before finds most suspicious counts as hostile; in
    the first two epochs bags are left out. Of a long hostile value that goes for its windows too. From the second epoch on,
    SQL that was rewritten until the head of the epoch before found it more harmless is learned as well."""
    known = vocabulary(rows)
    say(f"{len(rows)} rows, {sum(row.attack for row in rows)} of them hostile; {len(known.words)} words and signs")
    by_source: defaultdict[tuple[str, bool], list[int]] = defaultdict(list)
    windows: list[list[list[tokens.Ids]]] = []
    for number, row in enumerate(rows):
        by_source[row.source, row.attack].append(number)
        windows.append([parts_of(known, text) for texts in row.values for text in texts])
    pick: dict[int, tokens.Ids] = {}
    """Of bags and long attacks: the one window that counts as hostile."""
    unsure = [i for i, row in enumerate(rows) if row.attack and (row.bag or max(map(len, windows[i])) > 1)]

    payloads = web_harden.queries(rows)
    hard: list[tokens.Ids] = []

    def draw(epoch: int, rng: random.Random) -> tuple[list[tokens.Ids], Array, Array]:
        parts: list[tokens.Ids] = []
        labels: list[float] = []
        for (_, attack), numbers in by_source.items():
            for i in numbers if len(numbers) <= CAP else rng.sample(numbers, CAP):
                if i in pick:
                    chosen = [pick[i]]
                elif attack and (rows[i].bag or max(map(len, windows[i])) > 1):
                    continue
                else:
                    chosen = [part for found in windows[i] for part in found]
                    chosen = chosen if len(chosen) <= 6 else rng.sample(chosen, 6)
                parts += chosen
                labels += [float(attack)] * len(chosen)
        added = hard if len(hard) <= CAP else rng.sample(hard, CAP)
        parts += added
        labels += [1.0] * len(added)
        found = np.array(labels, np.float32)
        return parts, found, np.where(found > 0, 1.0, BENIGN_WEIGHT).astype(np.float32)

    def choose(epoch: int, model: Network) -> None:
        if epoch < 1:
            return
        for text in web_harden.evading(payloads, lambda texts: highest(model, known, texts), random.Random(epoch)):
            hard.extend(part for reading in readings(text) for part in parts_of(known, reading))
        pick.clear()
        flat = [(i, part) for i in unsure for found in windows[i] for part in found]
        scores = web_network.logits(model, [part for _, part in flat])
        best: dict[int, float] = {}
        for (i, part), score in zip(flat, scores, strict=True):
            if score > best.get(i, -1.5):
                best[i], pick[i] = float(score), part

    model = web_network.fit(known.rows, draw, lengths(known), say, epochs=epochs, seed=seed, choose=choose)
    return model, known
