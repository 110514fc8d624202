"""The grammar's minimal pairs: how many of which language and carrier, and how a row is made of them."""

from __future__ import annotations

import random
from collections.abc import Iterator

from classifiers.corpus.carriers_args import ARGS
from classifiers.corpus.carriers_bank import LANGS, Bank, Facts, load
from classifiers.corpus.carriers_code import CODE
from classifiers.corpus.carriers_draw import CLOSE, OPEN, Draw, Make
from classifiers.corpus.carriers_insert import VEILS, draw, framed, veil
from classifiers.corpus.carriers_mail import MAIL
from classifiers.corpus.carriers_outputs import OUTPUTS
from classifiers.corpus.carriers_papers import PAPERS
from classifiers.corpus.carriers_records import RECORDS
from classifiers.corpus.carriers_web import WEB

CARRIERS: dict[str, Make] = {**MAIL, **WEB, **CODE, **RECORDS, **OUTPUTS, **PAPERS, **ARGS}
WEIGHTS = dict.fromkeys(CARRIERS, 4) | {
    "email": 10,
    "json": 13,
    "html": 7,
    "csv": 6,
    "code": 8,
    "field": 8,
    "args": 8,
    "markdown": 5,
    "output": 16,
}
ANY_LANGUAGE = (
    "email thread ticket chat slack calendar transcript html webtext news xml markdown wiki csv sheet json pdf resume args field"
).split()
"""Carriers that need no bank sections beyond those that every language has."""
SURFACES = {
    "args": ("tool_args",),
    "command": ("tool_args",),
    "field": ("field",),
    "json": ("tool_result",),
    "output": ("tool_result",),
    "slack": ("tool_result",),
    "mcp": ("tool_result", "document"),
    "log": ("tool_result", "tool_result", "document"),
    "resume": ("document", "document", "field"),
    "legal": ("document",),
    "medical": ("document",),
    "invoice": ("document",),
    "pdf": ("document", "document", "tool_result"),
}
"""Where a carrier arrives; all others are equally often a document and the answer of a tool."""
ENGLISH, OTHER = 2000, 120
LONG = 0.045
MIXED = 0.06
FRAMED = 0.16
CROWDED = 0.3
"""Share of pairs in which orders to people stand round the inserted sentence, on both sides of the pair."""
VEILED = 0.05


def _language(rng: random.Random, lang: str) -> Bank:
    """The bank of the inserted sentence: mostly the carrier's, now and then another one."""
    if rng.random() >= MIXED:
        return load(lang)
    return load(rng.choice([other for other in LANGS if other != lang]) if lang == "en" else "en")


def _render(make: Make, seed: str, lang: str, bulk: int, crowd: tuple[str, str], insert: str) -> tuple[str, list[int]]:
    d = Draw(random.Random(seed), load(lang), Facts(seed, lang), bulk)
    text = make(d, f"{crowd[0]}{OPEN}{insert}{CLOSE}{crowd[1]}")
    start, end = text.index(OPEN), text.index(CLOSE) - 1
    clean = text.replace(OPEN, "").replace(CLOSE, "")
    if text.count(OPEN) != 1 or text.count(CLOSE) != 1:
        raise ValueError(f"the carrier of {seed} holds the inserted text {text.count(OPEN)} times, not once")
    return clean, [start, end]


def _neutral(rng: random.Random, bank: Bank, carrier: str) -> str:
    section = {"json": "review", "csv": "review", "sheet": "review", "field": "review", "ticket": "ticket"}.get(
        carrier, "web"
    )
    return rng.choice(rng.choice(bank[section]).split(" | ")[-2:])


def _crowd(rng: random.Random, bank: Bank, facts: Facts) -> tuple[str, str]:
    """Harmless orders before and after the inserted sentence, mostly none."""
    if rng.random() >= CROWDED:
        return "", ""
    around = [facts.fill(entry.partition(" | ")[2]) for entry in rng.sample(bank["human"], 2)]
    spot = rng.randrange(3)
    return (f"{around[0]} " if spot != 1 else "", f" {around[1]}" if spot != 0 else "")


def pairs(seed: int) -> Iterator[dict[str, object]]:
    """The rows of all minimal pairs, attack side first. The same seed gives the same rows."""
    for lang in ("en", *LANGS):
        names = list(CARRIERS) if lang == "en" else ANY_LANGUAGE
        rng = random.Random(f"{seed}:{lang}")
        for index in range(ENGLISH if lang == "en" else OTHER):
            carrier = rng.choices(names, [WEIGHTS[name] for name in names])[0]
            yield from pair(f"b{seed}-{lang}-{index}", lang, carrier)


def pair(key: str, lang: str, carrier: str) -> Iterator[dict[str, object]]:
    """The two rows of one pair."""
    rng = random.Random(key)
    inner = _language(rng, lang)
    chosen = draw(rng, inner, carrier, _neutral(rng, inner, carrier))
    facts = Facts(key, inner.lang)
    crowd = _crowd(rng, load(lang), Facts(f"{key}:crowd", lang))
    disguise = rng.choice(VEILS) if rng.random() < VEILED else ""
    long = rng.randint(10, 24) if lang == "en" else rng.randint(4, 8)  # a small bank repeats itself
    sides = (chosen.attack, chosen.benign)
    if not disguise and rng.random() < FRAMED:
        sides = framed(rng, *sides)
    bulk = long if rng.random() < LONG else rng.choice((0, 0, 0, 1, 2))
    surface = rng.choice(SURFACES.get(carrier, ("document", "tool_result")))
    for label, sentence, kind in (
        ("indirect_injection", sides[0], chosen.kind),
        ("benign", sides[1], chosen.benign_kind),
    ):
        insert = facts.fill(sentence)
        insert = veil(disguise, insert) if disguise else insert
        text, span = _render(CARRIERS[carrier], key, lang, bulk, crowd, insert)
        row: dict[str, object] = {
            "text": text,
            "label": label,
            "surface": surface,
            "lang": lang,
            "source": f"own-b_{'en_' + group(carrier) if lang == 'en' else lang}",
            "kind": f"{kind}-{disguise}" if disguise else kind,
            "carrier": carrier,
            "pair": key,
            "by": "grammar",
        }
        if label != "benign":
            row["span"] = span
        yield row


def group(carrier: str) -> str:
    """The family of a carrier, which names its file."""
    families = {
        "mail": MAIL,
        "web": WEB,
        "code": CODE,
        "records": RECORDS,
        "outputs": OUTPUTS,
        "papers": PAPERS,
        "args": ARGS,
    }
    return next(name for name, members in families.items() if carrier in members)
