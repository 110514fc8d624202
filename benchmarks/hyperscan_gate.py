"""Would one Hyperscan database of the CRS's patterns beat our gates? Both asked which patterns match, over distinct values.

    pip install hyperscan
    python benchmarks/hyperscan_gate.py --crs ../shared/crs4 --data FOLDER [--paranoia 1] [--count 300] [--rounds 7]

Ours: `Gate.mask`, transforms and all: one Aho-Corasick scan of each distinct result, then RE2 where literals are there.
Hyperscan: the same transforms, each run once, then one scan of each distinct result by a database of all patterns, each of
which reports once; patterns that it cannot compile are left to RE2. Only `@rx` links on ARGS, without macros and
negation. Every value is new to both. Processor time of this thread, medians of interleaved rounds, microseconds a value.
Afterwards each pattern is asked about texts made to match it, what repeats in them up to 40 times.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

try:
    import hyperscan
except ImportError:
    raise SystemExit("hyperscan is not installed: pip install hyperscan") from None

from waf.bench.material import Material, from_folder
from waf.rules.convert.samples import of_pattern
from waf.rules.seclang import CrsOptions, load, pcre
from waf.rules.seclang.chains import NAMES
from waf.rules.seclang.compile import CompiledLink
from waf.rules.seclang.gate import Gate, prefilter
from waf.transform import TRANSFORMS
from waf.transform.base import to_bytes

FLAGS = hyperscan.HS_FLAG_DOTALL | hyperscan.HS_FLAG_SINGLEMATCH | hyperscan.HS_FLAG_ALLOWEMPTY
Values = list[str]


def links_of(crs: Path, paranoia: int) -> list[CompiledLink]:
    """First links of phase 2 that are patterns over ARGS, of the levels up to `paranoia`."""
    ruleset = load(crs, CrsOptions(paranoia=paranoia))
    level = {rule.id: rule.paranoia for rule in ruleset.rules}
    found = []
    for rule in ruleset.phases[2].rules:
        link = rule.links[0]
        call = link.spec.operator
        named = {v.collection for v in link.spec.variables if not v.exclude and not v.count and v.kind == "all"}
        plain = call is not None and call.name == "rx" and not call.negated and link.bind is None
        if plain and "ARGS" in named and level[rule.id] <= paranoia and link.test.run.steady and not link.multi_match:
            found.append(link)
    return found


class Ours:
    def __init__(self, links: list[CompiledLink]) -> None:
        self._gate = Gate(list(enumerate(links)), prefilter(links))

    def __call__(self, value: str) -> int:
        return self._gate.mask(value, {})


class Hyperscan:
    """`split`: a database for each chain of transforms, instead of one for all that is asked once for each distinct text."""

    def __init__(self, links: list[CompiledLink], *, split: bool) -> None:
        self._steps: list[tuple[int, Callable[[str], str] | None]] = [(-1, None)]
        known: dict[tuple[str, ...], int] = {(): 0}

        def step(chain: tuple[str, ...]) -> int:
            if chain not in known:
                before = step(chain[:-1])
                known[chain] = len(self._steps)
                self._steps.append((before, TRANSFORMS[chain[-1]].apply))
            return known[chain]

        by_step: dict[int, list[tuple[int, bytes]]] = {}
        self._left = list[tuple[int, int, Callable[[str], bool]]]()
        for number, link in enumerate(links):
            place = step(tuple(NAMES[name.lower()] for name in link.spec.transforms))
            raw = link.spec.operator.argument.encode("utf-8", "surrogateescape") if link.spec.operator else b""
            if compiles(raw):
                by_step.setdefault(place, []).append((number, raw))
            else:
                self._left.append((number, place, link.test.run.test))
        self.left = len(self._left)
        began = time.perf_counter()
        whole = None if split else database([entry for entries in by_step.values() for entry in entries])
        self._of = {
            place: (whole or database(entries), sum(1 << number for number, _ in entries))
            for place, entries in by_step.items()
        }
        self.seconds = time.perf_counter() - began
        self.size = sum({id(made): made.size() for made, _ in self._of.values()}.values())

    def texts(self, value: str) -> list[str]:
        """The value after each step, in the order of the steps."""
        made = [value]
        for before, apply in self._steps[1:]:
            text = made[before]
            made.append(apply(text) if apply else text)
        return made

    def __call__(self, value: str) -> int:
        made = self.texts(value)
        found, hits = 0, dict[tuple[int, str], int]()
        for place, (scanner, wanted) in self._of.items():
            key = (id(scanner), made[place])
            mask = hits.get(key)
            if mask is None:
                mask = hits[key] = scan(scanner, made[place])
            found |= mask & wanted
        for number, place, test in self._left:
            if test(made[place]):
                found |= 1 << number
        return found


def database(entries: list[tuple[int, bytes]]) -> Any:
    made = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    made.compile(
        expressions=[raw for _, raw in entries], ids=[number for number, _ in entries], flags=[FLAGS] * len(entries)
    )
    return made


def scan(scanner: Any, text: str) -> int:
    seen: list[int] = []
    scanner.scan(to_bytes(text), match_event_handler=lambda number, *_: seen.append(number))
    return sum(1 << number for number in set(seen))


def compiles(raw: bytes) -> bool:
    try:
        hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK).compile(expressions=[raw], ids=[0], flags=[FLAGS])
    except Exception:  # the binding has an error of its own for each cause
        return False
    return True


def values(data: Path | None, count: int, rng: random.Random) -> dict[str, Values]:
    material = from_folder(data) if data else Material()
    found: dict[str, Values] = {
        "prose 200 B": [material.prose(rng, 200) for _ in range(count)],
        "prose 2 KB": [material.prose(rng, 2048) for _ in range(count)],
        "code 2 KB": [material.code(rng, 2048) for _ in range(count)],
        "code 16 KB": [material.code(rng, 16_384) for _ in range(count // 6)],
    }
    for name in ("web_benign", "web_attacks") if data else ():
        lines = (data / f"{name}.jsonl").read_text("utf-8", "replace").splitlines() if data else []
        texts = list(dict.fromkeys(str(json.loads(line)["text"])[:2048] for line in lines))
        found[name] = rng.sample(texts, min(4 * count, len(texts)))
    return {name: [f"{text}{number}" for number, text in enumerate(texts)] for name, texts in found.items()}


def missed(links: list[CompiledLink]) -> tuple[int, int, set[str]]:
    """(texts that RE2 finds, those of them that Hyperscan does not, their patterns)."""
    tried = lost = 0
    of: set[str] = set()
    for text in {link.spec.operator.argument: link for link in links if link.spec.operator}:
        raw = text.encode("utf-8", "surrogateescape")
        if not compiles(raw):
            continue
        scanner, search = database([(0, raw)]), pcre.compile_re2(text, multiline=False, capture=False).search
        for repeats in (0, 1, 2, 10, 20, 30, 40):
            sample = of_pattern(pcre.to_re2(text, multiline=False), repeats)
            if sample is not None and search(to_bytes(sample)) is not None:
                tried += 1
                if not scan(scanner, sample):
                    lost += 1
                    of.add(text)
    return tried, lost, of


def timed(what: Callable[[str], Any], texts: Values) -> float:
    """Microseconds a value."""
    began = time.thread_time()
    for text in texts:
        what(text)
    return (time.thread_time() - began) / len(texts) * 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--crs", type=Path, required=True)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--paranoia", type=int, default=1)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--split", action="store_true", help="one database for each chain")
    given = parser.parse_args()
    links = links_of(given.crs, given.paranoia)
    ours, theirs = Ours(links), Hyperscan(links, split=given.split)
    print(
        f"{len(links)} patterns, {theirs.left} left to RE2; database {theirs.size / 1e6:.1f} MB, "
        f"compiled in {theirs.seconds:.1f} s"
    )
    print(f"{'µs a value':<14}{'gates':>10}{'hyperscan':>12}{'transforms':>12}{'gates/hs':>10}{'differ':>8}")
    rng = random.Random(4)
    for name in values(given.data, 1, rng):
        figures: dict[str, list[float]] = {"gates": [], "hyperscan": [], "transforms": []}
        differ = 0
        for _ in range(given.rounds):  # new values each round, so that nothing is remembered
            texts = values(given.data, given.count, rng)[name]
            order: list[tuple[str, Callable[[str], Any]]] = [
                ("gates", ours),
                ("hyperscan", theirs),
                ("transforms", theirs.texts),
            ]
            rng.shuffle(order)
            for what, run in order:
                figures[what].append(timed(run, texts))
            differ += sum(ours(text) != theirs(text) for text in texts)
        medians = {what: statistics.median(found) for what, found in figures.items()}
        ratio = medians["gates"] / medians["hyperscan"]
        print(
            f"{name:<14}{medians['gates']:>10.0f}{medians['hyperscan']:>12.0f}{medians['transforms']:>12.0f}{ratio:>10.2f}{differ:>8}"
        )
    tried, lost, of = missed(links)
    print(f"{tried} texts that match, of which Hyperscan misses {lost}, of {len(of)} patterns")


if __name__ == "__main__":
    main()
