"""The two sides of a minimal pair: the instruction to the model, and the sentence that stands there in its harmless twin."""

from __future__ import annotations

import base64
import codecs
import random
import re
from dataclasses import dataclass

from classifiers.corpus.carriers_bank import Bank
from classifiers.corpus.carriers_draw import sentence

COMPOSED, WRITTEN, QUIET, HIJACK, BARE, FAKE = "composed", "attack", "quiet", "hijack", "bare", "fake"
TALK = frozenset({"chat", "slack", "transcript", "args", "command", "mcp", "apidocs", "exam", "recipe"})
"""Carriers in which a request without an addressee is normal: people talk there, or a task is handed over."""
RECORD = frozenset({"json", "csv", "sheet", "log", "calendar", "output"})
"""Carriers whose free text nobody reads as an order: a bare request there is meant for the agent. In a field or a ticket
it may be the customer's own wish."""
WEIGHTS = {COMPOSED: 30, WRITTEN: 30, QUIET: 16, HIJACK: 20, BARE: 26, FAKE: 9}
TWINS = {
    COMPOSED: (("composed", 6), ("human", 2), ("mention", 3), ("neutral", 1)),
    WRITTEN: (("human", 5), ("mention", 4), ("composed", 2), ("neutral", 1)),
    QUIET: (("human", 5), ("mention", 2), ("neutral", 3)),
    HIJACK: (("smalltalk", 6), ("human", 4), ("neutral", 1)),
    BARE: (("human", 8), ("smalltalk", 2), ("neutral", 2)),
    FAKE: (("structure", 7), ("mention", 3)),
}
"""What the harmless side may hold, by the way the attack is made, with weights."""


@dataclass(frozen=True, slots=True)
class Pair:
    """An attack and its twin, unfilled."""

    attack: str
    kind: str
    benign: str
    benign_kind: str


def _split(entry: str) -> tuple[str, str]:
    kind, bar, text = entry.partition(" | ")
    return (kind, text) if bar and " " not in kind else ("plain", entry)


def _compose(rng: random.Random, bank: Bank, who: str, core: str) -> str:
    opening = rng.choice(bank[who])
    why = f"why_{who}"
    space = "" if bank.lang in ("zh", "ja") and not opening.startswith("@") else " "
    core = sentence(core) if opening.endswith((".", "!", "。")) else core
    text = f"{opening}{space}{core}"
    if rng.random() < 0.22:
        text = f"{text}{space}{sentence(rng.choice(bank['core']))}"
    if why in bank and rng.random() < 0.45:
        text = f"{text}{space}{rng.choice(bank[why])}"
    if rng.random() < 0.15 and bank.lang not in ("zh", "ja", "ko", "ar", "hi"):
        text = f"{opening.upper()}{text.removeprefix(opening)}"
    return text


def _manner(rng: random.Random, bank: Bank, carrier: str) -> str:
    allowed = [
        name
        for name in WEIGHTS
        if (name == COMPOSED or name in bank)
        and not (name == HIJACK and (carrier in TALK or carrier in RECORD - {"csv", "sheet", "output"}))
        and not (name == BARE and carrier not in RECORD)
        and not (name == FAKE and carrier in ("exam", "recipe"))
    ]
    return rng.choices(allowed, [WEIGHTS[name] for name in allowed])[0]


def draw(rng: random.Random, bank: Bank, carrier: str, neutral: str) -> Pair:
    """A pair of sentences for this carrier; `neutral` is a sentence that the carrier could hold anyway."""
    manner = _manner(rng, bank, carrier)
    core = rng.choice(bank["core"])
    if manner == COMPOSED:
        kind, attack = "addressed", _compose(rng, bank, "ai", core)
    else:
        kind, attack = _split(rng.choice(bank[manner]))
        kind = {"turn": "fake-turn", "end": "fake-end", "output": "fake-output", "policy": "fake-policy"}.get(
            kind, kind
        )
        kind = f"bare-{kind}" if manner == BARE else kind
    options = [(name, weight) for name, weight in TWINS[manner] if name in ("composed", "neutral") or name in bank]
    if carrier in ("code", "output", "log") and "note" in bank:
        options = [*options, ("note", 8)]
    name = rng.choices([o[0] for o in options], [o[1] for o in options])[0]
    if name == "neutral":
        return Pair(attack, kind, neutral, "neutral")
    if name == "composed":
        other = core if rng.random() < 0.6 else rng.choice(bank["core"])
        return Pair(attack, kind, _compose(rng, bank, "people", other), "human-addressed")
    unfit = (
        ("school | ", "field | ") if manner == BARE else ("school | ",)
    )  # a customer's wish reads like a bare request
    entries = [entry for entry in bank[name] if not entry.startswith(unfit)]
    group, benign = _split(rng.choice(_alike(rng, attack, entries)))
    return Pair(attack, kind, benign, f"{name}-{group}")


FRAMES = (
    *("!!! {} !!!", "*** {} ***", "<important>{}</important>", "[[ {} ]]", "=====\n{}\n=====", "**{}**", "<!-- {} -->"),
    *(
        "<note>\n{}\n</note>",
        "/* {} */",
        "« {} »",
        "“{}”",
        ">> {} <<",
        "({})",
        "<<<{}>>>",
        "\n\n\n{}\n\n\n",
        "NB: {}",
        "# {}",
    ),
)
"""What may surround the sentence on both sides of a pair: loudness and marks alone say nothing about who is addressed."""


def framed(rng: random.Random, first: str, second: str) -> tuple[str, str]:
    """Both sides of a pair in the same frame, in capitals, or without capitals and full stops."""
    shape = rng.random()
    if shape < 0.7:
        frame = rng.choice(FRAMES)
        return frame.format(first), frame.format(second)
    if shape < 0.82:
        return _loud(first), _loud(second)
    return _careless(first), _careless(second)


def _loud(text: str) -> str:
    """Words in capitals; slots and addresses, which are lower case in braces, stay as they are."""
    return "".join(part if part.startswith("{") else part.upper() for part in re.split(r"(\{[a-z_]+[2-9]?\})", text))


def _careless(text: str) -> str:
    return "".join(
        part if part.startswith("{") else part.lower() for part in re.split(r"(\{[a-z_]+[2-9]?\})", text)
    ).rstrip(".!")


VALUES = ("{url2}", "{email2}", "{iban2}", "{amount2}", "{phone2}", "{path2}")


def _alike(rng: random.Random, attack: str, entries: list[str]) -> list[str]:
    """The entries that hold an address or account when the attack does, and not when it does not, so that a link says nothing."""
    wanted = [value for value in VALUES if value in attack]
    if wanted and rng.random() < 0.75:
        alike = [entry for entry in entries if any(value in entry for value in wanted)]
    else:
        alike = [entry for entry in entries if "{url2}" not in entry] if not wanted else []
    return alike or entries


VEILS = ("base64", "hex", "rot13", "reversed", "zero-width", "tags", "spaced", "fullwidth")


def veil(kind: str, text: str) -> str:
    """The text in a disguise that a decoder undoes: an encoding, or invisible characters within it."""
    if kind == "base64":
        return base64.b64encode(text.encode()).decode()
    if kind == "hex":
        return text.encode().hex()
    if kind == "rot13":
        return codecs.encode(text, "rot13")
    if kind == "reversed":
        return text[::-1]
    if kind == "zero-width":
        return "\u200b".join(text)
    if kind == "tags":
        return "\u2060" + "".join(chr(0xE0000 + ord(c)) if 31 < ord(c) < 127 else c for c in text)
    if kind == "spaced":
        return " ".join(text)
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
