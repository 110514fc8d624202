"""Learned scoring beside the CRS's own threshold, held out by source.

    python benchmarks/learned_scoring.py --data FOLDER --crs DIR [--paranoia 1 2] [--every 4] [--models DIR] [--ship FILE]

Sources are dealt into three parts; each is judged by weights that were fitted to the other two and to requests with values of our
own grammars. At the share of attacks that the CRS catches by its own threshold, how many harmless requests does each block?
`--ship` fits weights to permissive sources and our own alone, at the CRS's paranoia levels 1 and 2 together, and writes them.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import numpy as np
from detection import placed
from ordinary import PLACES
from web_head import requests

from classifiers.corpus import web_attacks, web_benign
from classifiers.train.web_data import OWN, permissive
from waf import fitting, shipped
from waf.classify.load import SHIPPED_HEAD
from waf.classify.measure import share
from waf.classify.web.head import WebHead
from waf.decide import _decisive
from waf.engine import Engine
from waf.inference import WebHead as Settings
from waf.learned import FORMAT, Feature, Weights
from waf.model import Request
from waf.opinion import Opinion
from waf.rules import load_ruleset
from waf.settings import Config, Crs, Rules

PARTS: Final = 3
PRIORS: Final = Weights(FORMAT, fitting.BIAS, 0.5, fitting.HEAD_WEIGHT, fitting.POINT, fitting.CRS_RULE, {})
CRS_RATE: Final = 0.001
SHARE: Final = 0.05
"""Of our own grammars' rows: some 3,000 harmless values and 1,400 payloads."""
_PLACE: Final = {"file": "form", "body": "text"}


class Seen(NamedTuple):
    source: str
    attack: bool
    core: bool
    """The CRS's own threshold blocks it."""
    points: bool
    """Our points block it."""
    held: bool
    """A rule of ours blocks it that learning cannot out-vote."""
    features: dict[str, Feature]


def part_of(source: str) -> int:
    return hashlib.sha256(f"learned:{source}".encode()).digest()[0] % PARTS


def engine_at(paranoia: int, crs: str, models: Path) -> Engine:
    config = Config(
        rules=Rules(packs=("builtin",)),
        crs=Crs(path=crs, paranoia=paranoia),
        scoring="learned",
        web_head=Settings(ask="weak"),
    )
    ruleset = load_ruleset(config.rules, crs=config.crs)
    return Engine(ruleset, config, opinion=Opinion(ruleset, WebHead(models), PRIORS))


def own() -> Iterator[tuple[str, bool, Request]]:
    """Values of our own grammars, each where it belongs. Public lists hold hardly any of the JSON, code and markup that
    applications exchange, and without them every rule that such values trigger looks like a sign of an attack."""
    for number, (text, _) in enumerate(web_attacks.rows("scoring", SHARE)):
        yield f"{OWN}attacks", True, placed(text, ("query", "form", "json")[number % 3])
    for text, _, surface in web_benign.rows("scoring", SHARE):
        yield f"{OWN}benign", False, PLACES[_PLACE.get(surface, surface)](text)


def look(engine: Engine, asked: Iterable[tuple[str, bool, Request]]) -> list[Seen]:
    made = []
    for source, attack, request in asked:
        verdict = engine.inspect(request)
        if verdict.screened is None:
            core = verdict.crs_result is not None and verdict.crs_result.status != 0
            made.append(Seen(source, attack, core, True, True, {}))
            continue
        policy, matches = verdict.route.policy, verdict.screened.matches
        held = (
            any(_decisive(policy, match, monitored=False) for match in matches)
            and verdict.screened.score >= policy.block_score
        )
        says = verdict.crs_result
        core = says is not None and says.status != 0
        made.append(
            Seen(
                source,
                attack,
                core,
                verdict.screened.score >= policy.block_score,
                held,
                engine.opinion.features(verdict),
            )
        )
    return made


def held_out(seen: Sequence[Seen]) -> np.ndarray:
    """Probability of each request by weights that never saw its source."""
    data = fitting.matrix([s.features for s in seen])
    attack = np.array([s.attack for s in seen])
    part = np.array([part_of(s.source) for s in seen])
    scores = np.zeros(len(seen))
    ours = np.array([s.source.startswith(OWN) for s in seen])
    for number in range(PARTS):
        weights = fitting.fit(data, attack, (part != number) | ours)
        scores[part == number] = data.times(weights)[part == number]
    return scores


def compare(title: str, seen: Sequence[Seen], scores: np.ndarray) -> None:
    public = [not s.source.startswith(OWN) for s in seen]
    seen, scores = [s for s, keep in zip(seen, public, strict=True) if keep], scores[public]
    attack = np.array([s.attack for s in seen])
    core, points, held = (np.array([getattr(s, name) for s in seen]) for name in ("core", "points", "held"))
    print(f"\n{title}: {attack.sum()} attacks, {(~attack).sum()} harmless requests")

    def line(name: str, blocked: np.ndarray) -> None:
        caught, hurt = (
            share(int(blocked[attack].sum()), int(attack.sum())),
            share(int(blocked[~attack].sum()), int((~attack).sum())),
        )
        interval = f"{100 * hurt.value:.3f}%, {100 * hurt.low:.3f} to {100 * hurt.high:.3f}"
        print(f"  {name:<44}{100 * caught.value:7.2f}% caught{hurt.hits:6d} ({interval}) wrongly blocked")

    line("CRS, its own threshold", core)
    line("our points or the CRS", core | points)
    line("our points alone", points)
    wanted = core[attack].mean()
    # The highest threshold at which at least as many attacks are blocked as the CRS blocks.
    whole = np.where(held, np.inf, scores)
    cut = np.sort(whole[attack])[::-1][max(0, int(np.ceil(wanted * attack.sum())) - 1)]
    line("learned, as many attacks as the CRS", whole >= cut)
    wide = (core | points)[attack].mean()
    cut = np.sort(whole[attack])[::-1][max(0, int(np.ceil(wide * attack.sum())) - 1)]
    line("learned, as many attacks as both together", whole >= cut)
    unbounded = np.sort(scores[attack])[::-1][max(0, int(np.ceil(wanted * attack.sum())) - 1)]
    line("learned without our critical rules' say", scores >= unbounded)
    for rate in (0.001, 0.003):
        line(
            f"learned, {100 * rate:g}% more than critical rules",
            (scores >= np.quantile(scores[~attack & ~held], 1 - rate)) | held,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--crs", required=True)
    parser.add_argument("--paranoia", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--every", type=int, default=4)
    parser.add_argument("--models", type=Path, default=shipped.root() / SHIPPED_HEAD)
    parser.add_argument("--ship", type=Path)
    given = parser.parse_args()
    everything: list[Seen] = []
    for paranoia in given.paranoia:
        engine = engine_at(paranoia, given.crs, given.models)
        seen = look(engine, chain(requests(given.data, given.every), own()))
        everything += seen
        compare(f"paranoia {paranoia}", seen, held_out(seen))
    if given.ship:
        mine = [s for s in everything if permissive(s.source)]
        data, attack = fitting.matrix([s.features for s in mine]), np.array([s.attack for s in mine])
        scores = fitting.out_of_fold(data, attack)
        held = np.array([s.held for s in mine])
        threshold = fitting.cut(scores[~attack & ~held], CRS_RATE)
        head = WebHead(given.models).version
        trained = {"benign": int((~attack).sum()), "attacks": int(attack.sum()), "rate": CRS_RATE, "head": head}
        made = fitting.weights_of(data, fitting.fit(data, attack, np.ones(data.rows, bool)), threshold, trained)
        given.ship.write_bytes(msgspec.json.format(msgspec.json.encode(made), indent=1) + b"\n")


if __name__ == "__main__":
    main()
