"""Texts that are certainly strange, made from ordinary ones, as `odd` does for rows: their words without their order, their
letters without their words, other alphabets, encodings, and monotony."""

from __future__ import annotations

import codecs
from base64 import b64encode
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

Draw = np.random.Generator

LONGEST: Final = 2_000
COINED: Final = 4
"""Characters of a word that may be replaced by one that nobody has seen."""
_CYRILLIC: Final = str.maketrans("abcdefghijklmnopqrstuvwxyz", "абцдефгхийклмнопярстувшыжз")


def _salad(text: str, others: Sequence[str], draw: Draw) -> str:
    """As many words, from anywhere in the reference."""
    size = max(1, len(text.split()))
    words: list[str] = []
    while len(words) < size:
        of = others[int(draw.integers(len(others)))][:LONGEST].split() or ["-"]
        words += [of[int(i)] for i in draw.integers(0, len(of), 2)]
    return " ".join(words[:size])


def _shuffled(text: str, others: Sequence[str], draw: Draw) -> str:
    words = text.split()
    return " ".join(words[int(i)] for i in draw.permutation(len(words)))


def _coined(text: str, others: Sequence[str], draw: Draw) -> str:
    """Some of the longer words are new, each with the beginning of the old one and the end of another: the language is the
    reference's, and what is spoken of is not."""
    ends = others[int(draw.integers(len(others)))][:LONGEST].split() or ["-"]
    share = draw.uniform(0.2, 0.6)

    def word(old: str) -> str:
        if len(old) < COINED or draw.random() > share:
            return old
        end = ends[int(draw.integers(len(ends)))]
        return old[: len(old) // 2] + end[len(end) // 2 :] + old[len(old) // 2 + 1 :]

    return " ".join(map(word, text.split()))


def _backwards(text: str, others: Sequence[str], draw: Draw) -> str:
    return text[::-1]


def _stirred(text: str, others: Sequence[str], draw: Draw) -> str:
    """Letters in another order within their words."""
    return " ".join("".join(word[int(i)] for i in draw.permutation(len(word))) for word in text.split())


def _rotated(text: str, others: Sequence[str], draw: Draw) -> str:
    return codecs.encode(text, "rot13")


def _transcribed(text: str, others: Sequence[str], draw: Draw) -> str:
    return text.lower().translate(_CYRILLIC)


def _encoded(text: str, others: Sequence[str], draw: Draw) -> str:
    return b64encode(text.encode("utf-8", "surrogatepass")).decode()


def _monotonous(text: str, others: Sequence[str], draw: Draw) -> str:
    word = (text.split() or ["a"])[0][:12]
    return " ".join([word] * max(8, len(text) // (len(word) + 1)))


def _typed(text: str, others: Sequence[str], draw: Draw) -> str:
    """Any printable character, as often as the text is long."""
    return "".join(map(chr, draw.integers(33, 127, max(12, len(text)))))


KINDS: Final[dict[str, Callable[[str, Sequence[str], Draw], str]]] = {
    "salad": _salad,
    "shuffled": _shuffled,
    "coined": _coined,
    "backwards": _backwards,
    "stirred": _stirred,
    "rotated": _rotated,
    "transcribed": _transcribed,
    "encoded": _encoded,
    "monotonous": _monotonous,
    "typed": _typed,
}
"""(a text, the reference, randomness) → a strange text."""


def strange(texts: Sequence[str], count: int, draw: Draw) -> list[list[str]]:
    """For each kind, `count` texts at most, of at most LONGEST characters before they are changed."""
    chosen = [texts[int(i)][:LONGEST] for i in draw.permutation(len(texts))[:count]]
    return [[make(text, texts, draw) for text in chosen] for make in KINDS.values()]
