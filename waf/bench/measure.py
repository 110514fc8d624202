"""Runs targets and mixes in turns and keeps every sample."""

from __future__ import annotations

import os
import re
import statistics
import time
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from waf.bench import target as processes
from waf.bench.load import Generator, Result
from waf.bench.material import Material
from waf.bench.mixes import MIXES, Mix
from waf.bench.target import Target, TargetError

TARGETS = ("direct", "textbook", "waf")
_STAGE = re.compile(r'^waf_stage_seconds_(sum|count)\{stage="([^"]+)"\} (\S+)$', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run. `seconds` is the length of each stretch, saturated or at a rate; `scale` multiplies the rates."""

    mixes: tuple[str, ...] = tuple(MIXES)
    targets: tuple[str, ...] = TARGETS
    repetitions: int = 3
    seconds: float = 3.0
    scale: float = 1.0
    concurrency: int = 16
    seed: int = 1
    config: str = ""
    """YAML added to the firewall's configuration."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One target under one mix in one repetition. Times in microseconds; processor time is the target's process."""

    target: str
    mix: str
    repetition: int
    saturated_cpu: float
    """Processor time per answered request at saturation."""
    saturated_rps: float
    rate: float
    """Requests per second offered in the open loop."""
    rate_cpu: float
    p50: float
    p99: float
    answered: int
    failures: int
    refused: float
    """Share of the answers that were not 2xx."""
    late: float
    """Worst start delay that was the generator's own fault."""
    foreign: float
    """Share of all cores' time that went to processes which are no part of the benchmark, or was stolen."""
    rss: int
    """Resident bytes afterwards."""
    stages: dict[str, float] = field(default_factory=dict)
    """Mean time of each of the firewall's stages."""


@dataclass(slots=True)
class Run:
    """Everything a run found; `samples` in the order taken."""

    plan: Plan
    machine: dict[str, str]
    starts: dict[str, float] = field(default_factory=dict)
    samples: list[Sample] = field(default_factory=list)

    def as_dict(self) -> dict[str, object]:
        return {
            "plan": asdict(self.plan),
            "machine": self.machine,
            "start_seconds": self.starts,
            "samples": [asdict(sample) for sample in self.samples],
        }


def run(plan: Plan, material: Material, folder: Path, textbook: Path, say: Callable[[Sample], None]) -> Run:
    """Measures `plan`; `folder` takes the firewall's configuration, `textbook` is the script of that proxy.

    Raises TargetError when a target does not start or dies.
    """
    core, load_core = processes.cores()
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {load_core})
    out = Run(plan, _machine(core, load_core))
    started: list[Target] = []
    try:
        backend = processes.backend(load_core)
        started.append(backend)
        upstream = f"http://127.0.0.1:{backend.address[1]}"
        for name in plan.targets:
            if name == "textbook":
                started.append(processes.textbook(textbook, upstream, core))
            elif name == "waf":
                started.append(processes.waf(upstream, core, folder, plan.config))
        compared = {"direct": backend, **{t.name: t for t in started[1:]}}
        out.starts = {name: compared[name].start_seconds for name in plan.targets}
        for repetition in range(plan.repetitions):
            for mix in plan.mixes:
                # Others each time: the firewall would remember the texts of the repetition before.
                payloads = MIXES[mix].requests(material, plan.seed + repetition)
                for name in plan.targets:
                    taken = sample(plan, MIXES[mix], name, compared[name], started, payloads, repetition)
                    out.samples.append(taken)
                    say(taken)
    finally:
        for target in reversed(started):
            target.stop()
        os.sched_setaffinity(0, before)
    return out


def sample(
    plan: Plan, mix: Mix, name: str, target: Target, ours: Sequence[Target], payloads: Sequence[bytes], repetition: int
) -> Sample:
    """One stretch at saturation and one at the mix's rate. `ours`: every process that belongs to the benchmark."""
    generator = Generator(target.address, payloads)
    try:
        generator.saturate(min(0.3, plan.seconds), plan.concurrency)  # warm: connections, caches of the target
        clock, busy, own = time.perf_counter(), processes.busy_seconds(), _own(ours)
        cpu = target.cpu()
        full = generator.saturate(plan.seconds, plan.concurrency)
        full_cpu = target.cpu() - cpu
        stages = _stages(target)
        cpu = target.cpu()
        rate = mix.rate * plan.scale
        steady = generator.open_loop(rate, plan.seconds, plan.seed + repetition)
        steady_cpu = target.cpu() - cpu
        after = _stages(target)
        elapsed = time.perf_counter() - clock
        foreign = (processes.busy_seconds() - busy) - (_own(ours) - own)
    finally:
        generator.close()
    if not full.answered or not steady.answered:
        raise TargetError(f"{name} answered none of the requests of {mix.name}")
    p50, p99 = quantiles(steady.latencies)
    return Sample(
        target=name,
        mix=mix.name,
        repetition=repetition,
        saturated_cpu=full_cpu / full.answered * 1e6,
        saturated_rps=full.answered / full.seconds,
        rate=rate,
        rate_cpu=steady_cpu / steady.answered * 1e6,
        p50=p50 * 1e6,
        p99=p99 * 1e6,
        answered=full.answered + steady.answered,
        failures=full.failures + steady.failures,
        refused=1 - (_good(full) + _good(steady)) / (full.answered + steady.answered),
        late=steady.late * 1e6,
        foreign=max(0.0, foreign / elapsed / (os.cpu_count() or 1)),
        rss=target.rss(),
        stages={
            stage: (after[stage][0] - stages.get(stage, (0.0, 0.0))[0]) / count * 1e6
            for stage in after
            if (count := after[stage][1] - stages.get(stage, (0.0, 0.0))[1])
        },
    )


def quantiles(values: Sequence[float]) -> tuple[float, float]:
    """Median and 99th percentile, each a value that occurred."""
    ordered = sorted(values)
    return ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]


def median(samples: Sequence[Sample], target: str, mix: str, figure: str) -> float | None:
    """Median over the repetitions of one figure of `Sample`; None when that pair was not run."""
    values = [getattr(s, figure) for s in samples if s.target == target and s.mix == mix]
    return statistics.median(values) if values else None


def _good(result: Result) -> int:
    return sum(count for status, count in result.statuses.items() if 200 <= status < 300)


def _own(targets: Sequence[Target]) -> float:
    return time.process_time() + sum(t.cpu() for t in targets)


def _stages(target: Target) -> dict[str, tuple[float, float]]:
    """(sum of seconds, count) of each stage, from the firewall's own metrics."""
    if target.admin is None:
        return {}
    host, port = target.admin
    with urllib.request.urlopen(f"http://{host}:{port}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    found: dict[str, dict[str, float]] = {}
    for kind, stage, value in _STAGE.findall(text):
        found.setdefault(stage, {})[kind] = float(value)
    return {stage: (v["sum"], v["count"]) for stage, v in found.items()}


def _machine(core: int, load_core: int) -> dict[str, str]:
    import platform
    from importlib.metadata import version

    model = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    return {
        "cpu": model[1] if model else platform.machine(),
        "cores": str(os.cpu_count()),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "aiohttp": version("aiohttp"),
        "pinning": f"target on core {core}, load and backend on core {load_core}",
        "date": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
    }
