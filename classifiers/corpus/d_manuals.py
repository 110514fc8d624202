"""What coding agents read all day: licences, manuals, release notes, headers and configuration files, as tool results and
documents; some with an order to the reading model among their paragraphs."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any, Final

from classifiers.corpus.d_manuals_tables import NAMES, PEOPLE, TABLES, WORDS
from classifiers.corpus.grammar import Grammar, Row, tables

COUNTS: Final = (("licence", 150), ("manual", 220), ("code", 130))
"""Kind and how many texts of it."""
_ATTACKED: Final = 0.3
"""Of those that an agent reads, the share that comes a second time with an order in it."""
_SURFACES: Final = ("tool_result",) * 6 + ("document",) * 3 + ("user",) * 2
_WIDTHS: Final = (68, 76, 100, 0)
_MARGINS: Final = ("", "", " * ", "# ", " ")
_NUMBERS: Final = (0, 1, 2, 3, 4, 8, 16, 32, 64, 100, 256, 512, 1000, 4096)


def rows() -> Iterator[Row]:
    """Benign rows, and pairs of them with an attack that carries its span."""
    grammar = Grammar("d-manuals-1", tables(TABLES))
    for kind, count in COUNTS:
        for number in range(count):
            surface = _pick(grammar, _SURFACES)
            parts = _parts(grammar, kind)
            margin, width = _pick(grammar, _MARGINS), _pick(grammar, _WIDTHS)
            if kind == "code":
                margin, width = "", 0
            carrier = "code" if kind == "code" else "manual"
            pair = None
            if surface != "user" and grammar.chance(_ATTACKED):
                pair = f"d-manuals-{kind}-{number}"
                at = grammar.rng.randrange(len(parts) + 1)
                order = _laid_out(_filled(grammar, grammar.deal("order")), margin, width)
                before = "".join(_laid_out(part, margin, width) + _gap(margin) for part in parts[:at])
                behind = "".join(_gap(margin) + _laid_out(part, margin, width) for part in parts[at:])
                span = (len(before), len(before) + len(order))
                text = before + order + behind
                yield Row(text, "indirect_injection", kind, "en", surface, carrier, pair=pair, span=span)
            text = _gap(margin).join(_laid_out(part, margin, width) for part in parts)
            yield Row(text, "benign", kind, "en", surface, carrier, pair=pair)


def _parts(grammar: Grammar, kind: str) -> list[str]:
    """Paragraphs of a kind, now and then with one of another."""
    found = [_filled(grammar, grammar.deal(kind)) for _ in range(grammar.rng.choice((1, 2, 3, 4)))]
    if grammar.chance(0.4):
        found.append(_filled(grammar, grammar.deal(_pick(grammar, ("licence", "manual", "code")))))
    return found


def _filled(grammar: Grammar, text: str) -> str:
    """An entry with its gaps filled: one name, one word and another all through, numbers each for itself."""
    name, (word, other) = _pick(grammar, NAMES), grammar.rng.sample(WORDS, 2)
    plain = name.replace("-", "_")
    for mark, value in (
        ("§n", name), ("§N", plain.upper()), ("§w", word), ("§W", word.upper()), ("§v", other), ("§a", _pick(grammar, PEOPLE)),
    ):  # fmt: skip
        text = text.replace(mark, value)
    while "§y" in text:
        text = text.replace("§y", str(grammar.rng.randrange(1991, 2027)), 1)
    while "§d" in text:
        text = text.replace("§d", str(_pick(grammar, _NUMBERS)), 1)
    return text.replace("\\t", "\t")


def _gap(margin: str) -> str:
    return "\n" + margin.rstrip() + "\n"


def _laid_out(text: str, margin: str, width: int) -> str:
    """Broken into lines of a width, if that is given, each behind the margin."""
    lines = text.split("\n")
    if width:
        lines = [part for line in lines for part in textwrap.wrap(line, width, drop_whitespace=True) or [""]]
    return "\n".join((margin + line).rstrip() for line in lines)


def _pick(grammar: Grammar, items: Sequence[Any]) -> Any:
    return grammar.rng.choice(items)
