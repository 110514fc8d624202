"""Reading, checking and compiling the rule packs: what a start and a reload cost.

python benchmarks/load_rules.py [--rules PACK] [--count 20]
"""

from __future__ import annotations

import argparse
import resource

from waf.bench import micro
from waf.rules import load_ruleset
from waf.settings import Rules


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rules", default="builtin")
    parser.add_argument("--count", type=int, default=20)
    given = parser.parse_args()
    settings = Rules(packs=(given.rules,))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ruleset = load_ruleset(settings)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    micros = micro.timed(load_ruleset, [settings] * given.count)
    print(
        f"{len(ruleset.rules)} rules in {len(ruleset.files)} files; memory grew by {grown / 1024:.1f} MiB at the first load"
    )
    print(micro.table([("load_ruleset", micros)]))


if __name__ == "__main__":
    main()
