"""Timing in process: each input once, cold, one figure per call. For parts of the firewall, not for the whole."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from waf.bench.measure import quantiles
from waf.model import Request

T = TypeVar("T")


def timed(function: Callable[[T], object], inputs: Sequence[T]) -> list[float]:
    """Microseconds of `function` for each input, each called once, in order, after a short warm-up on the first few.

    Processor time of this thread, so that what else runs on the machine is not counted. The collector runs before, not
    during: a pause belongs to the process, not to whichever input it falls on.
    """
    for value in inputs[:5]:
        function(value)
    gc.collect()
    gc.disable()
    try:
        out = []
        for value in inputs:
            begin = time.thread_time_ns()
            function(value)
            out.append((time.thread_time_ns() - begin) / 1e3)
        return out
    finally:
        gc.enable()


def table(rows: Iterable[tuple[str, Sequence[float]]]) -> str:
    """Name, p50, p99 and worst of each row, in microseconds."""
    lines = [f"{'':<34}{'n':>6}{'p50 µs':>10}{'p99 µs':>10}{'max µs':>10}"]
    for name, micros in rows:
        p50, p99 = quantiles(micros)
        lines.append(f"{name:<34}{len(micros):>6}{p50:>10.1f}{p99:>10.1f}{max(micros):>10.1f}")
    return "\n".join(lines)


def as_request(raw: bytes) -> Request:
    """One request of a mix, as the edge would hand it on."""
    head, _, body = raw.partition(b"\r\n\r\n")
    line, *headers = head.decode("latin-1").split("\r\n")
    method, target, version = line.split(" ")
    pairs = tuple((name, value) for name, _, value in (header.partition(": ") for header in headers))
    return Request(
        method=method,
        target=target,
        headers=pairs,
        body=body,
        version=version,
        client_ip="192.0.2.7",
        id="bench",
        wire_length=len(body),
    )
