"""Direct injections in English: overrides, extraction, hijacks, secrets. Benign twins stand in a_benign.py."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from classifiers.corpus.a_common import ENGLISH
from classifiers.corpus.a_direct_tables import OVERRIDE
from classifiers.corpus.a_extract_tables import EXTRACT, GAMES
from classifiers.corpus.grammar import Grammar, Row, capital, merged, rough

TABLES: Final = merged(OVERRIDE, EXTRACT)


def rows() -> Iterator[Row]:
    """Attack rows of surface user: kinds override, extraction, game."""
    grammar = Grammar("a-direct-1", merged(ENGLISH, TABLES, GAMES))
    for kind, slot, count in (("override", "override", 620), ("extraction", "extract", 420), ("game", "game", 240)):
        for _ in range(count):
            text = capital(grammar.one(slot)) if grammar.chance(0.85) else grammar.one(slot)
            yield Row(rough(text, grammar.rng), "injection", kind)
