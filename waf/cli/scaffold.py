"""The text of a new rule, and where it goes in a rule file."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

import msgspec

from waf.rules.spec import PackSpec

FIRST_OWN_ID: Final = 9_100_010
"""Ids of shipped rules stay below nine million."""
STEP: Final = 10
"""Between ids, so that a rule can go between two others later."""
_BLOCK: Final = 1_000
"""Ids of a file, so that the next file begins with a round number."""
TEXT: Final = re.compile(r"[a-z0-9][a-z0-9 ._/-]{3,79}")
"""What a new rule may look for: a literal that needs no quoting and passes through the transforms unchanged."""


class Wanted(msgspec.Struct, frozen=True):
    """What the author said about the new rule."""

    name: str
    title: str
    field: str
    text: str
    severity: str
    attack: str
    reference: str


def next_id(own: Collection[int], taken: Collection[int]) -> int:
    """A free id: behind those of the same file, or in a block of its own behind all that are not shipped."""
    if own:
        found = max(own) + STEP
    else:
        others = [number for number in taken if number >= FIRST_OWN_ID]
        found = (max(others) // _BLOCK + 1) * _BLOCK + STEP if others else FIRST_OWN_ID
    while found in taken:
        found += STEP
    return found


def header(pack: str) -> str:
    """The beginning of a new rule file."""
    return f"schema: waf-rules/v1\npack: {pack}\n\nrules:\n"


def rule(number: int, wanted: Wanted, indent: str = "  ") -> str:
    """A rule that loads, passes its tests, and has all that `waf lint --strict` asks for."""
    text, prose = wanted.text, wanted.field.startswith("llm.")
    chain = "nfkc, strip_invisible, fold_confusables, lowercase" if prose else "url_decode_uni, lowercase"
    middle = len(text) // 2
    evasion = text[0] + "\u200b" + text[1:] if prose else "".join(f"%{ord(char):02x}" for char in text)
    key = quoted(wanted.field)
    ordinary = next(value for value in ("an ordinary value", "something else") if text not in value)
    tests = [
        ("attack", text), ("attack", f"please see {text.upper()} there"), ("attack", evasion),
        ("benign", ordinary), ("benign", f"{text[:middle]}~{text[middle:]}"), ("benign", text[:-1]),
    ]  # fmt: skip
    weakness = f", {wanted.reference.lower()}" if wanted.reference.startswith(("CWE-", "CVE-")) else ""
    lines = [
        f"- id: {number}",
        f"  name: {wanted.name}",
        f"  title: {quoted(wanted.title)}",
        f"  severity: {wanted.severity}",
        "  paranoia: 1",
        "  confidence: medium",
        "  maturity: experimental",
        f"  tags: [attack.{wanted.attack}{weakness}]",
        f"  references: [{quoted(wanted.reference)}]",
        f"  match: {{field: {key}, transform: [{chain}], contains: {quoted(text)}}}",
        "  false_positives: [people who write about it]",
        "  tests:",
        *(f"    - {{{kind}: {{{key}: {escaped(value)}}}}}" for kind, value in tests),
    ]
    return "".join(f"{indent}{line}\n" for line in lines)


def quoted(text: str) -> str:
    """A YAML scalar in single quotes."""
    return "'" + text.replace("'", "''") + "'"


def escaped(text: str) -> str:
    """In single quotes, or in double ones with what does not print as an escape."""
    if text.isascii():
        return quoted(text)
    return '"' + "".join(char if char.isascii() else f"\\u{ord(char):04x}" for char in text) + '"'


def appended(text: str, pack: PackSpec, number: int, wanted: Wanted) -> str:
    """The file with the rule behind its last one. Raises ValueError when its rules are not a list in block style."""
    lines = text.splitlines(keepends=True)
    if not pack.rules:
        raise ValueError("there is no rule yet behind which the new one could go")
    last = pack.rules[-1].place
    dash = lines[last.line - 1][: last.column - 1]
    if dash.strip() != "-":
        raise ValueError("its rules are not a list with a dash before each")
    end = last.line
    while end < len(lines) and not re.match(r"[^\s#]", lines[end]):
        end += 1
    while lines[end - 1].isspace() or lines[end - 1].startswith("#"):
        end -= 1  # blank lines and comments before the next key belong to it
    if not lines[end - 1].endswith("\n"):
        lines[end - 1] += "\n"
    return "".join([*lines[:end], "\n", rule(number, wanted, dash[: dash.index("-")]), *lines[end:]])
