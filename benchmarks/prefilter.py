"""What the prefilter costs and what it spares: the literal scan alone, and how many rules it lets through.

python benchmarks/prefilter.py [--data FOLDER] [--rules PACK] [--count 400]
"""

from __future__ import annotations

import argparse
import random
import statistics
from pathlib import Path

from rule_literals import literals

from waf.bench import micro
from waf.bench.material import Material, from_folder
from waf.model import Field
from waf.rules import load_ruleset
from waf.rules.fold import fold
from waf.rules.prefilter import Prefilter
from waf.settings import Rules

SIZES = (200, 2048, 16_384)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--rules", default="builtin")
    parser.add_argument("--count", type=int, default=400)
    given = parser.parse_args()
    material = from_folder(given.data) if given.data else Material()
    program = load_ruleset(Rules(packs=(given.rules,))).request
    rng = random.Random(5)
    rows = []
    known = literals(program)
    scan = Prefilter(known).hits
    print(f"{len(program.rules)} rules, {len(known)} literals, {len(program.always)} always evaluated")
    for size in SIZES:
        for name, make in (("prose", material.prose), ("code", material.code)):
            texts = [make(rng, size) for _ in range(given.count)]
            inputs = [{b: [Field(b, "content", text, "bench")] for b in ("json", "llm.prompt")} for text in texts]
            label = f"{size} B {name}"
            rows.append((f"fold: {label}", micro.timed(fold, texts)))
            rows.append((f"scan: {label}", micro.timed(scan, [fold(text) for text in texts])))
            rows.append((f"scan and rules: {label}", micro.timed(lambda f: program.run(f, "/", 4), inputs)))
            let_through = statistics.mean(program.run(f, "/", 4)[1] for f in inputs)
            print(f"{label}: {let_through:.1f} of {len(program.rules)} rules evaluated on average")
    print(micro.table(rows))


if __name__ == "__main__":
    main()
