"""The literals that a compiled program waits for: what a benchmark of it should be made of."""

from __future__ import annotations

from waf.rules.program import Program


def literals(program: Program) -> list[str]:
    """Every literal of every bucket's prefilter, each once, sorted."""
    prefilters = [plan.steps._prefilter for plans in program.plans.values() for plan in plans if plan.steps]
    return sorted({literal for prefilter in prefilters for literal in prefilter.numbers})
