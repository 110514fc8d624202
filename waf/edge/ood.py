"""Inputs out of distribution on the request path: judged off the event loop, in a bounded time, and watched for drift."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from math import log10
from time import perf_counter
from typing import Final

from waf.classify.ood.drift import DriftMonitor
from waf.classify.ood.judge import Judge
from waf.classify.ood.rows import Found
from waf.engine import Engine
from waf.record import Metrics, oplog
from waf.verdict import Verdict

CERTAIN: Final = 1e-30
"""Smaller probabilities are shown as this."""


class OodScreening:
    """Made on the event loop that it serves. What it has seen of a route outlives a reload, unless the route has a new
    calibration."""

    def __init__(self, threads: ThreadPoolExecutor, metrics: Metrics) -> None:
        self._threads = threads
        self._metrics = metrics
        self._loop = asyncio.get_running_loop()
        self._waiting = 0
        self._monitors: dict[str, tuple[Judge, DriftMonitor]] = {}
        self._failures = 0
        self._log = oplog.get("waf.edge")

    async def judge(self, engine: Engine, verdict: Verdict) -> None:
        """Have the verdict's inputs judged; where that takes too long, or fails, they count as not judged."""
        inputs = verdict.inputs
        if inputs is None:
            return
        route = verdict.route.policy.route
        judge = engine.judges[route]
        began = perf_counter()
        found: Found | None = None
        if judge.brief(inputs):
            found = judge.judge(inputs)
            reason = "ood_error"
        elif self._waiting >= engine.config.classifier.queue:
            reason = "ood_queue_full"
        else:
            reason = "ood_error"
            self._waiting += 1
            try:
                work = self._loop.run_in_executor(self._threads, judge.judge, inputs)
                found = await asyncio.wait_for(work, engine.config.classifier.deadline)
            except TimeoutError:
                reason = "ood_deadline"
            finally:
                self._waiting -= 1
        if found is None:
            self._metrics.unscored(reason)
            self._failed(route, reason)
        else:
            self._seen(route, judge, found)
        self._metrics.ood_inputs(route, "missing", inputs.left + (len(inputs.values) if found is None else 0))
        engine.settle(verdict, found, perf_counter() - began)

    def _failed(self, route: str, reason: str) -> None:
        self._failures += 1
        if oplog.worth_saying(self._failures):
            self._log.error("inputs were not judged", route=route, reason=reason, total=self._failures)

    def _seen(self, route: str, judge: Judge, found: Found) -> None:
        before, monitor = self._monitors.get(route, (None, None))
        if monitor is None or before is None or before.detector.sha256 != judge.detector.sha256:
            monitor = DriftMonitor(judge.detector.calibrated)
        self._monitors[route] = judge, monitor
        flagged = 0
        for p in found.p.tolist():
            self._metrics.ml_score(f"ood:{route}", p)
            flagged += p <= judge.detector.alpha
            drift = monitor.add(p)
            if drift is None:
                continue
            self._metrics.ood_drift(route, -log10(max(drift.p, CERTAIN)))
            if drift.alarm:
                self._log.warning(
                    "inputs drift away from the reference",
                    route=route,
                    p=float(f"{drift.p:.2g}"),
                    mean_p=round(drift.mean, 3),
                    advice="run waf calibrate again, or with --renew",
                )
        self._metrics.ood_inputs(route, "flagged", flagged)
        self._metrics.ood_inputs(route, "usual", len(found.p) - flagged)
