"""YAML with positions: text → `Node`, where every value knows its line and column.

Configuration and rule packs are both read through here, so that every complaint about either can say file:line:column
and show the line. The reader consumes parser *events* only: no tag ever constructs an object, and what makes YAML
dangerous or surprising is refused or left out.

- anchors and aliases (exponential expansion), tags, several documents, duplicate keys, keys that are not text;
- text over `max_bytes`, nesting over `MAX_DEPTH`, bytes that are not UTF-8, control characters;
- of YAML 1.1's plain scalars only `true`, `false`, null, decimal and hexadecimal integers and decimal fractions are
  more than text: `no`, `on`, `off`, `1:30`, `010`, `1_000` and `2027-06-01` stay the strings they look like.
"""

from __future__ import annotations

import math
import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn, TypeAlias

import yaml

from waf.errors import InputError, Problem

MAX_BYTES: Final = 4 << 20
MAX_DEPTH: Final = 64
MAX_PROBLEMS: Final = 100
"""A file with more things wrong than this is not the file the operator meant; reading stops there."""

Scalar: TypeAlias = "str | int | float | bool | None"
Plain: TypeAlias = "dict[str, Plain] | list[Plain] | Scalar"

_Loader: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SCALAR: Final = yaml.ScalarEvent
_NODES: Final = frozenset({yaml.AliasEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent})
_ENDS: Final = frozenset({yaml.MappingEndEvent, yaml.SequenceEndEvent})
_WORDS: Final[dict[str, bool | None]] = {
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
    "null": None, "Null": None, "NULL": None, "~": None, "": None,
}  # fmt: skip
_INT: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,399})", re.ASCII)
_HEX: Final = re.compile(r"[-+]?0x[0-9a-fA-F]{1,300}", re.ASCII)
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_NUMERIC: Final = frozenset("+-.0123456789")
_BREAK: Final = re.compile(r"\r\n?|\n")
_UNPRINTABLE: Final = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_EXCERPT: Final = 110
"""Most characters of a line that an excerpt shows; regular expressions in rule packs get long."""


class Source:
    """One file's text and where its lines start. Lines end as editors see them: LF, CR LF or CR."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self._starts = [0, *(m.end() for m in _BREAK.finditer(text))]

    def place(self, index: int) -> tuple[int, int]:
        """Line and column, from 1, of a character offset."""
        line = bisect_right(self._starts, index)
        return line, index - self._starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line, counted from 1, without its end; "" past the end."""
        if not 0 < number <= len(self._starts):
            return ""
        start = self._starts[number - 1]
        end = _BREAK.search(self.text, start)
        return self.text[start : end.start() if end else len(self.text)]

    def problem(self, index: int, message: str, hint: str = "") -> Problem:
        return Problem(self.file, *self.place(index), message, hint)


@dataclass(frozen=True, slots=True)
class Node:
    """A value and where it stands. `value` is a dict or list of Nodes, or a plain scalar; positions count from 1."""

    value: dict[str, Node] | list[Node] | Scalar
    line: int
    column: int
    source: Source = field(compare=False, repr=False)
    key_positions: dict[str, tuple[int, int]] = field(default_factory=dict, compare=False, repr=False)
    """Line and column of each key of a mapping; empty for everything else."""

    @property
    def file(self) -> str:
        return self.source.file

    def plain(self) -> Plain:
        """The same without positions."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def excerpt(self) -> str:
        """The line the value stands on, and a caret under its first character."""
        return caret(self.source.line(self.line), self.column)


def problem(node: Node, message: str, hint: str = "", *, key: str | None = None, warning: bool = False) -> Problem:
    """A `Problem` at the node, or at one of its keys."""
    line, column = (node.line, node.column) if key is None else node.key_positions.get(key, (node.line, node.column))
    return Problem(node.file, line, column, message, hint, warning)


def caret(line: str, column: int) -> str:
    """Two lines: `line`, cut to the neighbourhood of `column` if it is long, and a caret under that column.

    What a terminal could obey or hide (controls, bidirectional marks, zero-width characters) is shown as `·`.
    """
    at = max(0, min(column - 1, len(line)))
    start = max(0, at - _EXCERPT // 2) if len(line) > _EXCERPT else 0
    stop = start + _EXCERPT
    part = line[start:stop].replace("\t", " ")
    shown = "".join(c if c.isprintable() and not unicodedata.combining(c) else "·" for c in part)
    head, tail = "…" if start else "", "…" if stop < len(line) else ""
    width = len(head) + sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in shown[: at - start])
    return f"{head}{shown}{tail}\n{' ' * width}^"


def load(text: str | bytes, file: str, *, max_bytes: int = MAX_BYTES) -> Node:
    """Read one YAML document; an empty one is null. Raises `InputError` with everything found wrong, in file order."""
    source = Source(file, _decode(text, file, max_bytes))
    if bad := _UNPRINTABLE.search(source.text):
        message = f"character U+{ord(bad[0]):04X} is not allowed in YAML"
        raise InputError([source.problem(bad.start(), message, "in double quotes it can be written as an escape")])
    builder = _Builder(source)
    try:
        return builder.build()
    except yaml.MarkedYAMLError as error:
        builder.problems.append(_syntax(source, error))
    raise InputError(sorted(builder.problems))


def _decode(text: str | bytes, file: str, max_bytes: int) -> str:
    if len(text) > max_bytes:
        raise InputError([Problem(file, 0, 0, f"larger than {max_bytes:,} bytes")])
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8-sig")
        raise InputError([Source(file, before).problem(len(before), "not valid UTF-8")]) from None


def _syntax(source: Source, error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    index = min(mark.index, len(source.text)) if mark else 0
    if source.text[index : index + 1] == "\t":
        return source.problem(index, "a tab cannot indent or separate here", "use blanks")
    message = " ".join(part for part in (error.context, error.problem) if part)
    hint = ""
    if "could not find expected ':'" in message or "mapping values are not allowed" in message:
        hint = "a missing blank after a colon, or text with `: ` in it that needs quotes"
    elif source.text[index : index + 1] in tuple("@`%*&!"):
        hint = "text that starts with this character needs quotes"
    return source.problem(index, f"YAML syntax: {message}", hint)


@dataclass(slots=True)
class _Frame:
    """A collection that is being read, and for a mapping the key whose value comes next."""

    node: Node
    key: str | None = None
    expects_key: bool = True


class _Builder:
    """Events → nodes, with an explicit stack, so that nesting costs no recursion."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self._stack: list[_Frame] = []
        self._root: Node | None = None

    def build(self) -> Node:
        documents = 0
        loader = _Loader(self.source.text)
        more, following = loader.check_event, loader.get_event
        try:
            while more():
                event = following()
                kind = type(event)
                if kind is _SCALAR or kind in _NODES:
                    self._node(event, kind)
                elif kind in _ENDS:
                    self._stack.pop()
                elif kind is yaml.DocumentStartEvent:
                    documents += 1
                    if documents > 1:
                        self._refuse(event, "only one YAML document a file", "remove what follows the `---`")
        finally:
            loader.dispose()
        if self.problems:
            raise InputError(sorted(self.problems))
        return self._root or Node(None, 1, 1, self.source)

    def _node(self, event: Any, kind: type) -> None:
        line, column = self.source.place(event.start_mark.index)
        if event.anchor is not None:
            what = "an alias" if kind is yaml.AliasEvent else "an anchor"
            hint = "write the value out; text that starts with & or * needs quotes"
            self._complain(event, f"{what} is not supported here", hint)
        if kind is not yaml.AliasEvent and event.tag is not None:
            self._complain(event, "tags are not supported here", "text that starts with ! needs quotes")
        frame = self._stack[-1] if self._stack else None
        if frame and frame.expects_key and type(frame.node.value) is dict:
            self._key(frame, event, (line, column))
            return
        if kind is _SCALAR or kind is yaml.AliasEvent:
            self._place(frame, Node(_scalar(event), line, column, self.source))
        else:
            node = Node({} if kind is yaml.MappingStartEvent else [], line, column, self.source)
            self._place(frame, node)
            if len(self._stack) >= MAX_DEPTH:
                self._refuse(event, f"nested more than {MAX_DEPTH} levels deep")
            self._stack.append(_Frame(node))

    def _key(self, frame: _Frame, event: Any, place: tuple[int, int]) -> None:
        if isinstance(event, yaml.CollectionStartEvent):
            self._refuse(event, "a key must be text", "text that starts with [ or { needs quotes")
        key = _scalar(event)
        if not isinstance(key, str):
            if not isinstance(event, yaml.AliasEvent):
                self._complain(event, f"a key must be text, and this one reads as {_kind(key)}", "put it in quotes")
            key = f"\0{event.start_mark.index}"  # a unique stand-in: the document is refused anyway
        if key in frame.node.key_positions:
            first = frame.node.key_positions[key][0]
            self._complain(event, f"duplicate key {_quote(key)}", f"the first one is on line {first}")
        frame.node.key_positions.setdefault(key, place)
        frame.key, frame.expects_key = key, False

    def _place(self, frame: _Frame | None, node: Node) -> None:
        if frame is None:
            self._root = node
        elif isinstance(frame.node.value, list):
            frame.node.value.append(node)
        elif isinstance(frame.node.value, dict) and frame.key is not None:
            frame.node.value[frame.key] = node
            frame.expects_key = True

    def _complain(self, event: Any, message: str, hint: str = "") -> None:
        self.problems.append(self.source.problem(event.start_mark.index, message, hint))
        if len(self.problems) >= MAX_PROBLEMS:
            raise InputError(sorted(self.problems))

    def _refuse(self, event: Any, message: str, hint: str = "") -> NoReturn:
        """Complain about what makes reading further pointless."""
        self._complain(event, message, hint)
        raise InputError(sorted(self.problems))


def _scalar(event: Any) -> Scalar:
    """The value of a scalar event; None for an alias, which has been complained about."""
    if isinstance(event, yaml.AliasEvent):
        return None
    text: str = event.value
    return text if event.style else plain_scalar(text)  # quoted or a block: text


def plain_scalar(text: str) -> Scalar:
    """What an unquoted scalar means. A number too large for a float stays text, so that nothing is ever infinite."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMERIC:
        return text
    if _INT.fullmatch(text):
        return int(text)
    if _HEX.fullmatch(text):
        return int(text, 16)
    if _FLOAT.fullmatch(text) and math.isfinite(number := float(text)):
        return number
    return text


def _kind(value: Scalar) -> str:
    return {bool: "a flag", int: "a number", float: "a number", type(None): "null"}[type(value)]


def _quote(key: str) -> str:
    return f"`{key[:40]}…`" if len(key) > 40 else f"`{key}`"
