"""The file of overrides: JSON as the commands write it, or YAML of the same shape by hand; docs/incidents.md."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Literal

import msgspec

from waf.errors import ConfigError, InputError, Problem
from waf.identity.keyfile import replace_file
from waf.overrides.entry import SCHEMA, Entry, problems
from waf.source import Node, load, problem

MAX_FILE: Final = 8 << 20
MAX_ENTRIES: Final = 10_000
MAX_MODELS: Final = 200
"""Entries about models, which are compared one by one."""

_STEP: Final = re.compile(r"\.(\w+)|\[(\d+)\]")
_MEMBERS: Final = {"schema", "entries"}


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: Literal["waf-overrides/v1"]
    entries: tuple[Entry, ...] = ()


_decode: Final = msgspec.json.Decoder(_File).decode


def read_entries(path: str, *, missing: bool = False) -> tuple[Entry, ...]:
    """What the file says, expired entries included. `missing`: a file that is not there has no entries. Raises ConfigError
    with file, line and member of everything that is wrong."""
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_FILE + 1)
    except FileNotFoundError:
        if missing:
            return ()
        raise ConfigError([Problem(path, 0, 0, "is not there", "`waf deny add` makes it")]) from None
    except OSError as error:
        raise ConfigError([Problem(path, 0, 0, f"cannot be read: {error.strerror}")]) from None
    if len(data) > MAX_FILE:
        raise ConfigError([Problem(path, 0, 0, f"is larger than {MAX_FILE:,} bytes")])
    try:
        entries = _decode(data).entries
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _read_slowly(path, data)
    if _sound(entries):
        return entries
    return _read_slowly(path, data)


def parse_entries(data: bytes, name: str) -> tuple[Entry, ...]:
    """The same of JSON that came from elsewhere; `name` is for messages."""
    if len(data) > MAX_FILE:
        raise ConfigError([Problem(name, 0, 0, f"is larger than {MAX_FILE:,} bytes")])
    try:
        entries = _decode(data).entries
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError([Problem(name, 0, 0, f"is no list of overrides: {error}")]) from None
    _check(entries, name)
    return entries


def encode_entries(entries: Sequence[Entry], name: str = "overrides") -> bytes:
    """What such a file holds. Raises ConfigError for what could not be read again."""
    _check(entries, name)
    value = {"schema": SCHEMA, "entries": [msgspec.to_builtins(entry) for entry in entries]}
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"


def write_entries(path: str, entries: Sequence[Entry]) -> None:
    """Replace the file in one step. Raises OSError, and ConfigError for what could not be read again."""
    replace_file(path, encode_entries(entries, path), alike=True)


def _check(entries: Sequence[Entry], name: str) -> None:
    if not _sound(entries):
        raise ConfigError([Problem(name, 0, 0, text) for text in _complaints(entries)][:20])


def _sound(entries: Sequence[Entry]) -> bool:
    return next(_complaints(entries), None) is None


def _complaints(entries: Sequence[Entry]) -> Iterator[str]:
    yield from (
        f"entry {number}: {member} {message}" + (f" ({hint})" if hint else "")
        for number, entry in enumerate(entries, 1)
        for member, message, hint in problems(entry)
    )
    yield from _counts(entries)


def _counts(entries: Sequence[Entry]) -> Iterator[str]:
    if len(entries) > MAX_ENTRIES:
        yield f"more than {MAX_ENTRIES:,} entries"
    if sum(1 for entry in entries if entry.match.model) > MAX_MODELS:
        yield f"more than {MAX_MODELS} entries about models"
    if len({entry.id for entry in entries}) < len(entries):
        yield "two entries have the same id"


def _read_slowly(path: str, data: bytes) -> tuple[Entry, ...]:
    """As YAML, with the place of everything that is wrong."""
    try:
        root = load(data, path, max_bytes=MAX_FILE)
    except InputError as error:
        raise ConfigError(error.problems) from None
    if not isinstance(root.value, dict):
        raise ConfigError([problem(root, "is not a file of overrides", f"it begins with `schema: {SCHEMA}`")])
    found = [
        problem(root, f"unknown member `{name[:40]}`", "schema, entries", key=name)
        for name in root.value
        if name not in _MEMBERS
    ]
    schema = root.value.get("schema")
    if schema is None or schema.value != SCHEMA:
        found.append(problem(schema or root, "the schema is another one, or is missing", f"schema: {SCHEMA}"))
    listed = root.value.get("entries")
    nodes = listed.value if listed is not None and listed.value is not None else []
    if not isinstance(nodes, list):
        raise ConfigError([*found, problem(listed or root, "`entries` is not a list")])
    entries: list[Entry] = []
    for node in nodes:
        entry = _entry(node, found)
        if entry is not None:
            entries.append(entry)
        if len(found) >= 20:
            break
    found += [problem(listed or root, message) for message in _counts(entries)]
    if found:
        raise ConfigError(found)
    return tuple(entries)


def _entry(node: Node, found: list[Problem]) -> Entry | None:
    try:
        entry = msgspec.convert(node.plain(), Entry)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        found.append(problem(_at(node, path), message))
        return None
    wrong = [
        problem(_at(node, f".{member}"), f"`{member}` {message}", hint) for member, message, hint in problems(entry)
    ]
    found.extend(wrong)
    return None if wrong else entry


def _at(node: Node, path: str) -> Node:
    """The node that a path as `.match.key` leads to, or the nearest one around it."""
    for name, index in _STEP.findall(path):
        value = node.value
        if isinstance(value, dict) and name in value:
            node = value[name]
        elif isinstance(value, list) and index and int(index) < len(value):
            node = value[int(index)]
        else:
            break
    return node
