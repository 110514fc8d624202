"""Prompts as users write and paste them, some of them attacked, and outputs that are forced on a model or asked of it."""

from __future__ import annotations

from collections.abc import Iterator

from classifiers.corpus import a_system
from classifiers.corpus.a_benign import TRIGGERS
from classifiers.corpus.a_common import ENGLISH
from classifiers.corpus.a_direct import TABLES
from classifiers.corpus.a_jailbreak_tables import JAILBREAK
from classifiers.corpus.a_play_tables import PLAY
from classifiers.corpus.a_prompts_tables import PROMPTS
from classifiers.corpus.a_system_tables import SYSTEM
from classifiers.corpus.a_tricks_tables import AUTHORITY
from classifiers.corpus.grammar import Grammar, Row, braced, merged, rough


def rows() -> Iterator[Row]:
    """Rows of surface user; kinds actas, prompt, smuggled and output."""
    names = merged(ENGLISH, TABLES, TRIGGERS, JAILBREAK, PLAY, AUTHORITY, SYSTEM, PROMPTS)
    grammar = Grammar("a-prompts-1", names)
    for _ in range(230):
        yield Row(rough(braced(grammar, grammar.deal("actas")), grammar.rng, 0.15), "benign", "actas")
    for label, slot, count in (("injection", "force", 260), ("benign", "bforce", 190)):
        for _ in range(count):
            yield Row(rough(braced(grammar, grammar.deal(slot)), grammar.rng, 0.15), label, "output")
    for number in range(100):
        parts = a_system.prompt(grammar, 1 + number % 3)
        glue = "\n\n" if number % 3 else " "
        if number % 2:
            parts = [grammar.one("actas"), *parts[1:]] if number % 5 == 0 else parts
        pair = f"a-prompts-{number}" if number % 4 == 0 else None
        yield Row(glue.join(parts), "benign", "prompt", pair=pair)
        if number % 4 < 2:
            yield a_system.smuggled(grammar, parts, glue, pair, surface="user")
    for number in range(110):
        part = grammar.rng.choice(("frule", "trait"))
        lead = braced(grammar, grammar.deal("actas"))
        text = f"{lead}\n{grammar.one(part)} {grammar.one('ask')}"
        start = len(lead) + 1
        if number % 2:
            text = f"{grammar.one('intro')} {grammar.one('only')} {grammar.one('dont')} {grammar.one('ask')}"
            start = 0
        yield Row(text, "jailbreak", "actas", span=(start, len(text)) if start else None)
