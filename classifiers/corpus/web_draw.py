"""Draws that the grammars of payloads and of harmless values share: words, names, bytes, sentences of the text corpus's banks."""

from __future__ import annotations

import base64
import random
import re
from functools import cache
from pathlib import Path
from typing import Final

from classifiers.corpus.web_benign_tables import NAMES, WORDS

Draw = random.Random
BANKS: Final = Path(__file__).parent / "banks"
_MARK: Final = re.compile(r"(?<![A-Za-z])(?:[WQS](?![A-Za-z])|N(?![A-Za-z])|N(?=px|ms|deg))")
_LETTERS: Final = re.compile(r"[^\W\d_]{2,14}")
_SLOT: Final = re.compile(r"\{[a-z0-9_]+\}")


def word(rng: Draw, low: int = 2, high: int = 8) -> str:
    """Letters that are no word or, as often, one of the sentences: a head that saw words in harmless values alone would take a
    real word beside a payload for a sign that it is none."""
    if rng.random() < 0.5:
        found = any_word(rng).lower()
        if low <= len(found) <= high and found.isascii():
            return found
    return "".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(rng.randint(low, high)))


@cache
def sentences() -> tuple[str, ...]:
    """Sentences of the text corpus's banks, in every language that it has."""
    rng = random.Random("sentences")
    found = []
    for path in sorted(BANKS.glob("*.txt")):
        if "attacks" not in path.name and path.name != "snippets.txt":
            for line in path.read_text(encoding="utf-8").splitlines():
                if not line.startswith(("=", "#", "[")):
                    found += [_SLOT.sub(lambda _: rng.choice(WORDS), part.strip()) for part in line.split(" | ")]
    return tuple(line for line in found if len(line) > 20)


@cache
def spoken() -> tuple[str, ...]:
    """Words of the sentences, the frequent ones often."""
    return tuple(word for line in sentences() for word in _LETTERS.findall(line))


def any_word(rng: Draw) -> str:
    """A word of any language that the sentences are in."""
    found = rng.choice(spoken())
    return found if rng.random() < 0.35 else found.lower()


def hexadecimal(rng: Draw, size: int) -> str:
    return "".join(rng.choice("0123456789abcdef") for _ in range(size))


def base64_of(rng: Draw, size: int) -> str:
    return base64.b64encode(rng.randbytes(size)).decode()


def one_word(rng: Draw) -> str:
    """One of a short list, in which words of query languages are many, or one of the sentences in ASCII."""
    found = any_word(rng).lower() if rng.random() < 0.5 else ""
    return found if found.isascii() and found else rng.choice(WORDS)


def words(rng: Draw, low: int, high: int) -> str:
    return " ".join(one_word(rng) for _ in range(rng.randint(low, high)))


def full_name(rng: Draw) -> str:
    return f"{rng.choice(NAMES)} {rng.choice(NAMES)}"


def fill(text: str, rng: Draw) -> str:
    """The marks of the tables replaced, each by a draw of its own or, half of the time, the same mark by the same thing."""
    same = {"N": str(rng.randint(1, 999)), "W": one_word(rng), "Q": full_name(rng), "S": rng.choice(sentences())}
    keep = rng.random() < 0.5

    def drawn(match: re.Match[str]) -> str:
        mark = match[0]
        if keep:
            return same[mark]
        return {"N": str(rng.randint(0, 9999)), "W": one_word(rng), "Q": full_name(rng), "S": rng.choice(sentences())}[
            mark
        ]

    return _MARK.sub(drawn, text)
