"""RE2 asked for yes or no. The package's `search` makes a generator and a match object for each call, which costs as much as
looking through a short text; what lies under it is called here instead, where the package has it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import re2


def compiled(pattern: str, max_mem: int = 8 << 20, *, of_bytes: bool = False) -> Any:
    """A pattern over UTF-8 bytes in which `.` matches line breaks. Raises re2.error for what RE2 cannot read.

    `max_mem`: bytes for its program and automata. Bytes, because offsets in str cost more than the search. `of_bytes`: each
    byte is a character of its own.
    """
    options = re2.Options()
    if of_bytes:
        options.encoding = re2.Options.Encoding.LATIN1
    options.never_capture = True
    options.dot_nl = True
    options.log_errors = False
    options.max_mem = max_mem
    return re2.compile(pattern.encode(), options)


def finds(pattern: Any) -> Callable[[bytes], bool]:
    """Whether a compiled pattern matches somewhere."""
    match, anchors = _below(pattern)
    if match is None:
        search = pattern.search
        return lambda text: search(text) is not None
    anywhere = anchors.UNANCHORED
    return lambda text: match(anywhere, text, 0, len(text))[0][0] >= 0


def finds_inside(pattern: Any) -> Callable[[bytes, int, int], bool]:
    """Whether a compiled pattern matches between two indexes. What stands before and behind still counts for `\\b`, `^`, `$`."""
    match, anchors = _below(pattern)
    if match is None:
        search = pattern.search
        return lambda text, begin, end: search(text, begin, end) is not None
    anywhere = anchors.UNANCHORED
    return lambda text, begin, end: match(anywhere, text, begin, end)[0][0] >= 0


def begins(pattern: Any) -> Callable[[bytes, int], bool]:
    """Whether a compiled pattern matches from an index on."""
    match, anchors = _below(pattern)
    if match is None:
        at = pattern.match
        return lambda text, place: at(text, place) is not None
    start = anchors.ANCHOR_START
    return lambda text, place: match(start, text, place, len(text))[0][0] >= 0


def gate(pattern: str) -> Callable[[bytes], bool]:
    """`finds` of a pattern that nothing else is asked of."""
    return finds(compiled(pattern))


def _below(pattern: Any) -> tuple[Any, Any]:
    """What the package itself calls, and its anchors; (None, None) in a release that is built otherwise."""
    match, anchors = getattr(getattr(pattern, "_regexp", None), "Match", None), getattr(re2, "_Anchor", None)
    return (match, anchors) if match is not None and anchors is not None else (None, None)
