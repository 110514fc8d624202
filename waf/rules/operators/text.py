"""Operators that compare text: equality, containment, words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import re2

from waf.rules.fold import fold
from waf.rules.operators.base import Context, Operator, OperatorSpec, flag, one_text, text_list
from waf.rules.prefilter import Prefilter
from waf.rules.specials import specials_of

_TEXT = frozenset({"text", "ip"})
_SMALL_LIST = 12
"""Up to here, `in` in a loop is faster than an automaton of its own."""


def _folded(items: tuple[str, ...]) -> frozenset[str] | None:
    literals = frozenset(fold(item) for item in items)
    return literals if min(map(len, literals)) >= 2 else None


def _contains(argument: Any, _: Context) -> Operator:
    needle = one_text(argument)
    return Operator(test=lambda text: needle in text, literals=_folded((needle,)), specials=specials_of((needle,)))


def _contains_any(argument: Any, _: Context) -> Operator:
    needles = text_list(argument)
    test: Callable[[str], bool]
    if len(needles) <= _SMALL_LIST:

        def test(text: str) -> bool:
            return any(needle in text for needle in needles)

    else:
        hits = Prefilter(needles).hits

        def test(text: str) -> bool:
            return bool(hits(text).numbers)

    return Operator(test=test, literals=_folded(needles), specials=specials_of(needles))


def _starts_with(argument: Any, _: Context) -> Operator:
    prefixes = text_list(argument)
    return Operator(lambda text: text.startswith(prefixes), literals=_folded(prefixes), specials=specials_of(prefixes))


def _ends_with(argument: Any, _: Context) -> Operator:
    suffixes = text_list(argument)
    return Operator(lambda text: text.endswith(suffixes), literals=_folded(suffixes), specials=specials_of(suffixes))


def _within(argument: Any, _: Context) -> Operator:
    if isinstance(argument, list | tuple):
        members = frozenset(text_list(argument))
        return Operator(test=members.__contains__)
    whole = one_text(argument)
    return Operator(test=lambda text: text in whole)


def _words(argument: Any, _: Context) -> Operator:
    words = text_list(argument)
    # RE2's \b knows ASCII only, so the borders are spelled out: a letter, digit or underscore of any script is inside a word
    pattern = r"(?i)(?:^|[^\pL\pN_])(?:" + "|".join(re2.escape(word) for word in words) + r")(?:$|[^\pL\pN_])"
    search = re2.compile(pattern).search
    return Operator(
        test=lambda text: search(text.encode("utf-8", "replace").decode()) is not None, literals=_folded(words)
    )


def _exists(argument: Any, _: Context) -> Operator:
    flag(argument)
    return Operator(test=lambda _value: True, wants="any")


TEXT_OPERATORS = (
    OperatorSpec("contains", _TEXT, _contains, "text", "The value contains the text; case counts."),
    OperatorSpec(
        "contains_any", _TEXT, _contains_any, "texts or $list", "The value contains at least one; case counts."
    ),
    OperatorSpec(
        "starts_with", _TEXT, _starts_with, "text or texts", "The value begins with one of them; case counts."
    ),
    OperatorSpec("ends_with", _TEXT, _ends_with, "text or texts", "The value ends with one of them; case counts."),
    OperatorSpec("within", _TEXT, _within, "text or texts", "The value is a part of the text, or one of the texts."),
    OperatorSpec(
        "words", _TEXT, _words, "texts or $list", "The value contains one of them as a whole word; case does not count."
    ),
    OperatorSpec(
        "exists", frozenset({"text", "number", "shape", "ip"}), _exists, "true", "There is such a field, empty or not."
    ),
)
