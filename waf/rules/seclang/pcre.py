r"""A PCRE pattern in byte mode, as libmodsecurity compiles it (DOTALL), in RE2's words.

Only what both know but read differently is rewritten: `\s` and `\S` (PCRE counts the vertical tab), `\v` and `\h` (classes in
PCRE), and `$`, which in PCRE also matches before a last line break.
"""

from __future__ import annotations

import re
from typing import Any, Final

import re2

_IN_CLASS: Final = {
    "s": r"\t-\r ",
    "S": r"\x00-\x08\x0e-\x1f!-\x{ff}",
    "v": r"\n-\r\x85",
    "h": r"\t \x{a0}",
    "e": r"\x1b",
}
_OUTSIDE: Final = {
    "s": r"[\t-\r ]",
    "S": r"[^\t-\r ]",
    "v": r"[\n-\r\x85]",
    "h": r"[\t \x{a0}]",
    "e": r"\x1b",
}
_SAME: Final = re.compile(r"[^\\\[$]+")
_SAME_IN_CLASS: Final = re.compile(r"[^\\\[\]]+")
"""What stays as it is."""


def to_re2(pattern: str, *, multiline: bool) -> str:
    """The pattern for RE2 over Latin-1 bytes, `.` matching line breaks."""
    out: list[str] = []
    at, end, in_class = 0, len(pattern), False
    while at < end:
        same = (_SAME_IN_CLASS if in_class else _SAME).match(pattern, at)
        if same is not None:
            out.append(same[0])
            at = same.end()
            continue
        char = pattern[at]
        if char == "\\" and at + 1 < end:
            following = pattern[at + 1]
            out.append((_IN_CLASS if in_class else _OUTSIDE).get(following, char + following))
            at += 2
            continue
        if in_class:
            if char == "[" and pattern[at + 1 : at + 2] == ":" and (close := pattern.find(":]", at)) > 0:
                out.append(pattern[at : close + 2])
                at = close + 2
                continue
            in_class = char != "]"
            out.append("\\[" if char == "[" else char)
        elif char == "[":
            in_class = True
            out.append(char)
            if pattern[at + 1 : at + 2] == "^":
                out.append("^")
                at += 1
            if pattern[at + 1 : at + 2] == "]":
                out.append("\\]")
                at += 1
        else:
            out.append(r"\n?$" if char == "$" and not multiline else char)
        at += 1
    return "".join(out)


def _options(*, capture: bool) -> Any:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.never_capture = not capture
    options.dot_nl = True
    options.log_errors = False
    options.max_mem = 4 << 20
    return options


_PLAIN: Final = _options(capture=False)
_CAPTURING: Final = _options(capture=True)


def compile_re2(pattern: str, *, multiline: bool, capture: bool) -> Any:
    """A compiled RE2 pattern over bytes. Raises re2.error for one that RE2 cannot run."""
    flags = "(?m)" if multiline else ""
    raw = (flags + to_re2(pattern, multiline=multiline)).encode("utf-8", "surrogateescape")
    return re2.compile(raw, _CAPTURING if capture else _PLAIN)


def compile_backtracking(pattern: str, *, multiline: bool) -> Any:
    """A compiled `regex` pattern over bytes, for look-around and its like. Raises regex.error."""
    import regex

    flags = regex.DOTALL | regex.V0 | (regex.MULTILINE if multiline else 0)
    return regex.compile(pattern.encode("utf-8", "surrogateescape"), flags)
