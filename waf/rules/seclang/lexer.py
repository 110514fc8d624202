"""Text of a .conf file → directives with their arguments and place: comments, continued lines, quotes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from waf.errors import Problem

MOST_DIRECTIVES: Final = 50_000
MOST_BYTES: Final = 16 << 20
_BLANKS: Final = " \t\r\f\v"


class Directive(NamedTuple):
    """`line` is where it begins. Quotes around arguments are gone; of the escapes only that of the quote is undone."""

    name: str
    arguments: tuple[str, ...]
    file: str
    line: int


def directives(text: str, file: str, problems: list[Problem]) -> Iterator[Directive]:
    """The directives of one file, in order. What cannot be read is added to `problems` and left out."""
    if len(text) > MOST_BYTES:
        problems.append(Problem(file, 0, 0, f"is larger than {MOST_BYTES} bytes"))
        return
    count = 0
    for line, logical in _logical_lines(text):
        words = _words(logical)
        if words is None:
            problems.append(Problem(file, line, 1, "has a quote that nothing closes"))
        elif words:
            count += 1
            if count > MOST_DIRECTIVES:
                problems.append(Problem(file, line, 1, f"has more than {MOST_DIRECTIVES} directives"))
                return
            yield Directive(words[0], tuple(words[1:]), file, line)


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """(number of the first line, text) with continued lines joined; comments and blank lines are left out."""
    begin, pieces = 0, list[str]()
    number = 0
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.rstrip("\r")
        if not pieces and line.lstrip(_BLANKS)[:1] in ("", "#"):
            continue
        begin = begin or number
        if line.endswith("\\"):
            pieces.append(line[:-1])
            continue
        pieces.append(line)
        yield begin, "".join(pieces)
        begin, pieces = 0, []
    if pieces:
        yield begin, "".join(pieces)


def _words(line: str) -> list[str] | None:
    """Arguments between blanks, or between double or single quotes; None for a quote that stays open."""
    words: list[str] = []
    at, end = 0, len(line)
    while at < end:
        char = line[at]
        if char in _BLANKS:
            at += 1
        elif char in "\"'":
            close = _closing(line, at + 1, char)
            if close < 0:
                return None
            words.append(line[at + 1 : close].replace("\\" + char, char))
            at = close + 1
        else:
            begin = at
            while at < end and line[at] not in _BLANKS:
                at += 1
            words.append(line[begin:at])
    return words


def _closing(line: str, at: int, quote: str) -> int:
    """Index of the quote that closes; one with a backslash before it does not."""
    while True:
        at = line.find(quote, at)
        if at < 0 or line[at - 1] != "\\":
            return at
        at += 1
