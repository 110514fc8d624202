"""The system role: prompts as operators write them, full of guard words, and the same with smuggled text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from classifiers.corpus.a_benign import TRIGGERS
from classifiers.corpus.a_common import ENGLISH
from classifiers.corpus.a_direct import TABLES
from classifiers.corpus.a_jailbreak_tables import JAILBREAK
from classifiers.corpus.a_play_tables import PLAY
from classifiers.corpus.a_system_tables import SYSTEM
from classifiers.corpus.a_system_world import WORLD
from classifiers.corpus.a_tricks_tables import AUTHORITY
from classifiers.corpus.grammar import Grammar, Row, merged

_CARRIERS: Final = {
    "<!--": "html",
    "User profile": "profile",
    "[memory]": "profile",
    "Customer note": "profile",
    "Tool description": "tool",
    "Plugin": "tool",
    "## ": "markdown",
    "{": "json",
    "/*": "code",
    "Retrieved": "knowledge",
    "Knowledge": "knowledge",
    "From the wiki": "knowledge",
}
"""How a smuggled line begins → carrier; others are plain."""

_BOTS: Final = re.compile(rf"\b(?:{'|'.join(SYSTEM['bot'])})\b")

PROMPTS: Final = 520
"""English prompts; every second one is also written with smuggled text."""

_HEADS: Final = {
    "do4": ("Rules", "Style", "How to answer", "Behaviour"),
    "guard": ("Security", "Limits", "Never", "Safety", "Boundaries"),
    "tool": ("Tools", "Functions", "You can call"),
    "format": ("Output", "Format"),
    "example": ("Examples", "Sample dialogue"),
    "fact": ("Background", "Facts", "About us", "Context"),
}


def _section(grammar: Grammar, slot: str, count: int, layout: int) -> str:
    """One part of a prompt: prose, a list, a headed list, or a tag around lines."""
    entries = list(dict.fromkeys(grammar.one(slot) for _ in range(count)))
    head = grammar.rng.choice(_HEADS[slot])
    if slot in {"example", "format"} and layout != 0:
        body = "\n\n".join(entries)
    elif layout == 0:
        return (" " if slot not in {"example", "tool"} else "\n").join(entries)
    elif slot == "tool":
        body = "\n".join(entries)
    elif layout == 2:
        body = "\n".join(f"{at}. {entry}" for at, entry in enumerate(entries, 1))
    else:
        body = "\n".join(f"- {entry}" for entry in entries)
    if layout == 3:
        tag = head.lower().replace(" ", "_")
        return f"<{tag}>\n{body}\n</{tag}>"
    return f"{'#' * (layout % 3 + 1)} {head}\n{body}" if layout != 2 else f"{head}:\n{body}"


def prompt(grammar: Grammar, size: int) -> list[str]:
    """The parts of a prompt; `size` 0 is one sentence, 1 a paragraph, 2 a page, 3 two pages."""
    rng, layout = grammar.rng, grammar.rng.randrange(5)
    bot = grammar.deal("bot")
    parts = [grammar.one("id")]
    if size == 1:
        parts += [_section(grammar, slot, rng.randrange(1, 4), 0) for slot in ("do4", "guard") if rng.random() < 0.8]
    if size >= 2:
        order = [slot for slot in _HEADS if slot in {"do4", "guard"} or rng.random() < 0.6]
        rng.shuffle(order)
        parts += [_section(grammar, slot, rng.randrange(2, 4 + 5 * (size - 1)), layout) for slot in order]
    whole = "\x00".join(parts)
    return _BOTS.sub(bot, whole).split("\x00")


def smuggled(grammar: Grammar, parts: list[str], glue: str, pair: str | None, surface: str = "system") -> Row:
    """The prompt with an attacker's line at a random place."""
    attack = grammar.one("smuggle")
    frame = grammar.one("carrier_frame")
    carrier = next((name for begin, name in _CARRIERS.items() if frame.startswith(begin)), "plain")
    before, _, behind = frame.partition("%")
    at = grammar.rng.randrange(1, len(parts) + 1)
    head = glue.join(parts[:at]) + glue + before
    text = head + attack + behind + (glue + glue.join(parts[at:]) if parts[at:] else "")
    label = "jailbreak" if "no limits" in attack or "uncensored" in attack or "You're" in attack else "injection"
    span = (len(head), len(head) + len(attack))
    return Row(text, label, "smuggled", surface=surface, carrier=carrier, pair=pair, span=span)


def rows() -> Iterator[Row]:
    """Rows of surface system; kinds prompt (benign), smuggled, and attacks that fill the whole role."""
    names = merged(ENGLISH, TABLES, TRIGGERS, JAILBREAK, PLAY, AUTHORITY, SYSTEM)
    grammar = Grammar("a-system-1", names)
    for number in range(PROMPTS):
        size = (0, 1, 1, 1, 2, 2, 2, 3)[number % 8]
        parts = prompt(grammar, size)
        glue = " " if size < 2 else "\n\n"
        pair = f"a-system-{number}" if number % 2 else None
        yield Row(glue.join(parts), "benign", "prompt", surface="system", pair=pair)
        if pair:
            yield smuggled(grammar, parts, glue if size > 1 or number % 3 else "\n", pair)
    for label, kind, slot in (("injection", "override", "override"), ("jailbreak", "persona", "one")):
        for _ in range(45):
            yield Row(grammar.one(slot), label, kind, surface="system")
    yield from _world()


def _world() -> Iterator[Row]:
    """The same in the languages of WORLD."""
    for lang, tables in WORLD.items():
        grammar = Grammar(f"a-system-{lang}-1", merged({"bot": SYSTEM["bot"]}, tables, _WORDS))
        space = "" if lang in {"zh", "ja"} else " "
        for number in range(34):
            glue = grammar.rng.choice((space, "\n", "\n- "))
            rules = [grammar.one(grammar.rng.choice(("do", "guard"))) for _ in range(grammar.rng.randrange(0, 8))]
            parts = [grammar.one("id"), *dict.fromkeys(rules)]
            pair = f"a-system-{lang}-{number}" if number % 2 else None
            yield Row(glue.join(parts), "benign", "prompt", lang, "system", pair=pair)
            if pair:
                attack = grammar.one("smuggle")
                at = grammar.rng.randrange(1, len(parts) + 1)
                head = glue.join(parts[:at]) + glue
                text = head + attack + (glue + glue.join(parts[at:]) if parts[at:] else "")
                span = (len(head), len(text) if not parts[at:] else len(head) + len(attack))
                yield Row(text, "injection", "smuggled", lang, "system", pair=pair, span=span)


_WORDS: Final = {"word": ["kiwi", "7741", "sesame", "mondo", "alfa-9", "violet", "otter", "zz-top", "pingo", "quark"]}
