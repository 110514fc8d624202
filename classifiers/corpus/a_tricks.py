"""Hijacked tasks, invented authority, forged turns, split, poisoned and encoded orders, each beside harmless twins."""

from __future__ import annotations

import base64
import codecs
from collections.abc import Callable, Iterator
from typing import Final

from classifiers.corpus.a_benign import TRIGGERS
from classifiers.corpus.a_common import ENGLISH
from classifiers.corpus.a_direct import TABLES
from classifiers.corpus.a_roles_tables import DECODE, ROLES, SPLIT
from classifiers.corpus.a_tricks_tables import AUTHORITY, HIJACK
from classifiers.corpus.grammar import Grammar, Row, braced, merged, rough


def _leet(text: str) -> str:
    return text.translate(str.maketrans("aeiostAEIOST", "431057431057"))


ENCODINGS: Final[dict[str, Callable[[str], str]]] = {
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "rot13": lambda text: codecs.encode(text, "rot13"),
    "reversed": lambda text: text[::-1],
    "binary": lambda text: " ".join(f"{byte:08b}" for byte in text[:40].encode()),
    "leetspeak": _leet,
    "spaced": " ".join,
    "URL encoding": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "ASCII codes": lambda text: ", ".join(str(byte) for byte in text.encode()),
    "dotted": ".".join,
}
"""Name as the message calls it → encoder."""

KINDS: Final = (
    ("hijack", "hijack", "bhijack", 150, 130),
    ("authority", "authority", "bauthority", 150, 130),
    ("roles", "roles", "broles", 150, 130),
    ("obfuscated", "split", "bsplit", 120, 110),
)
"""Kind, slot of the attack, slot of its harmless twin, rows that are tried of each."""


def rows() -> Iterator[Row]:
    """Rows of surface user; kinds hijack, authority, roles, obfuscated and encoded."""
    tables = merged(ENGLISH, TABLES, TRIGGERS, HIJACK, AUTHORITY, ROLES, SPLIT, DECODE)
    grammar = Grammar("a-tricks-1", tables)
    for kind, hostile, harmless, attacks, others in KINDS:
        for label, slot, count in (("injection", hostile, attacks), ("benign", harmless, others)):
            share = 0.15 if kind in {"hijack", "authority"} else 0.0
            for _ in range(count):
                yield Row(rough(_one(grammar, slot), grammar.rng, share), label, kind)
    for label, slot in (("injection", "decode"), ("benign", "bdecode")):
        for number in range(80):
            name, encode = list(ENCODINGS.items())[number % len(ENCODINGS)]
            clear = (
                grammar.one("dropping") + ", " + grammar.one("do") if label == "injection" else grammar.one("bbegin")
            )
            frame = grammar.deal(slot).replace("{code2}", name)
            text = grammar.say(frame.replace("{blob}", "\x00")).replace("\x00", encode(clear))
            yield Row(text, label, "encoded")


def _one(grammar: Grammar, slot: str) -> str:
    """An entry of a slot; the halves of a split order are those of one order."""
    frame = grammar.deal(slot)
    for first, second, halves in (("{h1}", "{h2}", "halves"), ("{bh1}", "{bh2}", "bhalves")):
        if first in frame:
            one, two = grammar.deal(halves).split(" / ")
            frame = frame.replace(first, one).replace(second, two)
    return braced(grammar, frame)
