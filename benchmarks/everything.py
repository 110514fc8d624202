"""A chat of 1.5 KB with everything on: identity, limits, abuse, packs and classifier, beside the packs alone and a plain proxy.

    python benchmarks/everything.py [--data FOLDER] [--repetitions 2] [--seconds 3]

Three hundred API keys take turns. Every rate has room: what is measured is that it is counted. Each step adds something to the
one before it, and each is measured beside the plain proxy in the same run.
"""

from __future__ import annotations

import argparse
import dataclasses
import random
import tempfile
from pathlib import Path

from waf.bench import measure, mixes
from waf.bench.material import Material, from_folder
from waf.bench.report import rows
from waf.identity.keyfile import write_keys
from waf.identity.keys import KeyRecord, digest, mint
from waf.shipped import path as shipped_path

MIX = "chat_1k5"
KEYS = 300
PEPPER = "a pepper that is long enough"
IN_THE_MIX = b"sk-bench-0000000000000000"
CALLERS = """
identity: {{keys: {{file: "{file}", pepper: "{pepper}"}}}}
usage:
  rates:
    - {{name: guesses, by: address, limit: 10000000, window: 1m}}
    - {{name: steady, by: key, limit: 1000000, window: 1m}}
    - {{name: tokens, by: tenant, cost: tokens, limit: 1000000000, window: 1m}}
"""
UNWATCHED = "abuse: {watch: 'off'}\n"
CLASSIFIER = "classifier: {enabled: true}\n"


def with_keys(folder: Path) -> tuple[str, mixes.Mix]:
    """A configuration with keys, and the mix with one of them in each request."""
    draw = random.Random(7)
    made = [mint(draw.randbytes(44)) for _ in range(KEYS)]
    records = [
        KeyRecord(id=ident, name=f"team-{i}", hash=digest(key, PEPPER), tenant=f"tenant-{i % 50}")
        for i, (ident, key) in enumerate(made)
    ]
    file = folder / "keys.json"
    write_keys(str(file), records)
    plain = mixes.MIXES[MIX]

    def make(rng: random.Random, material: Material) -> bytes:
        request = plain.make(rng, material)
        if not isinstance(request, bytes):
            raise TypeError(f"{MIX} makes one request at a time")
        return request.replace(IN_THE_MIX, rng.choice(made)[1].encode())

    return CALLERS.format(file=file, pepper=PEPPER), dataclasses.replace(plain, make=make)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--repetitions", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=3.0)
    given = parser.parse_args()
    material = from_folder(given.data) if given.data else Material()
    with tempfile.TemporaryDirectory(prefix="waf-everything-") as name:
        folder = Path(name)
        callers, keyed = with_keys(folder)
        mixes.MIXES[MIX] = keyed
        steps = {
            "packs": "",
            "and identity, limits": callers + UNWATCHED,
            "and abuse": callers,
            "and classifier": callers + CLASSIFIER,
            "packs, classifier": CLASSIFIER,
        }
        print(f"{'':<22}{'plain proxy':>12}{'waf':>8}{'ratio':>7}   p50, p99 at the fixed rate, µs")
        for step, config in steps.items():
            plan = measure.Plan(
                (MIX,), ("textbook", "waf"), repetitions=given.repetitions, seconds=given.seconds, config=config
            )
            run = measure.run(plan, material, folder, shipped_path("benchmarks/textbook.py"), lambda _: None)
            cpu = {row.target: row for row in rows(run)}
            plain, waf = cpu["textbook"], cpu["waf"]
            print(
                f"{step:<22}{plain.cpu:>12.0f}{waf.cpu:>8.0f}{waf.cpu / plain.cpu:>7.2f}   {waf.p50:,.0f}, {waf.p99:,.0f}"
                f"   {waf.refused:.1%} refused",
                flush=True,
            )


if __name__ == "__main__":
    main()
