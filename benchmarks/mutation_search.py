"""A search for rewritings of SQL payloads that get through, after Demetrio et al. 2020 (WAF-A-MoLE).

    python benchmarks/mutation_search.py --data FOLDER --crs DIR --models DIR [--payloads 100] [--steps 2000] [--only NAME …]

Each payload that a detector blocks is rewritten step by step (classifiers/corpus/web_mutate.py); the search keeps the
rewritings with the lowest score and goes on from them until one is let through or the steps are used up. Searched against: the
CRS at paranoia 1 by its own threshold, our rules, our rules with the head, and learned scoring. The CRS gives its anomaly score,
ours the score and the head's log-odds, learned scoring its probability.
"""

from __future__ import annotations

import argparse
import heapq
import random
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

from detection import placed, rows, unseen

from classifiers.corpus.web_mutate import MUTATORS
from waf import learned
from waf.classify.measure import share
from waf.classify.web.head import WebHead
from waf.engine import Engine
from waf.inference import WebHead as Settings
from waf.opinion import Opinion
from waf.rules import load_ruleset
from waf.settings import Config, Crs, Rules

Ask = Literal["off", "weak", "always"]

Detector = Callable[[str], tuple[bool, float]]
"""Payload → (blocked, how suspicious)."""
ROUND = 24
"""Rewritings of one payload of the queue before the next is taken."""
LONGEST = 600
_QUERY = re.compile(r"(?:\bor\b|\band\b|\bunion\b|\bselect\b|\|\|)", re.IGNORECASE)


def core(folder: str, paranoia: int) -> Detector:
    config = Config(rules=Rules(packs=()), crs=Crs(path=folder, paranoia=paranoia), web_head=Settings(ask="off"))
    ruleset = load_ruleset(config.rules, crs=config.crs)
    engine = Engine(ruleset, config, opinion=Opinion(ruleset))

    def ask(payload: str) -> tuple[bool, float]:
        verdict = engine.inspect(placed(payload, "query"))
        found = verdict.crs
        return (True, 99.0) if found is None else (found.would_status != 0, float(found.inbound))

    return ask


def ours(ask_head: Ask, models: Path | None, *, crs: str = "", weights: learned.Weights | None = None) -> Detector:
    settings = Settings(ask=ask_head)
    config = Config(
        rules=Rules(packs=("builtin",)), crs=Crs(path=crs, paranoia=1) if crs else Crs(), web_head=settings,
        scoring="learned" if weights else "points",
    )  # fmt: skip
    ruleset = load_ruleset(config.rules, crs=config.crs)
    head = WebHead(models) if models is not None else None
    engine = Engine(ruleset, config, opinion=Opinion(ruleset, head if ask_head != "off" else None, weights))

    def ask(payload: str) -> tuple[bool, float]:
        verdict = engine.inspect(placed(payload, "query"))
        odds = head.logits([payload])[0][0] if head is not None and ask_head != "off" else 0.0
        score = verdict.weighed.probability * 20 if verdict.weighed is not None else 0.0
        return verdict.decision.blocks, verdict.decision.score + score + odds

    return ask


def search(ask: Detector, payload: str, steps: int, rng: random.Random) -> int:
    """Steps until a rewriting is let through; -1 when none was, 0 when the payload itself is."""
    blocked, score = ask(payload)
    if not blocked:
        return 0
    queue = [(score, 0, payload)]
    seen = {payload}
    used = 0
    while queue and used < steps:
        _, _, current = heapq.heappop(queue)
        for _ in range(ROUND):
            text = current
            for _ in range(rng.randint(1, 3)):
                text = rng.choice(MUTATORS)(text, rng)
            used += 1
            if text in seen or len(text) > LONGEST:
                continue
            seen.add(text)
            blocked, score = ask(text)
            if not blocked:
                return used
            heapq.heappush(queue, (score, used, text))
            if used >= steps:
                break
        heapq.heappush(queue, (score + 1, used, current))
        queue = heapq.nsmallest(200, queue)
    return -1


def payloads(folder: Path, count: int) -> Iterator[str]:
    """SQL payloads of sources that no rule was written from and that the held-out head never saw."""
    found = [
        row.text
        for row in rows(folder / "web_attacks.jsonl")
        if row.label == "sqli"
        and row.form != "raw_request"
        and unseen(row.source)
        and _QUERY.search(row.text)
        and len(row.text) > 8
    ]
    yield from random.Random(7).sample(found, count)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--crs", required=True)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--payloads", type=int, default=100)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--only", nargs="*", default=[], help="detectors whose names begin so; all without it")
    given = parser.parse_args()
    chosen = list(payloads(given.data, given.payloads))
    detectors: dict[str, Detector] = {
        "CRS, paranoia 1": core(given.crs, 1),
        "our rules": ours("off", None),
        "our rules, head asked weak": ours("weak", given.models),
        "our rules, head asked always": ours("always", given.models),
    }
    if given.weights:
        made = learned.read(given.weights)
        detectors["learned scoring with the CRS"] = ours("always", given.models, crs=given.crs, weights=made)
    for name, ask in detectors.items():
        if given.only and not name.startswith(tuple(given.only)):
            continue
        began = time.monotonic()
        found = [search(ask, payload, given.steps, random.Random(number)) for number, payload in enumerate(chosen)]
        blocked = [steps for steps in found if steps != 0]
        evaded = share(sum(steps > 0 for steps in blocked), len(blocked))
        interval = f"{100 * evaded.value:.0f}%, {100 * evaded.low:.0f} to {100 * evaded.high:.0f}"
        seconds = time.monotonic() - began
        print(
            f"{name:<32}{len(blocked):>4} of {len(found)} blocked; {evaded.hits} of them evade ({interval}); {seconds:.0f} s",
            flush=True,
        )


if __name__ == "__main__":
    main()
