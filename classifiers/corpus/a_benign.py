"""Harmless English rows in the register of the attacks: the same verbs and nouns, put to ordinary use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from classifiers.corpus.a_ask_tables import ASKING
from classifiers.corpus.a_common import ENGLISH
from classifiers.corpus.a_direct import TABLES
from classifiers.corpus.a_extract_tables import GAMES
from classifiers.corpus.a_talk_tables import HARM, TALK
from classifiers.corpus.a_trigger_tables import TRIGGER
from classifiers.corpus.grammar import Grammar, Row, capital, rough

TRIGGERS: Final = TRIGGER | ASKING


def rows() -> Iterator[Row]:
    """Benign rows of surface user (kinds trigger, ask, game, security, task) and harmful_request rows."""
    slots = ENGLISH | TABLES | GAMES | TRIGGERS | TALK | HARM
    grammar = Grammar("a-benign-1", slots)
    plan = (
        ("benign", "trigger", "btrigger", 520),
        ("benign", "ask", "bshow", 380),
        ("benign", "game", "bgame", 200),
        ("benign", "security", "talk", 330),
        ("benign", "task", "task", 200),
        ("harmful_request", "plain", "harm", 170),
    )
    for label, kind, slot, count in plan:
        for _ in range(count):
            text = capital(grammar.one(slot)) if grammar.chance(0.85) else grammar.one(slot)
            yield Row(rough(text, grammar.rng), label, kind)
