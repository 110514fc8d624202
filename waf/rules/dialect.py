"""Reads a pattern as both RE2 and Python's regex parser read it, or not at all.

What is derived from the tree (`literals`, `specials`) is only ever used to leave work out, so a construct that the two
dialects might understand differently gives None: the pattern is then evaluated always.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final

_parser: Any = re._parser  # type: ignore[attr-defined]
_constants: Any = re._constants  # type: ignore[attr-defined]

_DIFFERENT: Final = re.compile(
    r"(\[:\^?\w+:\]|\\[QECXpPzZ0-9]|\(\?[a-zA-Z]*[^a-zA-Z:)imsP]|\(\?[ims-]*U)|\\.", re.DOTALL
)
"""The group: POSIX classes, \\Q…\\E, \\C, Unicode classes, \\z, octal escapes, groups and flags that only one of the two
knows. Other escapes are stepped over, since the bracket of `\\(?` begins no group."""
_ESCAPE: Final = re.compile(r"\\(?:x\{([0-9A-Fa-f]{1,6})\}|([pP](?:\{\^?\w+\}|[A-Z]))|.)", re.DOTALL)


@lru_cache(maxsize=64)
def tree(pattern: str) -> Any:
    """The parsed pattern, a `re._parser.SubPattern`, or None in doubt."""
    plain = _ESCAPE.sub(_in_python, pattern)
    return None if any(found[1] for found in _DIFFERENT.finditer(plain)) else _parsed(plain)


def constant(name: str) -> Any:
    """What stands for a kind of piece in a tree, one object for each."""
    return getattr(_constants, name)


def items(of: Any) -> Sequence[tuple[Any, Any]]:
    """The pieces of a tree, which is slow to walk itself."""
    return getattr(of, "data", of)  # type: ignore[no-any-return]


def backtracking_tree(pattern: str) -> Any:
    """As `tree`, of a pattern for `regex`: look-around and back references included. None when Python's parser differs."""
    return _parsed(pattern)


def _parsed(plain: str) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            warnings.simplefilter(
                "ignore", FutureWarning
            )  # on sets that some day may be nested; today both read them flat
            return _parser.parse(plain)
    except (re.error, RecursionError, OverflowError, Warning):
        return None


def _in_python(escape: re.Match[str]) -> str:
    if escape[1]:
        return f"\\U{int(escape[1], 16):08x}"
    # to either parser a Unicode class stands for one character, so a harmless one-character class can take its place
    return r"\w" if escape[2] else escape[0]


_ONE_CHARACTER: Final = frozenset({_constants.LITERAL, _constants.NOT_LITERAL, _constants.IN, _constants.ANY})


def width(of: Any, item: tuple[Any, Any]) -> tuple[int, int]:
    """Fewest and most characters that one piece of a tree matches; unbounded is very large."""
    if item[0] in _ONE_CHARACTER:
        return 1, 1
    low, high = _parser.SubPattern(of, [item]).getwidth()
    return int(low), int(high)


def ignores_case(of: Any) -> bool:
    """Whether a flag at the beginning of the pattern makes all of it ignore case."""
    return bool(of.state.flags & re.IGNORECASE)


def members(items: Sequence[Any], most: int) -> list[str] | None:
    """The characters of a positive set of single characters and ranges of at most `most`; None for any other set."""
    chars: list[str] = []
    for op, argument in items:
        kind = op.name
        if kind == "LITERAL":
            chars.append(chr(argument))
        elif kind == "RANGE" and argument[1] - argument[0] < most:
            chars.extend(map(chr, range(argument[0], argument[1] + 1)))
        else:  # a negation, a category such as \\d, a wide range
            return None
    return chars


_FLAGS: Final = re.compile(r"\(\?[ims]+\)")
_TOKEN: Final = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()|]", re.DOTALL)
_MOST_ALTERNATIVES: Final = 64


def is_read(pattern: str) -> bool:
    """Whether there is a tree of the pattern."""
    return tree(pattern) is not None


def alternatives(pattern: str, reads: Callable[[str], bool] = is_read) -> list[str]:
    """The patterns between the outermost `|` of a pattern, each with the flags at its beginning: together they match
    exactly what it matches. Only one, the pattern itself, when there is no such `|` or in doubt. `reads`: `is_read`, or
    what knows as much without looking."""
    found = _FLAGS.match(pattern)
    flags = found.group() if found else ""
    depth, start, parts = 0, len(flags), []
    for token in _TOKEN.finditer(pattern, start):
        char = token.group()
        depth += (char == "(") - (char == ")")
        if char == "|" and not depth:
            parts.append(pattern[start : token.start()])
            start = token.end()
    parts.append(pattern[start:])
    if depth or len(parts) > _MOST_ALTERNATIVES or any(_FLAGS.search(part) for part in parts):
        return [pattern]
    found_parts = [flags + part for part in parts]
    return found_parts if all(map(reads, found_parts)) else [pattern]


_REPEAT: Final = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|(?P<few>\{(?P<low>\d+),(?P<high>\d+)\})", re.DOTALL)
_MANY: Final = 16


def loosened(pattern: str) -> str:
    """The pattern with its long counted repeats, such as `[^\\n]{0,160}`, going on for ever: it matches wherever the pattern
    itself does. An automaton that does not count has a few states where the other has one for every number."""
    if tree(pattern) is None:
        return pattern

    def without_end(found: re.Match[str]) -> str:
        if found["few"] is None or int(found["high"]) - int(found["low"]) < _MANY:
            return found[0]
        return f"{{{found['low']},}}"

    return _REPEAT.sub(without_end, pattern)
