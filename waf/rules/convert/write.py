"""Rules as YAML, in the shape in which one would write them by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Any, Final

from waf.rules.convert.base import Entry, Options, Plain

_FEW: Final = 8
"""Words that stand in the condition itself; more become a list at the top."""
_WIDE: Final = 118
_SHORT_ESCAPES: Final = {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def pack(entries: Iterable[Entry], options: Options, source: str) -> str:
    """The text of a rule file. `source`: what it was made from, for the first line."""
    entries = list(entries)
    lists: dict[str, list[str]] = {}
    body = [line for entry in entries for line in _entry(entry, lists)]
    lines = [
        f"# Made by `waf rules convert` from {comment(source)}.",
        "schema: waf-rules/v1",
        f"pack: {options.pack}",
        "",
    ]
    if lists:
        lines += ["lists:", *(line for name, words in lists.items() for line in _words(name, words)), ""]
    has_rules = any(entry.rule is not None for entry in entries)
    return "\n".join([*lines, "rules:" if has_rules else "rules: []", *body]) + "\n"


def comment(text: str) -> str:
    """A text that stays on one line of a comment."""
    return "".join(char if char.isprintable() else "?" for char in text)


def _entry(entry: Entry, lists: dict[str, list[str]]) -> Iterator[str]:
    for note in entry.notes:
        yield f"  # {comment(f'{PurePath(note.place.file).name}:{note.place.line}: {note.text}')}"
    if entry.rule is None:
        return
    first = True
    for key, value in entry.rule.items():
        lead = "  - " if first else "    "
        first = False
        if key == "match":
            yield from _condition("match: ", _with_lists(value, entry.rule["id"], lists), "    ")
        elif key == "tests":
            yield "    tests:"
            yield from (f"      - {_flow(test)}" for test in value)
        else:
            yield f"{lead}{key}: {_flow(value)}"
    yield ""


def _with_lists(part: Plain, number: int, lists: dict[str, list[str]]) -> Plain:
    """The condition with its long lists of words by name."""
    for join in ("all", "any"):
        if join in part:
            return {join: [_with_lists(inner, number, lists) for inner in part[join]]}
    words = part.get("contains_any")
    if words is None or len(words) <= _FEW:
        return part
    name = next((name for name, known in lists.items() if known == words), None)
    if name is None:
        taken = sum(name.startswith(f"words_{number}_") for name in lists)
        name = f"words_{number}_{taken + 1}"
        lists[name] = words
    return {**part, "contains_any": f"${name}"}


def _condition(lead: str, part: Plain, indent: str) -> Iterator[str]:
    for join in ("all", "any"):
        if join in part:
            yield f"{indent}{lead.removesuffix(' ')}" if lead.endswith(": ") else f"{indent}{lead}{join}:"
            inner = indent + "  "
            if lead.endswith(": "):
                yield f"{inner}{join}:"
                inner += "  "
            for child in part[join]:
                yield from _condition("- ", child, inner)
            return
    yield f"{indent}{lead}{_flow(part, reference=True)}"


def _words(name: str, words: list[str]) -> Iterator[str]:
    yield f"  {name}:"
    line = "    ["
    for place, word in enumerate(words):
        piece = scalar(word) + (", " if place < len(words) - 1 else "]")
        if len(line) + len(piece) > _WIDE and line.strip():
            yield line.rstrip()
            line = "     "
        line += piece
    yield line


def _flow(value: Any, *, reference: bool = False) -> str:
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{scalar(key)}: {_flow(item, reference=reference)}" for key, item in value.items()) + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    return scalar(value, reference=reference)


def scalar(value: Any, *, reference: bool = False) -> str:
    """A scalar: bare where that is safe, in single quotes, or in double ones with escapes. Raises ValueError for a text with
    bytes that are no UTF-8, which YAML cannot hold. `reference`: `$name` is one."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    if _bare(value) or (reference and value.startswith("$words_")):
        return value
    if value.isascii() and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    return '"' + "".join(map(_escaped, value)) + '"'


def _bare(text: str) -> bool:
    """Words that YAML reads as texts without quotes."""
    plain = text.replace("_", "a").replace(".", "a").replace("-", "a")
    word = text[:1].isalpha() and plain.isalnum() and text.isascii()
    return word and text.lower() not in ("true", "false", "null", "yes", "no", "on", "off", "y", "n")


def _escaped(char: str) -> str:
    if char in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[char]
    if char.isascii() and char.isprintable():
        return char
    code = ord(char)
    if 0xD800 <= code <= 0xDFFF:
        raise ValueError("has bytes that are no UTF-8, which a rule file cannot hold")
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
