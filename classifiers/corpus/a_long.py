"""Long messages and messages with code, each harmless or with an attack before, within or after what was pasted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random
from typing import Final

from classifiers.corpus.a_benign import TRIGGERS
from classifiers.corpus.a_code_tables import ASK, CODE, SLOTS
from classifiers.corpus.a_common import ENGLISH
from classifiers.corpus.a_direct import TABLES
from classifiers.corpus.a_jailbreak_tables import JAILBREAK
from classifiers.corpus.a_long_tables import LONG
from classifiers.corpus.grammar import Grammar, Row, merged

_SLOT: Final = re.compile("«([a-z]+)»")
_KINDS: Final = ("minutes", "article", "contract", "tale", "manual", "chat")
_ATTACKS: Final = (
    ("injection", "override", "override"),
    ("injection", "extraction", "extract"),
    ("jailbreak", "fiction", "story"),
    ("jailbreak", "persona", "one"),
)
_CODE_ROUNDS: Final = 7
_DOCUMENTS: Final = 190


def piece(language: str, rng: Random) -> str:
    """A piece of code of a language of CODE with its slots filled in."""
    return _SLOT.sub(lambda mark: rng.choice(SLOTS[mark[1]]), rng.choice(CODE[language]))


def document(grammar: Grammar, kind: str, sentences: int) -> str:
    """A text of one kind with about so many sentences, in paragraphs."""
    rng = grammar.rng
    made = [grammar.one(kind) for _ in range(sentences)]
    if kind == "chat":
        return "\n".join(made)
    if kind == "contract":
        return "\n".join(f"{at}. {text}" for at, text in enumerate(made, 1))
    text, at = "", 0
    while at < len(made):
        size = rng.randrange(2, 8)
        text += (" ".join(made[at : at + size])) + "\n\n"
        at += size
    return text.rstrip()


def rows() -> Iterator[Row]:
    """Rows of surface user, kinds code and document when harmless; attacks carry the span of the attack."""
    grammar = Grammar("a-long-1", merged(ENGLISH, TRIGGERS, JAILBREAK, TABLES, LONG))
    rng = grammar.rng
    number = 0
    for _ in range(_CODE_ROUNDS):
        for language in CODE:
            number += 1
            code = piece(language, rng)
            if rng.random() < 0.25:
                code += "\n\n" + piece(language, rng)
            if rng.random() < 0.5:
                code = f"```{language}\n{code}\n```"
            yield from _twins(grammar, rng.choice(ASK), code, f"a-code-{number}", "code", number)
    for number in range(_DOCUMENTS):
        kind = _KINDS[number % len(_KINDS)]
        size = (
            rng.randrange(4, 16) if number < 70 else rng.randrange(16, 60) if number < 165 else rng.randrange(90, 230)
        )
        lead = grammar.one("lead")
        yield from _twins(grammar, lead, document(grammar, kind, size), f"a-doc-{number}", "document", number)


def _twins(grammar: Grammar, lead: str, body: str, pair: str, kind: str, number: int) -> Iterator[Row]:
    """The harmless message, and for two of three numbers the same one with an attack (else an unpaired attack)."""
    rng = grammar.rng
    parts = [lead, body] if rng.random() < 0.6 else [body, lead]
    carrier = "code" if kind == "code" else "plain"
    paired = pair if number % 3 else None
    yield Row("\n\n".join(parts), "benign", kind, carrier=carrier, pair=paired)
    label, what, slot = _ATTACKS[number % len(_ATTACKS)]
    attack = grammar.one(slot)
    at = rng.randrange(3)
    if at == 1 and kind == "document":
        inner = body.split("\n")
        middle = rng.randrange(1, max(2, len(inner)))
        before = "\n".join([lead, "", *inner[:middle]]) + "\n"
        text, start = before + attack + "\n" + "\n".join(inner[middle:]), len(before)
    else:
        parts = [lead, body] if number % 3 else [body]
        parts.insert(0 if at == 0 else len(parts), attack)
        text = "\n\n".join(parts)
        start = 0 if at == 0 else len(text) - len(attack)
    yield Row(text, label, what, carrier=carrier, pair=paired, span=(start, start + len(attack)))
