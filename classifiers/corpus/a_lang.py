"""What users type in 21 languages other than English. Each language has tables of its own, written in that language.

The slots of every language's tables:

    ov, do, do_c, do_inf   overrides, and what is to be done instead: as a clause, as a sentence, as an infinitive
    ex                     extraction of the prompt or of a secret
    jb, figur, goal        jailbreak frames, personas without limits, harmful goals (named only)
    hr                     the same goals asked for plainly: harmful_request
    bt                     trigger words in a harmless use
    ask, frage, topic      ordinary tasks and questions
    play, rolle, rfrage, stil   role play and fiction without an unlocking frame
    talk, angriff          text about attacks: translating, classifying, teaching
    op, cl                 how a message opens and closes
    plain, para            everyday questions; attacks told in a paragraph (in a_more_*)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from classifiers.corpus import (
    a_lang_ar,
    a_lang_bn,
    a_lang_de,
    a_lang_es,
    a_lang_fr,
    a_lang_hi,
    a_lang_hi_latn,
    a_lang_id,
    a_lang_it,
    a_lang_ja,
    a_lang_ko,
    a_lang_nl,
    a_lang_pl,
    a_lang_pt,
    a_lang_ru,
    a_lang_sw,
    a_lang_th,
    a_lang_tr,
    a_lang_uk,
    a_lang_vi,
    a_lang_zh,
    a_more_east,
    a_more_slavic,
    a_more_south,
    a_more_west,
)
from classifiers.corpus.a_benign import TRIGGERS
from classifiers.corpus.a_common import ENGLISH
from classifiers.corpus.a_direct import TABLES
from classifiers.corpus.grammar import Grammar, Row, merged, rough

LANGUAGES: Final = {
    "ar": a_lang_ar.TABLES,
    "bn": a_lang_bn.TABLES,
    "de": a_lang_de.TABLES,
    "es": a_lang_es.TABLES,
    "fr": a_lang_fr.TABLES,
    "hi": a_lang_hi.TABLES,
    "hi-Latn": a_lang_hi_latn.TABLES,
    "id": a_lang_id.TABLES,
    "it": a_lang_it.TABLES,
    "ja": a_lang_ja.TABLES,
    "ko": a_lang_ko.TABLES,
    "nl": a_lang_nl.TABLES,
    "pl": a_lang_pl.TABLES,
    "pt": a_lang_pt.TABLES,
    "ru": a_lang_ru.TABLES,
    "sw": a_lang_sw.TABLES,
    "th": a_lang_th.TABLES,
    "tr": a_lang_tr.TABLES,
    "uk": a_lang_uk.TABLES,
    "vi": a_lang_vi.TABLES,
    "zh": a_lang_zh.TABLES,
}
"""Language tag → its tables."""

FURTHER: Final = a_more_east.MORE | a_more_slavic.MORE | a_more_south.MORE | a_more_west.MORE
"""Language tag → tables plain and para."""

PLAN: Final = (
    ("injection", "override", "ov", 34),
    ("injection", "extraction", "ex", 22),
    ("jailbreak", "persona", "jb", 26),
    ("benign", "trigger", "bt", 30),
    ("benign", "task", "ask", 22),
    ("benign", "fiction", "play", 20),
    ("benign", "everyday", "plain", 32),
    ("injection", "paragraph", "para", 26),
    ("benign", "security", "talk", 14),
    ("harmful_request", "plain", "hr", 16),
)
"""Label, kind, slot and number of rows that are tried for each language."""

MORE: Final = {"hi-Latn": 2.2}
"""How many times the plan is followed, where that isn't once: spelling is free there, so there is more to learn."""

SPELLINGS: Final = {
    "hai": ("h", "hain", "he"),
    "nahi": ("nhi", "nahin", "nai"),
    "mujhe": ("mjhe", "muje", "mujhko"),
    "tujhe": ("tuje", "tujhko", "tereko"),
    "kya": ("kia", "kyaa"),
    "karo": ("kro", "kr", "krdo"),
    "kar": ("kr", "krr"),
    "aur": ("or", "n", "&"),
    "bata": ("bta", "btaa", "btao"),
    "batao": ("btao", "bataiye", "bta do"),
    "bhool": ("bhul", "bhuul"),
    "jao": ("jaa", "jaao"),
    "sab": ("sb", "sabhi"),
    "kaise": ("kese", "kaisay"),
    "mera": ("mra", "apna"),
    "likho": ("likh do", "likhna"),
    "please": ("plz", "pls"),
    "pehle": ("phle", "pahle"),
    "kuch": ("kuchh", "kch"),
    "bina": ("bagair", "bin"),
}
"""Casual spellings of words in Hindi in Latin letters; attack and harmless rows are respelt alike."""

_SHORT: Final = {"bt": 0.4, "ask": 0.5, "play": 0.4, "plain": 0.75}
"""Slots whose entries are short, and how often a second one follows: length must not tell the label."""

PAIRS: Final = 12
LONG: Final = 10
MIXED: Final = 8


def _gap(lang: str) -> str:
    return "" if lang in {"zh", "ja"} else " "


_EAST: Final = {"ar", "bn", "hi", "hi-Latn", "id", "ja", "ko", "sw", "th", "vi", "zh"}


def east() -> Iterator[Row]:
    """The rows of the languages of Asia and Africa."""
    return rows(_EAST)


def west() -> Iterator[Row]:
    """The rows of the others."""
    return rows(set(LANGUAGES) - _EAST)


def rows(languages: set[str]) -> Iterator[Row]:
    """Rows of surface user in some languages of LANGUAGES."""
    for lang, tables in LANGUAGES.items():
        if lang not in languages:
            continue
        grammar = Grammar(f"a-lang-{lang}-1", merged(tables, FURTHER[lang]))
        english = Grammar(f"a-lang-{lang}-en", merged(ENGLISH, TABLES, TRIGGERS))
        yield from _short(grammar, lang)
        yield from _pairs(grammar, lang)
        yield from _long(grammar, lang)
        yield from _mixed(grammar, english, lang)


def _short(grammar: Grammar, lang: str) -> Iterator[Row]:
    """One thought a row, sometimes with a greeting before or a push behind."""
    gap = _gap(lang)
    for sort, what, slot, count in PLAN:
        for _ in range(round(count * MORE.get(lang, 1))):
            frame = grammar.deal(slot)
            label, kind, text = sort, what, grammar.say(frame)
            if slot == "para" and "{goal}" in frame:
                label, kind = "jailbreak", "fluent"
            if slot != "hr" and grammar.chance(0.3):
                text = f"{grammar.one('op')}{gap}{text}"
            if slot in _SHORT and grammar.chance(_SHORT[slot]):
                text = f"{text}{gap}{grammar.one('frage' if slot == 'ask' else 'ask')}"
                if slot == "plain" and grammar.chance(0.5):
                    text = f"{text}{gap}{grammar.one('bt')}"
            elif slot not in {"hr", "talk"} and grammar.chance(0.12):
                text = f"{text}{gap}{grammar.one('cl')}"
            if lang == "hi-Latn":
                text = respelt(text, grammar)
            yield Row(rough(text, grammar.rng, 0.12), label, kind, lang)


def respelt(text: str, grammar: Grammar) -> str:
    """`text` with some of its words spelt the way people type them."""
    words = (
        grammar.rng.choice(SPELLINGS[word]) if word in SPELLINGS and grammar.chance(0.4) else word
        for word in text.split(" ")
    )
    return " ".join(words)


def _pairs(grammar: Grammar, lang: str) -> Iterator[Row]:
    """The same everyday message with an attack and with a harmless sentence in the same place."""
    for number in range(PAIRS):
        gap = grammar.rng.choice((_gap(lang), "\n", "\n\n"))
        before, after = grammar.one("ask"), grammar.one("ask" if number % 3 else "cl")
        attack, plain = grammar.one("ov" if number % 2 else "ex"), grammar.one("bt")
        pair = f"a-lang-{lang}-{number}"
        tail = f"{gap}{after}" if number % 4 else ""
        start = len(before) + len(gap)
        yield Row(f"{before}{gap}{plain}{tail}", "benign", "trigger", lang, pair=pair)
        span = (start, start + len(attack))
        kind = "override" if number % 2 else "extraction"
        yield Row(f"{before}{gap}{attack}{tail}", "injection", kind, lang, pair=pair, span=span)


def _long(grammar: Grammar, lang: str) -> Iterator[Row]:
    """Messages of several paragraphs: many small requests, or a worked-out frame."""
    rng = grammar.rng
    for number in range(LONG):
        gap = rng.choice((_gap(lang), "\n", "\n\n", "\n- "))
        parts = [grammar.one(rng.choice(("ask", "bt", "play", "frage"))) for _ in range(rng.randrange(4, 12))]
        yield Row(gap.join(parts), "benign", "task", lang)
        parts = [grammar.one(rng.choice(("ask", "bt", "play", "frage"))) for _ in range(rng.randrange(3, 10))]
        at = rng.randrange(len(parts) + 1)
        slot, label, kind = (("ov", "injection", "override"), ("jb", "jailbreak", "persona"))[number % 2]
        parts[at:at] = [f"{grammar.one(slot)}{_gap(lang)}{grammar.one('ex' if slot == 'ov' else slot)}"]
        start = len(gap.join(parts[:at])) + (len(gap) if at else 0)
        yield Row(gap.join(parts), label, kind, lang, span=(start, start + len(parts[at])))


def _mixed(grammar: Grammar, english: Grammar, lang: str) -> Iterator[Row]:
    """Two languages in one message; either may hold the attack."""
    for number in range(MIXED):
        gap = grammar.rng.choice((" ", "\n", ", "))
        harmless = english.one("btrigger"), grammar.one("bt")
        hostile = english.one("override"), grammar.one("ov")
        yield Row(gap.join(harmless), "benign", "mixed", lang)
        parts = (harmless[0], hostile[1]) if number % 2 else (grammar.one("ask"), hostile[0])
        yield Row(gap.join(parts), "injection", "mixed", lang)
