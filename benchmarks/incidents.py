"""What the tools of an incident cost: overrides per request, the digest of a text, and triage per event.

    python benchmarks/incidents.py [--events 200000]

Times are CPU time of the thread, the least of several rounds, beside something known in the same run.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec

from waf.limits.table import Table
from waf.model import Caller
from waf.overrides.book import ADDRESS, CALLER, MODEL, Book
from waf.overrides.entry import Allowance, Entry, Scope, utc
from waf.record.redact import Redactor
from waf.record.similarity import Similarity
from waf.triage.event import Unread, events
from waf.triage.report import report
from waf.triage.tally import Tally

NOW = 1_800_000_000.0
LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
ROUNDS = 15


def least(action: Callable[[], object], times: int) -> float:
    """Microseconds of one call."""
    best = float("inf")
    for _ in range(ROUNDS):
        before = time.thread_time_ns()
        for _ in range(times):
            action()
        best = min(best, (time.thread_time_ns() - before) / times / 1000)
    return best


def key(chance: random.Random) -> str:
    return "".join(chance.choices(LETTERS, k=12))


def book(count: int, chance: random.Random) -> Book:
    made = []
    for number in range(count):
        address = f"10.{number >> 8 & 255}.{number & 255}.0/24"
        scope = Scope(key=key(chance)) if number % 2 else Scope(address=address)
        limited = number % 10 == 0
        made.append(Entry(
            id=key(chance), action="limit" if limited else "deny", match=scope, limit=Allowance(10, 60) if limited else None,
            who="x", why="x", at=utc(NOW), until=utc(NOW + 3600),
        ))  # fmt: skip
    return Book(made, Table(10_000))


def overrides() -> None:
    chance = random.Random(1)
    caller = Caller(kind="key", key=key(chance), subject="team", tenant="acme")
    for count in (0, 10, 10_000):
        found = book(count, chance)

        def ask(found: Book = found) -> None:
            found.check(ADDRESS, "192.0.2.7", None, (), NOW)
            found.check(CALLER, "192.0.2.7", caller, (), NOW)
            found.check(MODEL, "192.0.2.7", caller, ("gpt-4o",), NOW)

        print(f"overrides, {count:>6} entries: {least(ask, 2000):6.2f} µs a request")


def each(work: Callable[[str], object], texts: list[str]) -> None:
    for text in texts:
        work(text)


def digests() -> None:
    chance = random.Random(2)
    words = ["".join(chance.choices(LETTERS, k=chance.randint(2, 9))) for _ in range(900)]
    similarity, redactor = Similarity(b"k" * 32), Redactor(b"k" * 32)
    for size in (20, 220, 1500):
        texts = [" ".join(chance.choices(words, k=size)) for _ in range(50)]
        one = least(partial(each, similarity.of_text, texts), 1) / 50
        base = least(partial(each, lambda text: redactor.digest(text.encode()), texts), 1) / 50
        print(f"digest of {len(texts[0]):>6} characters: {one:6.1f} µs, the keyed hash beside it {base:5.2f} µs")


def triage(count: int) -> None:
    chance = random.Random(3)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "events.jsonl"
        with path.open("w") as file:
            for number in range(count):
                attack = number % 4 == 0
                rules = [{"id": 1510010, "name": "override", "bucket": "llm.user", "origin": "json:$.a",
                          "value": {"hash": f"{chance.getrandbits(64):016x}", "length": 60}}]  # fmt: skip
                event = {
                    "ts": utc(NOW + number // 50), "client": f"10.{number % 50}.{chance.randrange(256)}.{chance.randrange(256)}",
                    "method": "POST", "path": "/v1/chat/completions", "route": "chat", "reason": "score" if attack else "clean",
                    "would_block": attack, "status": 403 if attack else 200, "rules": rules if attack else [],
                    "similar": f"{chance.getrandbits(128):032x}" if attack else "",
                    "caller": {"key": f"{chance.randrange(100_000):012d}"},
                }  # fmt: skip
                file.write(msgspec.json.encode(event).decode() + "\n")
        size = path.stat().st_size
        before = time.thread_time_ns()
        with path.open("rb") as lines:
            for line in lines:
                msgspec.json.decode(line)
        base = (time.thread_time_ns() - before) / count / 1000
        start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        before = time.thread_time_ns()
        tally = Tally()
        with path.open("rb") as lines:
            for seen in events(lines, "log", Unread()):
                tally.add(seen)
        found = report(tally, Unread(), 5)
        spent = (time.thread_time_ns() - before) / count / 1000
        more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - start) >> 10
        log = f"{count:>9,} events ({size >> 20} MiB, {tally.known.distinct.estimate():,} callers)"
        print(
            f"triage, {log}: {spent:5.1f} µs an event, "
            f"{spent / base:.1f} times decoding it, {more} MiB more memory; {found.judgement.verdict}"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=200_000, help="in the larger of the two logs")
    asked = parser.parse_args()
    overrides()
    digests()
    for number in (10_000, asked.events):
        triage(number)
