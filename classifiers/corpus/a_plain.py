"""Everyday questions, attacks told in paragraphs with harmless twins, and minimal pairs in English messages."""

from __future__ import annotations

from collections.abc import Iterator

from classifiers.corpus.a_benign import TRIGGERS
from classifiers.corpus.a_common import ENGLISH
from classifiers.corpus.a_direct import TABLES
from classifiers.corpus.a_plain_tables import PLAIN
from classifiers.corpus.a_play_tables import PLAY
from classifiers.corpus.grammar import Grammar, Row, capital, merged, rough


def rows() -> Iterator[Row]:
    """Rows of surface user; kinds everyday, paragraph, override, extraction and trigger."""
    grammar = Grammar("a-plain-1", merged(ENGLISH, TABLES, TRIGGERS, PLAY, PLAIN))
    for _ in range(340):
        text = grammar.one("plain")
        if grammar.chance(0.2):
            text = f"{grammar.one('opener')} {text}"
        yield Row(rough(text, grammar.rng), "benign", "everyday")
    for label, slot in (("injection", "para"), ("benign", "bpara")):
        for _ in range(170):
            yield Row(rough(grammar.one(slot), grammar.rng, 0.1), label, "paragraph")
    yield from _pairs(grammar)


def _pairs(grammar: Grammar) -> Iterator[Row]:
    """One message twice: with a hostile sentence and with a harmless one in its place."""
    rng = grammar.rng
    for number in range(150):
        gap = rng.choice((" ", " ", "\n", "\n\n"))
        kind, hostile, harmless = (("override", "override", "btrigger"), ("extraction", "extract", "bshow"))[number % 2]
        before = grammar.one(rng.choice(("task", "plain", "opener")))
        after = grammar.one(rng.choice(("task", "plain", "closer")))
        attack, plain = capital(grammar.one(hostile)), capital(grammar.one(harmless))
        tail = f"{gap}{after}" if number % 3 else ""
        pair, start = f"a-plain-{number}", len(before) + len(gap)
        yield Row(f"{before}{gap}{plain}{tail}", "benign", "trigger", pair=pair)
        span = (start, start + len(attack))
        yield Row(f"{before}{gap}{attack}{tail}", "injection", kind, pair=pair, span=span)
