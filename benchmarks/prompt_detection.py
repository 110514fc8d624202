"""How many malicious prompts the rules alone block, and how many benign ones, each as the user message of an OpenAI chat.

    python benchmarks/prompt_detection.py --data FOLDER [--paranoia N] [--hold-out] [--evasions] [--missed FILE]

`--hold-out` leaves a fixed third of the malicious sources out of what `--missed` writes: whoever writes rules does not see them.
Recall is reported for seen and unseen sources apart in any case. `--evasions` writes each malicious prompt in ten other ways
and reports how many of those that were blocked as they are, are blocked still.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

from evasions import EVASIONS

from waf.engine import Engine
from waf.model import Request
from waf.rules import load_ruleset
from waf.settings import Config, Rules

MALICIOUS = ("prompts_malicious.jsonl",)
BENIGN = ("prompts_benign.jsonl", "prompts_hard_benign.jsonl")
PROCESSES = 2
_HEAD = (("Host", "localhost"), ("Content-Type", "application/json"))


class Row(NamedTuple):
    text: str
    label: str
    source: str


class Found(NamedTuple):
    row: Row
    blocked: bool
    rules: tuple[tuple[int, int], ...]
    """Id and score of each rule that matched."""


def unseen(source: str) -> bool:
    """Whether a source is of the third that rules are not written from. The salt leaves a quarter of each label unseen."""
    return hashlib.sha256(f"86:{source}".encode()).digest()[0] % 3 == 0


def rows(folder: Path, names: Iterable[str]) -> list[Row]:
    found = [json.loads(line) for name in names for line in (folder / name).read_text("utf-8").split("\n") if line]
    return [Row(row["text"], row["label"], row["source"]) for row in found]


@cache
def _engine(packs: tuple[str, ...], paranoia: int) -> Engine:
    config = Config(rules=Rules(packs=packs), paranoia=paranoia)
    return Engine(load_ruleset(config.rules), config)


def _judge(job: tuple[tuple[str, ...], int, list[Row]]) -> list[Found]:
    packs, paranoia, part = job
    inspect = _engine(packs, paranoia).inspect
    found = []
    for row in part:
        body = json.dumps({"model": "m", "messages": [{"role": "user", "content": row.text}]}).encode()
        head = (*_HEAD, ("Content-Length", str(len(body))))
        decision = inspect(Request(method="POST", target="/v1/chat/completions", headers=head, body=body)).decision
        matches = tuple((match.rule, match.score) for match in decision.matches)
        found.append(Found(row, decision.action == "block", matches))
    return found


def judged(pool: Any, packs: tuple[str, ...], paranoia: int, given: list[Row]) -> list[Found]:
    """What the firewall says to each row, in their order."""
    jobs = [(packs, paranoia, given[start : start + 500]) for start in range(0, len(given), 500)]
    return [found for part in pool.imap(_judge, jobs) for found in part]


def _rate(found: Iterable[Found]) -> str:
    counted = Counter(one.blocked for one in found)
    total = counted.total()
    return f"{counted[True]:>6} of {total:>6}  {100 * counted[True] / total if total else 0:6.2f}%"


def _tables(found: list[Found], *, benign: bool) -> Iterator[str]:
    by: dict[tuple[str, str], list[Found]] = defaultdict(list)
    for one in found:
        row = one.row
        by["all", ""].append(one)
        by["source", f"{row.label} {row.source}{' (unseen)' if not benign and unseen(row.source) else ''}"].append(one)
        if not benign:
            by["label", row.label].append(one)
            by["sources", "unseen" if unseen(row.source) else "seen"].append(one)
    for (kind, name), part in sorted(by.items()):
        if not benign or kind == "all" or any(one.blocked for one in part):
            yield f"  {kind:<8}{name:<45}{_rate(part)}"


def _worst(found: list[Found]) -> Iterator[str]:
    matched = Counter(rule for one in found for rule, score in one.rules if score)
    blocked = Counter(rule for one in found if one.blocked for rule, score in one.rules if score)
    for rule, count in matched.most_common(12):
        yield f"  {rule}  matched {count:>5}, of them blocked {blocked[rule]:>5}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--packs", nargs="+", default=["builtin"])
    parser.add_argument("--paranoia", type=int, default=1)
    parser.add_argument("--hold-out", action="store_true")
    parser.add_argument("--evasions", action="store_true")
    parser.add_argument("--missed", type=Path, help="writes the rows that were judged wrongly")
    parser.add_argument("--sample", type=int, default=1500, help="rows that --evasions uses")
    given = parser.parse_args()
    packs = tuple(given.packs)
    malicious, benign = rows(given.data, MALICIOUS), rows(given.data, BENIGN)
    with get_context("fork").Pool(PROCESSES) as pool:
        bad = judged(pool, packs, given.paranoia, malicious)
        good = judged(pool, packs, given.paranoia, benign)
        print(f"malicious prompts blocked, paranoia {given.paranoia}", *_tables(bad, benign=False), sep="\n")
        print("benign prompts blocked", *_tables(good, benign=True), sep="\n")
        print("rules that match benign prompts", *_worst(good), sep="\n")
        if given.missed:
            wrong = [one for one in bad if not one.blocked and not (given.hold_out and unseen(one.row.source))]
            wrong += [one for one in good if one.blocked]
            lines = [json.dumps([*one.row, one.rules], ensure_ascii=False) for one in wrong]
            given.missed.write_text("\n".join(lines) + "\n", "utf-8")
        if given.evasions:
            caught = [one.row for one in bad if one.blocked]
            caught = random.Random(7).sample(caught, min(given.sample, len(caught)))
            print(f"still blocked of {len(caught)} that are blocked as they are")
            for name, written in EVASIONS.items():
                again = judged(pool, packs, given.paranoia, [row._replace(text=written(row.text)) for row in caught])
                print(f"  {name:<20}{_rate(again)}")


if __name__ == "__main__":
    main()
