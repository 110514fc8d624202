"""SecLang's patterns see bytes. Where characters make no difference `re2` says the same, else `re2_bytes`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import re2
import regex

from waf.rules import dialect
from waf.rules.convert.base import Unsupported
from waf.rules.seclang import pcre
from waf.transform.linear import compiled

_LONGEST: Final = 8_000
_FOLDED: Final = frozenset("kKsS")
"""Letters that are, without case, equal to one that is no ASCII (K with the Kelvin sign, s with ſ)."""
_SHOWN_AS: Final = "?"
"""What `re2` sees in place of a byte that is no UTF-8."""


def pattern(text: str) -> tuple[str, str]:
    """(operator, argument) that match what `@rx text` does. Raises Unsupported."""
    read = pcre.to_re2(text or ".*", multiline=False)
    if len(read) > _LONGEST:
        raise Unsupported("pattern", f"its pattern is longer than {_LONGEST} characters")
    try:
        compiled(read, of_bytes=True)
    except UnicodeEncodeError:
        raise Unsupported("pattern", "its pattern has bytes that are no UTF-8") from None
    except re2.error:
        return "regex", _backtracking(text)
    return ("re2" if same_over_characters(read) else "re2_bytes"), read


def _backtracking(text: str) -> str:
    read = f"(?a){text}"
    try:
        regex.compile(read, regex.DOTALL | regex.V0)
    except regex.error as error:
        raise Unsupported("pattern", f"its pattern cannot be read: {error}") from None
    tree = dialect.backtracking_tree(text)
    if tree is None or not _sequence(tree, folds=dialect.ignores_case(tree)):
        raise Unsupported("pattern", "its pattern needs look-around or a back reference, and counts bytes as well")
    return read


def same_over_characters(read: str) -> bool:
    """Whether a pattern for RE2 certainly matches the same texts, taken as bytes or as characters."""
    tree = dialect.tree(read)
    return tree is not None and _sequence(tree, folds=dialect.ignores_case(tree))


def _sequence(items: Iterable[Any], *, folds: bool) -> bool:
    return all(_piece(str(op), argument, folds=folds) for op, argument in items)


def _piece(op: str, argument: Any, *, folds: bool) -> bool:
    if op == "LITERAL":
        return _char(argument, folds=folds)
    if op == "IN":
        return all(_member(str(kind), value, folds=folds) for kind, value in argument)
    if op == "AT":
        return str(argument) != "AT_NON_BOUNDARY"
    if op == "SUBPATTERN":
        return not argument[1] and not argument[2] and _sequence(argument[3], folds=folds)
    if op in ("MAX_REPEAT", "MIN_REPEAT"):
        low, high, inner = argument
        return _sequence(inner, folds=folds) or (low == 0 and str(high) == "MAXREPEAT" and _anything_but(inner, folds))
    if op == "BRANCH":
        return all(_sequence(part, folds=folds) for part in argument[1])
    if op in ("ASSERT", "ASSERT_NOT"):
        return _sequence(argument[1], folds=folds)
    return False


def _anything_but(inner: Any, folds: bool) -> bool:
    """`.`, or a set of all but some ASCII characters: any number of these are whole characters, whatever they are."""
    items = list(inner)
    if len(items) != 1:
        return False
    op, argument = str(items[0][0]), items[0][1]
    if op == "ANY":
        return True
    if op == "NOT_LITERAL":
        return _char(argument, folds=folds)
    if op != "IN" or not argument:
        return False
    kinds = [str(value) for kind, value in argument if str(kind) == "CATEGORY"]
    if str(argument[0][0]) == "NEGATE":
        return not kinds and all(_member(str(kind), value, folds=folds) for kind, value in argument[1:])
    return len(argument) == len(kinds) == 1 and kinds[0].startswith("CATEGORY_NOT_")


def _member(kind: str, value: Any, *, folds: bool) -> bool:
    if kind == "LITERAL":
        return _char(value, folds=folds)
    if kind == "RANGE":
        return value[1] < 128 and all(_char(code, folds=folds) for code in range(value[0], value[1] + 1))
    return kind == "CATEGORY" and str(value) in ("CATEGORY_DIGIT", "CATEGORY_WORD")


def _char(code: int, *, folds: bool) -> bool:
    return code < 128 and chr(code) != _SHOWN_AS and not (folds and chr(code) in _FOLDED)
