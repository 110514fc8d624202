"""What the web-attack head adds to the rules: recall and wrongly blocked requests, held out by source, and its cost.

    python benchmarks/web_head.py --data FOLDER [--models DIR] [--recorded attacks.jsonl benign.jsonl] [--speed]

`--models` should be a head that was trained without the sources that `detection.unseen` names
(`python -m classifiers.train.web_run --leave-out …`): then `unseen` says what it makes of sources that nobody showed it. A
payload is a query value, a form field and a JSON member in turn; a benign row stands where it belongs.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from detection import _NATURAL, Row, placed, rows, unseen

from waf import shipped
from waf.classify.load import SHIPPED_HEAD
from waf.classify.measure import share
from waf.classify.web.head import WebHead
from waf.classify.web.values import Value
from waf.cli.requests import request_from_json
from waf.engine import Engine
from waf.inference import WebHead as Settings
from waf.model import Request
from waf.opinion import Opinion
from waf.rules import load_ruleset
from waf.settings import Config, Rules

_PLACES: Final = ("query", "form", "json")
FPR: Final = 0.003
SECOND: Final = 0.95
"""From which probability on the head confirms a weak sign: rule 1119010."""


class Seen(NamedTuple):
    """One request: what the points say, and the head's highest probability and whether it flags."""

    source: str
    attack: bool
    blocked: bool
    score: int
    probability: float
    flagged: bool


def requests(folder: Path, every: int) -> Iterator[tuple[str, bool, Request]]:
    for name, attack in (("web_attacks", True), ("web_benign", False)):
        for number, row in enumerate(rows(folder / f"{name}.jsonl")):
            if number % every or row.kind.startswith("crs_negative_"):
                continue
            for place in places(row, number, attack=attack):
                yield row.source, attack, placed(row.text, place)


def places(row: Row, number: int, *, attack: bool) -> Sequence[str]:
    if row.form == "raw_request":
        return ("raw_request",)
    return (_PLACES[number % 3],) if attack else _NATURAL.get(row.form, ("query",))


def recorded(path: Path, *, attack: bool) -> Iterator[tuple[str, bool, Request]]:
    with path.open("rb") as file:
        for line in file:
            yield path.stem, attack, request_from_json(json.loads(line))


def look(engine: Engine, head: WebHead, source: str, attack: bool, request: Request) -> Seen:
    verdict = engine.inspect(request)
    probability, flagged = 0.0, False
    if verdict.parsed is not None:
        found = head.judge(verdict.parsed.fields)
        probability = found.highest or 0.0
        flagged = any(each.flagged for each in found.surfaces)
    return Seen(source, attack, verdict.decision.blocks, verdict.decision.score, probability, flagged)


def table(title: str, seen: Sequence[Seen]) -> None:
    """Attacks caught and benign requests blocked by the rules, with the second opinion, and with the head alone as well; and
    the recall where the head may block 0.3% of benign ones, its threshold chosen on these rows."""
    attacks, benign = [s for s in seen if s.attack], [s for s in seen if not s.attack]
    print(f"\n{title}: {len(attacks)} attacks, {len(benign)} benign requests")
    policies = {
        "rules": lambda s: s.blocked,
        "rules, head asked weak": lambda s: s.blocked or (s.score >= 1 and s.probability >= SECOND),
        "rules, head asked always": lambda s: s.blocked or (s.score >= 1 and s.probability >= SECOND) or s.flagged,
    }
    for name, blocks in policies.items():
        caught, hurt = (share(sum(map(blocks, part)), len(part)) for part in (attacks, benign))
        interval = f"[{100 * hurt.low:.3f}, {100 * hurt.high:.3f}]"
        print(f"  {name:<28}{100 * caught.value:7.2f}% caught{100 * hurt.value:8.3f}% {interval} wrongly blocked")
    if attacks and benign:
        cut = sorted((s.probability for s in benign), reverse=True)[int(FPR * len(benign))]
        own = share(sum(s.probability > cut for s in attacks), len(attacks))
        both = share(sum(s.blocked or s.probability > cut for s in attacks), len(attacks))
        hurt = share(sum(s.blocked or s.probability > cut for s in benign), len(benign))
        print(
            f"  the head may block {100 * FPR:g}% of benign ones (p > {cut:.5f}): {100 * own.value:.2f}% caught by it,"
        )
        print(f"  {100 * both.value:.2f}% by rules or head, which wrongly block {100 * hurt.value:.3f}%")


def speed(head: WebHead, values: Sequence[Value]) -> None:
    """Processor time by value, one at a time and twenty at once: the least of ten rounds over distinct values."""
    for size in (1, 20):
        groups = [values[i : i + size] for i in range(0, len(values) - size, size)]
        best = []
        for group in groups:
            times = []
            for _ in range(10):
                began = time.thread_time_ns()
                head.score(group)
                times.append(time.thread_time_ns() - began)
            best.append(min(times) / size / 1000)
        length = np.mean([len(value.text) for value in values])
        middle, late = np.median(best), np.quantile(best, 0.99)
        print(f"{size:>3} values at once, {length:.0f} characters each: p50 {middle:.1f} µs, p99 {late:.1f} µs a value")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--models", type=Path, default=shipped.root() / SHIPPED_HEAD)
    parser.add_argument("--recorded", type=Path, nargs=2, metavar=("ATTACKS", "BENIGN"))
    web = str(shipped.path("rules/web"))
    parser.add_argument(
        "--packs", nargs="*", default=[web], help="rules beside the head; without any, those for the web"
    )
    parser.add_argument("--every", type=int, default=1, help="one row in so many")
    parser.add_argument("--speed", action="store_true")
    given = parser.parse_args()
    head = WebHead(given.models)
    config = Config(rules=Rules(packs=tuple(given.packs)), web_head=Settings(ask="off"))
    ruleset = load_ruleset(config.rules)
    engine = Engine(ruleset, config, opinion=Opinion(ruleset))
    if given.recorded:
        attacks, benign = given.recorded
        pairs = [*recorded(attacks, attack=True), *recorded(benign, attack=False)]
        table("recorded", [look(engine, head, *pair) for pair in pairs])
    if given.data:
        seen = [look(engine, head, *each) for each in requests(given.data, given.every)]
        for name, wanted in (("seen sources", False), ("unseen sources", True)):
            table(name, [s for s in seen if unseen(s.source) is wanted])
        for source in sorted({s.source for s in seen}):
            mine = [s for s in seen if s.source == source]
            hits = sum(s.flagged or s.blocked or (s.score >= 1 and s.probability >= SECOND) for s in mine)
            part, rules = "unseen" if unseen(source) else "", sum(s.blocked for s in mine)
            print(f"    {source:<24}{part:<8}{len(mine):>7}{100 * rules / len(mine):8.2f}{100 * hits / len(mine):8.2f}")
    if given.speed:
        rng = np.random.default_rng(1)
        text = "id=5' and (select substring(name,1,4) from users where role like 'adm%')='root' -- {0} <b>{1}</b> /a/b?c={2}"
        made = [Value(text.format(*rng.integers(0, 9999, 3))[:100], "query", "") for _ in range(2000)]
        speed(head, made)


if __name__ == "__main__":
    main()
