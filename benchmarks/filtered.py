"""Do the shortcuts ever lose a match? The same rules with and without them, over the same inputs.

    python benchmarks/filtered.py [--random 100000] [--shipped 20000] [--seclang 10000] [--seed 1]

`random` are rule sets and fields drawn at random, compiled and read plainly (tests/rules/naive.py); `shipped` our own packs over
the examples of their rules, spliced, repeated and buried in prose; `seclang` random SecLang rules on the fast path and on the
plain one. The tests run some hundreds of the first and the last. A difference is printed, smallest first for those drawn at
random, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, seed, settings

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.rules.naive import matching
from tests.rules.seclang.test_fast import ARGUMENTS, RULE_SETS, WORD, check_fast
from tests.rules.test_prefilter import check_filtered, fields_strategy, rule_sets
from waf.bench.material import Material
from waf.model import Field
from waf.rules import load_ruleset
from waf.rules.testing import MOST_PARANOID, fixture_fields
from waf.settings import Rules

BATCH = 2_000
"""Examples for which hypothesis keeps its books at a time."""
Check = Callable[[int, int], None]
"""Number of cases, seed → AssertionError at a difference."""


def drawn(check: Callable[..., None], *strategies: Any) -> Check:
    def run(cases: int, number: int) -> None:
        limits = settings(max_examples=cases, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        with_examples: Any = given(*strategies)
        limits(seed(number)(with_examples(check)))()

    return run


def seclang(folder: Path) -> Check:
    def check(rules: Any, arguments: Any, header: str) -> None:
        check_fast(folder, rules, arguments, header)

    return drawn(check, RULE_SETS, ARGUMENTS, WORD)


def shipped() -> Check:
    """Each case is one attack of a rule's own tests, its texts changed, beside the text of another."""
    program = (ruleset := load_ruleset(Rules())).request
    specs = [rule for rule in ruleset.rules if rule.phase == "request"]
    examples = [fixture_fields(test.data) for rule in specs for test in rule.tests]
    texts = [f.value for fields in examples for found in fields.values() for f in found if isinstance(f.value, str)]
    material = Material()

    def changed(text: str, rng: random.Random) -> str:
        other, at, way = rng.choice(texts), rng.randrange(len(text) + 1), rng.randrange(6)
        if way == 0:
            return text[:at] + other[rng.randrange(len(other) + 1) :]
        if way == 1:
            return text[:at] + rng.choice(("\u200b", "%20", "\0", "\u0130", "\n", " ", "é", "’")) + text[at:]
        if way == 2:
            return f"{material.prose(rng, rng.choice((300, 5000)))} {text} {material.prose(rng, 400)}"
        if way == 3:
            return text[:at] + text[at:].swapcase()
        if way == 4:
            return text + " " + other
        return text

    def run(cases: int, number: int) -> None:
        rng = random.Random(number)
        for _ in range(cases):
            fields: dict[str, list[Field]] = {}
            for bucket, found in rng.choice(examples).items():
                for one in found:
                    value = changed(one.value, rng) if isinstance(one.value, str) else one.value
                    fields.setdefault(bucket, []).append(Field(bucket, one.name, value, one.origin))
            matches, _ = program.run(fields, "/", MOST_PARANOID)
            plain = program.paths.added_to(fields) if program.paths else fields
            expected = matching(specs, plain)
            if differing := {match.rule for match in matches} ^ set(expected):
                raise AssertionError(f"rules {sorted(differing)} differ on {fields!r}")

    return run


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--random", type=int, default=100_000)
    parser.add_argument("--shipped", type=int, default=20_000)
    parser.add_argument("--seclang", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given_ = parser.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory(prefix="waf-filtered-") as folder:
        parts: tuple[tuple[str, int, Callable[[], Check]], ...] = (
            ("random", given_.random, lambda: drawn(check_filtered, rule_sets, fields_strategy)),
            ("shipped", given_.shipped, shipped),
            ("seclang", given_.seclang, lambda: seclang(Path(folder))),
        )
        for name, wanted, make in parts:
            check, done, began = make(), 0, time.process_time()
            try:
                while done < wanted:
                    cases = min(BATCH, wanted - done)
                    check(cases, given_.seed * 1_000_000 + done)
                    done += cases
            except AssertionError as difference:
                failed = 1
                print(f"{name}: a difference after {done} cases:\n{difference}", flush=True)
            else:
                print(f"{name}: {done} cases, no difference, {time.process_time() - began:.0f} s of CPU", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
