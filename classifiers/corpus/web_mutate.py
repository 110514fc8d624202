"""Rewritings of a SQL payload that keep what a database makes of it.

Case, blanks, comments, ways to write a number, conditions that are as true as the one before, quotes and operators: the kinds of
step that Demetrio et al. 2020 (WAF-A-MoLE) search with. Each takes a payload and a source of randomness and returns a payload, the
same one where it finds nothing to rewrite.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Final

Mutator = Callable[[str, random.Random], str]

_WORD: Final = re.compile(r"[A-Za-z]{2,}")
_BLANK: Final = re.compile(r"[ \t\n\r\x0b\x0c\xa0]+")
_NUMBER: Final = re.compile(r"(?<![\w.'\"])\d{1,6}(?![\w.'\"])")
_EQUAL: Final = re.compile(r"(?<![\w'\"])(\d{1,6})\s*=\s*(\d{1,6})(?![\w'\"])")
_QUOTED: Final = re.compile(r"'([A-Za-z0-9]{1,12})'\s*=\s*'([A-Za-z0-9]{1,12})'")
_OR: Final = re.compile(r"(?<![A-Za-z|])(?:or(?![A-Za-z])|\|\|)", re.IGNORECASE)
_AND: Final = re.compile(r"(?<![A-Za-z&])(?:and(?![A-Za-z])|&&)", re.IGNORECASE)
_COMMENT: Final = re.compile(r"/\*[^*]*\*/")
_TAIL: Final = re.compile(r"(?:--|#)[^\n]{0,24}\Z")


def _one(pattern: re.Pattern[str], text: str, rng: random.Random, change: Callable[[re.Match[str]], str]) -> str:
    """One place where the pattern matches, changed."""
    found = list(pattern.finditer(text))
    if not found:
        return text
    match = rng.choice(found)
    return text[: match.start()] + change(match) + text[match.end() :]


def swap_case(text: str, rng: random.Random) -> str:
    return _one(_WORD, text, rng, lambda m: "".join(rng.choice((c.lower(), c.upper())) for c in m[0]))


def other_blank(text: str, rng: random.Random) -> str:
    return _one(_BLANK, text, rng, lambda m: rng.choice(("\t", "\n", "\r", "\x0b", "\x0c", "  ", " \n ", " ")))


def blank_to_comment(text: str, rng: random.Random) -> str:
    return _one(_BLANK, text, rng, lambda m: f"/*{_filler(rng)}*/")


def comment_to_blank(text: str, rng: random.Random) -> str:
    return _one(_COMMENT, text, rng, lambda m: rng.choice((" ", "\t", "\n")))


def change_comment(text: str, rng: random.Random) -> str:
    return _one(_COMMENT, text, rng, lambda m: f"/*{_filler(rng)}*/")


def number(text: str, rng: random.Random) -> str:
    def rewrite(match: re.Match[str]) -> str:
        value = int(match[0])
        return rng.choice(
            (
                hex(value),
                f"(select {value})",
                f"({value})",
                f"{value}.0",
                f"{value + 7}-7",
                f"0x{value:04X}",
                f"+{value}",
            )
        )

    return _one(_NUMBER, text, rng, rewrite)


def condition(text: str, rng: random.Random) -> str:
    """`1=1` becomes another condition that is true as well; a false one becomes another false one."""

    def numbers(match: re.Match[str]) -> str:
        return _true(rng) if int(match[1]) == int(match[2]) else _false(rng)

    def words(match: re.Match[str]) -> str:
        same = match[1] == match[2]
        left, right = _letters(rng), _letters(rng)
        if same:
            return rng.choice(
                (f"'{left}'='{left}'", f"'{left}' like '{left}'", f"'{left}' in ('{left}')", f"'{left}'<>'{left}x'")
            )
        return f"'{left}'='{right}x'"

    changed = _one(_EQUAL, text, rng, numbers)
    return changed if changed != text else _one(_QUOTED, text, rng, words)


def logic(text: str, rng: random.Random) -> str:
    """`or` as `||`, `and` as `&&`, and back."""
    if rng.random() < 0.5:
        return _one(_OR, text, rng, lambda m: rng.choice(("||", " || ", "or")) if not m[0].isalpha() else "||")
    return _one(_AND, text, rng, lambda m: rng.choice(("&&", " && ", "and")) if not m[0].isalpha() else "&&")


def longer_condition(text: str, rng: random.Random) -> str:
    """A true condition behind the first one, which changes nothing."""

    def more(match: re.Match[str]) -> str:
        return rng.choice((f"{match[0]} and {_true(rng)}", f"{match[0]} or {_false(rng)}"))

    return _one(_EQUAL, text, rng, more)


def tail(text: str, rng: random.Random) -> str:
    """Anything may stand behind the mark that comments out the rest."""
    return _one(_TAIL, text, rng, lambda m: rng.choice(("-- ", "#", "--\t", "-- -")) + _filler(rng))


def equals_to_like(text: str, rng: random.Random) -> str:
    return _one(re.compile(r"(?<![<>!=])=(?!=)"), text, rng, lambda m: rng.choice((" like ", " rlike ", "=", " = ")))


MUTATORS: Final[tuple[Mutator, ...]] = (
    swap_case,
    other_blank,
    blank_to_comment,
    comment_to_blank,
    change_comment,
    number,
    condition,
    logic,
    longer_condition,
    tail,
    equals_to_like,
)


def _letters(rng: random.Random) -> str:
    return "".join(rng.choice("abcdefghijklmnopqrstuvwxyz0123456789") for _ in range(rng.randint(1, 5)))


def _filler(rng: random.Random) -> str:
    return rng.choice(("", "", _letters(rng), _letters(rng) + " " + _letters(rng), "*"))


def _true(rng: random.Random) -> str:
    a = rng.randint(1, 9999)
    b = a + rng.randint(1, 99)
    return rng.choice(
        (f"{a}={a}", f"{a}<{b}", f"{b}>{a}", f"{a}<>{b}", f"{a}!={b}", f"{a} in ({a})", f"{a} between {a} and {b}",
         f"not {a}={b}", f"{a} like {a}", "true", "not false")
    )  # fmt: skip


def _false(rng: random.Random) -> str:
    a = rng.randint(1, 9999)
    b = a + rng.randint(1, 99)
    return rng.choice((f"{a}={b}", f"{a}>{b}", f"{a}<>{a}", f"{a} in ({b})", f"not {a}={a}", f"{a} like {b}", "false"))
