"""SecLang to the rule language: for people who want to move their own rules.

`convert(file, options)` reads a .conf file with what it includes and gives each rule as one of ours, or says why not. A rule
is converted whole or not at all: one that would match less than it did is never written.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from waf.errors import InputError, Problem, RuleError
from waf.rules.convert import rule as one
from waf.rules.convert import write
from waf.rules.convert.base import Entry, Note, Options
from waf.rules.convert.fixtures import load_error, with_tests
from waf.rules.seclang.parse import Parser
from waf.rules.seclang.spec import Place, Program, Rule

__all__ = ["Conversion", "Entry", "Note", "Options", "convert"]

_ENGINE: Final = "SecRuleEngine"
_SEPARATOR: Final = "SecArgumentSeparator"


class Conversion(msgspec.Struct):
    """`text` is the rule file; `entries` in its order; `notes` all of them, by file and line."""

    text: str
    entries: list[Entry]

    @property
    def notes(self) -> list[Note]:
        return [note for entry in self.entries for note in entry.notes]

    @property
    def without_tests(self) -> list[int]:
        """New ids of rules for which no attack, or no benign test, was found."""
        return [e.rule["id"] for e in self.entries if e.rule is not None and len(e.rule.get("tests", ())) < 2]

    @property
    def converted(self) -> dict[int, int]:
        """New id by the original one."""
        return {entry.original: entry.rule["id"] for entry in self.entries if entry.rule is not None}


def convert(file: Path, options: Options = Options()) -> Conversion:  # noqa: B008, frozen
    """Converts a file. Raises InputError when it cannot be read at all."""
    parser = Parser()
    parser.file(file)
    unreadable = [problem for problem in parser.problems if not problem.line]
    if unreadable:
        raise InputError(unreadable)
    entries = [*map(_problem, parser.problems), *_settings(parser.program)]
    rules = [item for item in parser.program.items if isinstance(item, Rule)]
    for place, text in parser.updates.without_rule(rules):
        message = f"{text}: means no rule that is converted; for the CRS's own it stays in crs.exclusions_after"
        entries.append(Entry(place, None, 0, [Note(place, 0, "update", message)]))
    number = options.first_id
    for item in rules:
        updated = parser.updates.apply(item)
        if updated is None:
            note = Note(item.place, item.id, "removed", "a SecRuleRemove directive takes it out")
            entries.append(Entry(item.place, None, item.id, [note]))
            continue
        entry = _checked(one.convert(updated, options, number or item.id, parser.data), options)
        number += entry.rule is not None and number > 0
        entries.append(entry)
    places = {name: place for place, name in enumerate(parser.program.files)}
    entries.sort(key=lambda entry: (places.get(entry.place.file, -1), entry.place.line))
    return Conversion(write.pack(entries, options, file.name), entries)


def _problem(problem: Problem) -> Entry:
    place = Place(problem.file, problem.line)
    return Entry(place, None, 0, [Note(place, 0, "unread", f"not converted: {problem.message}")])


def _settings(program: Program) -> list[Entry]:
    """What the files set for all rules and a rule file cannot."""
    found = []
    engine, separator = program.settings.get(_ENGINE, "On"), program.settings.get(_SEPARATOR, "&")
    if engine != "On":
        found.append(f"{_ENGINE} {engine}: say `mode: {'off' if engine == 'Off' else 'monitor'}` in waf.yaml")
    if separator != "&":
        found.append(f"{_SEPARATOR} {separator}: arguments end at & here")
    place = Place(program.files[0], 1)
    return [Entry(place, None, 0, [Note(place, 0, "engine", message)]) for message in found]


def _checked(entry: Entry, options: Options) -> Entry:
    """The entry with tests; without its rule where that does not load after all."""
    try:
        return with_tests(entry, options)
    except RuleError as error:
        reason = load_error(error)
    except ValueError as error:
        reason = str(error)
    note = Note(entry.place, entry.original, "load", reason)
    return Entry(entry.place, None, entry.original, [*entry.notes, note])
