"""Payloads for web applications, put together from parts: what the web-attack head is taught besides public lists.

Every class of attack is a function that draws one payload. The parts are syntax (keywords, tags, events, paths, commands) that
manuals of the attacked languages name; how they are joined is ours.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import quote

from classifiers.corpus.web_attacks_inside import crlf, ldap, nosql, objects, ssrf, xxe
from classifiers.corpus.web_attacks_other import other, remote
from classifiers.corpus.web_attacks_page import xss_other, xss_script, xss_tag
from classifiers.corpus.web_attacks_server import java, lfi, php, rce, ssti
from classifiers.corpus.web_attacks_sql import sqli_blind, sqli_logic, sqli_short, sqli_stacked, sqli_union
from classifiers.corpus.web_attacks_tricks import option, page, path, query, shell, template
from classifiers.corpus.web_draw import Draw, sentences, word
from classifiers.corpus.web_mutate import MUTATORS

CLASSES: Final[dict[str, tuple[Callable[[Draw], str], int]]] = {
    "sqli_logic": (sqli_logic, 1600),
    "sqli_union": (sqli_union, 900),
    "sqli_stacked": (sqli_stacked, 700),
    "sqli_blind": (sqli_blind, 1300),
    "sqli_short": (sqli_short, 500),
    "xss_tag": (xss_tag, 1500),
    "xss_script": (xss_script, 700),
    "xss_other": (xss_other, 1200),
    "lfi": (lfi, 1100),
    "php": (php, 700),
    "rce": (rce, 1500),
    "ssti": (ssti, 700),
    "java": (java, 600),
    "other": (other, 1500),
    "remote": (remote, 700),
    "ssrf": (ssrf, 900),
    "xxe": (xxe, 1000),
    "crlf": (crlf, 900),
    "ldap": (ldap, 700),
    "nosql": (nosql, 900),
    "objects": (objects, 900),
    "sqli_tricks": (query, 3000),
    "shell": (shell, 1800),
    "option": (option, 300),
    "page": (page, 2500),
    "path": (path, 1600),
    "template": (template, 1300),
}
"""Drawing function and rows by class."""
_ENDINGS: Final = (
    "example com com net org io co ru cn info xyz top site club me tk pw de fr in cc online oast.fun burp.net".split()
)
"""Of names of hosts: a head that knew only one of them would take it for a sign of an attack."""
INSIDE: Final = frozenset(("ssrf", "xxe", "crlf", "ldap", "nosql", "objects"))
TRICKS: Final = frozenset(("sqli_tricks", "shell", "option", "page", "path", "template"))


def within_text(payload: str, rng: Draw) -> str:
    """Harmless text before or behind a payload, or on both sides: a few words, or sentences enough to fill a window."""
    if rng.random() < 0.6:
        prose = " ".join(word(rng, 2, 9) for _ in range(rng.choice((1, 1, 2, 3, 6, 14))))
        return rng.choice((f"{prose} {payload}", f"{payload} {prose}", f"{prose}{payload}"))
    before, behind = (" ".join(rng.choice(sentences()) for _ in range(rng.randint(0, 6))) for _ in range(2))
    return f"{before}{rng.choice((' ', ' ', chr(10), ''))}{payload} {behind}".strip()


def rows(seed: str = "web-attacks-1", share: float = 1.0) -> Iterator[tuple[str, str]]:
    """(payload, class), each payload once. A third of the SQL is rewritten by a few steps, three tenths stand in harmless
    text, and a tenth is percent-encoded."""
    rng = random.Random(seed)
    seen: set[str] = set()
    for name, (draw, count) in CLASSES.items():
        for _ in range(int(count * share)):
            text = draw(rng).replace(".example", f".{rng.choice(_ENDINGS)}")
            if name.startswith("sqli") and rng.random() < 0.35:
                for _ in range(rng.randint(1, 12)):
                    text = rng.choice(MUTATORS)(text, rng)
            if rng.random() < 0.3:
                text = within_text(text, rng)
            if rng.random() < 0.1:
                text = quote(text, safe=rng.choice(("", "/", "/()=,'")))
            if text not in seen and len(text) > 2:
                seen.add(text)
                yield text, name
