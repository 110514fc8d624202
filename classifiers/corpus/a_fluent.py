"""Fluent story jailbreaks in paragraphs, and story briefs that open alike and ask for nothing but a story."""

from __future__ import annotations

from collections.abc import Iterator

from classifiers.corpus.a_common import ENGLISH
from classifiers.corpus.a_fluent_tables import FLUENT
from classifiers.corpus.grammar import Grammar, Row, merged


def _brief(grammar: Grammar, demand: str, press: str) -> str:
    """An opening, what surrounds the scene, what is wanted and a last push, in a loose order."""
    rng = grammar.rng
    middle = [grammar.one("middle") for _ in range(rng.randrange(0, 5))]
    pushes = [grammar.one(press) for _ in range(rng.randrange(0, 4))]
    parts = [grammar.one("opening"), *middle, grammar.one(demand), *pushes]
    if rng.random() < 0.2:
        parts = [grammar.one(demand), *parts[:-1]]
    if rng.random() < 0.15:
        parts.append(grammar.one(demand))
    gaps = [rng.choice((" ", " ", " ", "\n\n")) for _ in parts]
    return "".join(part + gap for part, gap in zip(parts, gaps, strict=True)).strip()


def rows() -> Iterator[Row]:
    """Rows of surface user and kind fluent, half of them jailbreaks."""
    grammar = Grammar("a-fluent-1", merged(ENGLISH, FLUENT))
    for _ in range(220):
        yield Row(_brief(grammar, "demand", "press"), "jailbreak", "fluent")
        yield Row(_brief(grammar, "bdemand", "bpress"), "benign", "fluent")
