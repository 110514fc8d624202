"""The Go template actions that request bodies are written with, such as `{{ "a" | repeat 500 }}`.

go-ftw offers a large library of functions. Those that tests use are here, as one table; anything else is an error, since
sending something different from what the author meant would be worse than sending nothing.
"""

from __future__ import annotations

import base64
import re
import urllib.parse
from collections.abc import Callable, Mapping
from typing import Final

MAX_LENGTH: Final = 16 << 20
"""Most characters that one body may become."""
MAX_DEPTH: Final = 16

_ACTION: Final = re.compile(r"\{\{(- )?(.*?)( -)?\}\}", re.DOTALL)
_COMMENT: Final = re.compile(r"\s*/\*.*\*/\s*", re.DOTALL)
_TOKEN: Final = re.compile(
    r"""\s*(?:"(?P<quoted>(?:[^"\\\n]|\\.)*)"|`(?P<raw>[^`]*)`|(?P<number>[0-9]{1,9})\b"""
    r"""|(?P<name>\.?[A-Za-z][A-Za-z0-9]*)|(?P<mark>[|()]))""",
)
_ESCAPE: Final = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[abfnrtv\\\"'])")
_ESCAPES: Final = dict(zip("abfnrtv\\\"'", "\a\b\f\n\r\t\v\\\"'", strict=True))


class TemplateError(ValueError):
    """An action that is not understood; the message quotes it."""


Term = str | int


def _repeat(count: Term, text: Term) -> str:
    number = count if isinstance(count, int) else int(count)
    if number * len(str(text)) > MAX_LENGTH:
        raise TemplateError(f"a repetition of more than {MAX_LENGTH:,} characters")
    return str(text) * number


FUNCTIONS: Final[dict[str, tuple[int, Callable[..., str]]]] = {
    "repeat": (2, _repeat),
    "print": (1, str),
    "upper": (1, lambda text: str(text).upper()),
    "lower": (1, lambda text: str(text).lower()),
    "trim": (1, lambda text: str(text).strip()),
    "b64enc": (1, lambda text: base64.b64encode(str(text).encode()).decode()),
    "urlquery": (1, lambda text: urllib.parse.quote_plus(str(text), safe="-_.~")),
}
"""Name → how many arguments it takes, and what it does. A pipe hands over the last argument."""


def expand(text: str, values: Mapping[str, str] | None = None) -> str:
    """The text with its actions carried out. `values` are what `.Name` stands for. Raises TemplateError."""
    pieces: list[str] = []
    at = size = 0
    trim = False
    for action in _ACTION.finditer(text):
        before = _between(text[at : action.start()], trim, bool(action[1]))
        made = "" if _COMMENT.fullmatch(action[2]) else _Action(action[2], values or {}).value()
        pieces += (before, made)
        size += len(before) + len(made)
        if size > MAX_LENGTH:
            raise TemplateError(f"a body of more than {MAX_LENGTH:,} characters")
        at, trim = action.end(), bool(action[3])
    rest = text[at:]
    if "{{" in rest:
        raise TemplateError(f"an action without its end: {rest[rest.index('{{') :][:40]!r}")
    pieces.append(_between(rest, trim, False))
    return "".join(pieces)


def _between(text: str, trim_start: bool, trim_end: bool) -> str:
    """Text between actions; an action with a hyphen at its edge eats the blanks beside it."""
    text = text.lstrip() if trim_start else text
    return text.rstrip() if trim_end else text


class _Action:
    """One action, read by recursive descent: pipelines of calls, whose arguments are literals or pipelines in brackets."""

    def __init__(self, text: str, values: Mapping[str, str]) -> None:
        self._text = text.strip()
        self._values = values
        self._tokens = self._split()
        self._at = 0

    def value(self) -> str:
        found = self._pipeline(0)
        if self._at != len(self._tokens):
            raise self._error()
        return str(found)

    def _error(self) -> TemplateError:
        return TemplateError(f"a template action that is not supported: {'{{'} {self._text[:60]} {'}}'}")

    def _split(self) -> list[tuple[str, str]]:
        tokens: list[tuple[str, str]] = []
        at = 0
        while at < len(self._text):
            found = _TOKEN.match(self._text, at)
            if found is None or found.lastgroup is None:
                raise self._error()
            tokens.append((found.lastgroup, found[found.lastgroup]))
            at = found.end()
        return tokens

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "")

    def _take(self) -> tuple[str, str]:
        token = self._peek()
        self._at += 1
        return token

    def _pipeline(self, depth: int) -> Term:
        if depth > MAX_DEPTH:
            raise self._error()
        value = self._command(depth, ())
        while self._peek() == ("mark", "|"):
            self._take()
            value = self._command(depth, (value,))
        return value

    def _command(self, depth: int, piped: tuple[Term, ...]) -> Term:
        kind, name = self._peek()
        if kind != "name" or name.startswith("."):
            if piped:
                raise self._error()
            return self._argument(depth)
        self._take()
        count, function = FUNCTIONS.get(name, (0, None))
        arguments: list[Term] = []
        while self._peek()[0] != "end" and self._peek() not in (("mark", "|"), ("mark", ")")):
            arguments.append(self._argument(depth))
        arguments += piped
        if function is None or len(arguments) != count:
            raise self._error()
        try:
            return function(*arguments)
        except TemplateError:
            raise
        except ValueError:
            raise self._error() from None

    def _argument(self, depth: int) -> Term:
        kind, text = self._take()
        if kind == "quoted":
            return _unquote(text)
        if kind == "raw":
            return text
        if kind == "number":
            return int(text)
        if kind == "name" and text[1:] in self._values:
            return self._values[text[1:]]
        if (kind, text) == ("mark", "("):
            value = self._pipeline(depth + 1)
            if self._take() == ("mark", ")"):
                return value
        raise self._error()


def _unquote(text: str) -> str:
    return _ESCAPE.sub(lambda m: chr(int(m[1][1:], 16)) if m[1][0] in "xu" else _ESCAPES[m[1]], text)
