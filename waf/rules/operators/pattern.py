"""Regular expressions: `re2` (linear time, the default) and `regex` (backtracking, opt-in, with a timeout)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import re2

from waf.rules import dialect
from waf.rules.facts import alternatives, facts
from waf.rules.literals import Lead, required_literals
from waf.rules.operators.base import At, Context, Operator, OperatorSpec, OperatorTimeout, one_text
from waf.rules.specials import needed_specials
from waf.transform.base import to_bytes
from waf.transform.linear import begins, compiled, finds, finds_inside

_LONGEST = 8_000
_NO_LITERAL = "no literal that every match must contain, so it runs on every value of its fields"
_SEARCHED_MEANWHILE = 1000
"""Characters that a search gets through in the time of one attempt at a place."""
_SPAN = 1500
"""Characters that it gets through in the time of beginning another search."""
_MEMORY = 2 << 20
"""Bytes for program and automata of one pattern; hundreds of patterns must fit into a sidecar."""


def _re2(argument: Any, _: Context) -> Operator:
    pattern = one_text(argument)
    if len(pattern) > _LONGEST:
        raise ValueError(f"is longer than {_LONGEST} characters; use a list with contains_any")
    return _compiled(pattern)


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> Operator:
    """Cached, because the loader checks a pattern by compiling it and the compiler then wants it again."""
    parts = tuple(map(_single, alternatives(pattern)))
    if len(parts) == 1:
        return parts[0]
    literals = [part.literals for part in parts if part.literals is not None]
    return Operator(
        test=lambda text: any(part.test(text) for part in parts),
        literals=frozenset().union(*literals) if len(literals) == len(parts) else None,
        parts=parts,
        warning=next((part.warning for part in parts if part.warning), ""),
    )


def _single(pattern: str) -> Operator:
    try:
        program = compiled(pattern, _MEMORY)
    except re2.error as exc:
        detail = exc.args[0].decode("utf-8", "replace") if exc.args and isinstance(exc.args[0], bytes) else str(exc)
        raise ValueError(
            f"is not a pattern RE2 can read: {detail}; a pattern that needs look-around can use `regex:`"
        ) from None
    search, known = _search(pattern, program), facts(pattern)
    needed = known.needed
    lead = needed.lead if needed else None
    reach, kinds = known.bound
    return Operator(
        test=lambda text: search(_bytes(text)),
        literals=needed.texts if needed else None,
        lead=lead.texts if lead else None,
        also=needed.also if needed else (),
        reach=reach,
        runs=kinds,
        at=tried_at(program, search, lead) if lead or reach else None,
        specials=known.specials,
        signs=known.signs,
        warning="" if needed else _NO_LITERAL,
    )


def _search(pattern: str, program: Any) -> Callable[[bytes], bool]:
    """Whether the pattern matches somewhere. RE2 reads a text backwards for a pattern with an end: `[^\\n]{0,160}$` then counts
    from the end of every text, which takes more states than it keeps, and a hundred times as long as without the count."""
    exact = finds(program)
    if pattern.startswith("^") or not pattern.endswith("$"):
        return exact
    looser = dialect.loosened(pattern)
    if looser == pattern:
        return exact
    maybe = finds(compiled(looser, _MEMORY))
    return lambda raw: maybe(raw) and exact(raw)


@lru_cache(maxsize=8)
def _bytes_again(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _bytes(text: str) -> bytes:
    """The text as RE2 sees it; bytes that were no UTF-8 are '?'. Many patterns look at one long text in a row."""
    return _bytes_again(text) if 256 < len(text) <= 65_536 else text.encode("utf-8", "replace")


_BEYOND_ASCII = re.compile(
    r"[^\x00-\x7f]|\\(?:x(?:[89A-Fa-f][0-9A-Fa-f]|\{0*[89A-Fa-f][0-9A-Fa-f]+\}|\{0*[1-9A-Fa-f][0-9A-Fa-f]{2,}\})|[0-7]{3}|[pPC])"
)
"""What may stand for a byte that is no ASCII character: of such a pattern no literals are taken."""


def _re2_bytes(argument: Any, _: Context) -> Operator:
    pattern = one_text(argument)
    if len(pattern) > _LONGEST:
        raise ValueError(f"is longer than {_LONGEST} characters; use a list with contains_any")
    return _of_bytes(pattern)


@lru_cache(maxsize=1024)
def _of_bytes(pattern: str) -> Operator:
    try:
        program = compiled(pattern, _MEMORY, of_bytes=True)
    except re2.error:
        raise ValueError("is not a pattern RE2 can read over bytes") from None
    search = finds(program)
    ascii_only = _BEYOND_ASCII.search(pattern) is None
    needed = required_literals(pattern) if ascii_only else None
    lead = needed.lead if needed else None
    tried = tried_at(program, search, lead)

    def at(text: str, places: Sequence[int], spans: Sequence[tuple[int, int]]) -> bool:
        return tried(text, places, spans) if text.isascii() else search(to_bytes(text))

    return Operator(
        test=lambda text: search(to_bytes(text)),
        literals=needed.texts if needed else None,
        lead=lead.texts if lead else None,
        also=needed.also if needed else (),
        at=at if lead else None,
        specials=needed_specials(pattern) if ascii_only else None,
        warning="" if needed else _NO_LITERAL,
    )


def tried_at(program: Any, search: Callable[[bytes], bool], lead: Lead | None) -> At:
    """Matches where a match can begin: so many characters before a literal of the lead. An attempt that goes nowhere ends
    after a few characters, where a search goes on to the end; but what is cheaper is done."""
    match, inside = begins(program), finds_inside(program)
    low, high = (lead.low, lead.high) if lead else (0, 0)

    def at(text: str, places: Sequence[int], spans: Sequence[tuple[int, int]]) -> bool:
        attempts = len(places) * (high - low + 1)
        searched = sum([end - begin + _SPAN for begin, end in spans]) if spans else len(text)
        if not attempts or attempts * _SEARCHED_MEANWHILE > searched:
            if spans and searched < len(text):
                return any(inside(*_around(text, begin, end)) for begin, end in spans)
            return search(_bytes(text))
        raw = _bytes(text)
        starts = {place - back for place in places for back in range(low, high + 1) if place >= back}
        if len(raw) != len(text):
            starts = _in_bytes(text, sorted(starts))
        return any(match(raw, start) for start in starts)

    return at


def _around(text: str, begin: int, end: int) -> tuple[bytes, int, int]:
    """A span of the text as RE2 sees it, with one character on either side for `\\b`, `^` and `$`, and where in that it is."""
    begin = max(0, begin)
    before, after = text[begin - 1 : begin] if begin else "", text[end : end + 1]
    whole = text[begin - len(before) : end + 1].encode("utf-8", "replace")
    return whole, _size(before), len(whole) - _size(after)


def _size(char: str) -> int:
    """Bytes of a character, or of none."""
    return len(char) if char.isascii() else len(char.encode("utf-8", "replace"))


def _in_bytes(text: str, begins: list[int]) -> set[int]:
    """Indexes of characters, in order, as indexes of bytes."""
    found: set[int] = set()
    char = byte = 0
    for begin in begins:
        byte += len(text[char:begin].encode("utf-8", "replace"))
        char = begin
        found.add(byte)
    return found


def _regex(argument: Any, context: Context) -> Operator:
    pattern = one_text(argument)
    if len(pattern) > _LONGEST:
        raise ValueError(f"is longer than {_LONGEST} characters")
    import regex

    try:
        search = regex.compile(pattern, regex.DOTALL | regex.V0).search
    except regex.error as exc:
        raise ValueError(f"is not a pattern: {exc}") from None
    timeout = context.regex_timeout

    def test(text: str) -> bool:
        try:
            return search(text, timeout=timeout, concurrent=True) is not None
        except TimeoutError:
            raise OperatorTimeout from None

    return Operator(
        test=test,
        steady=False,
        warning="`regex` backtracks: it is stopped after the time limit and then counts as a match; prefer `re2`",
    )


_TEXT = frozenset({"text", "ip"})
PATTERN_OPERATORS = (
    OperatorSpec(
        "re2",
        _TEXT,
        _re2,
        "pattern",
        "The RE2 pattern matches somewhere; `.` matches newlines, case counts unless (?i).",
    ),
    OperatorSpec(
        "re2_bytes",
        _TEXT,
        _re2_bytes,
        "pattern",
        "As `re2`, over bytes: `.` and `[^a]` are one byte each, `\\xe9` is a byte. For patterns that count bytes.",
    ),
    OperatorSpec("regex", _TEXT, _regex, "pattern", "The backtracking pattern matches somewhere; has a time limit."),
)
