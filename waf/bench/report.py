"""Medians and ratios of a run, as rows that print, plot and go into a file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from waf.bench.measure import Run, Sample, median
from waf.bench.mixes import MIXES

NOISY = 0.10
"""Share of foreign processor time from which the figures of a run should not be quoted."""


@dataclass(frozen=True, slots=True)
class Row:
    """One target under one mix: medians over the repetitions, µs. None where the target to compare with was not run."""

    mix: str
    target: str
    cpu: float
    cpu_steady: float
    rps: float
    p50: float
    p99: float
    added_p50: float | None
    """Against `direct` in the same run."""
    added_p99: float | None
    cpu_ratio: float | None
    """Processor time over that of the textbook proxy in the same run."""
    refused: float
    failures: int


def rows(run: Run) -> list[Row]:
    """One row per mix and target, in the plan's order."""
    out = []
    for mix in run.plan.mixes:
        for target in run.plan.targets:
            figures = {
                name: median(run.samples, target, mix, name) or 0.0
                for name in ("saturated_cpu", "rate_cpu", "saturated_rps", "p50", "p99", "refused")
            }
            direct = {q: median(run.samples, "direct", mix, q) for q in ("p50", "p99")}
            plain = median(run.samples, "textbook", mix, "saturated_cpu")
            out.append(
                Row(
                    mix=mix,
                    target=target,
                    cpu=figures["saturated_cpu"],
                    cpu_steady=figures["rate_cpu"],
                    rps=figures["saturated_rps"],
                    p50=figures["p50"],
                    p99=figures["p99"],
                    added_p50=None if direct["p50"] is None else figures["p50"] - direct["p50"],
                    added_p99=None if direct["p99"] is None else figures["p99"] - direct["p99"],
                    cpu_ratio=figures["saturated_cpu"] / plain if plain else None,
                    refused=figures["refused"],
                    failures=sum(s.failures for s in _of(run, target, mix)),
                )
            )
    return out


def stages(run: Run, mix: str) -> dict[str, float]:
    """Mean µs of each stage of the firewall under `mix`, over the repetitions."""
    found: dict[str, list[float]] = {}
    for sample in _of(run, "waf", mix):
        for stage, micros in sample.stages.items():
            found.setdefault(stage, []).append(micros)
    return {stage: sum(values) / len(values) for stage, values in found.items()}


def doubts(run: Run) -> list[str]:
    """Reasons not to believe this run, one sentence each; empty is good."""
    out = []
    noise = max((s.foreign for s in run.samples), default=0.0)
    if noise > NOISY:
        out.append(f"other processes took up to {noise:.0%} of the machine: quote ratios only, or run it again")
    for row in rows(run):
        name = f"{row.mix} at {row.target}"
        if row.failures:
            out.append(f"{name}: {row.failures} requests got no answer")
        if row.refused and not MIXES[row.mix].attack:
            out.append(
                f"{name}: {row.refused:.1%} of harmless requests were refused, so they cost less than forwarding"
            )
        if row.target == "waf" and row.refused < 1 and MIXES[row.mix].attack:
            out.append(f"{name}: only {row.refused:.1%} of the attacks were refused")
    if len(run.machine["pinning"].split("core")) > 2 and run.machine["cores"] == "1":
        out.append("target, load and backend share one core: latencies say little")
    return out


def table(run: Run) -> list[list[str]]:
    """Head and rows of the table that is printed and put into RESULTS.md."""
    head = "mix|target|CPU µs|× textbook|CPU µs at rate|req/s|p50 µs|p99 µs|added p50|added p99|refused".split("|")
    body = [
        [
            row.mix,
            row.target,
            f"{row.cpu:.0f}",
            "–" if row.cpu_ratio is None or row.target == "direct" else f"{row.cpu_ratio:.2f}",
            f"{row.cpu_steady:.0f}",
            f"{row.rps:.0f}",
            f"{row.p50:.0f}",
            f"{row.p99:.0f}",
            "–" if row.added_p50 is None or row.target == "direct" else f"{row.added_p50:+.0f}",
            "–" if row.added_p99 is None or row.target == "direct" else f"{row.added_p99:+.0f}",
            f"{row.refused:.1%}",
        ]
        for row in rows(run)
    ]
    return [head, *body]


def markdown(run: Run) -> str:
    """The table and the stages as Markdown."""
    head, *body = table(run)
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * 2 + " ---: |" * (len(head) - 2)]
    lines += ["| " + " | ".join(row) + " |" for row in body]
    for mix in run.plan.mixes:
        if parts := stages(run, mix):
            lines += ["", f"{mix}: " + " · ".join(f"{stage} {micros:.0f} µs" for stage, micros in parts.items())]
    lines += ["", *(f"- {doubt}" for doubt in doubts(run))]
    return "\n".join(lines).rstrip() + "\n"


def write(run: Run, folder: Path) -> None:
    """`bench.json` and `bench.md` into `folder`, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bench.json").write_text(json.dumps(run.as_dict(), indent=1) + "\n")
    (folder / "bench.md").write_text(markdown(run))


def _of(run: Run, target: str, mix: str) -> list[Sample]:
    return [s for s in run.samples if s.target == target and s.mix == mix]
