"""Harmless English rows in the register of the attacks: the same verbs and nouns, put to ordinary use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from classifiers.corpus.a_ask_tables import ASKING
from classifiers.corpus.a_common import ENGLISH
from classifiers.corpus.a_cyber_tables import CYBER
from classifiers.corpus.a_direct import TABLES
from classifiers.corpus.a_extract_tables import GAMES
from classifiers.corpus.a_talk_tables import HARM, SAFE, TALK
from classifiers.corpus.a_trigger_tables import TRIGGER
from classifiers.corpus.grammar import Grammar, Row, capital, merged, rough

TRIGGERS: Final = merged(TRIGGER, ASKING)


def rows() -> Iterator[Row]:
    """Benign rows of surface user (kinds trigger, ask, game, security, task) and harmful_request rows."""
    slots = merged(ENGLISH, TABLES, GAMES, TRIGGERS, TALK, HARM, SAFE, CYBER)
    grammar = Grammar("a-benign-1", slots)
    plan = (
        ("benign", "trigger", "btrigger", 520),
        ("benign", "ask", "bshow", 380),
        ("benign", "game", "bgame", 200),
        ("benign", "security", "talk", 330),
        ("benign", "task", "task", 170),
        ("benign", "safety", "safe", 170),
        ("benign", "cyber", "cyber", 190),
        ("harmful_request", "plain", "harm", 300),
    )
    for label, kind, slot, count in plan:
        for _ in range(count):
            text = grammar.one(slot)
            if label == "benign" and grammar.chance(0.22):
                text = grammar.rng.choice((f"{text} {capital(grammar.one('bq'))}", f"{grammar.one('opener')} {text}"))
            text = capital(text) if grammar.chance(0.85) else text
            yield Row(rough(text, grammar.rng), label, kind)
