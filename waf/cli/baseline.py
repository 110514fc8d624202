"""The false positives that are known and accepted, kept in a file, so that a change of the rules cannot add some unseen."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from waf.errors import InputError, Problem
from waf.files import put

MAX_BYTES: Final = 16 << 20
_CHUNK: Final = 1 << 20


class Baseline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Counts over one corpus under one policy. What differs in anything but the counts cannot be compared."""

    corpus: str
    """SHA-256 of the corpus file."""
    shape: str
    paranoia: int
    block_score: int
    requests: int
    blocked: int
    refused: int
    rules: dict[str, int]
    """By rule id: requests that it matches."""


class Regression(msgspec.Struct, frozen=True):
    """Something that matches or blocks more than it did. `rule` 0 is all of them together."""

    what: str
    rule: int
    before: int
    now: int


def digest(corpus: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits."""
    found = hashlib.sha256()
    with corpus.open("rb") as file:
        while chunk := file.read(_CHUNK):
            found.update(chunk)
    return found.hexdigest()


def read(path: Path) -> Baseline:
    """Raises InputError when the file is not a baseline, OSError when it cannot be read."""
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    try:
        return msgspec.json.decode(data, type=Baseline)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        hint = "write one with --write-baseline"
        raise InputError([Problem(str(path), 0, 0, f"not a baseline: {error}", hint)]) from None


def write(path: Path, baseline: Baseline) -> None:
    """Rules in the order of their ids, so that a difference between two baselines reads well."""
    ordered = {rule: baseline.rules[rule] for rule in sorted(baseline.rules, key=int)}
    data = msgspec.json.encode(msgspec.structs.replace(baseline, rules=ordered))
    put(path, msgspec.json.format(data, indent=2) + b"\n")


def incomparable(before: Baseline, now: Baseline) -> list[str]:
    """What was measured otherwise, in words; empty when the two can be compared."""
    names = {"corpus": "another corpus", "shape": "another --as", "paranoia": "another paranoia level",
             "block_score": "another score that blocks"}  # fmt: skip
    return [what for name, what in names.items() if getattr(before, name) != getattr(now, name)]


def regressions(before: Baseline, now: Baseline, names: Mapping[int, str]) -> list[Regression]:
    """Everything that is worse than it was, the sums first, then rules by how much worse."""
    sums = [
        Regression(what, 0, old, new)
        for what, old, new in (
            ("requests blocked", before.blocked, now.blocked),
            ("requests refused as unreadable", before.refused, now.refused),
        )
        if new > old
    ]
    rules = [
        Regression(names.get(int(rule), ""), int(rule), before.rules.get(rule, 0), count)
        for rule, count in now.rules.items()
        if count > before.rules.get(rule, 0)
    ]
    return sums + sorted(rules, key=lambda found: (found.before - found.now, found.rule))
