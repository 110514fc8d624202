"""`waf rules bench`: what each rule costs. Every rule runs alone, prefilter included, over texts that are all different."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from time import perf_counter_ns
from typing import Any

import click
import msgspec

from waf.cli.corpus import Shape, corpus, request_of
from waf.cli.options import load_config, load_rules, policy_options
from waf.cli.output import print_json, table
from waf.errors import Refusal
from waf.model import Field, Request
from waf.parse import parse
from waf.rules import Ruleset, build_ruleset
from waf.rules.operators import Context
from waf.rules.program import Program
from waf.rules.spec import RuleSpec

MOST_PARANOID = 4
Fields = Mapping[str, Sequence[Field]]


class Cost(msgspec.Struct, frozen=True):
    """Microseconds a request. `gated`: runs only where a literal of it was seen."""

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
    """Measures what each rule adds to a request, in microseconds, dearest first, and what all of them cost together.

    A rule is run alone, so what rules share (transforms, the prefilter's scan) is counted for each: the sum is more than
    the whole.
    """
    settings = load_config(config, options).config
    ruleset = load_rules(settings)
    requests = (
        [item.request for item in islice(corpus(path, shape), limit)] if path else _examples(ruleset, shape, limit)
    )
    fields = [found for found in map(_read, requests) if found]
    if not fields:
        raise click.BadParameter("holds no request that can be read", param_hint="--corpus")
    context = Context(regex_timeout=settings.rules.regex_timeout)
    costs = [_cost(rule, fields, context) for rule in ruleset.rules if rule.phase == "request"]
    costs.sort(key=lambda cost: -cost.mean)
    together = _times(ruleset.request, fields)
    if as_json:
        print_json({"requests": len(fields), "mean": statistics.fmean(together), "p50": _at(together, 0.5),
                    "p99": _at(together, 0.99), "rules": costs})  # fmt: skip
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


def _cost(rule: RuleSpec, fields: list[Fields], context: Context) -> Cost:
    program = build_ruleset([rule], context=context).request
    evaluated = sum(program.run(found, "/", MOST_PARANOID)[1] for found in fields)
    times = _times(program, fields)
    gated = not program.always and not any(plan.present for plans in program.plans.values() for plan in plans)
    return Cost(rule.id, rule.name, statistics.fmean(times), _at(times, 0.99), evaluated / len(fields), gated)


def _times(program: Program, fields: list[Fields]) -> list[float]:
    """Microseconds for each request, sorted."""
    times = []
    for found in fields:
        start = perf_counter_ns()
        program.run(found, "/", MOST_PARANOID)
        times.append((perf_counter_ns() - start) / 1000)
    return sorted(times)


def _at(times: list[float], share: float) -> float:
    return times[min(len(times) - 1, int(share * len(times)))]
