"""`waf bench`: what the firewall costs on this machine, beside no proxy and a plain one."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import IO

import click

from waf import child
from waf.bench import material, measure, plot, report
from waf.bench.mixes import MIXES
from waf.bench.target import TargetError
from waf.shipped import path as shipped_path

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_OUTPUT = click.Path(file_okay=False, path_type=Path)


@click.command("bench", short_help="Measure what the firewall costs on this machine.")
@click.option("--mix", "mixes", multiple=True, type=click.Choice(tuple(MIXES)), help="Only these kinds of request.")
@click.option("--target", "targets", multiple=True, type=click.Choice(measure.TARGETS), help="Only these targets.")
@click.option("--repetitions", default=3, show_default=True, type=click.IntRange(1, 50), help="Rounds over everything.")
@click.option("--seconds", default=2.0, show_default=True, type=click.FloatRange(0.1, 600), help="Length of a stretch.")
@click.option("--scale", default=1.0, show_default=True, type=click.FloatRange(0.01, 100), help="Multiplies the rates.")
@click.option("--data", type=_FOLDER, help="Make the requests from the texts in prompts_*benign*.jsonl here.")
@click.option("--config", type=click.File(), help="YAML added to the firewall's configuration.")
@click.option("--out", default="bench-results", show_default=True, type=_OUTPUT, help="Folder for the results.")
def bench(
    mixes: tuple[str, ...],
    targets: tuple[str, ...],
    repetitions: int,
    seconds: float,
    scale: float,
    data: Path | None,
    config: IO[str] | None,
    out: Path,
) -> int:
    """Measures processor time per request, latency in an open loop and each stage of the firewall.

    A fast backend, a textbook aiohttp proxy that inspects nothing and `waf serve` run as processes of their own, each
    pinned to a core, and take turns. Writes bench.json, bench.md and, with matplotlib, bench.png.
    """
    plan = measure.Plan(
        mixes=mixes or tuple(MIXES),
        targets=targets or measure.TARGETS,
        repetitions=repetitions,
        seconds=seconds,
        scale=scale,
        config=config.read() if config else "",
    )
    try:
        words = material.from_folder(data) if data else material.Material()
    except (OSError, ValueError) as problem:
        raise click.BadParameter(str(problem), param_hint="--data") from problem

    writable(out)

    def say(sample: measure.Sample) -> None:
        click.echo(
            f"{sample.repetition + 1}/{repetitions} {sample.mix:<11} {sample.target:<9}"
            f" {sample.saturated_cpu:7.0f} µs CPU  p50 {sample.p50:7.0f}  p99 {sample.p99:7.0f}",
            err=True,
        )

    with child.unwound_by_sigterm(), tempfile.TemporaryDirectory(prefix="waf-bench-") as folder:
        try:
            run = measure.run(plan, words, Path(folder), shipped_path("benchmarks/textbook.py"), say)
        except TargetError as problem:
            click.echo(f"waf bench: {problem}", err=True)
            return 1
    report.write(run, out)
    files = "bench.json, bench.md" + (", bench.png" if plot.draw(run, out / "bench.png") else "")
    click.echo(report.markdown(run))
    click.echo(f"{out}: {files}", err=True)
    return 0


def writable(folder: Path) -> None:
    """Makes the folder, since after minutes of measuring it is too late to learn that nothing can be written there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as problem:
        raise click.BadParameter(f"{folder}: {problem.strerror}", param_hint="--out") from problem
