"""`waf rules bench`: what each rule costs among all others, and what they share, over texts that are all different."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import click
import msgspec

from waf.cli.corpus import Shape, corpus, request_of
from waf.cli.options import load_config, load_rules, policy_options
from waf.cli.output import print_json, table
from waf.errors import Refusal
from waf.model import Field, Request
from waf.parse import parse
from waf.rules import Ruleset
from waf.rules.program import Program, Timing

MOST_PARANOID: Final = 4
ROUNDS: Final = 3
"""Times that each request is tried; the least counts."""
Fields = Mapping[str, Sequence[Field]]


class Cost(msgspec.Struct, frozen=True):
    """Microseconds a request, of the rule's own conditions. `gated`: runs only where a literal of it was seen."""

    rule: int
    name: str
    mean: float
    p99: float
    evaluated: float
    """Share of the requests in which the prefilter let it through."""
    gated: bool


@click.command("bench")
@click.option("--corpus", "path", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Texts or requests, one JSON value a line; without one, the examples of all rules.")  # fmt: skip
@click.option("--as", "shape", type=click.Choice(["generic", "chat"]), default="generic", show_default=True,
              help="What a bare text becomes.")  # fmt: skip
@click.option("--limit", type=click.IntRange(1, 100_000), default=500, show_default=True, help="Most requests used.")
@policy_options
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
def bench(path: Path | None, shape: Shape, limit: int, config: str | None, as_json: bool, **options: Any) -> None:
    """Measures what each rule costs in a request, in microseconds, dearest first, and what all of them cost together.

    A rule's figure is the time of its own conditions. Transforms and the prefilter's scan serve many rules: they are counted
    once, in a line of their own.
    """
    settings = load_config(config, options).config
    ruleset = load_rules(settings)
    requests = (
        [item.request for item in islice(corpus(path, shape), limit)] if path else _examples(ruleset, shape, limit)
    )
    fields = [found for found in map(_read, requests) if found]
    if not fields:
        raise click.BadParameter("holds no request that can be read", param_hint="--corpus")
    costs, together, shared = _costs(ruleset, fields)
    if as_json:
        print_json({"requests": len(fields), "mean": statistics.fmean(together), "p50": _at(together, 0.5),
                    "p99": _at(together, 0.99), "shared": statistics.fmean(shared), "rules": costs})  # fmt: skip
        return
    headers = ["rule", "name", "µs mean", "µs p99", "evaluated", "gated"]
    rows = [
        (c.rule, c.name, f"{c.mean:.2f}", f"{c.p99:.2f}", f"{100 * c.evaluated:.1f}%", "yes" if c.gated else "no")
        for c in costs
    ]
    table(headers, rows, frozenset({"rule", "µs mean", "µs p99", "evaluated"}))
    click.echo(
        f"all {len(ruleset.request.rules)} rules together: {statistics.fmean(together):.1f} µs mean, "
        f"{_at(together, 0.5):.1f} p50, {_at(together, 0.99):.1f} p99, over {len(fields)} different requests"
    )
    click.echo(
        f"of that, transforms and prefilter, which the rules share: {statistics.fmean(shared):.1f} µs mean, "
        f"{_at(shared, 0.99):.1f} p99"
    )


def _examples(ruleset: Ruleset, shape: Shape, limit: int) -> list[Request]:
    """Requests made of the texts in the rules' own tests, each once."""
    texts = dict.fromkeys(
        value for rule in ruleset.rules for test in rule.tests for value in test.data.values() if isinstance(value, str)
    )
    return [request_of(text, shape) for text in islice(texts, limit)]


def _read(request: Request) -> Fields | None:
    try:
        return parse(request).fields
    except Refusal:
        return None


def _costs(ruleset: Ruleset, fields: list[Fields]) -> tuple[list[Cost], list[float], list[float]]:
    """The rules, dearest first; and for each request, sorted, what all cost together and what they share."""
    program = ruleset.request
    own: dict[int, list[float]] = {rule.id: [] for rule in program.rules}
    together, shared = [], []
    for found in fields:
        whole, seconds = min((_timed(program, found) for _ in range(ROUNDS)), key=lambda pair: pair[0])
        together.append(1e6 * whole)
        shared.append(1e6 * max(0.0, whole - sum(seconds.values())))
        for rule, spent in seconds.items():
            own[rule].append(1e6 * spent)
    always = {program.rules[index].id for index in _ungated(program)}
    costs = []
    for rule_ in program.rules:
        times = sorted([0.0] * (len(fields) - len(own[rule_.id])) + own[rule_.id])
        evaluated = len(own[rule_.id]) / len(fields)
        costs.append(
            Cost(rule_.id, rule_.name, statistics.fmean(times), _at(times, 0.99), evaluated, rule_.id not in always)
        )
    return sorted(costs, key=lambda cost: -cost.mean), sorted(together), sorted(shared)


def _timed(program: Program, found: Fields) -> tuple[float, dict[int, float]]:
    """Seconds of a whole run as of a request never seen before, and of each rule that was evaluated."""
    timing = Timing(perf_counter, {})
    start = perf_counter()
    program.run(found, "/", MOST_PARANOID, timing)
    return perf_counter() - start, timing.seconds


def _ungated(program: Program) -> frozenset[int]:
    """Rules that run whatever the texts say: always, or where there is a field at all."""
    return program.always.union(*(plan.present for plans in program.plans.values() for plan in plans))


def _at(times: list[float], share: float) -> float:
    return times[min(len(times) - 1, int(share * len(times)))]
