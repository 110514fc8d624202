"""What is fuzzed of overrides and suspicion: files, proofs, and what other firewalls and operators may send."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np

from waf.abuse.challenge import Challenges
from waf.abuse.gossip import Attack, Count, News, Seal, Stand, Tries, adds_up, bitmap, unpacked
from waf.abuse.latest import MOST_QUERIES, Latest, Measure, Shown, measure, measures, scale_in, sound
from waf.abuse.misuse import Campaigns, Misuse
from waf.abuse.observer import Observer
from waf.abuse.peers import add_count, add_queries
from waf.abuse.response import Standings
from waf.abuse.rounding import rounded
from waf.abuse.spaces import Spaces
from waf.errors import ConfigError, Refusal
from waf.identity.keyfile import parse_keys
from waf.limits.table import Table
from waf.misuse import Respond
from waf.model import Caller, Field, Parsed
from waf.overrides.book import ADDRESS, CALLER, MODEL, Book, take
from waf.overrides.entry import SCHEMA, problems
from waf.overrides.file import MAX_ENTRIES, parse_entries, read_entries
from waf.overrides.order import entries_of, read_order

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


def order(data: bytes) -> None:
    """An order of an operator's program is refused with its problems, or becomes entries that a file can hold."""
    try:
        found = entries_of(read_order(data), NOW, lambda n: bytes(range(n)))
    except ConfigError as error:
        assert error.problems
        return
    assert not [problem for entry in found for problem in problems(entry)]


def stored(data: bytes) -> None:
    """Documents on a server that somebody else has written to: of overrides, and of keys."""
    for parse in (parse_entries, parse_keys):
        try:
            parse(data, "the server")
        except ConfigError as error:
            assert error.problems


def news(data: bytes) -> None:
    """What another firewall says, rightly signed: it is heard, and changes nothing that has no end; unsigned it is nothing."""
    assert _SEAL.read(data) is None
    found = _SEAL.read(hmac.digest(_SEAL._key, data, "sha256")[:16] + data)
    if found is None:
        return
    standings = Standings()
    for stand in found.standings:
        standings.hear(stand.who, stand.risk, stand.seconds, Respond(), NOW)
    assert 0 <= standings.highest(NOW) <= 1
    for count in found.counts:
        add_count(_OBSERVER, count, NOW)
    for attack in found.attacks:
        point = unpacked(attack.point)
        if point is not None:
            _CAMPAIGNS.add(point, attack.who & (1 << 64) - 1)
    for one in found.tried:
        bits = int.from_bytes(one.credentials), int.from_bytes(one.paths)
        assert 0 < _MISUSE.hear(one.who, *bits, one.requests, one.missing, NOW).p <= 1


def latest(data: bytes) -> None:
    """The same of what it shows of queries, and of what it measures by: nothing that is no number gets in."""
    for seal in (_LATEST, _MEASURES):
        assert seal.read(data) is None
    shown = _LATEST.read(hmac.digest(_LATEST._key, data, "sha256")[:16] + data)
    for some in shown.shown if shown is not None else ():
        assert 0 <= add_queries(_OBSERVER, some, NOW) <= MOST_QUERIES
        assert len(_OBSERVER.pool) <= 64
    told = _MEASURES.read(hmac.digest(_MEASURES._key, data, "sha256")[:16] + data)
    found = scale_in(told) if told is not None else None
    if told is not None and found is not None:
        spaces = Spaces(lambda _: 5)
        _, space = spaces.get("r", len(found[0]), len(found[0]), NOW)
        spaces.agree(5, *found)
        points = space.embed([np.ones(len(found[0]), dtype=np.float32)], [1])
        assert points is not None
        assert np.isfinite(points).all()


_SEAL: Final = Seal(bytes(32), News, adds_up)
_LATEST: Final = Seal(bytes(32), Latest, sound, b"latest")
_MEASURES: Final = Seal(bytes(32), Measure, measures, b"measure")
_CAMPAIGNS, _MISUSE = Campaigns(), Misuse(3600.0)
_OBSERVER: Final = Observer(0.001, 64, 1000, 86_400.0, bytes(32))
_OBSERVER.look(1, "r", Parsed({"llm.prompt": [Field("llm.prompt", "$", "a text", "json:$")]}), NOW)
_KIND: Final = next(iter(_OBSERVER.spaces.kinds.values()))
_NEWS: Final = News(
    (Stand(5, 0.75, 60.0), Stand(1 << 63, 0.0, 1e9)),
    (Count(1, _KIND, 3, (3, 3, 2, 3, 0, 0, 1), (1, 0, 2, 3, 0, 0, 0)), Count(2, 9, 30, (0,) * 7, (0,) * 7)),
    (Attack(7, bytes(64)),),
    (Tries(8, bitmap(5), bitmap(1 << 255), 4, 1),),
)
_MADE: Final = _CHALLENGES.make("ann", 1, NOW).text + ":0"
_AT, _UNTIL = (datetime.fromtimestamp(NOW + s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for s in (-10, 3600))
_ENTRY: Final = (
    f'{{"id": "abcdefgh", "action": "limit", "match": {{"key": "aaaaaaaaaaaa", "address": "192.0.2.0/24"}}, '
    f'"limit": {{"requests": 3, "window": 60}}, "who": "ann", "why": "a test", "at": "{_AT}", "until": "{_UNTIL}"}}'
)

_ORDER: Final = (
    b'{"who": "ann", "why": "over", "withdraw": ["abcdefgh"], "apply": [{"action": "limit", "match": {"tenant": "a", "model": '
    b'"gpt-*"}, "limit": {"requests": 3, "window": 60}, "why": "x", "seconds": 3600}]}'
)

SEEDS: Final[dict[str, list[bytes]]] = {
    "order": [_ORDER],
    "news": [_SEAL.write(_NEWS)[16:]],
    "latest": [
        _LATEST.write(Latest((Shown(_KIND, 0, b"12345678", b"12345678", bytes(64)),)))[16:],
        _MEASURES.write(measure(5, np.zeros(3, dtype=np.float32), np.ones(3, dtype=np.float32)))[16:],
    ],
    "stored": [
        f'{{"schema": "{SCHEMA}", "entries": [{_ENTRY}]}}'.encode(),
        b'{"schema": "waf-keys/v1", "keys": [{"id": "aaaaaaaaaaaa", "name": "n", "hash": "' + b"0" * 64 + b'"}]}',
    ],
    "proof": [_MADE.encode(), _MADE.encode()[:-2] + b":18446744073709551616"],
    "answer": [b'{"predictions": [[0.125, 1e-9, 3], "a"], "logprobs": {"x": -0.5}, "embedding": [0.25]}'],
    "override_file": [
        f'{{"schema": "{SCHEMA}", "entries": [{_ENTRY}]}}'.encode(),
        f"schema: {SCHEMA}\nentries:\n- id: bcdefghi\n  action: deny\n  match: {{model: 'gpt-*', tenant: acme}}\n"
        f"  who: ann\n  why: a test\n  at: {_AT}\n  until: {_UNTIL}\n".encode(),
    ],
}
