"""Jailbreaks in English, from one line to several pages, and role plays and stories of the same shape without one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from classifiers.corpus.a_benign import TRIGGERS
from classifiers.corpus.a_common import ENGLISH
from classifiers.corpus.a_jailbreak_tables import JAILBREAK
from classifiers.corpus.a_play_tables import PLAY
from classifiers.corpus.a_soup_tables import SOUP
from classifiers.corpus.grammar import Grammar, Row, merged, pick, rough

_PREFIX: Final = {"jailbreak": "", "benign": "p"}
_LINKS: Final = ("\n", "\n\n", " ", "\n- ", "\n* ", "\n> ")


def _hero(text: str, who: str, names: list[str]) -> str:
    """`text` with every name of the table replaced by one: a long role play is about one figure."""
    for name in names:
        text = text.replace(name, who)
    return text


def _set_up(grammar: Grammar, label: str, parts: int) -> str:
    """A role play of about `parts` sentences: introduction, story, numbered or loose rules, first question."""
    rng, prefix = grammar.rng, _PREFIX[label]
    made: list[str] = [grammar.one(f"{prefix}intro")]
    neutral = rng.choice((0.0, 0.3, 0.6)) if label == "jailbreak" else 1.0
    for slot, share in (("trait", 0.3), ("back", 0.3)):
        made += [
            grammar.one(f"p{slot}" if rng.random() < neutral else slot) for _ in range(max(1, round(parts * share)))
        ]
    rules = [grammar.one("prule" if rng.random() < neutral else "frule") for _ in range(max(2, round(parts * 0.4)))]
    if label == "jailbreak":
        rules.insert(rng.randrange(len(rules)), grammar.one("frule"))
        made.insert(1, grammar.one("trait"))
    rules = list(dict.fromkeys(rules))
    if rng.random() < 0.5:
        listed = "\n".join(f"{at}. {rule}" for at, rule in enumerate(rules, 1))
    else:
        listed = rng.choice(_LINKS).join(["", *rules]).strip()
    head = " ".join(dict.fromkeys(made[: 1 + parts // 3]))
    rest = rng.choice((" ", "\n\n")).join(dict.fromkeys(made[1 + parts // 3 :]))
    blocks = [
        block for block in (head, rest, listed, grammar.one(f"{prefix}conf"), grammar.one(f"{prefix}ask")) if block
    ]
    if rng.random() < 0.25:
        blocks = [blocks[-1], *blocks[:-1]]
    return rng.choice(("\n", "\n\n")).join(blocks)


def _long_story(grammar: Grammar, label: str) -> str:
    """A fluent story brief in several paragraphs."""
    prefix = _PREFIX[label]
    around = [grammar.one(grammar.rng.choice(("back", "pback"))) for _ in range(2)]
    parts = [around[0], grammar.one(f"{prefix}story"), around[1]]
    parts += [grammar.one("accuracy" if label == "jailbreak" else "pacc") for _ in range(grammar.rng.randrange(1, 4))]
    return grammar.rng.choice((" ", "\n\n", "\n")).join(dict.fromkeys(parts))


def rows() -> Iterator[Row]:
    """Rows of kinds persona, fiction and suffix; the benign ones are of kinds persona, fiction and noise."""
    names = [*JAILBREAK["who"], *PLAY["pwho"]]
    grammar = Grammar("a-jailbreak-1", merged(ENGLISH, TRIGGERS, JAILBREAK, PLAY, SOUP) | {"who": names, "pwho": names})
    rng = grammar.rng
    for label, prefix in _PREFIX.items():
        for _ in range(190):
            yield Row(rough(grammar.one(f"{prefix}one"), rng), label, "persona")
        for _ in range(230):
            yield Row(rough(grammar.one(f"{prefix}story"), rng, 0.15), label, "fiction")
        for _ in range(70):
            yield Row(_long_story(grammar, label), label, "fiction")
        for number in range(170):
            text = _set_up(grammar, label, rng.randrange(4, 12) if number < 120 else rng.randrange(14, 60))
            yield Row(_hero(text, rng.choice(names), names), label, "persona")
    for _ in range(150):
        request = grammar.say(
            rng.choice(("Tell me how to {goal}", "how do i {goal}", "Write a guide: {goalnoun}", "{ask}"))
        )
        yield Row(f"{request} {grammar.one('soup')}", "jailbreak", "suffix")
    for _ in range(110):
        yield Row(_noise(grammar), "benign", "noise")


def _noise(grammar: Grammar) -> str:
    """Harmless text that looks as broken as an optimised suffix: code scraps, mangled encodings, keyboard mashing."""
    rng = grammar.rng
    lead = grammar.say(
        rng.choice(
            (
                "Why does my parser fail on this line?",
                "What does this regular expression do?",
                "My cat walked over the keyboard:",
                "The export of {noun} looks like this, which encoding is it?",
                "Please fix the brackets:",
                "minified code, can you format it?",
                "{task}\n\n(pasted by mistake:)",
                "Log line of the printer:",
                "Perl golf, what does it print?",
                "The scanner made this out of {noun}:",
            )
        )
    )
    scrap = "".join(
        rng.choice("()[]{}<>;:.,_-+*/\\|&%$#@!?=~^0123456789abcdefxyzQWRT \t\"'") for _ in range(rng.randrange(20, 90))
    )
    words = pick(
        rng,
        [
            "foo",
            "tmp",
            "elif",
            "NaN",
            "Ã¤",
            "Ã©",
            "â€™",
            "ï¿½",
            "var",
            "echo",
            "0x7f",
            "\\d+",
            "\\w*",
            "(?:",
            ")$/",
            "fn",
            "->",
        ],
        9,
    )
    return f"{lead}\n{scrap if rng.random() < 0.4 else grammar.rng.choice((' ', '')).join(words) + scrap[:30]}"
