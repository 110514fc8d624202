"""Does a backtracking pattern run away? It is tried on texts made for it, under a time limit.

A text that makes a pattern slow repeats what a quantifier repeats, again and again, and then does not go on as the pattern
wants. So each quantifier gives a family of texts: the shortest way to it, its body many times over, a character that fits
nowhere. A short text that exhausts the limit means exponential time, a long one polynomial.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from waf.rules import dialect
from waf.rules.operators import OPERATORS, Context, OperatorTimeout

LIMIT: Final = 0.1
"""Seconds that one search may take: twenty times what it may on traffic, by default."""
_SHORT: Final = 32
_LONG: Final = 1_000
"""Quadratic patterns, of which there are many, still get through this; worse ones do not."""
_MOST: Final = 24
"""Quantifiers tried; those further on are seldom the first to run away."""
_CANDIDATES: Final = "a1 <\"'/.=-_é\n"
_ANYTHING: Final = ("a", "1", " ", "/", "aaaa ", "<")


class Runaway(NamedTuple):
    """How a pattern ran out of time: the text repeats `body` so many `times`. When that is few, the time is exponential."""

    body: str
    times: int

    @property
    def exponential(self) -> bool:
        return self.times <= _SHORT


def runaway(pattern: str, limit: float = LIMIT) -> Runaway | None:
    """The first text found that keeps the pattern busy for longer than `limit` seconds."""
    test = OPERATORS["regex"].make(pattern, Context(regex_timeout=limit)).test
    tree = dialect.backtracking_tree(pattern)
    probes = list(dict.fromkeys(_probes(tree)))[:_MOST]
    # the second ending has what the pattern needs further on: without it some searches are over before they begin
    endings = ("\x00!", "\x00!" + (_sample(tree) if tree is not None else ""))
    for times in (_SHORT, _LONG):
        for before, body in probes:
            try:
                for ending in endings:
                    test(before + body * times + ending)
            except OperatorTimeout:
                return Runaway(body, times)
    return None


def _probes(tree: Any) -> Iterator[tuple[str, str]]:
    if tree is not None:
        yield from _repeats(tree, "")
    yield from (("", body) for body in _ANYTHING)


def _repeats(tree: Any, before: str) -> Iterator[tuple[str, str]]:
    """(the shortest text before it, one turn of it) for each quantifier without a small bound."""
    for op, argument in tree:
        kind = str(op)
        if kind in ("MAX_REPEAT", "MIN_REPEAT"):
            low, high, body = argument
            turn = _sample(body)
            if turn and int(high) > _SHORT:
                yield before, turn
            yield from _repeats(body, before)
            before += turn * min(int(low), 4)
            continue
        if kind in ("SUBPATTERN", "ASSERT", "ATOMIC_GROUP"):
            yield from _repeats(_inside(kind, argument), before)
        elif kind == "BRANCH":
            for alternative in argument[1]:
                yield from _repeats(alternative, before)
        before += _sample([(op, argument)])


def _sample(tree: Any) -> str:
    """A short text that the pieces match, in most cases."""
    found = ""
    for op, argument in tree:
        kind = str(op)
        if kind == "LITERAL":
            found += chr(argument)
        elif kind == "IN":
            found += _member(argument)
        elif kind in ("SUBPATTERN", "ATOMIC_GROUP"):
            found += _sample(_inside(kind, argument))
        elif kind == "BRANCH":
            found += _sample(argument[1][0])
        elif kind in ("MAX_REPEAT", "MIN_REPEAT"):
            found += _sample(argument[2]) * max(1, min(int(argument[0]), 4))
        elif kind in ("ANY", "NOT_LITERAL"):
            found += next(char for char in _CANDIDATES if kind == "ANY" or ord(char) != argument)
    return found


def _inside(kind: str, argument: Any) -> Any:
    """The pieces between a group's parentheses."""
    place = {"SUBPATTERN": 3, "ASSERT": 1}.get(kind)
    return argument if place is None else argument[place]


_CATEGORIES: Final[dict[str, Callable[[str], bool]]] = {
    "CATEGORY_DIGIT": str.isdigit,
    "CATEGORY_SPACE": str.isspace,
    "CATEGORY_WORD": lambda char: char.isalnum() or char == "_",
}


def _member(items: list[Any]) -> str:
    """A character of a set."""
    negated = str(items[0][0]) == "NEGATE"
    plain = dialect.members(items, 1 << 16)
    if plain:
        return plain[0]
    return next((char for char in _CANDIDATES if _in(char, items) != negated), "a")


def _in(char: str, items: list[Any]) -> bool:
    for op, argument in items:
        kind = str(op)
        if kind == "LITERAL" and ord(char) == argument:
            return True
        if kind == "RANGE" and argument[0] <= ord(char) <= argument[1]:
            return True
        if kind == "CATEGORY":
            name = str(argument).replace("_NOT_", "_")
            if _CATEGORIES.get(name, str.isalnum)(char) != ("_NOT_" in str(argument)):
                return True
    return False
