"""What an operator is once its argument has been checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import msgspec

Wants = Literal["text", "number", "shape", "any"]


class OperatorTimeout(Exception):
    """The operator ran out of its time budget; the rule counts as matched, by the failure policy."""


class Context(msgspec.Struct, frozen=True):
    """What a factory may know besides its argument."""

    regex_timeout: float = 0.005
    """Seconds one `regex` search may take on one value."""


At = Callable[[str, Sequence[int], Sequence[tuple[int, int]]], bool]
"""Takes a text, the places where a literal of `lead` occurs, and the spans outside of which there is no part of a match, both as
indexes of characters. Without places nothing is known of those; without spans a match may be anywhere."""


class Operator(msgspec.Struct, frozen=True):
    """A checked operator.

    `test` gets what `wants` names: a str, a number, a shape tuple, or the value as it is. `literals`, when given, is a
    *necessary* condition: whenever `test` is true of a text, the case-folded text contains at least one of them. None
    means that nothing is known, so the operator is always evaluated.
    """

    test: Callable[[Any], bool]
    wants: Wants = "text"
    literals: frozenset[str] | None = None
    lead: frozenset[str] | None = None
    """Further literals, one of which the text contains as well; they say where to look."""
    also: tuple[frozenset[str], ...] = ()
    """Further sets of literals, of each of which the text contains one as well."""
    reach: int = 0
    """Most characters of a match, so that what it needs stands that near together; 0 where it may be any number."""
    runs: int = 0
    """`reach` holds in texts that have no unusually long run of these kinds of characters (see `waf.rules.runs`)."""
    at: At | None = None
    """The same as `test` for a text of which it is known where to look."""
    parts: tuple[Operator, ...] = ()
    """Operators of which at least one is true exactly when this one is. Each has literals of its own, so that a text with
    a literal of one alternative is not searched for the others."""
    specials: frozenset[str] | None = None
    """A weaker necessary condition: a text of which `test` is true contains one of these characters."""
    signs: tuple[frozenset[str], ...] = ()
    """At most two further sets of characters, common ones among them, of each of which the text contains one as well."""
    steady: bool = True
    """The same text always gives the same answer, so it may be remembered. Not so where a time limit decides."""
    warning: str = ""
    """Something the linter tells the author."""


class OperatorSpec(msgspec.Struct, frozen=True):
    """One row of the operator table: its name, the field kinds it takes, its factory and its documentation.

    `make(argument, context)` raises ValueError with a sentence saying what would be right.
    """

    name: str
    kinds: frozenset[str]
    make: Callable[[Any, Context], Operator]
    argument: str
    doc: str


def text_list(argument: Any, most: int = 10_000) -> tuple[str, ...]:
    """The argument as a non-empty tuple of non-empty strings; ValueError otherwise."""
    items = argument if isinstance(argument, list | tuple) else [argument]
    if not items or len(items) > most or not all(isinstance(item, str) and item for item in items):
        raise ValueError(f"takes a text or a list of 1 to {most} non-empty texts")
    return tuple(items)


def one_text(argument: Any) -> str:
    """The argument as one non-empty string; ValueError otherwise."""
    if not isinstance(argument, str) or not argument:
        raise ValueError("takes a non-empty text in quotes")
    return argument


def flag(argument: Any) -> None:
    """Accepts only `true`; ValueError otherwise."""
    if argument is not True:
        raise ValueError("takes only `true`; negate with `not:`")
