"""What a carrier is made with: one generator, one bank, one set of facts, and the place where the sentence goes."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from classifiers.corpus.carriers_bank import Bank, Facts, parts, pick

OPEN, CLOSE = "\ue000", "\ue001"
"""Private-use characters round the inserted text, so that its span is known however the carrier escapes it."""
NEAREST = {"news": "web", "wiki": "web", "legal": "mail", "event": "ticket", "issue": "ticket"}
"""Sections that only some languages have, and the one that stands in."""


@dataclass(frozen=True, slots=True)
class Draw:
    """The choices of one document. The same seed gives the same document, whatever is inserted."""

    rng: random.Random
    bank: Bank
    facts: Facts
    bulk: int
    """Further topics that lengthen the document."""

    def choice(self, options: Sequence[str]) -> str:
        """One of the options, with its slots filled."""
        return self.facts.fill(self.rng.choice(options))

    def flip(self, probability: float) -> bool:
        """True with this probability."""
        return self.rng.random() < probability

    def one(self, section: str) -> str:
        """One entry of a section, filled."""
        return self.choice(self.bank[section])

    def many(self, section: str, low: int, high: int) -> list[str]:
        """Several entries; a bulky document draws again with fresh facts."""
        out = [self.facts.fill(entry) for entry in pick(self.rng, self.bank[section], self.rng.randint(low, high))]
        for _ in range(self.bulk * 2):
            facts = Facts(f"{self.facts.seed}{self.rng.random()}", self.facts.lang)
            out.append(facts.fill(self.rng.choice(self.bank[section])))
        return out

    def topic(self, section: str) -> list[str]:
        """Title and paragraphs of one entry, filled."""
        return parts(self.one(section if section in self.bank else NEAREST[section]))

    def story(self, section: str) -> tuple[str, list[str]]:
        """A title and its paragraphs, with those of further topics when the document is to be long."""
        title, *paragraphs = self.topic(section)
        for _ in range(self.bulk):
            facts = Facts(f"{self.facts.seed}{self.rng.random()}", self.facts.lang)
            name = section if section in self.bank else NEAREST[section]
            paragraphs += parts(facts.fill(self.rng.choice(self.bank[name])))[1:]
        return title, paragraphs

    def label(self, name: str) -> str:
        """The word for `Subject`, `From`, ... in the bank's language."""
        english = (
            "subject",
            "from",
            "to",
            "date",
            "name",
            "total",
            "notes",
            "status",
            "comment",
            "price",
            "re",
            "page",
        )
        return parts(self.bank["label"][0])[english.index(name)]

    def fact(self, name: str) -> str:
        """The document's value of a slot, written without braces: `date`, `email2`."""
        return self.facts.fill("{" + name + "}")

    def fresh(self, text: str) -> str:
        """The text filled with facts that the rest of the document does not share."""
        return Facts(f"{self.facts.seed}{self.rng.random()}", self.facts.lang).fill(text)

    def place(self, items: Sequence[str], insert: str) -> list[str]:
        """The items with the inserted one before, between or after them."""
        spot = self.rng.choice((0, len(items), self.rng.randint(0, len(items))))
        return [*items[:spot], insert, *items[spot:]]

    def weave(self, items: Sequence[str], insert: str) -> list[str]:
        """As `place`, or at the end of one of the items, in the same paragraph."""
        if not items or self.flip(0.55):
            return self.place(items, insert)
        spot = self.rng.randrange(len(items))
        joined = f"{insert} {items[spot]}" if self.flip(0.25) else f"{items[spot]} {insert}"
        return [*items[:spot], joined, *items[spot + 1 :]]


Make = Callable[[Draw, str], str]
"""A carrier: its choices and the marked text to insert, to the document with the marks still in it."""


def sentence(text: str) -> str:
    """The text with a capital at its start."""
    return text[:1].upper() + text[1:]


def capped(paragraphs: Sequence[str]) -> list[str]:
    """Paragraphs that begin with a capital."""
    return [sentence(paragraph) for paragraph in paragraphs]
