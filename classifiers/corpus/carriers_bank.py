"""Banks of hand-written sentences, and the facts (names, dates, amounts) that fill their slots.

A bank is a text file per language: `[section]` lines, then one entry a line. `\\n` in an entry is a line break, ` | ` parts
an entry into its parts (title, paragraphs, turns). Slots are `{name}` or `{name2}`: the same slot is the same value within
one document.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from classifiers.corpus.carriers_facts import FIRST, LAST, POOLS, draw

BANKS = Path(__file__).parent / "banks"
SLOT = re.compile(r"\{([a-z_]+)([2-9]?)\}")
LANGS = tuple("de fr es pt it nl pl ru tr ar hi hi-Latn zh ja ko vi id".split())
"""The languages beside English, each with a bank of its own."""


@dataclass(frozen=True, slots=True)
class Bank:
    """The sentences of one language, by section."""

    lang: str
    sections: dict[str, tuple[str, ...]]

    def __contains__(self, section: str) -> bool:
        return section in self.sections

    def __getitem__(self, section: str) -> tuple[str, ...]:
        return self.sections[section]


@cache
def load(lang: str) -> Bank:
    """Every bank file whose name begins with the language: `en.txt`, `en_attacks.txt`. KeyError: no such language."""
    sections: dict[str, list[str]] = {}
    for path in sorted(BANKS.glob("*.txt")):
        if path.stem.split("_")[0] != lang or "_documents" in path.stem:
            continue
        entries: list[str] = []
        for line in path.read_text(encoding="utf-8").splitlines():
            if re.fullmatch(r"\[[a-z_]+\]", line):
                entries = sections.setdefault(line[1:-1], [])
            elif line.strip():
                entries.append(line.strip().replace("\\n", "\n"))
    if not sections:
        raise KeyError(f"no bank for the language {lang!r} in classifiers/corpus/banks")
    return Bank(lang, {name: tuple(entries) for name, entries in sections.items()})


class Facts:
    """The names, dates and amounts of one document: a slot is drawn once, from a generator seeded by document and slot."""

    def __init__(self, seed: str, lang: str) -> None:
        self.seed = seed
        self.lang = lang
        self.known: dict[str, str] = {}

    def get(self, name: str, number: str = "") -> str:
        """The value of `{name}` or `{name2}`. KeyError: no such slot."""
        key = name + number
        if key not in self.known:
            rng = random.Random(f"{self.seed}:{key}")
            first, last = (rng.choice(names[self.lang].split()) for names in (FIRST, LAST))
            self.known[key] = draw(rng, name, first, last, self.lang)
        return self.known[key]

    def fill(self, text: str) -> str:
        """The text with its slots filled; braces that are no slot (code, JSON) stay."""
        return SLOT.sub(lambda m: self.get(m[1], m[2]) if m[1] in POOLS else m[0], text)


def parts(entry: str) -> list[str]:
    """The parts of an entry: title, paragraphs or turns."""
    return [part.strip() for part in entry.split(" | ")]


def pick(rng: random.Random, entries: Sequence[str], count: int = 1) -> list[str]:
    """Distinct entries, in random order; fewer when there are not so many."""
    return rng.sample(list(entries), min(count, len(entries)))
