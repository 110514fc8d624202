"""Files → program: every directive read once, every problem collected with its file and line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from waf.errors import Problem
from waf.files import head
from waf.rules.seclang import parse_rule
from waf.rules.seclang.directives import CANONICAL, FLAGS, NO_EFFECT, TEXTS
from waf.rules.seclang.lexer import MOST_BYTES, Directive, directives
from waf.rules.seclang.locate import WILD, matching
from waf.rules.seclang.parse_variables import variables
from waf.rules.seclang.spec import Marker, Place, Program, Rule
from waf.rules.seclang.updates import Updates

MOST_FILES: Final = 2_000
MOST_NESTED: Final = 8
_NUMBERS: Final = ("SecArgumentsLimit", "SecCollectionTimeout")
_LONGEST_NUMBER: Final = 10


class Parser:
    """Reads files and texts one after the other into one program."""

    def __init__(self) -> None:
        self.program = Program([], {}, {}, [])
        self.updates = Updates()
        self.problems: list[Problem] = []
        self.data: dict[str, tuple[str, ...]] = {}
        """Lines of each .data file, by its path."""
        self._ids: dict[int, Place] = {}
        self._open: Rule | None = None
        self._nested = 0

    def file(self, path: Path) -> None:
        """Reads one .conf file; Include directives are relative to it."""
        text = self._read(path, Problem(str(path), 0, 0, ""))
        if text is not None:
            self.text(text, str(path))

    def text(self, text: str, name: str) -> None:
        """Reads a text as if it stood in a file of that name."""
        for directive in directives(text, name, self.problems):
            try:
                self._directive(directive)
            except ValueError as error:
                self._open = None
                self.problems.append(Problem(directive.file, directive.line, 1, str(error)))
        if self._open is not None:
            self.problems.append(
                Problem(self._open.place.file, self._open.place.line, 1, "the chain has no rule after its last link")
            )
            self._open = None

    def _directive(self, directive: Directive) -> None:
        name = CANONICAL.get(directive.name.lower())
        arguments, place = directive.arguments, Place(directive.file, directive.line)
        if name is None:
            raise ValueError(f"directive {directive.name} is not supported")
        if self._open is not None and name not in ("SecRule", "SecAction"):
            raise ValueError(f"{name} stands inside of a chain")
        if name == "SecRule":
            self._rule(arguments, place)
        elif name == "SecAction":
            self._action(arguments, place)
        elif name == "SecMarker":
            self.program.items.append(Marker(_one(name, arguments)))
        elif name == "SecDefaultAction":
            default = parse_rule.default(parse_rule.actions(_one(name, arguments)), place)
            self.program.defaults[default.phase] = default
        elif name == "SecComponentSignature":
            self.program.signature = _one(name, arguments)
        elif name == "Include":
            self._include(_one(name, arguments), place)
        elif name in FLAGS or name in TEXTS:
            self._setting(name, arguments)
        elif name not in NO_EFFECT:
            self.updates.read(name, arguments, place)

    def _rule(self, arguments: tuple[str, ...], place: Place) -> None:
        if not 2 <= len(arguments) <= 3:
            raise ValueError(f"SecRule takes variables, an operator and actions, not {len(arguments)} arguments")
        call = parse_rule.operator_call(arguments[1])
        if call.name in ("pmfromfile", "pmf", "ipmatchfromfile", "ipmatchf"):
            self._data(call.argument, place)
            base = Path(place.file).parent
            call = msgspec.structs.replace(call, argument="\n".join(str(base / file) for file in call.argument.split()))
        read = parse_rule.actions(arguments[2] if len(arguments) == 3 else "")
        targets = variables(arguments[0])
        self._add(read, place, lambda defaults: parse_rule.link(targets, call, read, defaults))

    def _action(self, arguments: tuple[str, ...], place: Place) -> None:
        read = parse_rule.actions(_one("SecAction", arguments))
        self._add(read, place, lambda defaults: parse_rule.link((), None, read, defaults))

    def _add(self, read: parse_rule.Actions, place: Place, make: parse_rule.MakeLink) -> None:
        if self._open is not None:
            rule = self._open
            if read.id is not None or (read.phase is not None and read.phase != rule.phase):
                raise ValueError("a further link of a chain has neither an id nor a phase of its own")
            rule = msgspec.structs.replace(rule, links=(*rule.links, make(self.program.defaults.get(rule.phase))))
        else:
            if read.id is None:
                raise ValueError("the rule has no id")
            other = self._ids.setdefault(read.id, place)
            if other is not place:
                raise ValueError(f"id {read.id} is used at {other.file}:{other.line} as well")
            phase = read.phase or 2
            defaults = self.program.defaults.get(phase)
            rule = parse_rule.head(read, place, make(defaults), phase, defaults)
        if read.chain:
            self._open = rule
        else:
            self._open = None
            self.program.items.append(rule)

    def _setting(self, name: str, arguments: tuple[str, ...]) -> None:
        words = FLAGS.get(name)
        value = " ".join(arguments)
        if words is not None:
            known = {word.lower(): word for word in words}
            if value.lower() not in known:
                raise ValueError(f"{name} takes {' or '.join(words)}, not {value!r}")
            value = known[value.lower()]
        elif name == "SecArgumentSeparator" and len(value) != 1:
            raise ValueError("SecArgumentSeparator takes one character")
        elif name in _NUMBERS and not (value.isascii() and value.isdigit() and len(value) < _LONGEST_NUMBER):
            raise ValueError(f"{name} takes a number")
        self.program.settings[name] = value

    def _include(self, pattern: str, place: Place) -> None:
        if self._nested >= MOST_NESTED:
            raise ValueError(f"Include is nested deeper than {MOST_NESTED} files")
        base, path = Path(place.file).parent, Path(pattern)
        if path.is_absolute():
            base, pattern = Path(path.anchor), str(path.relative_to(path.anchor))
        try:
            found = matching(base, pattern) if pattern else []
        except OSError as error:
            raise ValueError(f"Include: {error.filename} cannot be read: {error.strerror}") from error
        if not found and not any(char in pattern for char in WILD):
            raise ValueError(f"Include: there is no file {pattern}")
        self._nested += 1
        for file in found:
            if file.is_file():
                self.file(file)
        self._nested -= 1

    def _data(self, names: str, place: Place) -> None:
        if not names:
            raise ValueError("the operator takes the name of a file")
        for name in names.split():
            path = Path(place.file).parent / name
            if str(path) not in self.data:
                text = self._read(path, Problem(place.file, place.line, 1, ""))
                self.data[str(path)] = tuple(_data_lines(text or ""))

    def _read(self, path: Path, place: Problem) -> str | None:
        """The text of a file, or None and a problem."""
        files = self.program.files
        wrong = ""
        if len(files) >= MOST_FILES:
            wrong = f"more than {MOST_FILES} files"
        else:
            try:
                raw = head(path, MOST_BYTES)
                if len(raw) <= MOST_BYTES:
                    files.append(str(path))
                    return raw.decode("utf-8", "surrogateescape")
                wrong = f"is larger than {MOST_BYTES} bytes"
            except OSError as error:
                wrong = f"cannot be read: {error.strerror}"
        message = wrong if place.file == str(path) else f"{path} {wrong}"
        self.problems.append(Problem(place.file, place.line, place.column, message))
        return None


def _data_lines(text: str) -> Iterable[str]:
    """Lines that are neither blank nor comments; blanks at either end are part of a line."""
    return (line for line in text.split("\n") if line and not line.lstrip().startswith("#"))


def _one(name: str, arguments: tuple[str, ...]) -> str:
    if len(arguments) != 1:
        raise ValueError(f"{name} takes one argument, not {len(arguments)}")
    return arguments[0]
