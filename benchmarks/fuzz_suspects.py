"""What is fuzzed of overrides and suspicion: files, proofs, and what other firewalls and operators may send."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from waf.abuse.challenge import Challenges
from waf.abuse.rounding import rounded
from waf.errors import ConfigError, Refusal
from waf.limits.table import Table
from waf.model import Caller
from waf.overrides.book import ADDRESS, CALLER, MODEL, Book, take
from waf.overrides.entry import SCHEMA
from waf.overrides.file import MAX_ENTRIES, read_entries

NOW: Final = 1_800_000_000.0
_CHALLENGES: Final = Challenges(bytes(32), 120, lambda n: b"n" * n, NOW - 10)
_CALLER: Final = Caller("key", key="a" * 12, subject="ann", tenant="acme")


def proof(data: bytes) -> None:
    """A proof is right or has a fault that is known; one whose signature was changed is never right."""
    text = data.decode("utf-8", "surrogateescape")
    fault = _CHALLENGES.check(text, "ann", 1, NOW)
    assert fault is not None or text.startswith(_MADE.partition(":")[0])


def answer(data: bytes) -> None:
    """What is rounded is JSON still, or nothing."""
    found = rounded(data, 1)
    assert found is None or json.loads(found) is not ...


def overrides(folder: Path) -> Callable[[bytes], None]:
    """A file of overrides is refused with its problems, or makes a book that can be asked."""

    def override_file(data: bytes) -> None:
        path = folder / "overrides"
        path.write_bytes(data)
        try:
            entries = read_entries(str(path))
        except ConfigError as error:
            assert error.problems
            return
        assert len(entries) <= MAX_ENTRIES
        book = Book(entries, Table(64))
        for step in (ADDRESS, CALLER, MODEL):
            try:
                take(book.check(step, "192.0.2.7", _CALLER, ("gpt-4o",), NOW).limits, 1.0)
            except Refusal:
                continue

    return override_file


_MADE: Final = _CHALLENGES.make("ann", 1, NOW).text + ":0"
_AT, _UNTIL = (datetime.fromtimestamp(NOW + s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for s in (-10, 3600))
_ENTRY: Final = (
    f'{{"id": "abcdefgh", "action": "limit", "match": {{"key": "aaaaaaaaaaaa", "address": "192.0.2.0/24"}}, '
    f'"limit": {{"requests": 3, "window": 60}}, "who": "ann", "why": "a test", "at": "{_AT}", "until": "{_UNTIL}"}}'
)

SEEDS: Final[dict[str, list[bytes]]] = {
    "proof": [_MADE.encode(), _MADE.encode()[:-2] + b":18446744073709551616"],
    "answer": [b'{"predictions": [[0.125, 1e-9, 3], "a"], "logprobs": {"x": -0.5}, "embedding": [0.25]}'],
    "override_file": [
        f'{{"schema": "{SCHEMA}", "entries": [{_ENTRY}]}}'.encode(),
        f"schema: {SCHEMA}\nentries:\n- id: bcdefghi\n  action: deny\n  match: {{model: 'gpt-*', tenant: acme}}\n"
        f"  who: ann\n  why: a test\n  at: {_AT}\n  until: {_UNTIL}\n".encode(),
    ],
}
