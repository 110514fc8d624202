"""Rule evaluation alone, and the whole pure decision, in process, on distinct inputs.

    python benchmarks/evaluate.py [--data FOLDER] [--rules PACK] [--count 400]

`rules` is `screen()` over fields already parsed: the figure of the bar "2 KB of prose ≤ 150 µs p50, ≤ 400 µs p99".
`inspect` is parse → screen → decide as the edge calls it.
"""

from __future__ import annotations

import argparse
import random
from functools import partial
from pathlib import Path

from waf.bench import micro
from waf.bench.material import Material, from_folder
from waf.bench.mixes import MIXES
from waf.engine import Engine
from waf.model import Field
from waf.rules import load_ruleset
from waf.screen import screen
from waf.settings import Config, Rules

SIZE = 2048


def fields(text: str, *buckets: str) -> dict[str, list[Field]]:
    return {bucket: [Field(bucket, "content", text, f"bench:{bucket}")] for bucket in buckets}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--rules", default="builtin")
    parser.add_argument("--count", type=int, default=400)
    given = parser.parse_args()
    material = from_folder(given.data) if given.data else Material()
    config = Config(rules=Rules(packs=(given.rules,)))
    ruleset = load_ruleset(config.rules)
    engine = Engine(ruleset, config)
    rng = random.Random(11)
    prose = [material.prose(rng, SIZE) for _ in range(given.count)]
    code = [material.code(rng, SIZE) for _ in range(given.count)]
    program = ruleset.request
    rows = []
    for name, texts in (("prose", prose), ("code", code)):
        for surface, buckets in (
            ("model text", ("llm.user",)),
            ("web and prompt", ("json", "llm.prompt")),
        ):
            inputs = [fields(text, *buckets) for text in texts]
            for paranoia in (1, 4):
                micros = micro.timed(partial(screen, program, path="/", paranoia=paranoia), inputs)
                rows.append((f"rules: 2 KB {name}, {surface}, PL{paranoia}", micros))
    for mix in MIXES.values():
        requests = [micro.as_request(raw) for raw in mix.requests(material)[: given.count]]
        rows.append((f"inspect: {mix.name}", micro.timed(engine.inspect, requests)))
    print(f"{len(ruleset.rules)} rules")
    print(micro.table(rows))


if __name__ == "__main__":
    main()
